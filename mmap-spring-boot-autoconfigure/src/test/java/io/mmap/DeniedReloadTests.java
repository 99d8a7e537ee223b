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
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.UnprivilegedProcess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A file that may not be read any more while it is mapped, with each mapper, by a process
 * without privileges.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class DeniedReloadTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path classPath;

	@TempDir
	Path directory;

	private UnprivilegedProcess process;

	@BeforeEach
	void prepareClassPath() throws Exception {
		this.process = UnprivilegedProcess.withClassPathIn(this.classPath, Main.class);
		this.process.assumeAvailable();
		permit(this.directory, "rwxrwxrwx");
	}

	@Test
	@Fault("made-unreadable-while-mapped")
	void whatIsMappedStaysReadableAndWhatTookItsPlaceIsRefused() throws Exception {
		UnprivilegedProcess.Result result = this.process.run(this.mapper.name(),
				this.directory.resolve("words").toString());
		assertThat(result.line("unreadable")).isEqualTo("o, UNCHANGED");
		assertThat(result.line("reload")).startsWith(MappedFileAccessDeniedException.class.getName())
			.contains("Cannot map file '" + this.directory.resolve("words") + "'", "permission denied",
					"Allow that user to do so");
		assertThat(result.line("kept")).isEqualTo("o, 1 warning");
		assertThat(result.line("readable")).isEqualTo("n, 0 warnings");
	}

	private static void permit(Path path, String permissions) throws IOException {
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
	}

	/**
	 * What the process runs.
	 */
	static final class Main {

		private Main() {
		}

		public static void main(String[] args) throws IOException {
			Path file = Files.writeString(Path.of(args[1]), "old");
			try (MappingRegistry registry = MappingRegistry.builder()
				.mapper(MapperType.valueOf(args[0]))
				.declare("words", MappingSpec.file(file).build())
				.build()) {
				permit(file, "---------");
				System.out
					.println("unreadable: " + first(registry) + ", " + registry.mappings().getFirst().fileState());
				Path next = Files.writeString(file.resolveSibling("next"), "new");
				permit(next, "---------");
				Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
				try {
					registry.reload("words");
				}
				catch (MappingException ex) {
					System.out.println("reload: " + ex);
				}
				System.out.println("kept: " + first(registry) + ", " + registry.warnings().size() + " warning");
				permit(file, "r--------");
				registry.reload("words");
				System.out.println("readable: " + first(registry) + ", " + registry.warnings().size() + " warnings");
			}
		}

		private static char first(MappingRegistry registry) {
			return (char) registry.get("words").segment().get(JAVA_BYTE, 0);
		}

	}

}
