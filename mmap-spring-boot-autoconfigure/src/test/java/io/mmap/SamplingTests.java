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
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingWarning.Kind;
import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * How much is in memory is found out when somebody asks, and not more often.
 */
@ExtendWith(NothingLeftBehind.class)
class SamplingTests {

	private static final int PAGE = (int) new LinuxSystemCalls().pageSize();

	private static final int SIZE = 16 * PAGE;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("words.bin"), new byte[SIZE]);
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
			channel.force(true);
		}
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.declare("words", MappingSpec.file(this.file).build())
			.build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void whoeverAsksForStatisticsHasASampleTaken() {
		Instant before = Instant.now();
		assertThat(info("words").residencySample()).isNull();
		await().untilAsserted(() -> assertThat(words().residentBytes()).isEqualTo(SIZE));
		assertThat(words().dirtyBytes()).isZero();
		ResidencySample sample = info("words").residencySample();
		assertThat(sample.residency().resident()).isEqualTo(SIZE);
		assertThat(sample.sampledAt()).isBetween(before, Instant.now());
	}

	@Test
	void whenNobodyAsksNoSampleIsTaken() throws InterruptedException {
		Thread.sleep(300);
		assertThat(info("words").residencySample()).isNull();
	}

	@Test
	void aSampleThatIsNotOldIsNotTakenAgain() throws InterruptedException {
		words();
		await().until(() -> info("words").residencySample() != null);
		ResidencySample first = info("words").residencySample();
		for (int i = 0; i < 20; i++) {
			words();
			this.registry.process();
			Thread.sleep(10);
		}
		assertThat(info("words").residencySample()).isSameAs(first);
	}

	@Test
	void aSampleThatIsOldIsTakenAgain() {
		try (MappingRegistry impatient = new DefaultMappingRegistryBuilder().maxSampleAge(Duration.ofMillis(20))
			.declare("impatient", MappingSpec.file(this.file).build())
			.build()) {
			ProcessMemory process = impatient.process();
			await().until(() -> impatient.mappings().getFirst().residencySample() != null);
			ResidencySample first = impatient.mappings().getFirst().residencySample();
			await().until(() -> impatient.process().sampledAt().isAfter(process.sampledAt())
					&& impatient.mappings().getFirst().residencySample() != first);
		}
	}

	@Test
	void asLongAsAPartIsUnknownTheSumIs() {
		this.calls.failOnce("cachestat", Errno.EPERM);
		this.calls.failOnce("mincore", Errno.EAGAIN);
		words();
		await().until(() -> info("words").residencySample() != null);
		assertThat(words().residentBytes()).isNull();
		assertThat(info("words").residencySample().residency().reason()).contains("EAGAIN");
	}

	@Test
	void ofWhatIsUnmappedNothingIsKnown() {
		try (MemoryMapping scratch = this.registry.map(MappingSpec.anonymous(4 * PAGE).build())) {
			scratch.segment().set(JAVA_BYTE, 0, (byte) 1);
			words();
			await().untilAsserted(() -> assertThat(adHoc().residentBytes()).isEqualTo(PAGE));
		}
		assertThat(adHoc().residentBytes()).isNull();
		assertThat(adHoc().dirtyBytes()).isNull();
	}

	@Test
	void whatWasFoundOfMappingsThatAreGoneIsNotSaidOfNewOnes() {
		try (MappingRegistry impatient = new DefaultMappingRegistryBuilder().maxSampleAge(Duration.ofMillis(1))
			.declare("words", MappingSpec.file(this.file).build())
			.build()) {
			try (MemoryMapping large = impatient.map(MappingSpec.file(this.file).build())) {
				await().untilAsserted(() -> assertThat(adHoc(impatient).residentBytes()).isEqualTo(large.length()));
			}
			ResidencySample before = impatient.mappings().getFirst().residencySample();
			await().until(() -> !impatient.statistics().isEmpty()
					&& impatient.mappings().getFirst().residencySample() != before);
			MappingStatistics adHoc = adHoc(impatient);
			await().pollDelay(Duration.ofMillis(100)).until(() -> true);
			try (MemoryMapping small = impatient.map(MappingSpec.anonymous(PAGE).build())) {
				assertThat(small.length()).isEqualTo(PAGE);
				assertThat(adHoc.residentBytes()).isNull();
			}
		}
	}

	@Test
	void truncationIsSeenBySamples() throws IOException {
		Files.write(this.file, new byte[PAGE]);
		words();
		await().untilAsserted(() -> assertThat(words().truncatedBytes()).isEqualTo(SIZE - PAGE));
	}

	@Test
	void samplesOfManyMappingsTakeTurnsAndKeepABoundedNumberOfDescriptors() {
		List<MemoryMapping> mappings = new ArrayList<>();
		try {
			for (int i = 0; i < 3000; i++) {
				mappings.add(this.registry.map(MappingSpec.file(this.file).build()));
			}
			words();
			await().untilAsserted(() -> assertThat(adHoc().residentBytes()).isEqualTo(3000L * SIZE));
			assertThat(adHoc().dirtyBytes()).as("which mincore cannot tell").isNull();
			assertThat(ProcessMaps.descriptors(this.directory)).hasSizeBetween(100, 1000);
			assertThat(mappings.getLast().residency().reason()).startsWith("cachestat");
		}
		finally {
			mappings.forEach(MemoryMapping::close);
		}
	}

	@Test
	void whatLooksAtAFileDoesNotTakeItsLocks() throws Exception {
		Path locked = Files.write(this.directory.resolve("locked.bin"), new byte[SIZE]);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(locked).build());
				FileChannel channel = FileChannel.open(locked, StandardOpenOption.WRITE);
				FileLock lock = channel.lock()) {
			assertThat(lock.isValid()).isTrue();
			words();
			await().until(() -> info(mapping.name()).residencySample() != null);
			assertThat(info(mapping.name()).residencyMap(4).parts()).isNotEmpty();
			assertThat(Files.readString(Path.of("/proc/locks"))).contains(":" + inode(locked) + " ");
		}
		assertThat(Files.readString(Path.of("/proc/locks"))).doesNotContain(":" + inode(locked) + " ");
	}

	@Test
	void whatLooksForAFileDoesNotTakeTheLocksOfAnotherOneInItsPlace() throws Exception {
		Path path = Files.write(this.directory.resolve("replaced.bin"), new byte[SIZE]);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(path).build())) {
			Path next = Files.write(this.directory.resolve("next.bin"), new byte[SIZE]);
			Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
			try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
					FileLock lock = channel.lock()) {
				assertThat(lock.isValid()).isTrue();
				assertThat(info(mapping.name()).residency().resident()).isNotNull();
				assertThat(Files.readString(Path.of("/proc/locks"))).contains(":" + inode(path) + " ");
			}
		}
	}

	@Test
	void mostDescriptorsAreLeftToTheApplication() {
		assertThat(BackingFile.maxForSamples(OptionalLong.of(1024))).isEqualTo(128);
		assertThat(BackingFile.maxForSamples(OptionalLong.of(ProcessLimits.UNLIMITED))).isEqualTo(1000);
		assertThat(BackingFile.maxForSamples(OptionalLong.empty())).isLessThan(1000);
	}

	@Test
	void whoUnmapsWaitsForWhoLooksAlsoWithoutADrainTimeout() throws Exception {
		CountDownLatch looking = new CountDownLatch(1);
		FaultySystemCalls slow = new FaultySystemCalls();
		try (MappingRegistry hasty = new DefaultMappingRegistryBuilder().drainTimeout(Duration.ZERO)
			.mapper(new NativeMapper(slow.proxy(), "for a test"))
			.build()) {
			MemoryMapping mapping = hasty.map(MappingSpec.file(this.file).build());
			slow.waitBefore("cachestat", looking);
			hasty.statistics();
			await().until(() -> Collections.frequency(slow.made(), "cachestat") > 0);
			assertThat(adHoc(hasty).leases()).as("by those who look").isZero();
			Thread unmapping = Thread.ofPlatform().start(mapping::close);
			await().until(() -> unmapping.getState() == Thread.State.WAITING);
			looking.countDown();
			unmapping.join();
			assertThat(hasty.mappings()).isEmpty();
		}
	}

	@Test
	void whoLooksDoesNotWaitForWhoUnmaps() throws Exception {
		MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build());
		MappingInfo info = info(mapping.name());
		try (MappingLease lease = mapping.acquire()) {
			assertThat(lease.segment().byteSize()).isEqualTo(SIZE);
			Thread unmapping = Thread.ofPlatform().start(mapping::close);
			await().untilAsserted(() -> assertThat(info.residency().reason()).contains("at this moment"));
			assertThat(unmapping.isAlive()).isTrue();
		}
		await().until(() -> this.registry.mappings().size() == 1);
	}

	@Test
	void privatePagesFarApartAreCounted() {
		long length = (3L << 30) + 10;
		try (MemoryMapping scratch = this.registry.map(MappingSpec.anonymous(length).noReserve(true).build())) {
			scratch.advise(Advice.NO_HUGE_PAGE);
			scratch.segment().set(JAVA_BYTE, 0, (byte) 1);
			scratch.segment().set(JAVA_BYTE, 2L << 30, (byte) 1);
			scratch.segment().set(JAVA_BYTE, length - 1, (byte) 1);
			assertThat(scratch.residency().resident()).isEqualTo(2 * PAGE + 10);
		}
	}

	private static Object inode(Path file) throws IOException {
		return Files.getAttribute(file, "unix:ino");
	}

	@Test
	void aSliceAloneIsNotLookedAt() {
		MemorySegment[] slice = { sliceOf(this.registry.map(MappingSpec.anonymous(4 * PAGE).build())) };
		Garbage.collectUntil(() -> this.registry.mappings().getLast().residency().reason().startsWith("only a slice"));
		assertThat(slice[0].byteSize()).isEqualTo(PAGE);
		slice[0] = null;
		Garbage.collectUntil(() -> !this.registry.leaks().isEmpty());
	}

	private static MemorySegment sliceOf(MemoryMapping mapping) {
		return mapping.segment().asSlice(0, PAGE);
	}

	@Test
	void theMapTellsWhichPartsAreInMemory() {
		try (MemoryMapping scratch = this.registry.map(MappingSpec.anonymous(SIZE + 10).build())) {
			scratch.segment().set(JAVA_BYTE, 5 * PAGE, (byte) 1);
			scratch.segment().set(JAVA_BYTE, SIZE + 9, (byte) 1);
			ResidencyMap map = info(scratch.name()).residencyMap(8);
			assertThat(map.partLength()).isEqualTo(3 * PAGE);
			assertThat(map.parts()).extracting(Residency::resident)
				.containsExactly(0L, (long) PAGE, 0L, 0L, 0L, (long) 10);
		}
	}

	@Test
	void aMapHasNoMorePartsThanPages() {
		ResidencyMap map = info("words").residencyMap(1000);
		assertThat(map.partLength()).isEqualTo(PAGE);
		assertThat(map.parts()).hasSize(16).extracting(Residency::resident).containsOnly((long) PAGE);
		assertThat(info("words").residencyMap(1).parts()).extracting(Residency::resident).containsExactly((long) SIZE);
		assertThatIllegalArgumentException().isThrownBy(() -> info("words").residencyMap(0))
			.withMessageContaining("maxParts", "0");
	}

	@Test
	void whereOnlyEachPageCouldTellALongMappingIsUnknown() {
		MappingSpec spec = MappingSpec.anonymous(8L << 30).shared(true).build();
		try (MemoryMapping large = this.registry.map(spec)) {
			assertThat(info(large.name()).residency().resident()).isNull();
			assertThat(info(large.name()).residency().reason()).contains("mincore");
			assertThat(info(large.name()).residencyMap(4).parts()).extracting(Residency::resident).containsOnlyNulls();
		}
	}

	@Test
	void whenRegionsComeToAnEndThereIsAWarning(@TempDir Path root) {
		FakeLimits limits = new FakeLimits(root);
		Warnings warnings = new Warnings();
		Sampling sampling = sampling(root, warnings);
		try (CapturedLog log = new CapturedLog()) {
			limits.regions(79, 100);
			sampling.readProcess();
			assertThat(warnings.all()).isEmpty();
			limits.regions(80, 100);
			sampling.readProcess();
			assertThat(warnings.all()).singleElement().satisfies((warning) -> {
				assertThat(warning.name()).isEqualTo(MappingWarning.PROCESS);
				assertThat(warning.kind()).isEqualTo(Kind.REGIONS_NEAR_LIMIT);
				assertThat(warning.message()).contains("80 of at most 100", "vm.max_map_count");
			});
			for (int regions : new int[] { 79, 81, 75, 90 }) {
				limits.regions(regions, 100);
				sampling.readProcess();
				assertThat(warnings.all()).as("with " + regions).hasSize(1);
			}
			assertThat(log.messages(Level.WARN)).as("said once").hasSize(1);
			limits.regions(74, 100);
			sampling.readProcess();
			assertThat(warnings.all()).isEmpty();
		}
	}

	private Sampling sampling(Path root, Warnings warnings) {
		return new Sampling(new Worker(), warnings, List::of,
				new ProcessFigures(new SystemFiles(root), new ProcessLimits(root)), Duration.ofSeconds(10));
	}

	private MappingStatistics words() {
		return this.registry.statistics().iterator().next();
	}

	private MappingStatistics adHoc() {
		return adHoc(this.registry);
	}

	private static MappingStatistics adHoc(MappingRegistry registry) {
		return List.copyOf(registry.statistics()).getLast();
	}

	private MappingInfo info(String name) {
		return this.registry.mappings().stream().filter((mapping) -> mapping.name().equals(name)).findFirst().get();
	}

}
