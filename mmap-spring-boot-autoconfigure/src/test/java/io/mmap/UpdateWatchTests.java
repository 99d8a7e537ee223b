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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a file that was replaced is mapped, to the nanosecond.
 */
@ExtendWith(NothingLeftBehind.class)
class UpdateWatchTests {

	private static final Duration QUIET = Duration.ofSeconds(1);

	@TempDir
	Path directory;

	private final ManualClock clock = new ManualClock();

	private final Lifecycle lifecycle = new Lifecycle();

	private final DefaultMappingRegistry registry = new DefaultMappingRegistryBuilder().mapper(MapperType.JDK).build();

	private Path file;

	private GroupPublisher publisher;

	private MappingGroup group;

	private UpdateWatch watch;

	@BeforeEach
	void map() throws IOException {
		this.file = Files.writeString(this.directory.resolve("words.bin"), "old");
		this.publisher = publisher();
		MappingSpec spec = MappingSpec.file(this.file).reloadOnUpdate(true).build();
		this.group = new MappingGroup("words", false, () -> Map.of("words", spec), this.registry);
		this.watch = new UpdateWatch(List.of(this.group), this.publisher, QUIET, this.clock::nanoTime);
		this.publisher.map(this.group);
	}

	private GroupPublisher publisher() {
		Mapper mapper = Mappers.of(MapperType.JDK);
		Warnings warnings = new Warnings();
		Listeners listeners = new Listeners(List.of());
		Worker worker = new Worker();
		Generations generations = new Generations(mapper, new LeakDetector(worker, (entry) -> () -> {
		}), worker, false, new AdHocMappings(), new Guards(() -> null, 0, warnings), new Object());
		RetiredGenerations retired = new RetiredGenerations(worker, Duration.ZERO, warnings);
		return new GroupPublisher(new GroupMapper(generations, List.of(), retired), this.lifecycle, retired, warnings,
				listeners, new Preloads(new DefaultMappingRegistryBuilder().settings(), warnings, listeners), () -> {
				});
	}

	@AfterEach
	void unmap() {
		MappingGroup.Mapped mapped = this.group.mapped();
		if (mapped != null) {
			mapped.generations().values().forEach((generation) -> generation.release(Drain.NONE));
		}
		this.registry.close();
	}

	@Test
	void whatIsMappedIsNotMappedAgain() {
		look();
		pass(QUIET.multipliedBy(100));
		look();
		assertThat(generation()).isEqualTo(1);
		assertThat(attempts()).isZero();
	}

	@Test
	void aReplacementIsMappedAtTheEndOfTheQuietPeriodAndNoSooner() throws IOException {
		replace();
		look();
		pass(QUIET.minusNanos(1));
		look();
		assertThat(generation()).isEqualTo(1);
		pass(Duration.ofNanos(1));
		look();
		assertThat(generation()).isEqualTo(2);
	}

	@Test
	void itIsMappedOnce() throws IOException {
		replace();
		look();
		pass(QUIET);
		look();
		pass(QUIET);
		look();
		assertThat(attempts()).isEqualTo(1);
	}

	@Test
	void anotherReplacementBeginsTheQuietPeriodAnew() throws IOException {
		replace();
		look();
		pass(QUIET.minusNanos(1));
		replace();
		look();
		pass(QUIET.minusNanos(1));
		look();
		assertThat(generation()).isEqualTo(1);
		pass(Duration.ofNanos(1));
		look();
		assertThat(generation()).isEqualTo(2);
	}

	@Test
	void replacementsThatNeverEndAreMappedAfterTenQuietPeriods() throws IOException {
		replaceAllTheTime(QUIET.multipliedBy(10).minusNanos(1));
		assertThat(generation()).isEqualTo(1);
		pass(Duration.ofNanos(1));
		replace();
		look();
		assertThat(generation()).isEqualTo(2);
	}

	@Test
	void whatWasTakenBackIsAsIfItHadNeverBeen() throws IOException {
		Path original = Files.createLink(this.directory.resolve("original"), this.file);
		replace();
		look();
		move(original);
		look();
		pass(QUIET.multipliedBy(20));
		replace();
		look();
		assertThat(generation()).isEqualTo(1);
		pass(QUIET);
		look();
		assertThat(generation()).isEqualTo(2);
	}

	@Test
	void whatCouldNotBeMappedIsTriedAgainAfterAMinute() throws IOException {
		Files.delete(this.file);
		look();
		pass(QUIET);
		look();
		assertThat(attempts()).isEqualTo(1);
		pass(Duration.ofMinutes(1).minusNanos(1));
		look();
		assertThat(attempts()).isEqualTo(1);
		pass(Duration.ofNanos(1));
		look();
		assertThat(attempts()).isEqualTo(2);
	}

	@Test
	void whatTakesThePlaceOfWhatCouldNotBeMappedHasAQuietPeriodOfItsOwn() throws IOException {
		Files.delete(this.file);
		look();
		pass(QUIET);
		look();
		pass(QUIET.multipliedBy(20));
		replace();
		look();
		assertThat(attempts()).isEqualTo(1);
		pass(QUIET);
		look();
		assertThat(generation()).isEqualTo(2);
	}

	@Test
	void aFailureIsForgottenWhenWhatIsMappedIsBack() throws IOException {
		Path original = Files.createLink(this.directory.resolve("original"), this.file);
		Files.delete(this.file);
		look();
		pass(QUIET);
		look();
		move(original);
		look();
		pass(Duration.ofMinutes(2));
		replace();
		look();
		assertThat(attempts()).isEqualTo(1);
	}

	@Test
	void afterTheEndNothingIsSaidOfWhatCannotBeMapped() throws IOException {
		replace();
		look();
		pass(QUIET);
		this.lifecycle.close();
		try (CapturedLog log = new CapturedLog()) {
			look();
			assertThat(log.messages(Level.WARN)).isEmpty();
		}
		assertThat(generation()).isEqualTo(1);
	}

	@Test
	void whatIsNotMappedIsLeftToItsFirstUser() throws IOException {
		this.group.mapped().generations().values().forEach((generation) -> generation.release(Drain.NONE));
		this.group.unmapped();
		replace();
		look();
		pass(QUIET);
		look();
		assertThat(this.group.mapped()).isNull();
	}

	private void replaceAllTheTime(Duration duration) throws IOException {
		long end = this.clock.nanoTime() + duration.toNanos();
		replace();
		look();
		while (this.clock.nanoTime() - end < 0) {
			pass(Duration.ofNanos(Math.min(QUIET.dividedBy(2).toNanos(), end - this.clock.nanoTime())));
			replace();
			look();
		}
	}

	private void look() {
		this.watch.run();
	}

	private void pass(Duration duration) {
		this.clock.advance(duration);
	}

	private long attempts() {
		MappingCounters counters = this.group.counters();
		return counters.reloads(ReloadOutcome.SUCCESS) + counters.reloads(ReloadOutcome.FAILURE);
	}

	private int generation() {
		return this.group.mapped().number();
	}

	private void replace() throws IOException {
		move(Files.writeString(this.directory.resolve("next"), "new " + this.clock.nanoTime()));
	}

	private void move(Path path) throws IOException {
		Files.move(path, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

}
