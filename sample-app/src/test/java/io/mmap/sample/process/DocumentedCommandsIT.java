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

package io.mmap.sample.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.mmap.testsupport.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The commands of README.md and of the one of this module do what these say, typed into a
 * shell.
 */
@Timeout(180)
class DocumentedCommandsIT {

	private static final Path ROOT = Path.of("..");

	private static final Pattern BLOCK = Pattern.compile("^```(?:shell|console)\\n(.*?)^```$",
			Pattern.MULTILINE | Pattern.DOTALL);

	@TempDir
	Path directory;

	@BeforeEach
	void requireCurl() {
		Requirement.check(Stream.of(System.getenv("PATH").split(":"))
			.anyMatch((path) -> Files.isExecutable(Path.of(path, "curl"))), "curl");
	}

	@Test
	void theyAreAnsweredAndReplaceTheDictionary() throws Exception {
		List<String> blocks = blocks("sample-app/README.md");
		List<String> start = blocks.get(blocks.size() - 2).lines().toList();
		List<String> replace = commands(blocks.getLast());
		for (String command : start.subList(0, start.size() - 1)) {
			run(command, "");
		}
		List<String> java = List.of(start.getLast().replace("/tmp/dictionary", dictionary()).split(" "));
		Path jar = Path.of(System.getProperty("sample.jar"));
		assertThat(java.subList(0, 3)).containsExactly("java", "-jar", "sample-app/target/" + jar.getFileName());
		try (SampleProcess application = SampleProcess.startJar(jar, this.directory, this.directory.resolve("data"),
				java.subList(3, java.size()).toArray(String[]::new))) {
			List<String> requests = Stream.of("README.md", "sample-app/README.md")
				.flatMap((page) -> blocks(page).stream())
				.flatMap((block) -> commands(block).stream())
				.filter((command) -> command.startsWith("curl "))
				.toList();
			assertThat(requests).hasSizeGreaterThan(8);
			for (String request : requests) {
				assertThat(run(request, application.origin())).as(request).isNotEmpty();
			}
			String look = replace.getLast();
			assertThat(run(look, application.origin())).contains("sloping land").doesNotContain("SLOPING LAND");
			for (String command : replace.subList(0, replace.size() - 1)) {
				run(command, "");
			}
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(run(look, application.origin())).contains("SLOPING LAND"));
		}
	}

	private String dictionary() {
		return this.directory.resolve("dictionary").toString();
	}

	private static List<String> blocks(String page) {
		try {
			return BLOCK.matcher(Files.readString(ROOT.resolve(page)))
				.results()
				.map((match) -> match.group(1))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> commands(String block) {
		return block.lines().filter((line) -> line.startsWith("$ ")).map((line) -> line.substring(2)).toList();
	}

	/**
	 * Run a command in the directory of the project, and return what it has written.
	 */
	private String run(String command, String origin) throws IOException, InterruptedException {
		String line = command.replace("/tmp/dictionary", dictionary())
			.replaceFirst("^curl ", "curl --fail --silent --show-error --max-time 30 ")
			.replace("localhost:8080", origin);
		Path output = this.directory.resolve("output");
		Process process = new ProcessBuilder("sh", "-c", line).directory(ROOT.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(line).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		String written = Files.readString(output, StandardCharsets.UTF_8);
		assertThat(process.exitValue()).as("%s: %s", line, written).isZero();
		return written;
	}

}
