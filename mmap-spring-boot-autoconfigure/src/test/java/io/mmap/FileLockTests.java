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
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How the mappings within one process share the lock on a file: which locks and
 * descriptors the system knows of.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class FileLockTests {

	private static final int SIZE = 10_000;

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[SIZE]);
		this.registry = MappingRegistry.builder().mapper(this.mapper).build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		if (this.mapper == MapperType.JDK) {
			ProcessMaps.unmap(this.directory);
		}
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
	}

	@Test
	void aReadWriteMappingLocksTheFileUntilItIsUnmapped() {
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertLocked();
		}
		assertNotLocked();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "READ_WRITE")
	void aReaderTakesNoLockAndKeepsNoDescriptor(MappingAccess access) {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).access(access).build())) {
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertNotLocked();
		}
	}

	@Test
	void whoDoesNotWantTheLockTakesNoneAndKeepsNoDescriptor() {
		try (MemoryMapping mapping = this.registry.map(shared())) {
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertNotLocked();
		}
	}

	@Test
	void mappingsOfOneFileShareTheLockAndTheLastReleasesIt() {
		MemoryMapping first = this.registry.map(readWrite());
		MemoryMapping second = this.registry.map(readWrite());
		first.close();
		assertLocked();
		second.close();
		assertNotLocked();
	}

	@Test
	void mappingsOfTwoRegistriesShareTheLockAndTheLastReleasesIt() {
		try (MappingRegistry other = MappingRegistry.builder().mapper(this.mapper).build()) {
			MemoryMapping first = this.registry.map(readWrite());
			MemoryMapping second = other.map(readWrite());
			second.close();
			assertLocked();
			first.close();
			assertNotLocked();
		}
	}

	@Test
	void mappingsOfOneFileByLinksToItShareTheLock() throws IOException {
		Path symbolic = Files.createSymbolicLink(this.directory.resolve("symbolic"), this.file);
		Path hard = Files.createLink(this.directory.resolve("hard"), this.file);
		try (MemoryMapping mapping = this.registry.map(readWrite());
				MemoryMapping bySymbolic = this.registry.map(readWrite(symbolic));
				MemoryMapping byHard = this.registry.map(readWrite(hard))) {
			byHard.segment().set(JAVA_BYTE, 0, (byte) 7);
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 7);
			assertThat(bySymbolic.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 7);
			assertLocked();
		}
		assertNotLocked();
	}

	@Test
	void oneDescriptorStaysOpenHoweverManyMappingsShareTheLock() {
		List<MemoryMapping> mappings = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			mappings.add(this.registry.map(readWrite()));
			assertThat(ProcessMaps.descriptors(this.directory)).hasSize(1);
		}
		mappings.forEach(MemoryMapping::close);
		assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
	}

	@Test
	void theFileThatTookTheNameOfALockedOneIsLockedAsWell() throws IOException {
		try (MemoryMapping old = this.registry.map(readWrite())) {
			Path replacement = Files.write(this.directory.resolve("new"), new byte[] { 9 });
			Files.move(replacement, this.file, StandardCopyOption.ATOMIC_MOVE);
			try (MemoryMapping mapping = this.registry.map(readWrite())) {
				assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 9);
				assertThat(old.segment().get(JAVA_BYTE, 0)).isZero();
				assertLocked();
				assertThat(ProcessMaps.descriptors(this.directory)).hasSize(2);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "READ_WRITE")
	void aReaderThatComesAndGoesDropsNoLock(MappingAccess access) {
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			this.registry.map(MappingSpec.file(this.file).access(access).build()).close();
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertLocked();
		}
	}

	@Test
	void aWriterThatDoesNotWantTheLockDropsNone() {
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			this.registry.map(shared()).close();
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertLocked();
		}
	}

	@ParameterizedTest
	@EnumSource
	void aMappingThatFailsDropsNoLock(MappingAccess access) {
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			MappingSpec tooLong = MappingSpec.file(this.file).access(access).length(SIZE + 1).build();
			assertThatExceptionOfType(MappedRangeException.class).isThrownBy(() -> this.registry.map(tooLong));
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertLocked();
		}
		assertNotLocked();
	}

	@Test
	void growingTheFileDropsNoLock() {
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			this.registry.map(creating(this.file, 3 * SIZE)).close();
			MappingSpec unlocked = MappingSpec.file(this.file)
				.access(MappingAccess.READ_WRITE)
				.length(4 * SIZE)
				.create(true)
				.exclusive(false)
				.build();
			this.registry.map(unlocked).close();
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertLocked();
		}
		assertThat(this.file).hasSize(4 * SIZE);
	}

	@Test
	void aMappingThatWasLeakedGivesLockAndDescriptorBack() {
		WeakReference<Object> scope = mapAndDrop();
		assertLocked();
		Garbage.collect(scope);
		Garbage.collectUntil(() -> ProcessMaps.locks(this.file).isEmpty());
		assertNotLocked();
	}

	@Test
	void aLeakedMappingLeavesTheLockToOneThatIsInUse() {
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			WeakReference<Object> scope = mapAndDrop();
			Garbage.collect(scope);
			Garbage.collectUntil(() -> !this.registry.leaks().isEmpty());
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertLocked();
		}
		assertNotLocked();
	}

	@Test
	void aLockThatTheApplicationHasTakenItselfIsExplained() throws IOException {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE);
				FileLock lock = channel.lock()) {
			assertThat(lock.isValid()).isTrue();
			assertThatExceptionOfType(MappedFileLockedException.class).isThrownBy(() -> this.registry.map(readWrite()))
				.withMessageContaining(this.file.toString())
				.withMessageContaining("or code of this application has, through a FileChannel")
				.withMessageContaining("'exclusive' to false");
		}
		this.registry.map(readWrite()).close();
	}

	@Test
	void whoCouldNotLockAFileThatItCreatedLeavesItToWhoDid() {
		MappingSpec spec = readWrite();
		FileCreation.undo(spec, this.file, Failures.locked(spec, this.file, 0, null));
		assertThat(this.file).hasSize(SIZE);
		FileCreation.undo(spec, this.file, Failures.directory(spec));
		assertThat(this.file).doesNotExist();
	}

	@Test
	void manyThreadsCreateAndGrowAndReadFilesAtOnce() throws Exception {
		int threads = 8;
		// Not closed: that would wait for ever for what this is to detect
		ExecutorService executor = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
		List<Future<Void>> results = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			results.add(executor.submit(this::createAndGrowAndRead));
		}
		executor.shutdown();
		assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).as("ended within a minute").isTrue();
		for (Future<Void> result : results) {
			result.get();
		}
		for (int i = 0; i < 3; i++) {
			Path path = this.directory.resolve("created" + i);
			assertThat(ProcessMaps.locks(path)).isEmpty();
			assertThat(Files.readAllBytes(path)).startsWith((byte) 1);
		}
	}

	private Void createAndGrowAndRead() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		for (int i = 0; i < 200; i++) {
			Path path = this.directory.resolve("created" + random.nextInt(3));
			try (MemoryMapping mapping = this.registry.map(creating(path, 1 + random.nextInt(1 + 50 * i)))) {
				mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
				this.registry.map(MappingSpec.file(path).build()).close();
				assertThat(ProcessMaps.locks(path)).hasSize(1);
			}
		}
		return null;
	}

	private WeakReference<Object> mapAndDrop() {
		return new WeakReference<>(this.registry.map(readWrite()).segment().scope());
	}

	private void assertLocked() {
		assertThat(ProcessMaps.locks(this.file)).hasSize(1);
		assertThat(ProcessMaps.descriptors(this.directory)).isNotEmpty();
	}

	private void assertNotLocked() {
		assertThat(ProcessMaps.locks(this.file)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
	}

	private MappingSpec readWrite() {
		return readWrite(this.file);
	}

	private static MappingSpec readWrite(Path path) {
		return MappingSpec.file(path).access(MappingAccess.READ_WRITE).build();
	}

	private MappingSpec shared() {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).exclusive(false).build();
	}

	private static MappingSpec creating(Path path, long length) {
		return MappingSpec.file(path).access(MappingAccess.READ_WRITE).length(length).create(true).build();
	}

}
