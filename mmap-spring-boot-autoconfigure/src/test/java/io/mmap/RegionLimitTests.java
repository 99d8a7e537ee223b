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

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.internal.ffi.Errno;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.Trial;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that has all the memory regions that {@code vm.max_map_count} allows. The JVM
 * itself needs none while it has been given all its memory.
 */
class RegionLimitTests {

	@TempDir
	static Path directory;

	private static JavaProcess process;

	@BeforeAll
	static void run() throws Exception {
		process = JavaProcess.run(directory, System.getProperty("java.class.path"),
				List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xms64m", "-Xmx64m",
						"-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1", "-XX:InitialCodeCacheSize=32m",
						"-XX:ReservedCodeCacheSize=32m", "-XX:ErrorFile=" + directory.resolve("error.log")),
				Main.class, Files.write(directory.resolve("words"), new byte[20_000]).toString());
		assertThat(process.exitCode()).as(process.output()).isZero();
	}

	@Test
	@Fault("regions-exhausted")
	void nothingCanBeMappedUntilSomethingWasUnmapped() {
		assertThat(process.line("map")).contains("MappingException", "/words'", "ENOMEM", "sysctl vm.max_map_count=");
		assertThat(process.line("advise")).contains("MappingException", "EAGAIN", "sysctl vm.max_map_count=");
		assertThat(process.line("advise pairs")).contains("MappingException", "EAGAIN");
		assertThat(process.line("map afterwards")).isEqualTo("succeeded");
		assertThat(process.line("left mapped")).isEqualTo("[]");
	}

	@Test
	@Fault("regions-exhausted-in-unmap")
	void whatLiesBetweenOthersStaysMappedAndCanBeUnmappedLater() {
		assertThat(process.line("unmap")).contains("MappingException", "Cannot unmap", "ENOMEM",
				"unmapping may be tried again");
		assertThat(process.line("shown")).isEqualTo("true");
		assertThat(process.line("unmap afterwards")).isEqualTo("succeeded");
	}

	@Test
	@Fault("regions-exhausted-in-protect")
	void aProtectionThatCannotBeChangedIsAsItWas() {
		assertThat(process.line("protect")).contains("MappingException", "ENOMEM", "sysctl vm.max_map_count=");
		assertThat(process.line("protection")).contains("READ", "WRITE");
		assertThat(process.line("content")).isEqualTo("42");
		assertThat(process.line("protect afterwards")).isEqualTo("succeeded");
	}

	@Test
	@Fault("regions-exhausted-in-resize")
	void aLengthThatCannotBeChangedIsAsItWas() {
		assertThat(process.line("resize")).contains("MappingException", "ENOMEM", "sysctl vm.max_map_count=");
		assertThat(process.line("length")).isEqualTo("1048576");
		assertThat(process.line("content after resize")).isEqualTo("42");
		assertThat(process.line("resize afterwards")).isEqualTo("succeeded");
	}

	/**
	 * What the process runs.
	 */
	static final class Main {

		private static final long PAGE = 4096;

		private static final long LENGTH = 1 << 20;

		public static void main(String[] args) throws Exception {
			Path words = Path.of(args[0]);
			PrintStream out = System.out;
			System.setOut(new PrintStream(OutputStream.nullOutputStream()));
			FaultySystemCalls calls = new FaultySystemCalls();
			try (MappingRegistry registry = new DefaultMappingRegistryBuilder()
				.mapper(new NativeMapper(calls.proxy(), "for a test"))
				.build()) {
				// To load classes takes memory, of which the JVM could have no more later
				run(registry, words, 1000, (call, errno) -> calls.failOnce(call, errno));
			}
			System.setOut(out);
			try (MappingRegistry registry = MappingRegistry.builder().build()) {
				ProcessMemory process = registry.process();
				run(registry, words, (int) (process.maxRegions() - process.regions()) + 1000, (call, errno) -> {
				});
			}
			System.out.println("left mapped: " + ProcessMaps.regions(words));
		}

		/**
		 * Do it all.
		 * @param pages of how many pages every other one becomes a region of its own
		 * @param provocation has a call fail if it does not do that by itself
		 */
		private static void run(MappingRegistry registry, Path words, int pages,
				BiConsumer<String, Integer> provocation) {
			List<MemoryMapping> all = IntStream.range(0, 20).mapToObj((i) -> piece(registry)).toList();
			List<MemoryMapping> pieces = inner(all);
			List<MemoryMapping> pairs = IntStream.range(0, 10)
				.mapToObj((i) -> registry.map(MappingSpec.anonymous(2 * PAGE).label("pair" + i).build()))
				.toList();
			MemoryMapping many = registry.map(MappingSpec.anonymous(pages * PAGE).label("many").build());
			provocation.accept("madvise", Errno.EAGAIN);
			Trial.tell("advise", () -> {
				for (int i = 0; i < pages; i += 2) {
					many.range(i * PAGE, PAGE).advise(Advice.DONT_DUMP);
				}
			});
			provocation.accept("madvise", Errno.EAGAIN);
			// One more each, where it were two above
			Trial.tell("advise pairs", () -> pairs.forEach((pair) -> pair.range(0, PAGE).advise(Advice.DONT_DUMP)));
			change(registry, pieces, provocation);
			List<MemoryMapping> last = new ArrayList<>();
			provocation.accept("mmap", Errno.ENOMEM);
			Trial.tell("map", () -> {
				// The system permits one or two more than it says
				while (true) {
					last.add(registry.map(MappingSpec.file(words).build()));
				}
			});
			last.forEach(MemoryMapping::close);
			many.unmap();
			Trial.tell("map afterwards", () -> registry.map(MappingSpec.file(words).build()).close());
			Trial.tell("unmap afterwards", pieces.get(0)::unmap);
			Trial.tell("protect afterwards", () -> pieces.get(1).protect(Protection.READ));
			Trial.tell("resize afterwards", () -> pieces.get(2).resize(2 * LENGTH));
			pairs.forEach(MemoryMapping::close);
			all.forEach(MemoryMapping::close);
		}

		private static void change(MappingRegistry registry, List<MemoryMapping> pieces,
				BiConsumer<String, Integer> provocation) {
			provocation.accept("munmap", Errno.ENOMEM);
			Trial.tell("unmap", pieces.get(0)::unmap);
			System.out.println("shown: "
					+ registry.mappings().stream().anyMatch((each) -> each.name().equals(pieces.get(0).name())));
			provocation.accept("mprotect", Errno.ENOMEM);
			Trial.tell("protect", () -> pieces.get(1).protect(Protection.READ));
			System.out.println("protection: " + pieces.get(1).protection());
			System.out.println("content: " + pieces.get(1).segment().get(JAVA_BYTE, 0));
			provocation.accept("mremap", Errno.ENOMEM);
			Trial.tell("resize", () -> pieces.get(2).resize(2 * LENGTH));
			System.out.println("length: " + pieces.get(2).length());
			System.out.println("content after resize: " + pieces.get(2).segment().get(JAVA_BYTE, 0));
		}

		/**
		 * Return memory that becomes part of the region beside it, if that has the same
		 * name.
		 */
		private static MemoryMapping piece(MappingRegistry registry) {
			MemoryMapping piece = registry.map(MappingSpec.anonymous(LENGTH).label("pieces").build());
			piece.segment().set(JAVA_BYTE, 0, (byte) 42);
			return piece;
		}

		/**
		 * Return those between two others, and not beside each other.
		 */
		private static List<MemoryMapping> inner(List<MemoryMapping> pieces) {
			Set<Long> addresses = pieces.stream().map(MemoryMapping::address).collect(Collectors.toSet());
			List<MemoryMapping> inner = pieces.stream()
				.filter((piece) -> addresses.contains(piece.address() - LENGTH)
						&& addresses.contains(piece.address() + LENGTH))
				.toList();
			return List.of(inner.get(0), inner.get(3), inner.get(6));
		}

	}

}
