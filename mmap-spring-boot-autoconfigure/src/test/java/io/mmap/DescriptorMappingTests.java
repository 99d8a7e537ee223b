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
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Mappings of what a descriptor is open on.
 */
@ExtendWith(NothingLeftBehind.class)
class DescriptorMappingTests {

	private static final int SIZE = 10_000;

	private static final int O_WRONLY = 1;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	private final SystemCalls real = new LinuxSystemCalls();

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

	@Test
	void whatIsWrittenReachesTheFile() throws Exception {
		try (MemoryMapping mapping = map(Linux.O_RDWR, (options) -> options.access(MappingAccess.READ_WRITE))) {
			mapping.segment().set(JAVA_BYTE, SIZE - 1, (byte) 42);
			mapping.flush();
		}
		assertThat(Files.readAllBytes(this.file)).endsWith(42);
	}

	@Test
	void aDeviceIsMappedSharedAtALength() throws Exception {
		try (MemoryMapping mapping = map(Path.of("/dev/zero"), Linux.O_RDWR,
				(options) -> options.access(MappingAccess.READ_WRITE).length(SIZE))) {
			assertThat(mapping.segment().toArray(JAVA_BYTE)).containsOnly(0).hasSize(SIZE);
			mapping.segment().fill((byte) 42);
			assertThat(mapping.segment().toArray(JAVA_BYTE)).containsOnly(42);
		}
		assertThat(ProcessMaps.descriptors(Path.of("/dev/zero"))).isEmpty();
	}

	@Test
	@Fault("device-without-memory")
	void aDeviceThatHasNothingAtAnOffsetIsRefusedThere() {
		assertThatExceptionOfType(MappedRangeException.class)
			.isThrownBy(() -> map(Path.of("/dev/zero"), Linux.O_RDWR,
					(options) -> options.access(MappingAccess.READ_WRITE).offset(1 << 20).length(SIZE)))
			.withMessageContaining("offset 1048576 + length " + SIZE + " goes beyond what the device has");
	}

	@Test
	void aSharedMappingOfADeviceDoesNotGrow() throws Exception {
		try (MemoryMapping mapping = map(Path.of("/dev/zero"), Linux.O_RDWR,
				(options) -> options.access(MappingAccess.READ_WRITE).length(SIZE))) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.resize(4 * SIZE))
				.withMessageContaining("device");
			mapping.segment().fill((byte) 42);
		}
	}

	@Test
	void ofADeviceThePageCacheTellsNothing() throws Exception {
		try (MemoryMapping mapping = map(Path.of("/dev/zero"), Linux.O_RDWR,
				(options) -> options.access(MappingAccess.READ_WRITE).length(SIZE))) {
			mapping.segment().fill((byte) 42);
			assertThat(mapping.residency().resident()).isEqualTo(SIZE);
			assertThat(mapping.residency().dirty()).isNull();
		}
	}

	@Test
	void aDeviceIsMappedPrivatelyAtALength() throws Exception {
		try (MemoryMapping mapping = map(Path.of("/dev/zero"), Linux.O_RDONLY,
				(options) -> options.access(MappingAccess.COPY_ON_WRITE).length(SIZE))) {
			mapping.segment().fill((byte) 42);
			assertThat(mapping.segment().toArray(JAVA_BYTE)).containsOnly(42).hasSize(SIZE);
		}
		assertThat(ProcessMaps.descriptors(Path.of("/dev/zero"))).isEmpty();
	}

	@Test
	void aDeviceWithoutALengthIsRefused() {
		assertThatExceptionOfType(UnmappableFileException.class)
			.isThrownBy(() -> map(Path.of("/dev/zero"), Linux.O_RDONLY, UnaryOperator.identity()))
			.withMessageContaining("Set a 'length'");
		assertThat(ProcessMaps.descriptors(Path.of("/dev/zero"))).isEmpty();
	}

	@Test
	void aDescriptorThatIsOpenForWritingOnlyIsRefused() {
		assertThatExceptionOfType(MappedFileAccessDeniedException.class)
			.isThrownBy(() -> map(O_WRONLY, UnaryOperator.identity()))
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EACCES))
			.satisfies((ex) -> assertThat(ex.remedy()).contains("not open for reading"));
	}

	@Test
	void aDescriptorThatIsOpenForReadingOnlyIsRefusedForReadWrite() {
		assertThatExceptionOfType(MappedFileAccessDeniedException.class)
			.isThrownBy(() -> map(Linux.O_RDONLY, (options) -> options.access(MappingAccess.READ_WRITE)))
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EACCES))
			.satisfies((ex) -> assertThat(ex.remedy()).contains("open for reading only"));
	}

	@Test
	void aDescriptorThatIsOpenForReadingOnlyWillDoForCopyOnWrite() throws Exception {
		try (MemoryMapping mapping = map(Linux.O_RDONLY, (options) -> options.access(MappingAccess.COPY_ON_WRITE))) {
			mapping.segment().set(JAVA_BYTE, 0, (byte) 42);
			assertThat(Files.readAllBytes(this.file)).startsWith(0);
		}
	}

	@Test
	void theMappingDoesNotNeedTheDescriptorOfTheCaller() throws Exception {
		try (MemoryMapping mapping = map(Linux.O_RDONLY, UnaryOperator.identity())) {
			assertThat(mapping.segment().toArray(JAVA_BYTE)).containsOnly(0).hasSize(SIZE);
			assertThat(this.real.fstat(mapping.descriptor()).size()).isEqualTo(SIZE);
		}
	}

	@Test
	void residencyIsKnownWithoutTheDescriptorOfTheCaller() throws Exception {
		try (MemoryMapping mapping = map(Linux.O_RDONLY, UnaryOperator.identity())) {
			mapping.prefault();
			assertThat(mapping.residency().resident()).isEqualTo(SIZE);
		}
	}

	@Test
	void itsDescriptorIsAnotherOneThanThatOfTheCaller() throws Exception {
		int descriptor = this.real.open(this.file, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.descriptor(descriptor).build())) {
			assertThat(mapping.descriptor()).isNotEqualTo(descriptor);
			assertThat(this.real.fstat(mapping.descriptor())).isEqualTo(this.real.fstat(descriptor));
		}
		finally {
			this.real.close(descriptor);
		}
	}

	@Test
	void itsDescriptorIsClosedWhenItIsUnmapped() throws Exception {
		MemoryMapping mapping = map(Linux.O_RDONLY, UnaryOperator.identity());
		assertThat(ProcessMaps.descriptors(this.file)).hasSize(1);
		mapping.unmap();
		assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(mapping::descriptor);
	}

	@Test
	void theMappingOfAFileHasNoDescriptorToHandOut() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::descriptor);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "duplicate", "fstat", "mmap", "segment" })
	void aCallThatFailsLeavesNothingOpenOrMapped(String call) throws Exception {
		this.calls.failOnce(call, Errno.ENOMEM);
		try (CapturedLog log = new CapturedLog()) {
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> map(Linux.O_RDONLY, UnaryOperator.identity()))
				.withStackTraceContaining("errno 12");
			assertThat(log.containing("Closing the descriptor")).as("closed twice").isEmpty();
		}
		assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
		assertThat(this.registry.mappings()).isEmpty();
	}

	private MemoryMapping map(int flags, UnaryOperator<DescriptorMappingBuilder> options) throws SystemCallException {
		return map(this.file, flags, options);
	}

	private MemoryMapping map(Path path, int flags, UnaryOperator<DescriptorMappingBuilder> options)
			throws SystemCallException {
		int descriptor = this.real.open(path, flags | Linux.O_CLOEXEC, 0);
		try {
			return this.registry.map(options.apply(MappingSpec.descriptor(descriptor)).build());
		}
		finally {
			this.real.close(descriptor);
		}
	}

}
