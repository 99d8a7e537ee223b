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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What the Node.js library that this one goes back to does with a descriptor, done with
 * this one: its tests, and what was a fault there.
 */
@ExtendWith(NothingLeftBehind.class)
class SeedTwinTests {

	private static final int PAGE = (int) PageSize.base();

	private static final int SIZE = 3 * PAGE;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		byte[] content = new byte[SIZE];
		for (int i = 0; i < content.length; i++) {
			content[i] = (byte) (i / 7 + i / PAGE);
		}
		this.file = Files.write(this.directory.resolve("file"), content);
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void thePageSizeIsAPositiveMultipleOf4096() {
		assertThat(PageSize.base()).isPositive().matches((size) -> size % 4096 == 0);
	}

	@Test
	void thereIsContentAtPage0() throws Exception {
		try (MemoryMapping mapping = map((options) -> options.length(PAGE))) {
			assertThat(content(mapping)).isEqualTo(slice(0, PAGE));
		}
	}

	@Test
	void thereIsContentAtPage1() throws Exception {
		try (MemoryMapping mapping = map((options) -> options.offset(PAGE).length(PAGE))) {
			assertThat(content(mapping)).isEqualTo(slice(PAGE, PAGE));
		}
	}

	@Test
	void theWholeFileIsMappedUnlessALengthIsGiven() throws Exception {
		try (MemoryMapping mapping = map(UnaryOperator.identity())) {
			assertThat(content(mapping)).isEqualTo(Files.readAllBytes(this.file));
		}
	}

	@Test
	void theLengthIsTheOneAskedFor() throws Exception {
		try (MemoryMapping mapping = map((options) -> options.length(PAGE + 1))) {
			assertThat(mapping.length()).isEqualTo(PAGE + 1);
			assertThat(mapping.segment().byteSize()).isEqualTo(PAGE + 1);
		}
	}

	@Test
	void onePageIsMappedAsOnePage() throws Exception {
		try (MemoryMapping mapping = map((options) -> options.length(PAGE))) {
			assertThat(mapping.length()).isEqualTo(PAGE);
			assertThat(ProcessMaps.bytes(this.file)).isEqualTo(PAGE);
		}
	}

	@Test
	void theLastPageOfAFileCanBeMapped() throws Exception {
		try (MemoryMapping mapping = map((options) -> options.offset(2 * PAGE).length(PAGE))) {
			assertThat(content(mapping)).isEqualTo(slice(2 * PAGE, PAGE));
		}
	}

	@Test
	void privateStoresAreReadBackAndDoNotReachTheFile() throws Exception {
		byte[] before = Files.readAllBytes(this.file);
		try (MemoryMapping mapping = map((options) -> options.access(MappingAccess.COPY_ON_WRITE))) {
			mapping.segment().fill((byte) 42);
			assertThat(content(mapping)).containsOnly(42).hasSize(SIZE);
			assertThat(Files.readAllBytes(this.file)).isEqualTo(before);
		}
	}

	@Test
	void aSharedMappingIsReadAndSeesWhatIsWrittenToTheFile() throws Exception {
		try (MemoryMapping mapping = map(UnaryOperator.identity())) {
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo("r--s");
			byte[] changed = new byte[SIZE];
			changed[SIZE - 1] = 42;
			try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
				channel.write(ByteBuffer.wrap(changed));
			}
			assertThat(content(mapping)).isEqualTo(changed);
		}
	}

	@Test
	@Fault("unmapped-twice")
	void unmappingTwiceIsRefused() throws Exception {
		MemoryMapping mapping = map(UnaryOperator.identity());
		mapping.unmap();
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(mapping::unmap)
			.withMessageContaining("was unmapped");
	}

	@Test
	void anOffsetThatIsNoMultipleOfThePageSizeIsAccepted() throws Exception {
		try (MemoryMapping mapping = map((options) -> options.offset(100).length(PAGE))) {
			assertThat(content(mapping)).isEqualTo(slice(100, PAGE));
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -4096 })
	void aLengthThatIsNotPositiveIsRefused(long length) {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.descriptor(0).length(length).build())
			.withMessageContaining("length must be positive, but is " + length);
	}

	@Test
	void aNegativeOffsetIsRefused() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.descriptor(0).offset(-4096).build())
			.withMessageContaining("offset must not be negative, but is -4096");
	}

	@Test
	void aNegativeDescriptorIsRefused() {
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> MappingSpec.descriptor(-1))
			.withMessageContaining("descriptor must not be negative, but is -1");
	}

	@ParameterizedTest
	@ValueSource(ints = { 5000, 999, 1234, 10_000 })
	void aDescriptorThatIsNotOpenIsRefused(int descriptor) {
		assertThat(ProcessMaps.descriptors()).doesNotContainKey(descriptor);
		MappingSpec spec = MappingSpec.descriptor(descriptor).length(PAGE).build();
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(spec))
			.withMessageContaining("descriptor " + descriptor)
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EBADF));
	}

	@Test
	void theAddressIsNotZero() throws Exception {
		try (MemoryMapping mapping = map(UnaryOperator.identity())) {
			assertThat(mapping.address()).isPositive();
		}
	}

	@Test
	void aMappingWithoutReserveIsMadeAsSuch() throws Exception {
		try (MemoryMapping mapping = map((options) -> options.access(MappingAccess.COPY_ON_WRITE).noReserve(true))) {
			assertThat(MemoryRegion.at(mapping.address()).flags()).contains("nr");
			assertThat(content(mapping)).isEqualTo(Files.readAllBytes(this.file));
		}
	}

	@Test
	void aMappingAtALowAddressFitsInto32Bits() throws Exception {
		assumeThat(Linux.hasMap32Bit()).as("skipped: MAP_32BIT exists on x86-64 only").isTrue();
		try (MemoryMapping mapping = map((options) -> options.map32Bit(true))) {
			assertThat(mapping.address()).isPositive().isLessThan(1L << 32);
			assertThat(content(mapping)).isEqualTo(Files.readAllBytes(this.file));
		}
	}

	@Test
	void aLockedMappingIsKeptInMemory() throws Exception {
		try (MemoryMapping mapping = map((options) -> options.locked(true))) {
			MemoryRegion region = MemoryRegion.at(mapping.address());
			assertThat(region.flags()).contains("lo");
			assertThat(region.kilobytes("Locked")).isPositive();
		}
	}

	@Test
	void aMappingCanBeReadAndExecuted() throws Exception {
		try (MemoryMapping mapping = map((options) -> options.protection(Protection.READ, Protection.EXECUTE))) {
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo("r-xs");
			assertThat(content(mapping)).isEqualTo(Files.readAllBytes(this.file));
		}
	}

	@Test
	void aMappingCanBeReadWrittenAndExecutedIfThatIsAskedForTwice() throws Exception {
		try (MemoryMapping mapping = map((options) -> options.access(MappingAccess.COPY_ON_WRITE)
			.protection(Protection.values())
			.writableAndExecutable(true))) {
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo("rwxp");
		}
	}

	@Test
	void writingAndExecutingIsRefusedIfItIsAskedForOnce() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.descriptor(0)
				.access(MappingAccess.COPY_ON_WRITE)
				.protection(Protection.values())
				.build())
			.withMessageContaining("writable-and-executable");
	}

	@Test
	void aPipeIsRefusedAsUnmappable() throws Exception {
		Path pipe = this.directory.resolve("pipe");
		assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
		assertThatExceptionOfType(UnmappableFileException.class)
			.isThrownBy(() -> map(pipe, Linux.O_RDWR, (options) -> options.length(PAGE)))
			.withMessageContaining("pipe");
	}

	@Test
	void whatTheSystemCannotMapIsRefusedWithItsErrorNumber() throws Exception {
		assertThatExceptionOfType(UnmappableFileException.class)
			.isThrownBy(() -> map(Path.of("/dev/null"), Linux.O_RDONLY, (options) -> options.length(PAGE)))
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.ENODEV));
	}

	@Test
	void anUnmapThatFailsLeavesItMappedAndItIsReportedExactlyOnceWhenItIsDropped() throws Exception {
		try (CapturedLog log = new CapturedLog()) {
			mapAndFailToUnmap();
			Garbage.collectUntil(() -> !log.containing("LEAK:").isEmpty());
			Garbage.collectThoroughly();
			assertThat(log.containing("LEAK:")).hasSize(1);
		}
		assertThat(this.registry.leaks()).hasSize(1);
	}

	private void mapAndFailToUnmap() throws SystemCallException {
		MemoryMapping mapping = map(UnaryOperator.identity());
		this.calls.failOnce("munmap", Errno.EINVAL);
		assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::unmap)
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EINVAL));
		assertThat(ProcessMaps.regions(this.file)).hasSize(1);
	}

	@Test
	void aDroppedMappingIsReportedOnceWithNameAndLength() throws Exception {
		try (CapturedLog log = new CapturedLog()) {
			String name = mapAndDrop();
			Garbage.collectUntil(() -> !log.containing("LEAK:").isEmpty());
			Garbage.collectThoroughly();
			assertThat(log.containing("LEAK:")).singleElement()
				.satisfies((event) -> assertThat(event.getFormattedMessage()).contains(name, String.valueOf(SIZE)));
		}
	}

	private String mapAndDrop() throws SystemCallException {
		return map(UnaryOperator.identity()).name();
	}

	@Test
	void aRangePastTheEndOfTheFileIsRefusedInsteadOfCrashing() {
		assertThatExceptionOfType(MappedRangeException.class)
			.isThrownBy(() -> map((options) -> options.offset(2 * PAGE).length(2 * PAGE)))
			.withMessageContaining("goes beyond the end of the file, which has " + SIZE + " bytes");
	}

	@Test
	void anEmptyFileIsAnEmptyMapping() throws Exception {
		Path empty = Files.createFile(this.directory.resolve("empty"));
		try (MemoryMapping mapping = map(empty, Linux.O_RDONLY, UnaryOperator.identity())) {
			assertThat(mapping.length()).isZero();
			assertThat(mapping.segment().byteSize()).isZero();
		}
	}

	@Test
	void aLengthWithinAnEmptyFileIsRefused() throws Exception {
		Path empty = Files.createFile(this.directory.resolve("empty"));
		assertThatExceptionOfType(MappedRangeException.class)
			.isThrownBy(() -> map(empty, Linux.O_RDONLY, (options) -> options.length(PAGE)));
	}

	@Test
	@Fault("read-after-unmap")
	void aViewThrowsOnceItsMappingWasUnmapped() throws Exception {
		MemoryMapping mapping = map(UnaryOperator.identity());
		MemorySegment view = mapping.segment().asSlice(PAGE, 10);
		mapping.unmap();
		assertThatIllegalStateException().isThrownBy(() -> view.get(JAVA_BYTE, 0));
	}

	@Test
	@Fault("store-into-read-only")
	void aStoreIntoAReadOnlyViewThrows() throws Exception {
		try (MemoryMapping mapping = map(UnaryOperator.identity())) {
			MemorySegment view = mapping.segment();
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> view.set(JAVA_BYTE, 0, (byte) 1));
		}
	}

	@Test
	void aSliceThatIsKeptWhileTheHandleIsDroppedGivesNoFalseAlarm() throws Exception {
		try (CapturedLog log = new CapturedLog()) {
			MemorySegment slice = sliceOfDroppedMapping();
			Garbage.collectThoroughly();
			assertThat(log.containing("LEAK:")).isEmpty();
			assertThat(slice.get(JAVA_BYTE, 0)).isEqualTo(slice(PAGE, 1)[0]);
			slice = MemorySegment.NULL;
			Garbage.collectUntil(() -> ProcessMaps.regions(this.file).isEmpty());
		}
	}

	private MemorySegment sliceOfDroppedMapping() throws SystemCallException {
		return map(UnaryOperator.identity()).segment().asSlice(PAGE, 10);
	}

	private MemoryMapping map(UnaryOperator<DescriptorMappingBuilder> options) throws SystemCallException {
		return map(this.file, Linux.O_RDONLY, options);
	}

	private MemoryMapping map(Path path, int flags, UnaryOperator<DescriptorMappingBuilder> options)
			throws SystemCallException {
		SystemCalls real = new LinuxSystemCalls();
		int descriptor = real.open(path, flags | Linux.O_CLOEXEC, 0);
		try {
			return this.registry.map(options.apply(MappingSpec.descriptor(descriptor)).build());
		}
		finally {
			real.close(descriptor);
		}
	}

	private static byte[] content(MemoryMapping mapping) {
		return mapping.segment().toArray(JAVA_BYTE);
	}

	private byte[] slice(int offset, int length) throws IOException {
		return Arrays.copyOfRange(Files.readAllBytes(this.file), offset, offset + length);
	}

}
