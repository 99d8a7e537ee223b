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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A file system that is mounted read-only, with each mapper: what the user reads.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class ReadOnlyFileSystemTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void mountReadOnly() throws Exception {
		boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", this.directory.toString());
		if (System.getenv("CI") == null) {
			assumeThat(mounted).as("skipped: only root can mount a file system").isTrue();
		}
		assertThat(mounted).isTrue();
		this.registry = MappingRegistry.builder().mapper(this.mapper).build();
		this.file = Files.write(this.directory.resolve("file.bin"), new byte[4096]);
		assertThat(run("mount", "-o", "remount,ro", this.directory.toString())).isTrue();
	}

	@AfterEach
	void unmount() throws Exception {
		if (this.registry != null) {
			assertThat(this.registry.mappings()).isEmpty();
			this.registry.close();
			assertThat(run("umount", this.directory.toString())).isTrue();
		}
	}

	@Test
	@Fault("read-only-file-system")
	void readWriteIsRefused() {
		assertThatExceptionOfType(MappedFileAccessDeniedException.class)
			.isThrownBy(() -> this.registry
				.map(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).length(10).build()))
			.withMessage("Cannot map file '" + this.file
					+ "' (read-write, offset 0, length 10): the file system is mounted read-only. Mount it so that it can"
					+ " be written, or map the file with access read-only, or copy-on-write for changes that stay in"
					+ " memory.");
	}

	@Test
	void creatingAFileIsRefused() {
		Path created = this.directory.resolve("created");
		assertThatExceptionOfType(MappedFileAccessDeniedException.class)
			.isThrownBy(() -> this.registry.map(creating(created)))
			.withMessage("Cannot map file '" + created + "' (read-write, offset 0, length 10): the file system is"
					+ " mounted read-only. Mount it so that it can be written, or give a path on another one.");
		assertThat(created).doesNotExist();
	}

	@Test
	void creatingADirectoryIsRefused() {
		Path created = this.directory.resolve("some/where/created");
		assertThatExceptionOfType(MappedFileAccessDeniedException.class)
			.isThrownBy(() -> this.registry.map(creating(created)))
			.withMessage("Cannot map file '" + created + "' (read-write, offset 0, length 10): the file system is"
					+ " mounted read-only. Mount it so that it can be written, or give a path on another one.");
	}

	@Test
	void copyOnWriteIsPossibleWithTheNativeMapperAlone() {
		MappingSpec spec = MappingSpec.file(this.file).access(MappingAccess.COPY_ON_WRITE).build();
		if (this.mapper == MapperType.NATIVE) {
			this.registry.map(spec).close();
			return;
		}
		assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(() -> this.registry.map(spec))
			.withMessage(
					"Cannot map file '" + this.file + "' (copy-on-write, offset 0, to the end): the JDK maps a file"
							+ " copy-on-write only if it may be written. Make it writable, or use the native mapper ("
							+ Mappers.HOW_TO_GET_NATIVE + ").");
	}

	private static MappingSpec creating(Path file) {
		return MappingSpec.file(file).access(MappingAccess.READ_WRITE).length(10).create(true).build();
	}

	private static boolean run(String... command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).inheritIO().start();
		return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
	}

}
