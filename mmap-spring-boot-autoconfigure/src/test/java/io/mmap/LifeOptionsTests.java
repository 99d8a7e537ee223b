/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.mmap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Options for what is done while something is mapped are refused where they make no
 * sense.
 */
class LifeOptionsTests {

	private static final Path FILE = Path.of("words.bin");

	@Test
	void nothingIsDoneUnlessItIsAskedFor() {
		assertThat(MappingSpec.file(FILE).build().life()).isEqualTo(LifeOptions.NONE);
		assertThat(MappingSpec.anonymous(1).build().life()).isEqualTo(LifeOptions.NONE);
	}

	@Test
	void changesAreFlushedAtTheEndIfTheyAreFlushedInBetween() {
		assertThat(readWrite().flushInterval(Duration.ofSeconds(1)).build().life().flushOnUnmap()).isTrue();
		assertThat(readWrite().flushInterval(Duration.ofSeconds(1)).flushOnUnmap(false).build().life().flushOnUnmap())
			.isFalse();
		assertThat(readWrite().flushOnUnmap(true).build().life().flushOnUnmap()).isTrue();
		assertThat(readWrite().build().life().flushOnUnmap()).isFalse();
	}

	@Test
	void whatCanBeWrittenIsNotReplaced() {
		assertInvalid(() -> readWrite().reloadOnUpdate(true).build(), "reload-on-update",
				"reload-on-update needs access read-only, but access is read-write, so that what was written to the"
						+ " memory would be lost or torn apart");
	}

	@Test
	void onlyWhatIsReadOnlyCanBeGuarded() {
		assertInvalid(() -> readWrite().truncation(TruncationPolicy.GUARD).build(), "truncation",
				"truncation guard needs access read-only and no copy, but access is read-write");
	}

	@Test
	void aCopyNeedsNoGuard() {
		assertInvalid(() -> MappingSpec.file(FILE).copy(true).truncation(TruncationPolicy.GUARD).build(), "truncation",
				"but this is a copy, which truncation does not harm");
	}

	@Test
	void nothingIsFlushedWithoutWriteAccess() {
		assertInvalid(() -> MappingSpec.file(FILE).flushInterval(Duration.ofSeconds(1)).build(), "flush-interval",
				"flush-interval needs access read-write, but access is read-only");
		assertInvalid(() -> MappingSpec.file(FILE).flushOnUnmap(true).build(), "flush-on-unmap",
				"flush-on-unmap needs access read-write, but access is read-only");
	}

	@Test
	void flushesNeedSomeTimeInBetween() {
		assertInvalid(() -> readWrite().flushInterval(Duration.ZERO).build(), "flush-interval",
				"flush-interval must be at least 1ms, but is PT0S");
	}

	@Test
	void whatIsConfinedToAThreadIsNotTheWorkOfAnother() {
		String why = ", which is the work of another thread";
		assertInvalid(() -> MappingSpec.file(FILE).confined(true).preload(true).build(), "confined",
				"confined makes no sense with preload" + why);
		assertInvalid(() -> MappingSpec.descriptor(0).confined(true).preload(true).build(), "confined",
				"confined makes no sense with preload" + why);
		assertInvalid(() -> MappingSpec.file(FILE).confined(true).reloadOnUpdate(true).build(), "confined",
				"confined makes no sense with reload-on-update" + why);
		assertInvalid(() -> MappingSpec.file(FILE).confined(true).truncation(TruncationPolicy.GUARD).build(),
				"confined", "confined makes no sense with truncation guard" + why);
		assertInvalid(() -> readWrite().confined(true).flushInterval(Duration.ofSeconds(1)).build(), "confined",
				"confined makes no sense with flush-interval" + why);
		assertThat(readWrite().confined(true).flushOnUnmap(true).build().life().flushOnUnmap()).isTrue();
	}

	@Test
	void whatIsConfinedToAThreadIsNotLeftToTheFirstUser() {
		assertInvalid(() -> MappingSpec.anonymous(1).confined(true).lazy(true).build(), "confined",
				"confined makes no sense with lazy, which is for declared mappings");
	}

	@Test
	void settingsOfTheRegistryAreChecked() {
		MappingRegistry.Builder builder = MappingRegistry.builder();
		assertInvalid(() -> builder.reloadCheckInterval(Duration.ZERO), "reload.check-interval",
				"must be positive, but is PT0S");
		assertInvalid(() -> builder.reloadQuietPeriod(Duration.ofMillis(-1)), "reload.quiet-period",
				"must not be negative, but is PT-0.001S");
		assertInvalid(() -> builder.truncationCheckInterval(Duration.ZERO), "truncation.check-interval",
				"must be positive, but is PT0S");
		assertInvalid(() -> builder.leaseHoldThreshold(Duration.ZERO), "leases.hold-threshold",
				"must be positive, but is PT0S");
		assertInvalid(() -> builder.guardMaxSize(0), "guard.max-size", "must be positive, but is 0");
		assertInvalid(() -> builder.preloadRateLimit(0L), "preload.rate-limit", "must be positive, but is 0");
	}

	@Test
	void noTimeIsTooLong() {
		Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
		MappingRegistry.builder()
			.drainTimeout(forEver)
			.leaseHoldThreshold(forEver)
			.reloadCheckInterval(forEver)
			.reloadQuietPeriod(forEver)
			.truncationCheckInterval(forEver)
			.declareSet("empty", Map.of())
			.build()
			.close();
	}

	private static FileMappingBuilder readWrite() {
		return MappingSpec.file(FILE).access(MappingAccess.READ_WRITE);
	}

	private static void assertInvalid(ThrowingCallable build, String option, String problem) {
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(build)
			.withMessageContaining(problem)
			.satisfies((ex) -> assertThat(ex.option()).isEqualTo(option));
	}

}
