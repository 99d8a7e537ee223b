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

package io.mmap.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.UnprivilegedProcess;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What someone reads whose application may not open the file that it declares.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapDeniedFileTests {

	private static UnprivilegedProcess process;

	@TempDir
	Path directory;

	private Path file;

	@BeforeAll
	static void prepareClassPath(@TempDir Path classPath) throws Exception {
		process = UnprivilegedProcess.withWholeClassPathIn(classPath, Application.class);
	}

	@BeforeEach
	void writeFile() throws Exception {
		process.assumeAvailable();
		permit(this.directory, "rwxr-xr-x");
		this.file = Files.write(this.directory.resolve("file.bin"), new byte[4096]);
	}

	@Test
	void anUnreadableFileIsExplained() throws Exception {
		permit(this.file, "---------");
		assertThat(start("read-only")).contains("APPLICATION FAILED TO START")
			.contains("Property: mmap.mappings.words.location")
			.contains("- 4:17")
			.contains(
					"Reason: Cannot map file '" + this.file + "' (read-only, offset 0, to the end): permission denied:")
			.contains("may not read the file, or not search a directory above it.")
			.contains("Allow that user to do so (see 'namei -l " + this.file + "').")
			.contains("regions and descriptors left: [] []");
	}

	@Test
	void aReadOnlyFileThatIsToBeWrittenIsExplained() throws Exception {
		permit(this.file, "r--r--r--");
		assertThat(start("read-write")).contains("APPLICATION FAILED TO START")
			.contains("Property: mmap.mappings.words.location")
			.contains("may read the file, but not write it.")
			.contains("or map it with access read-only, or copy-on-write for changes that stay in memory.")
			.contains("regions and descriptors left: [] []");
	}

	@Test
	void aDirectoryThatMayNotBeReadKeepsAPatternFromMatchingOnlyWhereItLeadsThere() throws Exception {
		Path denied = Files.createDirectory(this.directory.resolve("lost+found"));
		permit(denied, "---------");
		try {
			assertThat(start(this.directory + "/*.bin", "read-only")).doesNotContain("APPLICATION FAILED TO START")
				.contains("Mapped set 'words' of 1 file");
			assertThat(start(this.directory + "/*/*.bin", "read-only")).contains("APPLICATION FAILED TO START")
				.contains("cannot be searched: the directory '" + denied + "' may not be read.");
		}
		finally {
			permit(denied, "rwxr-xr-x");
		}
	}

	private String start(String access) throws Exception {
		return start(this.file.toString(), access);
	}

	private String start(String location, String access) throws Exception {
		Path yaml = Files.writeString(this.directory.resolve("application.yml"), """
				mmap:
				  mappings:
				    words:
				      location: %s
				      access: %s
				""".formatted(location, access));
		return process.run("--spring.config.location=" + yaml.toUri(), this.directory.toString()).output();
	}

	private static void permit(Path path, String permissions) throws IOException {
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
	}

	/**
	 * What the process runs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MmapAutoConfiguration.class)
	static class Application {

		public static void main(String[] args) {
			SpringApplication application = new SpringApplication(Application.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			try {
				application.run(args[0]).close();
			}
			catch (RuntimeException ex) {
				Path directory = Path.of(args[1]);
				System.out.println("regions and descriptors left: " + ProcessMaps.regions(directory) + " "
						+ ProcessMaps.descriptors(directory));
			}
		}

	}

}
