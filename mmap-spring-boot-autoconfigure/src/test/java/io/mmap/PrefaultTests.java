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
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.Requirement;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Pages that are brought into memory before they are accessed.
 */
@ExtendWith(NothingLeftBehind.class)
class PrefaultTests {

	private static final int PAGE = (int) new LinuxSystemCalls().pageSize();

	private static final int SIZE = 16 * PAGE;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = sparse(this.directory.resolve("file"), SIZE);
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
	}

	private static Path sparse(Path file, long size) throws IOException {
		try (RandomAccessFile created = new RandomAccessFile(file.toFile(), "rw")) {
			created.setLength(size);
		}
		return file;
	}

	@Test
	void allOfAFileIsInMemoryAfterwards() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			assertThat(mapping.residency().resident()).isZero();
			mapping.prefault();
			assertThat(mapping.residency().resident()).isEqualTo(SIZE);
		}
	}

	@Test
	void aRangeBringsInItsOwnPagesOnly() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			mapping.range(2 * PAGE + 1, PAGE).prefaultForWriting();
			assertThat(mapping.residency().resident()).isEqualTo(2L * PAGE);
			assertThat(mapping.range(2 * PAGE, 2 * PAGE).residency().resident()).isEqualTo(2L * PAGE);
		}
	}

	@Test
	void anonymousMemoryIsAllocated() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			mapping.prefaultForWriting();
			assertThat(mapping.residency().resident()).isEqualTo(SIZE);
		}
	}

	@Test
	void contentStaysAsItIs() throws IOException {
		Files.write(this.file, new byte[] { 1, 2, 3 });
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.file).access(MappingAccess.COPY_ON_WRITE).build())) {
			mapping.prefaultForWriting();
			assertThat(mapping.segment().toArray(JAVA_BYTE)).containsExactly(1, 2, 3);
		}
		assertThat(this.file).hasBinaryContent(new byte[] { 1, 2, 3 });
	}

	@Test
	void holesOfAFileGetDiskSpace() throws Exception {
		long before = blocks();
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build())) {
			mapping.prefaultForWriting();
			mapping.flush();
		}
		assertThat(blocks()).isGreaterThanOrEqualTo(before + SIZE / 512);
	}

	private long blocks() throws Exception {
		Process process = new ProcessBuilder("stat", "-c", "%b", this.file.toString()).start();
		return Long.parseLong(new String(process.getInputStream().readAllBytes()).strip());
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	@Fault("truncated-before-native-call")
	void pagesBeyondTheEndOfAFileThatWasTruncatedAreAnExceptionAndNotTheEndOfTheJvm(boolean forWriting)
			throws IOException {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build())) {
			sparse(this.file, PAGE);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> {
				if (forWriting) {
					mapping.prefaultForWriting();
				}
				else {
					mapping.prefault();
				}
			})
				.withMessageContaining(
						"the file may have become shorter (it has " + PAGE + " bytes now, and " + SIZE + " are mapped)")
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EFAULT));
			mapping.range(0, PAGE).prefault();
		}
	}

	@Test
	@Fault("disk-full-at-store")
	void aFullDiskIsAnExceptionAndNotTheEndOfTheJvm() throws Exception {
		Path disk = Files.createDirectory(this.directory.resolve("disk"));
		boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString());
		Requirement.check(mounted, "only root can mount a file system of one mebibyte");
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(sparse(disk.resolve("file"), 8 << 20)).access(MappingAccess.READ_WRITE).build())) {
			assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::prefaultForWriting)
				.withMessageContaining("or the disk is full")
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EFAULT));
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
		}
		finally {
			assertThat(run("umount", disk.toString())).isTrue();
		}
	}

	private static boolean run(String... command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).inheritIO().start();
		return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
	}

	@Test
	void anOldKernelIsReported() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			this.calls.failOnce("madvise", Errno.EINVAL);
			assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::prefault)
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EINVAL));
		}
	}

	@Test
	void aReadOnlyMappingCannotBePrefaultedForWriting() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::prefaultForWriting);
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
		}
	}

	@Test
	void anEmptyMappingHasNothingToBringIn() throws IOException {
		Path empty = Files.createFile(this.directory.resolve("empty"));
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(empty).build())) {
			mapping.prefault();
			assertThat(this.calls.made()).doesNotContain("madvise");
		}
	}

	@Test
	void theJdkMapperRefusesWithWhatToDo() {
		try (MappingRegistry jdk = MappingRegistry.builder().mapper(MapperType.JDK).build();
				MemoryMapping mapping = jdk.map(MappingSpec.file(this.file).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::prefault)
				.withMessageContaining("--enable-native-access=ALL-UNNAMED");
		}
	}

}
