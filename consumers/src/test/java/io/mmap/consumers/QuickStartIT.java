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

package io.mmap.consumers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.mmap.consumers.QuickStartPage.Answer;
import io.mmap.consumers.QuickStartPage.Block;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does what the quick start says, from an empty directory, and compares the answers. What
 * it installs is where the other projects have it from, too.
 */
@Timeout(300)
class QuickStartIT {

	private static final String LEFT_OUT = "...";

	private static final QuickStartPage PAGE = read();

	@TempDir
	static Path directory;

	private static ConsumerProcess application;

	private static QuickStartPage read() {
		try {
			return QuickStartPage.read();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@BeforeAll
	static void followThePage() throws Exception {
		StringBuilder script = new StringBuilder("set -e\n");
		String start = "";
		for (Block block : PAGE.blocks()) {
			if (!block.file().isEmpty()) {
				script.append("cat > %s <<'END OF FILE'%n%sEND OF FILE%n".formatted(block.file(), block.text()));
			}
			else if (block.language().equals("shell") && !isPreparation(block)) {
				for (String line : block.text().lines().toList()) {
					if (line.startsWith("java -jar ")) {
						start = line;
					}
					else {
						script.append(line).append('\n');
					}
				}
			}
		}
		run(script.toString());
		application = ConsumerProcess.start(directory.resolve("hello"), start.substring("java ".length()).split(" "));
	}

	/**
	 * Return whether a block is for who has no JDK 25 or library yet.
	 */
	private static boolean isPreparation(Block block) {
		return block.text().startsWith("export ") || block.text().startsWith("mvn install ");
	}

	private static void run(String script) throws Exception {
		Path bin = Files.createDirectory(directory.resolve("bin"));
		Path maven = bin.resolve("mvn");
		// Without the network, and with what was downloaded for the project that has the
		// same files
		Files.writeString(maven, """
				#!/bin/sh
				exec '%s' -B -o -Dmaven.repo.local='%s' -Daether.enhancedLocalRepository.trackingFilename=none "$@"
				""".formatted(Path.of(Consumer.property("consumers.maven"), "bin/mvn"),
				Path.of(Consumer.property("consumers.repository"))));
		assertThat(maven.toFile().setExecutable(true)).isTrue();
		Path output = directory.resolve("output.txt");
		ProcessBuilder builder = new ProcessBuilder("bash", "-c", script).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		String javaHome = System.getProperty("java.home");
		builder.environment().put("JAVA_HOME", javaHome);
		builder.environment()
			.merge("PATH", bin + File.pathSeparator + javaHome + "/bin",
					(path, first) -> first + File.pathSeparator + path);
		Process process = builder.start();
		try {
			assertThat(process.waitFor(240, TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).as(Files.readString(output)).isZero();
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
		}
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
	}

	@Test
	void logsWhatThePageHas() throws Exception {
		List<Block> logged = PAGE.in("text");
		assertThat(logged).hasSize(2);
		assertThat(withoutTime(application.output())).contains(withoutTime(logged.getFirst().text()).lines().toList());
	}

	private static String withoutTime(String text) {
		return text.replaceAll("in \\d+\\.\\d ms", "in 0.0 ms");
	}

	@Test
	void answersWhatThePageHas() throws Exception {
		List<Answer> answers = PAGE.in("console").stream().flatMap((block) -> block.answers().stream()).toList();
		assertThat(answers).hasSize(4);
		for (Answer answer : answers) {
			String body = application.get(answer.uri());
			if (answer.text().startsWith("{")) {
				JsonMapper mapper = JsonMapper.shared();
				assertShown(answer.uri(), mapper.readTree(answer.text()), mapper.readTree(body));
			}
			else {
				assertThat(body).as(answer.uri()).isEqualTo(answer.text());
			}
		}
	}

	/**
	 * Expect all that is shown, and nothing else unless it is said that something is left
	 * out.
	 */
	private static void assertShown(String path, JsonNode shown, JsonNode actual) {
		if (shown.isObject()) {
			for (Map.Entry<String, JsonNode> property : shown.properties()) {
				if (!property.getKey().equals(LEFT_OUT)) {
					assertShown(path + " " + property.getKey(), property.getValue(), actual.path(property.getKey()));
				}
			}
			if (!shown.has(LEFT_OUT)) {
				assertThat(actual.propertyNames()).as(path).hasSameElementsAs(shown.propertyNames());
			}
		}
		else if (shown.isArray()) {
			assertThat(actual.size()).as(path).isEqualTo(shown.size());
			for (int index = 0; index < shown.size(); index++) {
				assertShown(path + " " + index, shown.get(index), actual.get(index));
			}
		}
		else {
			assertThat(actual).as(path).isEqualTo(shown);
		}
	}

}
