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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.internal.ffi.Errno;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What becomes of {@code map-sync} on file systems that are not on persistent memory.
 */
@ExtendWith(NothingLeftBehind.class)
class MapSyncTests {

	@TempDir
	Path directory;

	@Test
	void itIsRefusedOnAnOrdinaryFileSystemWithWhatToDo() throws IOException {
		refuses(this.directory);
	}

	@Test
	void itIsRefusedOnAFileSystemInMemoryWithWhatToDo() throws Exception {
		boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", this.directory.toString());
		if (System.getenv("CI") == null) {
			assumeThat(mounted).as("skipped: only root can mount a file system").isTrue();
		}
		assertThat(mounted).isTrue();
		try {
			refuses(this.directory);
		}
		finally {
			assertThat(run("umount", this.directory.toString())).isTrue();
		}
	}

	@Test
	void itIsRefusedForACopyOnWriteMappingWhenTheSpecIsBuilt() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(
					() -> MappingSpec.file(this.directory).access(MappingAccess.COPY_ON_WRITE).mapSync(true).build())
			.withMessageContaining("map-sync");
	}

	private static void refuses(Path directory) throws IOException {
		Path file = Files.write(directory.resolve("file"), new byte[4096]);
		try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.NATIVE).build()) {
			MappingSpec spec = MappingSpec.file(file).access(MappingAccess.READ_WRITE).mapSync(true).build();
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> registry.map(spec))
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EOPNOTSUPP))
				.satisfies((ex) -> assertThat(ex.remedy()).contains("DAX"));
		}
		assertThat(ProcessMaps.descriptors(file)).isEmpty();
	}

	private static boolean run(String... command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).inheritIO().start();
		return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
	}

}
