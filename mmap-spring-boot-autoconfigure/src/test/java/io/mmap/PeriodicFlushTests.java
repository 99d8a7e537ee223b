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
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.MappingWarning.Kind;
import io.mmap.internal.ffi.Errno;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Changes that are written in the background.
 */
@ExtendWith(NothingLeftBehind.class)
class PeriodicFlushTests {

	private static final int SIZE = 10_000;

	private static final Duration OFTEN = Duration.ofMillis(10);

	private static final Duration NEVER = Duration.ofDays(1000);

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private CapturedLog log;

	@BeforeEach
	void create() throws IOException {
		this.file = Files.write(this.directory.resolve("counters.bin"), new byte[SIZE]);
		this.log = new CapturedLog();
	}

	@AfterEach
	void closeLog() {
		this.log.close();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void aDeclaredMappingIsFlushedAgainAndAgain(MapperType mapper) {
		try (MappingRegistry registry = MappingRegistry.builder()
			.mapper(mapper)
			.declare("counters", every(OFTEN).build())
			.build()) {
			assertIsFlushedAgainAndAgain(registry);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void soIsAnAdHocMapping(MapperType mapper) {
		try (MappingRegistry registry = MappingRegistry.builder().mapper(mapper).build();
				MemoryMapping mapping = registry.map(every(OFTEN).build())) {
			assertIsFlushedAgainAndAgain(registry);
			assertThat(mapping.length()).isEqualTo(SIZE);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void soIsEachMemberOfASet(MapperType mapper) throws IOException {
		Path other = Files.write(this.directory.resolve("other.bin"), new byte[SIZE]);
		try (MappingRegistry registry = MappingRegistry.builder()
			.mapper(mapper)
			.declareSet("set",
					Map.of("a", every(OFTEN).build(), "b",
							MappingSpec.file(other).access(MappingAccess.READ_WRITE).flushInterval(OFTEN).build()))
			.build()) {
			await(() -> registry.mappings().stream().allMatch((mapping) -> mapping.lastFlush() != null));
			assertThat(registry.mappings()).hasSize(2);
		}
	}

	private static void assertIsFlushedAgainAndAgain(MappingRegistry registry) {
		await(() -> lastFlush(registry) != null);
		Instant first = lastFlush(registry);
		await(() -> lastFlush(registry).isAfter(first));
	}

	@Test
	void eachFlushIsASystemCallAndIsCounted() {
		try (MappingRegistry registry = registry(every(OFTEN).build())) {
			await(() -> msyncs() >= 3);
			await(() -> statistics(registry).flushCount() >= 3);
			assertThat(statistics(registry).flushNanos()).isPositive();
			assertThat(statistics(registry).flushErrors()).isZero();
			assertThat(statistics(registry).flushCount()).isLessThanOrEqualTo(msyncs());
		}
	}

	@Test
	void nothingIsFlushedBeforeTheIntervalIsOver() throws InterruptedException {
		try (MappingRegistry registry = registry(every(NEVER).flushOnUnmap(false).build())) {
			Thread.sleep(50);
			assertThat(registry.mappings().getFirst().lastFlush()).isNull();
		}
		assertThat(msyncs()).isZero();
	}

	@Test
	void aFlushOfTheWholeThatSomebodyAskedForCountsToo() {
		try (MappingRegistry registry = registry(every(NEVER).build())) {
			MemoryMapping mapping = registry.get("counters");
			mapping.range(0, SIZE - 1).flush();
			assertThat(lastFlush(registry)).isNull();
			Instant before = Instant.now();
			mapping.flush();
			assertThat(lastFlush(registry)).isBetween(before, Instant.now());
			assertThat(statistics(registry).flushCount()).isEqualTo(2);
		}
	}

	@Test
	void theLastFlushIsKnownOfTheNextGeneration() {
		try (MappingRegistry registry = registry(every(NEVER).build())) {
			MemoryMapping mapping = registry.get("counters");
			mapping.flush();
			Instant last = lastFlush(registry);
			mapping.protect(Protection.READ);
			assertThat(registry.mappings().getFirst().generation()).isEqualTo(2);
			assertThat(lastFlush(registry)).isEqualTo(last);
		}
	}

	@Test
	void theNextGenerationIsFlushedOnceInAnInterval() {
		try (MappingRegistry registry = registry(every(OFTEN).build())) {
			MemoryMapping mapping = registry.get("counters");
			mapping.protect(Protection.READ);
			mapping.protect(Protection.READ, Protection.WRITE);
			Instant last = Instant.now();
			await(() -> lastFlush(registry) != null && lastFlush(registry).isAfter(last));
		}
	}

	@Test
	void aLazyMappingIsNotMappedForThat() throws InterruptedException {
		try (MappingRegistry registry = registry(every(OFTEN).lazy(true).build())) {
			Thread.sleep(50);
			assertThat(registry.mappings()).isEmpty();
			registry.get("counters").segment().set(JAVA_BYTE, 0, (byte) 1);
			await(() -> lastFlush(registry) != null);
		}
	}

	@Test
	void afterUnmappingNothingIsFlushedAndNothingWarnedOf() throws InterruptedException {
		try (MappingRegistry registry = registry()) {
			MemoryMapping mapping = registry.map(every(OFTEN).flushOnUnmap(false).build());
			this.calls.failOnce("msync", Errno.EIO);
			await(() -> !registry.warnings().isEmpty() || msyncs() > 1);
			mapping.close();
			int before = msyncs();
			Thread.sleep(50);
			assertThat(msyncs()).isEqualTo(before);
			assertThat(registry.warnings()).isEmpty();
		}
	}

	@Test
	@Fault("flush-fails-in-background")
	void aFailureIsCountedWarnedOfAndLoggedOnce() {
		failFlushes(1000);
		try (MappingRegistry registry = registry(every(OFTEN).flushOnUnmap(false).build())) {
			await(() -> statistics(registry).flushErrors() >= 3);
			assertThat(statistics(registry).flushCount()).isZero();
			assertThat(lastFlush(registry)).isNull();
			assertThat(registry.warnings()).singleElement().satisfies((warning) -> {
				assertThat(warning.name()).isEqualTo("counters");
				assertThat(warning.kind()).isEqualTo(Kind.FLUSH_FAILING);
				assertThat(warning.message()).contains("Cannot flush mapping 'counters'")
					.contains("EIO")
					.contains(
							"errors of the device. What was written to the memory since the last flush may not be in the file");
			});
			assertThat(this.log.messages(Level.ERROR)).singleElement()
				.asString()
				.contains("Flushing in the background failed")
				.contains("EIO");
		}
	}

	@Test
	void theNextSuccessEndsTheWarning() {
		failFlushes(1);
		try (MappingRegistry registry = registry(every(OFTEN).build())) {
			await(() -> statistics(registry).flushErrors() == 1 && statistics(registry).flushCount() > 0);
			await(() -> registry.warnings().isEmpty());
		}
	}

	@Test
	void aFailureThatSomebodyGetsIsWarnedOfUntilWhatFailedIsWritten() {
		try (MappingRegistry registry = registry(
				MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build())) {
			MemoryMapping mapping = registry.get("counters");
			failFlushes(1);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.range(5000, 10).flush());
			mapping.range(0, 4096).flush();
			assertThat(registry.warnings()).extracting(MappingWarning::kind).containsExactly(Kind.FLUSH_FAILING);
			mapping.range(4096, 4096).flush();
			assertThat(registry.warnings()).isEmpty();
			assertThat(statistics(registry).flushErrors()).isEqualTo(1);
		}
	}

	@Test
	@Fault("flush-late")
	void aFlushThatIsLateIsWarnedOfWhileItLasts() {
		CountDownLatch disk = new CountDownLatch(1);
		this.calls.flushesWaitFor(disk);
		try (MappingRegistry registry = registry(every(OFTEN).build())) {
			try {
				await(() -> !registry.warnings().isEmpty());
				assertThat(registry.warnings()).singleElement().satisfies((warning) -> {
					assertThat(warning.kind()).isEqualTo(Kind.FLUSH_LATE);
					assertThat(warning.message()).contains("not written to the file since it was mapped")
						.contains("every PT0.01S");
				});
				assertThat(this.log.containing("is flushed late")).hasSize(1);
			}
			finally {
				disk.countDown();
			}
			await(() -> registry.warnings().isEmpty());
		}
	}

	@Test
	void aRegistryThatIsClosedInTheMiddleOfAFlushWaitsForIt() throws InterruptedException {
		CountDownLatch disk = new CountDownLatch(1);
		this.calls.flushesWaitFor(disk);
		MappingRegistry registry = registry(every(OFTEN).flushOnUnmap(false).build());
		try {
			await(() -> msyncs() == 1);
			Thread closing = Thread.ofPlatform().start(registry::close);
			assertThat(closing.join(Duration.ofMillis(100))).isFalse();
			assertThat(registry.mappings()).hasSize(1);
			disk.countDown();
			assertThat(closing.join(Duration.ofSeconds(10))).isTrue();
			assertThat(registry.mappings()).isEmpty();
		}
		finally {
			disk.countDown();
			registry.close();
		}
	}

	@Test
	void anAdHocMappingThatIsFlushedIsALeakAllTheSame() {
		try (MappingRegistry registry = registry()) {
			Garbage.collect(mapAndDrop(registry));
			Garbage.collectUntil(() -> !registry.leaks().isEmpty());
			assertThat(registry.leaks()).hasSize(1);
			int before = msyncs();
			Garbage.collectThoroughly();
			assertThat(msyncs()).isEqualTo(before);
		}
	}

	@Test
	void aLeakIsNotWarnedOfAnyMore() {
		failFlushes(1000);
		try (MappingRegistry registry = registry()) {
			WeakReference<Object> scope = mapAndDrop(registry);
			Garbage.collect(scope);
			Garbage.collectUntil(() -> !registry.leaks().isEmpty());
			assertThat(registry.warnings()).isEmpty();
		}
	}

	private WeakReference<Object> mapAndDrop(MappingRegistry registry) {
		MemoryMapping mapping = registry.map(every(OFTEN).build());
		int before = msyncs();
		await(() -> msyncs() > before + 2);
		return new WeakReference<>(mapping.segment().scope());
	}

	@Test
	void noThreadIsStartedUnlessSomethingIsToBeFlushed() {
		List<Thread> before = workers();
		// Not declared: the files of those are looked at from time to time
		try (DefaultMappingRegistry registry = undetected().build();
				MemoryMapping counters = registry
					.map(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).flushOnUnmap(true).build())) {
			counters.flush();
			assertThat(registry.warnings()).isEmpty();
			assertThat(workers()).containsExactlyInAnyOrderElementsOf(before);
		}
	}

	@Test
	void withoutLeakDetectionOneThreadIsStartedForFlushes() {
		List<Thread> before = workers();
		try (DefaultMappingRegistry registry = undetected().declare("counters", every(OFTEN).build()).build()) {
			await(() -> lastFlush(registry) != null);
			assertThat(workers()).hasSize(before.size() + 1);
		}
		await(() -> workers().size() <= before.size());
	}

	private static List<Thread> workers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("mmap-worker"))
			.toList();
	}

	private DefaultMappingRegistryBuilder undetected() {
		return new DefaultMappingRegistryBuilder().leakDetection(LeakDetectionLevel.DISABLED)
			.mapper(new NativeMapper(this.calls.proxy(), "for a test"));
	}

	private DefaultMappingRegistry registry() {
		return new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test")).build();
	}

	private DefaultMappingRegistry registry(MappingSpec spec) {
		return new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.declare("counters", spec)
			.build();
	}

	private FileMappingBuilder every(Duration interval) {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).flushInterval(interval);
	}

	private void failFlushes(int times) {
		for (int i = 0; i < times; i++) {
			this.calls.failOnce("msync", Errno.EIO);
		}
	}

	private int msyncs() {
		return Collections.frequency(this.calls.made(), "msync");
	}

	private static MappingStatistics statistics(MappingRegistry registry) {
		return registry.statistics().iterator().next();
	}

	private static Instant lastFlush(MappingRegistry registry) {
		return registry.mappings().getFirst().lastFlush();
	}

	private static void await(BooleanSupplier condition) {
		long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as("in time").isLessThan(end);
			try {
				Thread.sleep(2);
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
		}
	}

}
