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
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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
import io.mmap.testsupport.UnprivilegedProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What permissions forbid, with each mapper: what the user reads. They do not bind root,
 * so a process without privileges maps.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class DeniedFileTests {

	private static final String HOW_TO_GET_NATIVE = "--enable-native-access=ALL-UNNAMED, or"
			+ " 'Enable-Native-Access: ALL-UNNAMED' in the manifest of the executable jar";

	private static UnprivilegedProcess process;

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path file;

	@BeforeAll
	static void prepareClassPath(@TempDir Path classPath) throws Exception {
		process = UnprivilegedProcess.withClassPathIn(classPath, Main.class);
	}

	@BeforeEach
	void writeFile() throws Exception {
		process.assumeAvailable();
		permit(this.directory, "rwxr-xr-x");
		this.file = Files.write(this.directory.resolve("file.bin"), new byte[4096]);
	}

	@AfterEach
	void permitDeletion() throws IOException {
		permit(this.directory, "rwxr-xr-x");
	}

	@Test
	@Fault("unreadable-file")
	void anUnreadableFile() throws Exception {
		permit(this.file, "---------");
		assertDenied(map(this.file, MappingAccess.READ_ONLY, false), "Cannot map file '" + this.file
				+ "' (read-only, offset 0, length 10): permission denied: the user '%s' may not read the file, or not"
				+ " search a directory above it. Allow that user to do so (see 'namei -l " + this.file + "').");
	}

	@Test
	void anUnreadableFileReadWrite() throws Exception {
		permit(this.file, "---------");
		assertDenied(map(this.file, MappingAccess.READ_WRITE, false), "Cannot map file '" + this.file
				+ "' (read-write, offset 0, length 10): permission denied: the user '%s' may not read and write the"
				+ " file, or not search a directory above it. Allow that user to do so (see 'namei -l " + this.file
				+ "').");
	}

	@Test
	void anUnreadableFileCopyOnWrite() throws Exception {
		permit(this.file, "---------");
		assertDenied(map(this.file, MappingAccess.COPY_ON_WRITE, false), "Cannot map file '" + this.file
				+ "' (copy-on-write, offset 0, length 10): permission denied: the user '%s' may not read the file, or"
				+ " not search a directory above it. Allow that user to do so (see 'namei -l " + this.file + "').");
	}

	@Test
	@Fault("read-only-file-to-be-written")
	void aReadOnlyFileReadWrite() throws Exception {
		permit(this.file, "r--r--r--");
		assertDenied(map(this.file, MappingAccess.READ_WRITE, false), "Cannot map file '" + this.file
				+ "' (read-write, offset 0, length 10): permission denied: the user '%s' may read the file, but not"
				+ " write it. Allow that user to write it (see 'ls -l " + this.file + "'), or map it with access"
				+ " read-only, or copy-on-write for changes that stay in memory.");
	}

	@Test
	void aReadOnlyFileThatMayGrow() throws Exception {
		permit(this.file, "r--r--r--");
		assertDenied(map(this.file, MappingAccess.READ_WRITE, true), "Cannot map file '" + this.file
				+ "' (read-write, offset 0, length 10): permission denied: the user '%s' may read the file, but not"
				+ " write it. Allow that user to write it (see 'ls -l " + this.file + "'), or map it with access"
				+ " read-only, or copy-on-write for changes that stay in memory.");
	}

	@Test
	void aReadOnlyFileCopyOnWriteIsMappedByTheNativeMapperAlone() throws Exception {
		permit(this.file, "r--r--r--");
		UnprivilegedProcess.Result result = map(this.file, MappingAccess.COPY_ON_WRITE, false);
		if (this.mapper == MapperType.NATIVE) {
			assertThat(result.line("mapped")).isEqualTo("10 bytes");
		}
		else {
			assertThat(result.line("exception")).isEqualTo(UnsupportedMappingOperationException.class.getName());
			assertThat(result.line("message")).isEqualTo("Cannot map file '" + this.file
					+ "' (copy-on-write, offset 0, length 10): the JDK maps a file copy-on-write only if it may be"
					+ " written. Make it writable, or use the native mapper (" + HOW_TO_GET_NATIVE + ").");
		}
		assertThat(result.line("left")).isEqualTo("[] [] []");
	}

	@Test
	void aFileInAnUnsearchableDirectory() throws Exception {
		permit(this.directory, "---------");
		assertDenied(map(this.file, MappingAccess.READ_ONLY, false), "Cannot map file '" + this.file
				+ "' (read-only, offset 0, length 10): permission denied: the user '%s' may not read the file, or not"
				+ " search a directory above it. Allow that user to do so (see 'namei -l " + this.file + "').");
	}

	@Test
	void aFileToBeCreatedInADirectoryThatIsNotWritable() throws Exception {
		Path created = this.directory.resolve("created");
		permit(this.directory, "r-xr-xr-x");
		assertDenied(map(created, MappingAccess.READ_WRITE, true), "Cannot map file '" + created
				+ "' (read-write, offset 0, length 10): permission denied: the user '%s' may not create the file in '"
				+ this.directory + "'. Allow that user to write to that directory and to search it (see 'namei -l "
				+ this.directory + "'), or give another path.");
		assertThat(created).doesNotExist();
	}

	@Test
	void aDirectoryToBeCreatedInOneThatIsNotWritable() throws Exception {
		Path created = this.directory.resolve("some/where/created");
		permit(this.directory, "r-xr-xr-x");
		assertDenied(map(created, MappingAccess.READ_WRITE, true), "Cannot map file '" + created
				+ "' (read-write, offset 0, length 10): permission denied: the user '%s' may not create the directory '"
				+ created.getParent() + "' in '" + this.directory + "'. Allow that user to write to that directory and"
				+ " to search it (see 'namei -l " + this.directory + "'), or give another path.");
		assertThat(created.getParent()).doesNotExist();
	}

	@Test
	void itIsCountedWithTheErrorNumberUnlessTheJdkHidesThat() throws Exception {
		permit(this.file, "---------");
		assertThat(map(this.file, MappingAccess.READ_ONLY, false).line("errors")).isEqualTo(
				"[" + new OperationErrors("map", (this.mapper == MapperType.NATIVE) ? "EACCES" : "none", 1) + "]");
	}

	private UnprivilegedProcess.Result map(Path file, MappingAccess access, boolean create) throws Exception {
		return process.run(this.mapper.name(), file.toString(), access.name(), String.valueOf(create));
	}

	private static void assertDenied(UnprivilegedProcess.Result result, String message) {
		assertThat(result.line("exception")).isEqualTo(MappedFileAccessDeniedException.class.getName());
		assertThat(result.line("message")).isEqualTo(message.formatted(result.line("user")));
		assertThat(result.line("left")).isEqualTo("[] [] []");
	}

	private static void permit(Path path, String permissions) throws IOException {
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
	}

	/**
	 * What the process runs.
	 */
	static final class Main {

		public static void main(String[] args) {
			Path file = Path.of(args[1]);
			System.out.println("user: " + System.getProperty("user.name"));
			try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.valueOf(args[0])).build()) {
				try (MemoryMapping mapping = registry.map(MappingSpec.file(file)
					.access(MappingAccess.valueOf(args[2]))
					.length(10)
					.create(Boolean.parseBoolean(args[3]))
					.build())) {
					System.out.println("mapped: " + mapping.segment().byteSize() + " bytes");
				}
				catch (RuntimeException ex) {
					System.out.println("exception: " + ex.getClass().getName());
					System.out.println("message: " + ex.getMessage());
				}
				System.out.println("left: " + registry.mappings() + " " + ProcessMaps.regions(file) + " "
						+ ProcessMaps.descriptors(file));
				System.out.println("errors: " + registry.errors());
			}
		}

	}

}
