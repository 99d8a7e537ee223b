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
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.SystemCallLedger;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What the native mapper does when a system call fails. Nothing may stay open or mapped.
 */
@ExtendWith(NothingLeftBehind.class)
class SystemCallFailureTests {

	private static final int SIZE = 10_000;

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
	}

	@ParameterizedTest
	@ValueSource(strings = { "open", "fstat", "mmap" })
	void mappingFailsWithTheErrnoAndLeavesNothingBehind(String call) {
		this.calls.failOnce(call, Errno.ENOMEM);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(spec()))
			.withMessageContaining(this.file.toString())
			.withMessageContaining("errno 12 (ENOMEM")
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.ENOMEM));
		assertThat(this.registry.mappings()).isEmpty();
		assertThat(adHoc().mapCount()).isZero();
		assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
		this.registry.map(spec()).close();
	}

	@Test
	void aCreationThatFailsDoesNotRemoveAFileThatAnotherThreadHasMapped() throws Exception {
		for (int i = 0; i < 500; i++) {
			Path contested = this.file.resolveSibling("contested" + i);
			AtomicBoolean ready = new AtomicBoolean();
			Thread failing = Thread.ofPlatform().start(() -> {
				ready.set(true);
				try {
					this.registry.map(creating(contested, 1L << 60)).close();
				}
				catch (MappingException ex) {
					// No disk has that much
				}
			});
			while (!ready.get()) {
				Thread.onSpinWait();
			}
			try (MemoryMapping mapping = this.registry.map(creating(contested, 4096))) {
				failing.join();
				assertThat(mapping.length()).isEqualTo(4096);
				assertThat(contested).exists();
			}
		}
	}

	private static MappingSpec creating(Path file, long length) {
		return MappingSpec.file(file).access(MappingAccess.READ_WRITE).length(length).create(true).build();
	}

	@Test
	void outOfMemoryIsExplainedWithTheNumbersOfTheProcess() {
		this.calls.failOnce("mmap", Errno.ENOMEM);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(spec()))
			.withMessageContaining("no gap that is large enough left")
			.withMessageContaining("it is not the number of memory regions: ");
	}

	@Test
	void aPathThatMayNotBeOpenedIsExplained() {
		this.calls.failOnce("open", Errno.EACCES);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(spec()))
			.withMessageContaining("permission denied")
			.withMessageContaining(System.getProperty("user.name"));
	}

	@Test
	void aDescriptorThatCannotBeClosedProperlyDoesNoHarmToTheMapping() {
		this.calls.failOnce("close", Errno.EIO);
		try (CapturedLog log = new CapturedLog(); MemoryMapping mapping = this.registry.map(spec())) {
			assertThat(mapping.segment().get(JAVA_BYTE, SIZE - 1)).isZero();
			assertThat(log.messages(Level.WARN)).hasSize(1);
		}
	}

	@Test
	void aFileThatWasCreatedIsRemovedWhenNoSpaceCanBeAllocated() {
		Path created = this.directory.resolve("created");
		this.calls.failOnce("allocate", Errno.ENOSPC);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(creating(created)))
			.withMessageContaining("errno 28 (ENOSPC")
			.withMessageContaining("Free disk space");
		assertThat(created).doesNotExist();
	}

	@Test
	void aFileThatExistedStaysAsItWasWhenNoSpaceCanBeAllocated() throws IOException {
		this.calls.failOnce("allocate", Errno.ENOSPC);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(creating(this.file)));
		assertThat(Files.size(this.file)).isEqualTo(SIZE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "fstat", "mmap" })
	void aFileThatWasCreatedIsRemovedWhenItCannotBeMapped(String call) {
		Path created = this.directory.resolve("created");
		this.calls.failOnce(call, Errno.ENOMEM);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(creating(created)));
		assertThat(created).doesNotExist();
	}

	@Test
	void anUnmapWaitsForAFlushButTheEndOfTheRegistryDoesNotWaitForever() throws Exception {
		CountDownLatch disk = new CountDownLatch(1);
		this.calls.flushesWaitFor(disk);
		DefaultMappingRegistry declaring = new DefaultMappingRegistryBuilder()
			.mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.drainTimeout(Duration.ofMillis(50))
			.declare("slow", MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build())
			.build();
		DefaultMemoryMapping mapping = (DefaultMemoryMapping) declaring.get("slow");
		Thread flush = Thread.ofPlatform().start(mapping::flush);
		while (flush.getState() != Thread.State.WAITING) {
			Thread.onSpinWait();
		}
		try (CapturedLog log = new CapturedLog()) {
			declaring.close();
			assertThat(log.messages(Level.WARN)).singleElement().asString().contains("'slow'", "stays mapped");
		}
		assertThat(ProcessMaps.regions(this.file)).hasSize(1);
		Thread unmap = Thread.ofPlatform().start(() -> mapping.release(new Drain(Duration.ofSeconds(10))));
		assertThat(unmap.join(Duration.ofMillis(100))).isFalse();
		disk.countDown();
		assertThat(unmap.join(Duration.ofSeconds(10))).isTrue();
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
	}

	@Test
	void aFlushThatFailsIsReported() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build())) {
			this.calls.failOnce("msync", Errno.EIO);
			assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::flush)
				.withMessageContaining("errno 5 (EIO")
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EIO));
			mapping.flush();
		}
	}

	@Test
	@Fault("unmap-fails")
	void anUnmapThatFailsLeavesTheMappingMappedAndCanBeRepeated() {
		MemoryMapping mapping = this.registry.map(spec());
		MemorySegment segment = mapping.segment();
		this.calls.failOnce("munmap", Errno.EINVAL);
		assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::unmap)
			.withMessageContaining("errno 22 (EINVAL")
			.withMessageContaining("stays mapped");
		assertThat(ProcessMaps.regions(this.file)).hasSize(1);
		assertThat(this.registry.mappings()).hasSize(1);
		assertThat(adHoc().mappedBytes()).isEqualTo(SIZE);
		assertThatIllegalStateException().isThrownBy(() -> segment.get(JAVA_BYTE, 0));
		mapping.unmap();
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
		assertThat(adHoc().mappedBytes()).isZero();
	}

	@Test
	void anUnmapThatFailedIsTriedAgainWhenTheRegistryIsClosed() {
		MemoryMapping mapping = this.registry.map(spec());
		this.calls.failOnce("munmap", Errno.EINVAL);
		assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::unmap);
		this.registry.close();
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
		assertThat(adHoc().leaks(LeakCause.OPEN_AT_SHUTDOWN)).isEqualTo(1);
	}

	@Test
	void aMappingThatCouldNotBeUnmappedIsReportedOnceWhenItIsDropped() {
		this.calls.failOnce("munmap", Errno.EINVAL);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(spec()).unmap());
		Garbage.collectUntil(() -> !this.registry.leaks().isEmpty());
		Garbage.collectThoroughly();
		assertThat(this.registry.leaks()).singleElement().satisfies((leak) -> assertThat(leak.reclaimed()).isTrue());
		assertThat(adHoc().leaks(LeakCause.GARBAGE_COLLECTED)).isEqualTo(1);
	}

	@Test
	void whatCannotBeUnmappedDoesNotHideWhyItWasNotPublished() throws Exception {
		SystemCallLedger ledger = new SystemCallLedger();
		FaultySystemCalls faulty = new FaultySystemCalls(ledger.proxy());
		try (DefaultMappingRegistry other = new DefaultMappingRegistryBuilder()
			.mapper(new NativeMapper(faulty.proxy(), "for a test"))
			.build()) {
			OutOfMemoryError failure = new OutOfMemoryError("put");
			publishNoMore(other, failure);
			faulty.failOnce("munmap", Errno.EINVAL);
			assertThatThrownBy(() -> other.map(spec())).isSameAs(failure);
			assertThat(failure.getSuppressed()).singleElement()
				.satisfies((ex) -> assertThat(ex).hasMessageContaining("munmap(injected)"));
			Garbage.collectUntil(() -> ledger.mapped().isEmpty());
		}
	}

	private static void publishNoMore(DefaultMappingRegistry registry, Error failure)
			throws ReflectiveOperationException {
		Field mappings = DefaultMappingRegistry.class.getDeclaredField("adHocMappings");
		mappings.setAccessible(true);
		Field entries = AdHocMappings.class.getDeclaredField("entries");
		entries.setAccessible(true);
		entries.set(mappings.get(registry), new ConcurrentHashMap<String, MappingEntry>() {

			private static final long serialVersionUID = 1L;

			@Override
			public MappingEntry put(String id, MappingEntry entry) {
				throw failure;
			}

		});
	}

	@Test
	void aLeakThatCannotBeReclaimedIsStillCountedAndShownAsMapped() {
		try (CapturedLog log = new CapturedLog()) {
			// First, since the collector may be faster than the next line
			this.calls.failOnce("munmap", Errno.EINVAL);
			assertThat(this.registry.map(spec()).length()).isEqualTo(SIZE);
			Garbage.collectUntil(() -> !this.registry.leaks().isEmpty());
			Garbage.collectUntil(() -> !log.containing("stays mapped, since unmapping it failed").isEmpty());
		}
		MappingLeak leak = this.registry.leaks().getFirst();
		assertThat(leak.reclaimed()).isFalse();
		assertThat(adHoc().mappedBytes()).isEqualTo(SIZE);
		unmap(leak.mapping());
	}

	@Test
	void oneMappingThatCannotBeUnmappedKeepsNoOtherFromBeingUnmapped() throws IOException {
		Path other = Files.write(this.directory.resolve("other"), new byte[SIZE]);
		DefaultMappingRegistry declaring = new DefaultMappingRegistryBuilder()
			.mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.declare("first", MappingSpec.file(other).build())
			.declare("second", spec())
			.build();
		DefaultMemoryMapping second = (DefaultMemoryMapping) declaring.get("second");
		this.calls.failOnce("munmap", Errno.EINVAL);
		try (CapturedLog log = new CapturedLog()) {
			declaring.close();
			assertThat(log.messages(Level.ERROR)).singleElement().asString().contains("'second'", "EINVAL");
		}
		assertThat(ProcessMaps.regions(other)).isEmpty();
		assertThat(ProcessMaps.regions(this.file)).hasSize(1);
		assertThat(declaring.mappings()).as("what is still mapped")
			.extracting(MappingInfo::name)
			.containsExactly("second");
		// Not by its address: the leak detector would unmap again what is there by then
		assertThat(second.release(Drain.NONE)).isTrue();
	}

	private void unmap(MappingInfo mapping) {
		unmap(mapping.address());
	}

	private void unmap(long address) {
		try {
			this.calls.proxy().munmap(address, SIZE);
		}
		catch (SystemCallException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private MappingStatistics adHoc() {
		return List.copyOf(this.registry.statistics()).getLast();
	}

	private MappingSpec spec() {
		return MappingSpec.file(this.file).build();
	}

	private static MappingSpec creating(Path file) {
		return MappingSpec.file(file).access(MappingAccess.READ_WRITE).length(1 << 20).create(true).build();
	}

}
