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
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.Requirement;
import io.mmap.testsupport.Trial;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process in a control group with less memory than it wants, as containers are.
 */
class MemoryGroupLimitTests {

	private static final long LIMIT = 160 << 20;

	private static final Path GROUPS = Path.of("/sys/fs/cgroup");

	@TempDir
	Path directory;

	private Path group;

	@BeforeEach
	void makeGroup() throws IOException {
		boolean unified = Files.exists(GROUPS.resolve("cgroup.controllers"));
		Path parent = (unified) ? GROUPS : GROUPS.resolve("memory");
		this.group = parent.resolve("mmap-test-" + ProcessHandle.current().pid());
		Requirement.check(isMade(this.group, (unified) ? "memory.max" : "memory.limit_in_bytes"),
				"the right to make a control group with a limit of memory below " + parent);
	}

	private static boolean isMade(Path group, String limit) throws IOException {
		if (!Files.isWritable(group.getParent())) {
			return false;
		}
		Files.createDirectory(group);
		if (!Files.exists(group.resolve(limit))) {
			Files.delete(group);
			return false;
		}
		Files.writeString(group.resolve(limit), Long.toString(LIMIT));
		return true;
	}

	@AfterEach
	void removeGroup() throws IOException {
		Files.deleteIfExists(this.group);
	}

	@Test
	@Fault("memory-group-limit")
	void contentOfFilesGivesWayAndMemoryOfTheProcessEndsIt() throws Exception {
		Path file = this.directory.resolve("words");
		try (RandomAccessFile words = new RandomAccessFile(file.toFile(), "rw")) {
			words.setLength(3 * LIMIT);
		}
		JavaProcess process = JavaProcess.run(this.directory,
				List.of("sh", "-c", "echo $$ > '" + this.group.resolve("cgroup.procs") + "' && exec \"$0\" \"$@\""),
				System.getProperty("java.class.path"),
				List.of("--enable-native-access=ALL-UNNAMED", "-Xmx32m", "-XX:+UseSerialGC"), Main.class,
				file.toString());
		assertThat(process.line("file")).isEqualTo("succeeded");
		assertThat(process.line("little memory")).isEqualTo("succeeded");
		assertThat(process.output()).contains("much memory now").doesNotContain("much memory:");
		assertThat(process.exitCode()).as("killed").isEqualTo(128 + 9);
	}

	/**
	 * What the process runs.
	 */
	static final class Main {

		public static void main(String[] args) {
			try (MappingRegistry registry = MappingRegistry.builder().build()) {
				Trial.tell("file", () -> registry.map(MappingSpec.file(Path.of(args[0])).build()).prefault());
				Trial.tell("little memory",
						() -> registry.map(MappingSpec.anonymous(LIMIT / 8).build()).prefaultForWriting());
				System.out.println("much memory now");
				Trial.tell("much memory",
						() -> registry.map(MappingSpec.anonymous(2 * LIMIT).build()).prefaultForWriting());
			}
		}

	}

}
