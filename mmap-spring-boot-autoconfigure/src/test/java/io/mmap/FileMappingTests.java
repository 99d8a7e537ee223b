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
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a mapped file does, with each mapper.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class FileMappingTests {

	private static final int PAGE = 4096;

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() {
		this.registry = MappingRegistry.builder().mapper(this.mapper).build();
		assertThat(this.registry.mapper().type()).isEqualTo(this.mapper);
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void readsTheWholeFileWhenNoLengthIsGiven() throws IOException {
		Path file = file(numbered(3 * PAGE + 100));
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build())) {
			assertThat(mapping.length()).isEqualTo(3 * PAGE + 100);
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(Files.readAllBytes(file));
		}
	}

	@Test
	void readsFromThePageAtTheOffset() throws IOException {
		Path file = file(numbered(3 * PAGE));
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).offset(PAGE).length(PAGE).build())) {
			assertThat(mapping.length()).isEqualTo(PAGE);
			assertThat(mapping.address() % PAGE).isZero();
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(slice(file, PAGE, PAGE));
		}
	}

	@Test
	void readsFromAnOffsetWithinAPage() throws IOException {
		Path file = file(numbered(3 * PAGE));
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(file).offset(PAGE + 123).length(PAGE + 1).build())) {
			assertThat(mapping.address() % PAGE).isEqualTo(123);
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(slice(file, PAGE + 123, PAGE + 1));
		}
	}

	@Test
	void readsTheLastByteAlone() throws IOException {
		Path file = file(numbered(PAGE + 7));
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).offset(PAGE + 6).build())) {
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(slice(file, PAGE + 6, 1));
		}
	}

	@Test
	void mapsExactlyThePagesThatAreNeeded() throws IOException {
		Path file = file(numbered(10 * PAGE));
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(file).offset(2 * PAGE - 1).length(PAGE + 2).build())) {
			assertThat(mapping.length()).isEqualTo(PAGE + 2);
			assertThat(ProcessMaps.bytes(file)).isEqualTo(3 * PAGE);
		}
	}

	@Test
	void mapsFarBeyondTwoGibibytes() throws IOException {
		long size = 5L << 30;
		Path file = this.directory.resolve("sparse");
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
			channel.write(ByteBuffer.wrap(new byte[] { 42 }), size - 1);
		}
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build())) {
			assertThat(mapping.length()).isEqualTo(size);
			assertThat(mapping.segment().get(JAVA_BYTE, size - 1)).isEqualTo((byte) 42);
			assertThat(mapping.segment().get(JAVA_BYTE, size / 2)).isZero();
		}
	}

	@Test
	@Fault("buffer-too-long")
	void refusesABufferOverMoreThanABufferCanHold() throws IOException {
		Path file = this.directory.resolve("sparse");
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
			channel.write(ByteBuffer.wrap(new byte[] { 42 }), 1L << 31);
		}
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::asByteBuffer)
				.withMessageContaining("2147483649 bytes")
				.withMessageContaining("asSlice");
		}
	}

	@Test
	void mapsAnEmptyFile() throws IOException {
		Path file = file(new byte[0]);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build())) {
			assertThat(mapping.length()).isZero();
			assertThat(mapping.address()).isZero();
			assertThat(mapping.segment().byteSize()).isZero();
			assertThat(mapping.asByteBuffer().hasRemaining()).isFalse();
		}
	}

	@Test
	void flushesAnEmptyFile() throws IOException {
		Path file = file(new byte[0]);
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(file).access(MappingAccess.READ_WRITE).build())) {
			mapping.flush();
			assertThat(mapping.length()).isZero();
		}
	}

	@Test
	void mapsTheEmptyRestAtTheEndOfAFile() throws IOException {
		Path file = file(numbered(PAGE));
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).offset(PAGE).build())) {
			assertThat(mapping.length()).isZero();
		}
	}

	@Test
	void writesReachTheFile() throws IOException {
		Path file = file(numbered(2 * PAGE));
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(file).access(MappingAccess.READ_WRITE).offset(PAGE + 10).length(20).build())) {
			mapping.segment().set(JAVA_LONG_UNALIGNED, 3, -1L);
			assertThat(slice(file, PAGE + 13, 8)).containsOnly(-1);
			mapping.flush();
			assertThat(slice(file, PAGE + 13, 8)).containsOnly(-1);
		}
		assertThat(slice(file, PAGE + 13, 8)).containsOnly(-1);
		assertThat(Files.size(file)).isEqualTo(2 * PAGE);
	}

	@Test
	void seesWhatOthersWriteToTheFile() throws IOException {
		Path file = file(numbered(PAGE));
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build());
				FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			channel.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)), 100);
			assertThat(mapping.segment().asSlice(100, 5).toArray(JAVA_BYTE)).asString(StandardCharsets.US_ASCII)
				.isEqualTo("hello");
		}
	}

	@Test
	void copyOnWriteKeepsChangesToItself() throws IOException {
		byte[] content = numbered(2 * PAGE);
		Path file = file(content);
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(file).access(MappingAccess.COPY_ON_WRITE).build())) {
			mapping.segment().fill((byte) 7);
			assertThat(mapping.segment().get(JAVA_BYTE, PAGE)).isEqualTo((byte) 7);
			assertThat(Files.readAllBytes(file)).isEqualTo(content);
		}
		assertThat(Files.readAllBytes(file)).isEqualTo(content);
	}

	@Test
	void storesIntoReadOnlyMemoryAreExceptions() throws IOException {
		Path file = file(numbered(PAGE));
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build())) {
			MemorySegment segment = mapping.segment();
			assertThat(segment.isReadOnly()).isTrue();
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> segment.set(JAVA_BYTE, 0, (byte) 1));
			assertThat(mapping.asByteBuffer().isReadOnly()).isTrue();
		}
	}

	@Test
	void givesAsManyBuffersAsOneLikes() throws IOException {
		Path file = file(numbered(PAGE));
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build())) {
			ByteBuffer first = mapping.asByteBuffer().position(100);
			ByteBuffer second = mapping.asByteBuffer();
			assertThat(second.position()).isZero();
			assertThat(second.limit()).isEqualTo(PAGE);
			assertThat(second.get(100)).isEqualTo(first.get());
		}
	}

	@Test
	void createsAFileWhoseBlocksAreAllocatedAndWhichOnlyItsOwnerMayRead() throws Exception {
		Path file = this.directory.resolve("some/where/counters.bin");
		MappingSpec spec = MappingSpec.file(file)
			.access(MappingAccess.READ_WRITE)
			.offset(100)
			.length(1 << 20)
			.create(true)
			.build();
		try (MemoryMapping mapping = this.registry.map(spec)) {
			assertThat(Files.size(file)).isEqualTo((1 << 20) + 100);
			assertThat(allocatedBytes(file)).isGreaterThanOrEqualTo(1 << 20);
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
			assertThat(mapping.segment().get(JAVA_BYTE, (1 << 20) - 1)).isZero();
		}
	}

	@Test
	void growsAFileAndKeepsWhatIsInIt() throws Exception {
		byte[] content = numbered(PAGE + 5);
		Path file = file(content);
		MappingSpec spec = MappingSpec.file(file).access(MappingAccess.READ_WRITE).length(1 << 20).create(true).build();
		try (MemoryMapping mapping = this.registry.map(spec)) {
			assertThat(Files.size(file)).isEqualTo(1 << 20);
			assertThat(allocatedBytes(file)).isGreaterThanOrEqualTo(1 << 20);
			assertThat(mapping.segment().asSlice(0, content.length).toArray(JAVA_BYTE)).isEqualTo(content);
			assertThat(mapping.segment().get(JAVA_BYTE, content.length)).isZero();
		}
	}

	@Test
	void neverShrinksAFile() throws IOException {
		byte[] content = numbered(2 * PAGE);
		Path file = file(content);
		MappingSpec spec = MappingSpec.file(file).access(MappingAccess.READ_WRITE).length(PAGE).create(true).build();
		try (MemoryMapping mapping = this.registry.map(spec)) {
			assertThat(mapping.length()).isEqualTo(PAGE);
		}
		assertThat(Files.readAllBytes(file)).isEqualTo(content);
	}

	@Test
	void memoryCannotBeReachedAfterUnmapping() throws IOException {
		MemoryMapping mapping = this.registry.map(MappingSpec.file(file(numbered(PAGE))).build());
		MemorySegment segment = mapping.segment();
		MemorySegment slice = segment.asSlice(10, 10);
		ByteBuffer buffer = mapping.asByteBuffer();
		mapping.unmap();
		assertThatIllegalStateException().isThrownBy(() -> segment.get(JAVA_BYTE, 0));
		assertThatIllegalStateException().isThrownBy(() -> slice.get(JAVA_BYTE, 0));
		assertThatIllegalStateException().isThrownBy(() -> buffer.get(0));
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	@Test
	void closingTwiceHasNoEffect() throws IOException {
		MemoryMapping mapping = this.registry.map(MappingSpec.file(file(numbered(PAGE))).build());
		mapping.close();
		mapping.close();
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(this.registry.statistics()).extracting(MappingStatistics::unmapCount).containsExactly(1L);
	}

	@Test
	void onlyWhatIsSharedAndWritableCanBeFlushed() throws IOException {
		Path file = file(numbered(PAGE));
		for (MappingAccess access : List.of(MappingAccess.READ_ONLY, MappingAccess.COPY_ON_WRITE)) {
			try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).access(access).build())) {
				assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::flush)
					.withMessageContaining("access is " + Text.of(access));
			}
		}
	}

	@Test
	void theFileNeedNotExistAnyLongerOnceItIsMapped() throws IOException {
		byte[] content = numbered(PAGE);
		Path file = file(content);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build())) {
			Files.delete(file);
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(content);
		}
	}

	@Test
	void namesMayHaveSpacesAndUmlauts() throws IOException {
		Path file = Files.write(this.directory.resolve("zwei W\u00f6rter.bin"), numbered(PAGE));
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build())) {
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(numbered(PAGE));
		}
	}

	@Test
	void anInterruptedThreadCanMapAndUnmapAndStaysInterrupted() throws IOException {
		Path file = file(numbered(PAGE));
		Thread.currentThread().interrupt();
		try {
			for (int i = 0; i < 200; i++) {
				try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build())) {
					assertThat(mapping.segment().get(JAVA_BYTE, 1)).isEqualTo((byte) 1);
				}
			}
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	@Test
	void interruptsThatArriveWhileMappingLeaveNothingMapped() throws Exception {
		Path file = file(numbered(PAGE));
		List<Throwable> failures = new ArrayList<>();
		Thread mapper = Thread.ofPlatform().start(() -> {
			for (int i = 0; i < 2000; i++) {
				try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build())) {
					mapping.segment().get(JAVA_BYTE, 1);
				}
				catch (RuntimeException ex) {
					failures.add(ex);
				}
			}
		});
		while (mapper.isAlive()) {
			mapper.interrupt();
			Thread.onSpinWait();
		}
		mapper.join();
		assertThat(failures).isEmpty();
		assertThat(ProcessMaps.regions(file)).isEmpty();
	}

	@Test
	void aDeviceWithALengthHasLostNothing() {
		MappingSpec spec = MappingSpec.file(Path.of("/dev/zero"))
			.access(MappingAccess.COPY_ON_WRITE)
			.length(PAGE)
			.build();
		try (MemoryMapping mapping = this.registry.map(spec)) {
			assertThat(mapping.segment().get(JAVA_BYTE, PAGE - 1)).isZero();
			assertThat(this.registry.mappings().getFirst().lostBytes()).isZero();
		}
		catch (MappingException ex) {
			assertThat(this.mapper).as("the one that cannot").isEqualTo(MapperType.JDK);
		}
	}

	@Test
	void growingAFileNeverOverwritesWhatOthersStoredThereMeanwhile() throws Exception {
		int size = 16 << 20;
		MappingSpec spec = MappingSpec.file(this.directory.resolve("shared"))
			.access(MappingAccess.READ_WRITE)
			.length(size)
			.create(true)
			.build();
		for (int round = 0; round < 10; round++) {
			Files.deleteIfExists(this.directory.resolve("shared"));
			List<Thread> threads = new ArrayList<>();
			List<Throwable> failures = new CopyOnWriteArrayList<>();
			for (int i = 0; i < 3; i++) {
				int mark = i;
				threads.add(Thread.ofPlatform().uncaughtExceptionHandler((thread, ex) -> failures.add(ex)).start(() -> {
					try (MappingRegistry other = MappingRegistry.builder().mapper(this.mapper).build();
							MemoryMapping mapping = other.map(spec)) {
						for (long page = 0; page < size; page += PAGE) {
							mapping.segment().set(JAVA_BYTE, page + mark, (byte) 1);
						}
					}
				}));
			}
			for (Thread thread : threads) {
				thread.join();
			}
			assertThat(failures).isEmpty();
			try (MemoryMapping mapping = this.registry.map(spec)) {
				for (long page = 0; page < size; page += PAGE) {
					for (int mark = 0; mark < threads.size(); mark++) {
						assertThat(mapping.segment().get(JAVA_BYTE, page + mark)).isOne();
					}
				}
			}
		}
	}

	private Path file(byte[] content) throws IOException {
		return Files.write(Files.createTempFile(this.directory, "mapped", ".bin"), content);
	}

	private static byte[] numbered(int size) {
		byte[] content = new byte[size];
		for (int i = 0; i < size; i++) {
			content[i] = (byte) (i + i / PAGE);
		}
		return content;
	}

	private static byte[] slice(Path file, int offset, int length) throws IOException {
		byte[] slice = new byte[length];
		System.arraycopy(Files.readAllBytes(file), offset, slice, 0, length);
		return slice;
	}

	private static long allocatedBytes(Path file) throws Exception {
		Process stat = new ProcessBuilder("stat", "--format=%b", file.toString()).start();
		String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
		assertThat(stat.waitFor()).isZero();
		return Long.parseLong(blocks) * 512;
	}

}
