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

import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.internal.ffi.Errno;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.Trial;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that has opened all the files that it may open.
 */
class DescriptorLimitTests {

	@TempDir
	static Path directory;

	private static JavaProcess process;

	@BeforeAll
	static void run() throws Exception {
		process = JavaProcess.run(directory, List.of("prlimit", "--nofile=200:200"),
				System.getProperty("java.class.path"), List.of("--enable-native-access=ALL-UNNAMED"), Main.class,
				directory.toString());
		assertThat(process.exitCode()).as(process.output()).isZero();
	}

	@Test
	@Fault("descriptors-exhausted")
	void nothingCanBeMappedUntilADescriptorIsFreeAgain() {
		assertThat(process.line("map")).contains("MappingException", "/words'", "EMFILE", "ulimit -n", "LimitNOFILE=");
		assertThat(process.line("create")).contains("MappingException", "/created'", "EMFILE");
		assertThat(process.line("in-memory file")).contains("MappingException", "EMFILE", "ulimit -n");
		assertThat(process.line("created is there")).isEqualTo("false");
		assertThat(process.line("map afterwards")).isEqualTo("succeeded");
		assertThat(process.line("left open")).isEqualTo("[]");
	}

	@Test
	@Fault("descriptors-exhausted-in-reload")
	void aReloadFailsAndWhatWasMappedBeforeStaysUntilTheNext() {
		assertThat(process.line("reload")).contains("MappingException", "/declared'", "EMFILE", "ulimit -n");
		assertThat(process.line("content")).isEqualTo("1");
		assertThat(process.line("warning"))
			.contains("could not be reloaded, so that the content before is still in use");
		assertThat(process.line("reload afterwards")).isEqualTo("succeeded");
		assertThat(process.line("content afterwards")).isEqualTo("2");
	}

	@Test
	@Fault("descriptors-exhausted-for-watch")
	void filesAreLookedAtFromTimeToTimeWhenTheyCannotBeWatched() {
		assertThat(process.output()).contains("Files of declared mappings are looked at every PT0.3S", "EMFILE",
				"sysctl fs.inotify.max_user_instances", "ulimit -n");
		assertThat(process.line("truncated")).isEqualTo("true");
	}

	/**
	 * What the process runs.
	 */
	static final class Main {

		public static void main(String[] args) throws Exception {
			Path directory = Path.of(args[0]);
			Path declared = write(directory, "declared", 1);
			Path words = write(directory, "words", 1);
			Path watched = write(directory, "watched", 1);
			PrintStream out = System.out;
			System.setOut(new PrintStream(OutputStream.nullOutputStream()));
			loadClasses(write(directory, "loaded", 1));
			System.setOut(out);
			try (MappingRegistry registry = MappingRegistry.builder()
				.declare("declared", MappingSpec.file(declared).build())
				.build(); RandomAccessFile truncated = new RandomAccessFile(watched.toFile(), "rw")) {
				write(directory, "declared", 2);
				MappingRegistry watching = MappingRegistry.builder()
					.truncationCheckInterval(Duration.ofMillis(300))
					.declare("watched", MappingSpec.file(watched).build())
					.build();
				List<FileInputStream> others = openAll(words);
				try (watching; CapturedLog log = new CapturedLog()) {
					whileNoneIsFree(registry, directory, words);
					truncated.setLength(0);
					System.out.println("truncated: " + isTruncated(log, "watched"));
				}
				for (FileInputStream other : others) {
					other.close();
				}
				Trial.tell("map afterwards", () -> registry.map(MappingSpec.file(words).build()).close());
				Trial.tell("reload afterwards", () -> registry.reload("declared"));
				System.out.println("content afterwards: " + registry.get("declared").segment().get(JAVA_BYTE, 0));
			}
			System.out.println("left open: " + ProcessMaps.descriptors(directory.resolve("words")));
		}

		private static void whileNoneIsFree(MappingRegistry registry, Path directory, Path words) {
			Path created = directory.resolve("created");
			Trial.tell("map", () -> registry.map(MappingSpec.file(words).build()));
			Trial.tell("create", () -> registry
				.map(MappingSpec.file(created).access(MappingAccess.READ_WRITE).length(5000).create(true).build()));
			System.out.println("created is there: " + Files.exists(created));
			Trial.tell("in-memory file", () -> registry.map(MappingSpec.inMemoryFile("memory", 5000).build()));
			Trial.tell("reload", () -> registry.reload("declared"));
			System.out.println("content: " + registry.get("declared").segment().get(JAVA_BYTE, 0));
			System.out.println("warning: " + registry.warnings());
		}

		private static Path write(Path directory, String name, int content) throws IOException {
			Path next = Files.write(directory.resolve("next"), new byte[] { (byte) content, 0, 0 });
			return Files.move(next, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
		}

		/**
		 * Have everything loaded that is needed later: to read a class takes a
		 * descriptor.
		 */
		private static void loadClasses(Path file) throws IOException, InterruptedException {
			FaultySystemCalls calls = new FaultySystemCalls();
			try (MappingRegistry registry = new DefaultMappingRegistryBuilder()
				.mapper(new NativeMapper(calls.proxy(), "for a test"))
				.declare("declared", MappingSpec.file(file).build())
				.truncationCheckInterval(Duration.ofMillis(1))
				.build();
					CapturedLog log = new CapturedLog();
					RandomAccessFile truncated = new RandomAccessFile(file.toFile(), "rw")) {
				for (String call : List.of("open", "openWithoutLinks", "memfdCreate", "inotify")) {
					calls.failOnce(call, Errno.EMFILE);
				}
				Trial.tell("load", () -> registry.reload("declared"));
				whileNoneIsFree(registry, file.getParent().resolve("none"), file);
				truncated.setLength(0);
				isTruncated(log, "declared");
			}
		}

		private static List<FileInputStream> openAll(Path file) {
			List<FileInputStream> open = new ArrayList<>();
			try {
				while (true) {
					open.add(new FileInputStream(file.toFile()));
				}
			}
			catch (IOException ex) {
				return open;
			}
		}

		private static boolean isTruncated(CapturedLog log, String name) throws InterruptedException {
			long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
			while (System.nanoTime() < end) {
				if (log.messages(Level.ERROR).stream().anyMatch((message) -> message.contains("'" + name + "'"))) {
					return true;
				}
				Thread.sleep(10);
			}
			return false;
		}

	}

}
