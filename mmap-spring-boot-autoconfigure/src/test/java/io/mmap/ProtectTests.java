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
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.internal.MappingObserver;
import io.mmap.internal.MappingObservers;
import io.mmap.internal.ObservedMapping;
import io.mmap.internal.ffi.Errno;
import io.mmap.testsupport.BlockedWrite;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Changes of what pages permit.
 */
@ExtendWith(NothingLeftBehind.class)
class ProtectTests {

	private static final int SIZE = 100_000;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[SIZE]);
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		assertThat(adHoc().mappedBytes()).isZero();
		assertThat(adHoc().mappings()).isZero();
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
	}

	@Test
	void wideningKeepsSegmentsValidAndReadOnlyAndGivesAWritableOne() {
		try (MemoryMapping mapping = this.registry.map(fileSpec(Protection.READ))) {
			MemorySegment before = mapping.segment();
			mapping.protect(Protection.READ, Protection.WRITE);
			mapping.segment().set(JAVA_BYTE, 7, (byte) 42);
			assertThat(before.get(JAVA_BYTE, 7)).isEqualTo((byte) 42);
			assertThat(before.isReadOnly()).isTrue();
			assertThat(permissions()).containsExactly("rw-s");
		}
	}

	@Test
	void narrowingEndsTheAccessThroughSegmentsSlicesAndBuffersThatWereHandedOut() {
		try (MemoryMapping mapping = this.registry.map(fileSpec(Protection.READ, Protection.WRITE))) {
			MemorySegment segment = mapping.segment();
			MemorySegment slice = segment.asSlice(100, 10);
			ByteBuffer buffer = mapping.asByteBuffer();
			mapping.protect(Protection.READ);
			assertThatIllegalStateException().isThrownBy(() -> segment.set(JAVA_BYTE, 0, (byte) 1));
			assertThatIllegalStateException().isThrownBy(() -> slice.get(JAVA_BYTE, 0));
			assertThatIllegalStateException().isThrownBy(() -> buffer.put(0, (byte) 1));
			assertThat(mapping.segment().isReadOnly()).isTrue();
			assertThat(permissions()).containsExactly("r--s");
		}
	}

	@Test
	void whoUnmapsWhenTheNextGenerationIsNotPublishedYetUnmapsThatOne() throws InterruptedException {
		MemoryMapping mapping = this.registry.map(fileSpec(Protection.READ));
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Thread unmapping = Thread.ofPlatform().daemon().unstarted(mapping::unmap);
		unmapping.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
		MappingObserver observer = new MappingObserver() {

			@Override
			public void registryMade(Object registry, String builtAt) {
			}

			@Override
			public void mapped(Object registry, ObservedMapping mapping) {
			}

			@Override
			public void replaced(ObservedMapping previous, ObservedMapping next) {
				unmapping.start();
				// Until it waits for this thread, or was told that there is nothing to
				// unmap
				Set<Thread.State> states = EnumSet.of(Thread.State.WAITING, Thread.State.TERMINATED);
				long end = System.nanoTime() + PATIENCE.toNanos();
				while (!states.contains(unmapping.getState())) {
					if (System.nanoTime() > end) {
						failure.set(new AssertionError("It neither waits nor ends: " + unmapping.getState()));
						return;
					}
					Thread.yield();
				}
			}

		};
		MappingObservers.add(observer);
		try {
			mapping.protect(Protection.READ, Protection.WRITE);
		}
		finally {
			MappingObservers.remove(observer);
		}
		assertThat(unmapping.join(PATIENCE)).as("has ended").isTrue();
		assertThat(failure.get()).isNull();
		assertThat(permissions()).isEmpty();
		assertThat(this.registry.mappings()).isEmpty();
	}

	@Test
	void eachChangeIsAGenerationAndNoneWithoutAChange() {
		try (MemoryMapping mapping = this.registry.map(fileSpec(Protection.READ))) {
			mapping.protect(Protection.READ);
			assertThat(generation()).isEqualTo(1);
			mapping.protect(Protection.READ, Protection.WRITE);
			assertThat(generation()).isEqualTo(2);
			mapping.protect(Protection.READ);
			assertThat(generation()).isEqualTo(3);
			assertThat(this.registry.mappings()).singleElement()
				.satisfies((info) -> assertThat(info.protection()).containsExactly(Protection.READ));
			assertThat(adHoc().mapCount()).isEqualTo(1);
		}
	}

	@Test
	void contentOutlivesATimeWithoutAnyPermission() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			mapping.segment().set(JAVA_BYTE, SIZE - 1, (byte) 42);
			mapping.protect();
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::segment)
				.withMessageContaining("may not be read");
			mapping.protect(Protection.READ);
			assertThat(mapping.segment().get(JAVA_BYTE, SIZE - 1)).isEqualTo((byte) 42);
		}
	}

	@Test
	@Fault("access-after-protect")
	void whatIsNotPermittedIsAnExceptionWhicheverWayItCameToBe() {
		for (Set<Protection> from : combinations()) {
			for (Set<Protection> to : combinations()) {
				try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(4096).build())) {
					mapping.protect(from.toArray(Protection[]::new));
					MemorySegment before = from.contains(Protection.READ) ? mapping.segment() : null;
					mapping.protect(to.toArray(Protection[]::new));
					assertThat(mapping.protection()).isEqualTo(to);
					if (before != null) {
						tryToAccess(before, to);
					}
					if (to.contains(Protection.READ)) {
						MemorySegment after = mapping.segment();
						assertThat(after.get(JAVA_BYTE, 0)).isNotNegative();
						assertThat(after.isReadOnly()).isEqualTo(!to.contains(Protection.WRITE));
						tryToAccess(after, to);
					}
					else {
						assertThatExceptionOfType(UnsupportedMappingOperationException.class)
							.isThrownBy(mapping::asByteBuffer);
					}
				}
			}
		}
	}

	/** A store or load that the pages do not permit would end the JVM. */
	private static void tryToAccess(MemorySegment segment, Set<Protection> permitted) {
		try {
			segment.get(JAVA_BYTE, 0);
			assertThat(permitted).contains(Protection.READ);
		}
		catch (IllegalStateException ex) {
			assertThat(segment.scope().isAlive()).isFalse();
		}
		try {
			segment.set(JAVA_BYTE, 0, (byte) 1);
			assertThat(permitted).contains(Protection.WRITE);
		}
		catch (IllegalStateException ex) {
			assertThat(segment.scope().isAlive()).isFalse();
		}
		catch (IllegalArgumentException ex) {
			assertThat(segment.isReadOnly()).isTrue();
		}
	}

	private static List<Set<Protection>> combinations() {
		List<Set<Protection>> combinations = new ArrayList<>();
		for (int bits = 0; bits < 8; bits++) {
			Set<Protection> combination = EnumSet.noneOf(Protection.class);
			for (Protection each : Protection.values()) {
				if ((bits & (1 << each.ordinal())) != 0) {
					combination.add(each);
				}
			}
			if (!combination.containsAll(Set.of(Protection.WRITE, Protection.EXECUTE))) {
				combinations.add(combination);
			}
		}
		return combinations;
	}

	@Test
	void aReadOnlyMappingIsNeverMadeWritable() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			assertThatExceptionOfType(InvalidMappingException.class)
				.isThrownBy(() -> mapping.protect(Protection.READ, Protection.WRITE))
				.withMessageContaining("access is read-only");
			assertThat(permissions()).containsExactly("r--s");
		}
	}

	@Test
	@Fault("writable-and-executable")
	void writableAndExecutableAtOnceIsRefusedUnlessItWasAskedFor() {
		Protection[] all = Protection.values();
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(4096).build())) {
			assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> mapping.protect(all))
				.withMessageContaining("writable-and-executable");
		}
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(4096).writableAndExecutable(true).build())) {
			mapping.protect(all);
			assertThat(mapping.protection()).containsExactlyInAnyOrder(all);
		}
	}

	@Test
	void aMemberOfASetIsRefused() {
		try (MappingRegistry declaring = new DefaultMappingRegistryBuilder()
			.mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.declareSet("set", Map.of("member", MappingSpec.file(this.file).build()))
			.build()) {
			MemoryMapping member = declaring.set("set").get("member");
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(member::protect)
				.withMessageContaining("member of a set");
			assertThat(member.segment().get(JAVA_BYTE, 0)).isZero();
		}
	}

	@Test
	void theJdkMapperRefusesWithWhatToDoAndKeepsTheMapping() {
		try (MappingRegistry jdk = MappingRegistry.builder().mapper(MapperType.JDK).build();
				MemoryMapping mapping = jdk.map(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build())) {
			MemorySegment segment = mapping.segment();
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.protect(Protection.READ))
				.withMessageContaining("--enable-native-access=ALL-UNNAMED");
			segment.set(JAVA_BYTE, 0, (byte) 1);
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 1);
		}
	}

	@Test
	void aRefusalOfTheSystemLeavesTheProtectionAsItWas() {
		try (MemoryMapping mapping = this.registry.map(fileSpec(Protection.READ, Protection.WRITE))) {
			this.calls.failOnce("mprotect", Errno.ENOMEM);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.protect(Protection.READ))
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.ENOMEM));
			assertThat(mapping.protection()).containsExactlyInAnyOrder(Protection.READ, Protection.WRITE);
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
		}
	}

	@Test
	void aWideningThatTheSystemRefusesKeepsEvenTheSegments() {
		try (MemoryMapping mapping = this.registry.map(fileSpec(Protection.READ))) {
			MemorySegment segment = mapping.segment();
			this.calls.failOnce("mprotect", Errno.ENOMEM);
			assertThatExceptionOfType(MappingException.class)
				.isThrownBy(() -> mapping.protect(Protection.READ, Protection.WRITE));
			assertThat(segment.get(JAVA_BYTE, 0)).isZero();
			assertThat(mapping.protection()).containsExactly(Protection.READ);
			assertThat(generation()).isEqualTo(1);
		}
	}

	@Test
	void whatIsSureToBePermittedRemainsWhenTheSystemRefusesTheWayBackToo() {
		try (MemoryMapping mapping = this.registry.map(fileSpec(Protection.READ, Protection.WRITE))) {
			this.calls.failOnce("mprotect", Errno.ENOMEM);
			this.calls.failOnce("mprotect", Errno.ENOMEM);
			assertThatExceptionOfType(MappingException.class)
				.isThrownBy(() -> mapping.protect(Protection.READ, Protection.EXECUTE));
			assertThat(mapping.protection()).containsExactly(Protection.READ);
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
			assertThat(mapping.segment().isReadOnly()).isTrue();
		}
	}

	@Test
	void nothingIsChangedWhileANativeCallUsesTheMemory() throws IOException {
		try (MemoryMapping mapping = this.registry.map(fileSpec(Protection.READ, Protection.WRITE))) {
			MemorySegment segment = mapping.segment();
			try (BlockedWrite write = new BlockedWrite(mapping.asByteBuffer())) {
				assertThatIllegalStateException().isThrownBy(() -> mapping.protect(Protection.READ));
				assertThat(write.isBlocked()).isTrue();
				segment.set(JAVA_BYTE, 0, (byte) 1);
				assertThat(generation()).isEqualTo(1);
				assertThat(permissions()).containsExactly("rw-s");
			}
			mapping.protect(Protection.READ);
		}
	}

	@Test
	void aMappingIsReportedOnceAndUnmappedWhenItIsDroppedAfterChanges() {
		protectAndDrop();
		Garbage.collectUntil(() -> !this.registry.leaks().isEmpty());
		Garbage.collectThoroughly();
		assertThat(this.registry.leaks()).singleElement().satisfies((leak) -> assertThat(leak.reclaimed()).isTrue());
		assertThat(this.registry.mappings()).isEmpty();
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
	}

	private void protectAndDrop() {
		MemoryMapping mapping = this.registry.map(fileSpec(Protection.READ));
		mapping.protect(Protection.READ, Protection.WRITE);
		mapping.protect(Protection.READ);
		mapping.protect(Protection.READ, Protection.EXECUTE);
	}

	@Test
	void nothingIsChangedAfterTheEnd() {
		MemoryMapping mapping = this.registry.map(fileSpec(Protection.READ));
		mapping.close();
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(() -> mapping.protect());
	}

	@Test
	void readersNeverTakeAMappingForUnmappedWhileItsProtectionChanges() throws Exception {
		try (MemoryMapping mapping = this.registry.map(fileSpec(Protection.READ, Protection.WRITE))) {
			ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
			long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
			List<Thread> threads = List.of(Thread.ofPlatform().start(() -> {
				while (System.nanoTime() < end) {
					mapping.protect(Protection.READ);
					mapping.protect(Protection.READ, Protection.WRITE);
				}
			}), Thread.ofPlatform().start(() -> {
				while (System.nanoTime() < end) {
					try {
						mapping.segment();
						assertThat(this.registry.find(mapping.name())).isPresent();
					}
					catch (RuntimeException | Error ex) {
						failures.add(ex);
						return;
					}
				}
			}));
			for (Thread thread : threads) {
				assertThat(thread.join(PATIENCE)).as("has ended").isTrue();
			}
			assertThat(failures).isEmpty();
		}
	}

	@Test
	void changesUnmapsReloadsAndReadsAtOnceUnmapEverythingExactlyOnce() throws Exception {
		ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
		long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
		AtomicInteger rounds = new AtomicInteger();
		while (System.nanoTime() < end) {
			FaultySystemCalls counting = new FaultySystemCalls();
			DefaultMappingRegistry racing = new DefaultMappingRegistryBuilder()
				.mapper(new NativeMapper(counting.proxy(), "for a test"))
				.drainTimeout(Duration.ofMillis(1))
				.leakDetection(LeakDetectionLevel.DISABLED)
				.declare("declared", MappingSpec.file(this.file).build())
				.build();
			MemoryMapping declared = racing.get("declared");
			MemoryMapping adHoc = racing.map(fileSpec(Protection.READ, Protection.WRITE));
			List<Runnable> tasks = List.of(() -> change(declared, Protection.EXECUTE),
					() -> change(adHoc, Protection.WRITE), () -> read(declared), () -> read(adHoc),
					() -> racing.reload("declared"), adHoc::close, racing::close);
			List<Thread> threads = tasks.stream().map((task) -> Thread.ofPlatform().start(() -> {
				try {
					task.run();
				}
				catch (IllegalStateException ex) {
					// Came too late, or while it was in use
				}
				catch (RuntimeException | Error ex) {
					failures.add(ex);
				}
			})).toList();
			for (Thread thread : threads) {
				assertThat(thread.join(PATIENCE)).as("has ended").isTrue();
			}
			racing.close();
			assertThat(counting.made().stream().filter("munmap"::equals)).as("unmapped once each")
				.hasSameSizeAs(counting.made().stream().filter("mmap"::equals).toList());
			rounds.incrementAndGet();
		}
		assertThat(failures).isEmpty();
		assertThat(rounds).hasPositiveValue();
	}

	private static void change(MemoryMapping mapping, Protection more) {
		for (int i = 0; i < 20; i++) {
			mapping.protect(Protection.READ, more);
			mapping.protect(Protection.READ);
		}
	}

	private static void read(MemoryMapping mapping) {
		for (int i = 0; i < 1000; i++) {
			try {
				MemorySegment segment = mapping.segment();
				segment.get(JAVA_BYTE, i);
				segment.set(JAVA_BYTE, i, (byte) i);
			}
			catch (IllegalStateException | IllegalArgumentException | UnsupportedOperationException ex) {
				// What was permitted has changed since
			}
		}
	}

	private int generation() {
		return this.registry.mappings().getFirst().generation();
	}

	private List<String> permissions() {
		return ProcessMaps.regions(this.file).stream().map((line) -> line.split(" +")[1]).toList();
	}

	private MappingStatistics adHoc() {
		return List.copyOf(this.registry.statistics()).getLast();
	}

	private MappingSpec fileSpec(Protection... protection) {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).protection(protection).build();
	}

}
