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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.Trial;
import io.mmap.testsupport.UnprivilegedProcess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process of a user who has as many threads, or as many instances of inotify, as that
 * one may have.
 */
class UserLimitTests {

	@TempDir
	static Path directory;

	private static UnprivilegedProcess process;

	private static UnprivilegedProcess.Result result;

	@BeforeAll
	static void run() throws Exception {
		process = UnprivilegedProcess.withClassPathIn(directory, Main.class);
		if (!process.isAvailable()) {
			return;
		}
		Path words = Files.write(directory.resolve("words"), new byte[20_000]);
		// Only who owns a file may guard it
		Path own = Files.createDirectory(directory.resolve("own"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx")));
		Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
		Files.setPosixFilePermissions(words, PosixFilePermissions.fromString("rw-r--r--"));
		result = process.run(words.toString(), own.toString());
	}

	@BeforeEach
	void assumeAvailable() throws Exception {
		process.assumeAvailable();
	}

	@Test
	@Fault("threads-exhausted")
	void nothingStaysMappedForWhichNoThreadCanBeStarted() {
		assertThat(result.line("map")).contains("OutOfMemoryError", "unable to create native thread");
		assertThat(result.line("declare")).contains("OutOfMemoryError", "unable to create native thread");
		assertThat(result.line("mapped then")).isEqualTo("[]");
		assertThat(result.line("counted then")).isEqualTo("0");
		assertThat(result.line("map afterwards")).isEqualTo("succeeded");
	}

	@Test
	@Fault("threads-exhausted-with-jdk-mapper")
	void theJdkMapperMapsNothingWithoutAThread() {
		assertThat(result.line("map with jdk mapper")).contains("OutOfMemoryError", "unable to create native thread");
		assertThat(result.line("map with jdk mapper afterwards")).isEqualTo("succeeded");
	}

	@Test
	@Fault("threads-exhausted-in-guard")
	void whatCannotBeGuardedForWantOfAThreadIsNotMapped() {
		assertThat(result.line("guard")).contains("OutOfMemoryError", "unable to create native thread");
		assertThat(result.line("guarded then")).isEqualTo("[] []");
		assertThat(result.line("guard afterwards")).isEqualTo("succeeded");
	}

	@Test
	@Fault("threads-exhausted-in-preload")
	void whatCannotBePreloadedForWantOfAThreadStaysMapped() {
		assertThat(result.line("preload")).contains("OutOfMemoryError", "unable to create native thread");
		assertThat(result.line("content")).isEqualTo("0");
		assertThat(result.line("preload afterwards")).isEqualTo("COMPLETED");
	}

	@Test
	@Fault("inotify-instances-exhausted")
	void filesAreLookedAtFromTimeToTimeWhenTheUserHasTooManyInstances() {
		assertThat(result.line("instances")).contains("inotify_init1", "EMFILE");
		assertThat(result.output()).contains("Files of declared mappings are looked at every PT0.2S", "EMFILE",
				"sysctl fs.inotify.max_user_instances");
		assertThat(result.line("watched meanwhile")).isEqualTo("false");
		assertThat(result.line("content meanwhile")).isEqualTo("0");
		assertThat(result.line("watched afterwards")).isEqualTo("true");
	}

	/**
	 * What the process runs.
	 */
	static final class Main {

		public static void main(String[] args) throws Exception {
			Path words = Path.of(args[0]);
			Path own = Files.write(Path.of(args[1]).resolve("own"), new byte[20_000]);
			exhaustInstances(words);
			try (MappingRegistry unused = registry(MapperType.NATIVE);
					MappingRegistry used = registry(MapperType.NATIVE);
					MappingRegistry jdk = registry(MapperType.JDK)) {
				MemoryMapping mapped = used.map(MappingSpec.file(words).build());
				Process restoring = limitThreads();
				int before = ProcessMaps.regions(words).size();
				Trial.tell("map", () -> unused.map(MappingSpec.file(words).build()));
				Trial.tell("declare",
						() -> MappingRegistry.builder().declare("words", MappingSpec.file(words).build()).build());
				Trial.tell("map with jdk mapper", () -> jdk.map(MappingSpec.file(words).build()));
				System.out.println("mapped then: "
						+ ProcessMaps.regions(words).subList(before, ProcessMaps.regions(words).size()));
				System.out.println(
						"counted then: " + unused.statistics().stream().mapToLong(MappingStatistics::mappings).sum());
				Trial.tell("guard", () -> used.map(guarded(own)));
				System.out.println("guarded then: " + ProcessMaps.regions(own) + " " + ProcessMaps.descriptors(own));
				Trial.tell("preload", mapped::preload);
				System.out.println("content: " + mapped.segment().get(JAVA_BYTE, 0));
				restoring.getOutputStream().close();
				restoring.waitFor();
				Trial.tell("map afterwards", () -> unused.map(MappingSpec.file(words).build()).close());
				Trial.tell("map with jdk mapper afterwards", () -> jdk.map(MappingSpec.file(words).build()).close());
				Trial.tell("guard afterwards", () -> {
					MemoryMapping mapping = used.map(guarded(own));
					if (!used.warnings().isEmpty()) {
						throw new IllegalStateException(used.warnings().toString());
					}
					mapping.close();
				});
				System.out.println("preload afterwards: " + mapped.preload().await());
				mapped.close();
			}
		}

		private static MappingRegistry registry(MapperType mapper) {
			return MappingRegistry.builder().mapper(mapper).build();
		}

		private static MappingSpec guarded(Path file) {
			return MappingSpec.file(file).truncation(TruncationPolicy.GUARD).build();
		}

		/**
		 * Let this process start no more threads, until what is returned is told to end:
		 * another process, since this one could not start it.
		 */
		private static Process limitThreads() throws IOException {
			String prlimit = "prlimit --pid " + ProcessHandle.current().pid() + " --nproc=";
			Process process = new ProcessBuilder("sh", "-c",
					prlimit + "1: && echo limited && read end; " + prlimit + "unlimited: 2>&1 || " + prlimit + "4096:")
				.start();
			if (!"limited".equals(process.inputReader().readLine())) {
				throw new IllegalStateException("The number of threads could not be limited");
			}
			return process;
		}

		private static void exhaustInstances(Path words) throws Exception {
			LinuxSystemCalls calls = new LinuxSystemCalls();
			List<Integer> instances = new ArrayList<>();
			try (MappingRegistry registry = MappingRegistry.builder()
				.truncationCheckInterval(Duration.ofMillis(200))
				.declare("words", MappingSpec.file(words).build())
				.build()) {
				Trial.tell("instances", () -> {
					while (true) {
						instances.add(calls.inotify());
					}
				});
				// For three looks, whatever they find
				Thread.sleep(600);
				System.out.println("watched meanwhile: " + isWatched(words));
				System.out.println("content meanwhile: " + registry.get("words").segment().get(JAVA_BYTE, 0));
				for (int instance : instances) {
					calls.close(instance);
				}
				long end = System.nanoTime() + 30_000_000_000L;
				while (!isWatched(words) && System.nanoTime() < end) {
					Thread.sleep(10);
				}
				System.out.println("watched afterwards: " + isWatched(words));
			}
		}

		private static boolean isWatched(Path file) throws IOException {
			return ProcessMaps.watchedInodes().contains((Long) Files.getAttribute(file, "unix:ino"));
		}

	}

}
