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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.Trial;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that may make files of a mebibyte at most. The system sends it
 * {@code SIGXFSZ} as well, which would end it, but a JVM ignores that.
 */
class FileSizeLimitTests {

	@TempDir
	static Path directory;

	private static JavaProcess process;

	@BeforeAll
	static void run() throws Exception {
		process = JavaProcess.run(directory, List.of("prlimit", "--fsize=1048576:1048576"),
				System.getProperty("java.class.path"), List.of("--enable-native-access=ALL-UNNAMED"), Main.class,
				directory.toString());
		assertThat(process.exitCode()).as(process.output()).isZero();
	}

	@Test
	@Fault("file-size-limit")
	void aFileThatWouldBeTooLargeIsNotCreated() {
		assertThat(process.line("create")).contains("MappingException", "/created'", "EFBIG",
				"The process may make files of 1048576 bytes", "ulimit -f", "LimitFSIZE=");
		assertThat(process.line("create is there")).isEqualTo("false");
		assertThat(process.line("create in memory")).contains("MappingException", "EFBIG", "ulimit -f");
		assertThat(process.line("create less")).isEqualTo("succeeded");
	}

	@Test
	@Fault("file-size-limit-in-growth")
	void aFileThatWouldBecomeTooLargeStaysMappedAsItWas() {
		assertThat(process.line("grow")).contains("MappingException", "Cannot resize", "EFBIG",
				"The process may make files of 1048576 bytes", "ulimit -f");
		assertThat(process.line("length")).isEqualTo("5000");
		assertThat(process.line("content")).isEqualTo("42");
		assertThat(process.line("grow less")).isEqualTo("succeeded");
	}

	@Test
	@Fault("file-size-limit-with-jdk-mapper")
	void theJdkMapperLeavesNoFileEither() {
		assertThat(process.line("create with jdk mapper")).contains("MappingException", "/created-by-jdk'",
				"could not be created or grown to 2097152 bytes", "ulimit -f");
		assertThat(process.line("create with jdk mapper is there")).isEqualTo("false");
	}

	/**
	 * What the process runs.
	 */
	static final class Main {

		public static void main(String[] args) throws Exception {
			Path directory = Path.of(args[0]);
			try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.NATIVE).build()) {
				tellOfCreation("create", registry, directory.resolve("created"));
				Trial.tell("create in memory", () -> registry.map(MappingSpec.inMemoryFile("memory", 2 << 20).build()));
				Trial.tell("create less", () -> registry.map(creating(directory.resolve("less"), 1 << 20)).close());
				try (MemoryMapping growing = registry.map(creating(directory.resolve("growing"), 5000))) {
					growing.segment().set(JAVA_BYTE, 0, (byte) 42);
					Trial.tell("grow", () -> growing.resize(2 << 20));
					System.out.println("length: " + growing.length());
					System.out.println("content: " + growing.segment().get(JAVA_BYTE, 0));
					Trial.tell("grow less", () -> growing.resize(1 << 20));
				}
			}
			try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.JDK).build()) {
				tellOfCreation("create with jdk mapper", registry, directory.resolve("created-by-jdk"));
			}
		}

		private static void tellOfCreation(String key, MappingRegistry registry, Path file) {
			Trial.tell(key, () -> registry.map(creating(file, 2 << 20)));
			System.out.println(key + " is there: " + Files.exists(file));
		}

		private static MappingSpec creating(Path file, long length) {
			return MappingSpec.file(file).access(MappingAccess.READ_WRITE).length(length).create(true).build();
		}

	}

}
