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
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

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

	private static final byte FIRST = (byte) 0xA5;

	@TempDir
	Path directory;

	@Test
	@Fault("content-in-core-dump")
	void aCoreDumpHasWhatIsMappedUnlessThatWasRuledOut() throws Exception {
		Requirement.check(Files.isWritable(CORE_PATTERN), "only root can say where core dumps are written");
		String before = Files.readString(CORE_PATTERN);
		Path core = this.directory.resolve("core");
		try {
			// Of the whole machine: meanwhile each process that crashes is dumped there
			Files.writeString(CORE_PATTERN, core.toString());
			JavaProcess result = run(Dump.class, this.directory.toString());
			assertThat(result.exitCode()).as(result.output()).isEqualTo(128 + 6);
		}
		finally {
			Files.writeString(CORE_PATTERN, before);
		}
		assertThat(kindsIn(findDump(core))).as("kinds of memory in the core dump")
			.containsExactly(Kind.MEMORY, Kind.FILE);
	}

	@Test
	@Fault("content-in-forked-process")
	void aForkedProcessHasWhatIsMappedUnlessThatWasRuledOut() throws Exception {
		JavaProcess result = run(Fork.class);
		assertThat(result.exitCode()).as(result.output()).isZero();
		assertThat(result.output()).contains("what may be forked: true", "what may not be forked: false");
	}

	private JavaProcess run(Class<?> main, String... arguments) throws IOException, InterruptedException {
		return JavaProcess.run(this.directory, System.getProperty("java.class.path"),
				List.of("--enable-native-access=ALL-UNNAMED", "-Xmx32m", "-Xshare:auto"), main, arguments);
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

	private static Set<Kind> kindsIn(Path file) throws IOException {
		Set<Kind> kinds = EnumSet.noneOf(Kind.class);
		try (FileChannel channel = FileChannel.open(file); Arena arena = Arena.ofConfined()) {
			MemorySegment dump = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
			for (long at = 0; at <= dump.byteSize() - SIGNATURE_LENGTH; at++) {
				if (dump.get(JAVA_BYTE, at) == FIRST) {
					for (Kind kind : Kind.values()) {
						if (isSigned(dump.asSlice(at, SIGNATURE_LENGTH), kind)) {
							kinds.add(kind);
						}
					}
				}
			}
		}
		return kinds;
	}

	/**
	 * Byte by byte, so that the whole is nowhere but where it is stored.
	 */
	private static byte signature(Kind kind, int index) {
		return (byte) ((index == 0) ? FIRST : 0x80 | ((index * 37 + kind.ordinal() * 11) & 0x1f));
	}

	private static void sign(MemorySegment segment, Kind kind) {
		for (int i = 0; i < SIGNATURE_LENGTH; i++) {
			segment.set(JAVA_BYTE, i, signature(kind, i));
		}
	}

	private static boolean isSigned(MemorySegment segment, Kind kind) {
		return IntStream.range(0, SIGNATURE_LENGTH).allMatch((i) -> segment.get(JAVA_BYTE, i) == signature(kind, i));
	}

	/**
	 * What is written where.
	 */
	private enum Kind {

		MEMORY, WITHHELD_MEMORY, FILE, WITHHELD_FILE

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
			// Private anonymous memory, and files that are mapped shared
			Files.writeString(Path.of("/proc/self/coredump_filter"), "0x9");
			MappingRegistry registry = MappingRegistry.builder().build();
			sign(registry.map(MappingSpec.anonymous(4096).build()).segment(), Kind.MEMORY);
			sign(registry.map(MappingSpec.anonymous(4096).dontDump(true).build()).segment(), Kind.WITHHELD_MEMORY);
			Path directory = Path.of(arguments[0]);
			sign(registry.map(file(directory.resolve("file")).build()).segment(), Kind.FILE);
			sign(registry.map(file(directory.resolve("withheld")).dontDump(true).build()).segment(),
					Kind.WITHHELD_FILE);
			new ProcessBuilder("kill", "-ABRT", self).inheritIO().start().waitFor();
			Thread.sleep(30_000);
		}

		private static FileMappingBuilder file(Path file) {
			return MappingSpec.file(file).access(MappingAccess.READ_WRITE).create(true).length(4096);
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
			MethodHandle alarm = function("alarm", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
			// Once here, so that all that it needs is there
			assertThat((int) alarm.invokeExact(0)).isZero();
			try (MappingRegistry registry = MappingRegistry.builder().build();
					MemoryMapping forked = registry.map(MappingSpec.anonymous(4096).shared(true).build());
					MemoryMapping kept = registry
						.map(MappingSpec.anonymous(4096).shared(true).dontFork(true).build())) {
				int child = (int) fork.invokeExact();
				if (child == 0) {
					// Has one thread only, which is to do nothing until it is killed, or
					// the
					// time is over should nobody do that
					int ignored = (int) alarm.invokeExact(30);
					ignored = (int) pause.invokeExact();
					Runtime.getRuntime().halt(ignored);
				}
				assertThat(child).as("number of the forked process").isPositive();
				try {
					String regions = Files.readString(Path.of("/proc", Integer.toString(child), "maps"));
					System.out.println("what may be forked: " + isIn(regions, forked));
					System.out.println("what may not be forked: " + isIn(regions, kept));
				}
				finally {
					ProcessHandle.of(child).orElseThrow().destroyForcibly();
				}
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
