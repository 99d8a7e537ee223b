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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

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
import io.mmap.testsupport.Requirement;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A disk that is too small, with each mapper: a file system of one mebibyte.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class FullDiskTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private MappingRegistry registry;

	@BeforeEach
	void mountSmallDisk() throws Exception {
		boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", this.directory.toString());
		Requirement.check(mounted, "only root can mount a file system of one mebibyte");
		this.registry = MappingRegistry.builder().mapper(this.mapper).build();
	}

	@AfterEach
	void unmountSmallDisk() throws Exception {
		if (this.registry != null) {
			this.registry.close();
			assertThat(run("umount", this.directory.toString())).isTrue();
		}
	}

	@Test
	@Fault("disk-full-at-creation")
	void creatingAFileThatDoesNotFitFailsAndLeavesNoFile() {
		Path file = this.directory.resolve("file");
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(creating(file)))
			.withMessageContaining(file.toString())
			.withMessageContaining("8388608 bytes")
			.withMessageContaining("Free disk space");
		assertThat(file).doesNotExist();
	}

	@Test
	@Fault("disk-full-at-growth")
	void growingAFileThatThenDoesNotFitFailsAndKeepsWhatIsInTheFile() throws IOException {
		byte[] content = new byte[100_000];
		content[99_999] = 1;
		Path file = Files.write(this.directory.resolve("file"), content);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(creating(file)));
		assertThat(Files.readAllBytes(file)).startsWith(content);
	}

	/**
	 * A page of a hole needs a block of the disk even if the store goes to a copy of it.
	 */
	@Test
	@Fault("disk-full-at-copy-on-write")
	void aStoreIntoAHoleIsAnErrorForCopyOnWriteToo() throws IOException {
		Path file = this.directory.resolve("sparse");
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			channel.write(ByteBuffer.wrap(new byte[] { 1 }), (8 << 20) - 1);
		}
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(file).access(MappingAccess.COPY_ON_WRITE).build())) {
			assertThatExceptionOfType(InternalError.class).isThrownBy(() -> fill(mapping));
			if (this.mapper == MapperType.NATIVE) {
				assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::prefaultForWriting)
					.withMessageContaining("or the disk is full");
			}
		}
	}

	/**
	 * Written page by page, as a bulk operation may be one that the JVM does not survive.
	 */
	private static void fill(MemoryMapping mapping) {
		for (long at = 0; at < mapping.length(); at += 4096) {
			mapping.segment().set(JAVA_BYTE, at, (byte) 2);
		}
	}

	private static MappingSpec creating(Path file) {
		return MappingSpec.file(file).access(MappingAccess.READ_WRITE).length(8 << 20).create(true).build();
	}

	private static boolean run(String... command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).inheritIO().start();
		return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
	}

}
