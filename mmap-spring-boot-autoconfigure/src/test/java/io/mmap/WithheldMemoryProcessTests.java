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
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.Requirement;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a core dump and a forked process have of memory that was to be kept from them, and
 * of memory that was not.
 */
@EnabledOnOs(OS.LINUX)
class WithheldMemoryProcessTests {

	private static final Path CORE_PATTERN = Path.of("/proc/sys/kernel/core_pattern");

	private static final int SIGNATURE_LENGTH = 64;

	@TempDir
	Path directory;

	@Test
	@Fault("content-in-core-dump")
	void aCoreDumpHasWhatIsMappedUnlessThatWasRuledOut() throws Exception {
		Requirement.check(Files.isWritable(CORE_PATTERN), "only root can say where core dumps are written");
		String before = Files.readString(CORE_PATTERN);
		Path core = this.directory.resolve("core");
		try {
			Files.writeString(CORE_PATTERN, core.toString());
			JavaProcess result = run(Dump.class);
			assertThat(result.exitCode()).as(result.output()).isEqualTo(128 + 6);
		}
		finally {
			Files.writeString(CORE_PATTERN, before);
		}
		Path dump = findDump(core);
		assertThat(contains(dump, 1)).as("what may be dumped is in " + dump).isTrue();
		assertThat(contains(dump, 2)).as("what may not be dumped is in " + dump).isFalse();
	}

	@Test
	@Fault("content-in-forked-process")
	void aForkedProcessHasWhatIsMappedUnlessThatWasRuledOut() throws Exception {
		JavaProcess result = run(Fork.class);
		assertThat(result.exitCode()).as(result.output()).isZero();
		assertThat(result.output()).contains("what may be forked: true", "what may not be forked: false");
	}

	private JavaProcess run(Class<?> main) throws IOException, InterruptedException {
		return JavaProcess.run(this.directory, System.getProperty("java.class.path"),
				List.of("--enable-native-access=ALL-UNNAMED", "-Xmx32m", "-Xshare:auto"), main);
	}

	/**
	 * With {@code kernel.core_uses_pid} it has the number of the process in its name.
	 */
	private static Path findDump(Path core) throws IOException {
		try (var files = Files.list(core.getParent())) {
			return files.filter((file) -> file.getFileName().toString().startsWith("core"))
				.findFirst()
				.orElseThrow(() -> new AssertionError("no core dump in " + core.getParent()));
		}
	}

	private static boolean contains(Path file, int kind) throws IOException {
		byte[] piece = new byte[1 << 20];
		try (InputStream input = Files.newInputStream(file)) {
			int matched = 0;
			for (int length = input.read(piece); length >= 0; length = input.read(piece)) {
				for (int i = 0; i < length; i++) {
					matched = (piece[i] == signature(kind, matched)) ? matched + 1
							: (piece[i] == signature(kind, 0)) ? 1 : 0;
					if (matched == SIGNATURE_LENGTH) {
						return true;
					}
				}
			}
			return false;
		}
	}

	/**
	 * Byte by byte, so that the whole is nowhere but where it is stored.
	 */
	private static byte signature(int kind, int index) {
		return (byte) ((index == 0) ? 0xA5 : 0x80 | ((index * 37 + kind * 11) & 0x1f));
	}

	private static void sign(MemorySegment segment, int kind) {
		for (int i = 0; i < SIGNATURE_LENGTH; i++) {
			segment.set(JAVA_BYTE, i, signature(kind, i));
		}
	}

	/**
	 * Ends with a core dump.
	 */
	static final class Dump {

		private Dump() {
		}

		public static void main(String[] arguments) throws Exception {
			String self = Long.toString(ProcessHandle.current().pid());
			new ProcessBuilder("prlimit", "--core=unlimited", "--pid", self).inheritIO().start().waitFor();
			// Private anonymous memory only, since what the JVM maps of its own files is
			// large
			Files.writeString(Path.of("/proc/self/coredump_filter"), "0x1");
			MappingRegistry registry = MappingRegistry.builder().build();
			sign(registry.map(MappingSpec.anonymous(4096).build()).segment(), 1);
			sign(registry.map(MappingSpec.anonymous(4096).dontDump(true).build()).segment(), 2);
			new ProcessBuilder("kill", "-ABRT", self).inheritIO().start().waitFor();
			Thread.sleep(30_000);
		}

	}

	/**
	 * Forks, and looks at what the process that comes of it has mapped.
	 */
	static final class Fork {

		private Fork() {
		}

		public static void main(String[] arguments) throws Throwable {
			MethodHandle fork = function("fork", FunctionDescriptor.of(JAVA_INT));
			MethodHandle pause = function("pause", FunctionDescriptor.of(JAVA_INT));
			try (MappingRegistry registry = MappingRegistry.builder().build();
					MemoryMapping forked = registry.map(MappingSpec.anonymous(4096).shared(true).build());
					MemoryMapping kept = registry
						.map(MappingSpec.anonymous(4096).shared(true).dontFork(true).build())) {
				int child = (int) fork.invokeExact();
				if (child == 0) {
					// Has one thread only, which is to do nothing until it is killed
					int ignored = (int) pause.invokeExact();
					Runtime.getRuntime().halt(ignored);
				}
				String regions = Files.readString(Path.of("/proc", Integer.toString(child), "maps"));
				ProcessHandle.of(child).orElseThrow().destroyForcibly();
				System.out.println("what may be forked: " + isIn(regions, forked));
				System.out.println("what may not be forked: " + isIn(regions, kept));
			}
		}

		private static boolean isIn(String regions, MemoryMapping mapping) {
			return regions.lines().anyMatch((line) -> {
				String[] range = line.substring(0, line.indexOf(' ')).split("-");
				return Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), mapping.address()) <= 0
						&& Long.compareUnsigned(mapping.address(), Long.parseUnsignedLong(range[1], 16)) < 0;
			});
		}

		@SuppressWarnings("restricted")
		private static MethodHandle function(String name, FunctionDescriptor descriptor) {
			Linker linker = Linker.nativeLinker();
			return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
		}

	}

}
