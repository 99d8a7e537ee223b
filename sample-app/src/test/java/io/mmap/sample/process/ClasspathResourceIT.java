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
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Resources inside of an executable jar, and of the jars in it, are mapped.
 */
@Timeout(120)
class ClasspathResourceIT {

	private static final Path CLASSES = Path.of("target", "classes");

	private static final String IN_A_LIBRARY = "org/springframework/boot/logging/java/logging.properties";

	@TempDir
	Path directory;

	@Test
	void theyAreMappedWithAllTheirBytes() throws Exception {
		Map<String, Long> expected = new TreeMap<>();
		expected.put("own", Files.size(CLASSES.resolve("static/index.html")));
		expected.put("library", lengthInALibrary());
		expected.put("set", lengthOfFiles(CLASSES.resolve("static/app")));
		Path jar = Path.of(System.getProperty("sample.jar"));
		try (SampleProcess application = SampleProcess.startJar(jar, this.directory, this.directory.resolve("data"),
				"--mmap.mappings.own.location=classpath:static/index.html",
				"--mmap.mappings.library.location=classpath:" + IN_A_LIBRARY,
				"--mmap.mappings.set.location=classpath:static/app/*.js")) {
			Map<String, Long> mapped = new TreeMap<>();
			JsonNode names = JsonMapper.shared().readTree(application.get("/actuator/mmap")).path("names");
			for (JsonNode name : names.values()) {
				mapped.put(name.path("name").asString(), name.path("mapped").asLong());
			}
			assertThat(mapped).containsAllEntriesOf(expected);
		}
	}

	private static long lengthInALibrary() throws IOException {
		try (InputStream content = Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(IN_A_LIBRARY))) {
			return content.readAllBytes().length;
		}
	}

	private static long lengthOfFiles(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.mapToLong((file) -> file.toFile().length()).sum();
		}
	}

}
