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

package io.mmap.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.MapperType;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What must not hurt each other, by several threads at once, in a random order: nobody
 * reads anything wrong or meets another exception than is documented, everything comes to
 * its end, and everything is counted. The order of what each thread does is that of the
 * seed, which can be given with {@code -Dmmap.seed}; {@code -Dmmap.chaos.seconds} makes
 * each of the storms longer.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class RandomizedConcurrencyTests {

	private static final long SEED = Long.getLong("mmap.seed", System.nanoTime());

	private final MapperType mapper;

	@TempDir
	Path directory;

	RandomizedConcurrencyTests(MapperType mapper) {
		this.mapper = mapper;
	}

	@BeforeAll
	static void printSeed() {
		System.out.println("RandomizedConcurrencyTests: to repeat them, -Dmmap.seed=" + SEED);
	}

	@Test
	@Fault("unmapped-while-read")
	void whoeverReadsMemoryThatIsUnmappedMeetsAnExceptionAndNeverTheMemoryOfSomebodyElse() throws Exception {
		rage(300, storm(List.of(Deed.MAP, Deed.UNMAP, Deed.READ, Deed.READ, Deed.WRITE, Deed.OPERATE)));
	}

	@Test
	@Fault("unmapped-while-leased")
	void whatIsLeasedIsUnmappedAfterTheLease() throws Exception {
		rage(300, storm(
				List.of(Deed.MAP, Deed.UNMAP, Deed.READ_LEASED, Deed.READ_LEASED, Deed.WRITE_LEASED, Deed.OPERATE)));
	}

	@Test
	@Fault("reloaded-while-read")
	void whoeverHasALeaseReadsOneVersionOfWhatIsReloaded() throws Exception {
		rage(300, storm(
				List.of(Deed.RELOAD, Deed.READ_DECLARED, Deed.READ_DECLARED_LEASED, Deed.READ_SET, Deed.READ_SET)));
	}

	@Test
	@Fault("resized-while-read")
	void whatIsResizedKeepsItsContentForWhoeverReadsIt() throws Exception {
		assumeNative();
		rage(300, storm(List.of(Deed.RESIZE, Deed.RESIZE, Deed.READ, Deed.READ_LEASED, Deed.WRITE_LEASED, Deed.MAP)));
	}

	@Test
	@Fault("protected-while-written")
	void whoeverWritesToMemoryThatIsProtectedMeetsAnExceptionAndNoSignal() throws Exception {
		assumeNative();
		rage(300, storm(List.of(Deed.PROTECT, Deed.PROTECT, Deed.WRITE, Deed.WRITE_LEASED, Deed.READ, Deed.MAP)));
	}

	@Test
	@Fault("shut-down-while-in-use")
	void aRegistryIsClosedInTheMiddleOfEverything() throws Exception {
		List<Deed> deeds = possible();
		deeds.removeAll(List.of(Deed.DROP, Deed.COLLECT));
		rage(400, storm(deeds).shuttingDown());
	}

	@Test
	@Fault("collected-while-mapped")
	void whatIsDroppedIsReclaimedAfterTheLastPartOfItAndNothingElseIs() throws Exception {
		assumeNative();
		rage(500, storm(List.of(Deed.DROP, Deed.COLLECT, Deed.COLLECT, Deed.MAP, Deed.READ, Deed.READ_LEASED)));
	}

	@Test
	void everythingAtOnce() throws Exception {
		rage(500, storm(possible()));
	}

	@Test
	@Fault("interrupt-storm")
	void nothingIsLostWhenThreadsAreInterruptedAllTheTime() throws Exception {
		rage(500, storm(possible()).interrupting());
	}

	@Test
	@Fault("virtual-threads-exhaust-carriers")
	void manyMoreVirtualThreadsThanCarriersGetOn() throws Exception {
		rage(500, storm(possible()).threads(0, 500));
	}

	private List<Deed> possible() {
		List<Deed> deeds = new ArrayList<>(Arrays.asList(Deed.values()));
		if (this.mapper == MapperType.JDK) {
			// Whose memory can neither be changed nor reclaimed
			deeds.removeAll(List.of(Deed.RESIZE, Deed.PROTECT, Deed.DROP));
		}
		return deeds;
	}

	private void assumeNative() {
		assumeThat(this.mapper).as("the jdk mapper cannot do that").isEqualTo(MapperType.NATIVE);
	}

	private Storm storm(List<Deed> deeds) {
		return new Storm(this.mapper, this.directory, SEED, deeds);
	}

	private static void rage(long millis, Storm storm) throws Exception {
		Integer seconds = Integer.getInteger("mmap.chaos.seconds");
		try (UnprovokedLog log = new UnprovokedLog()) {
			List<String> failures = storm
				.rage((seconds != null) ? Duration.ofSeconds(seconds) : Duration.ofMillis(millis));
			assertThat(failures).as("failures; to repeat them, -Dmmap.seed=" + SEED).isEmpty();
			assertThat(log.messages()).as("logged; to repeat that, -Dmmap.seed=" + SEED).isEmpty();
		}
	}

}
