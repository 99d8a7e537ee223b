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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.mmap.sample.wordnet.WordNetFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the executable jar, started from a directory that has nothing to do with it.
 */
@Timeout(120)
class ExecutableJarIT {

	@TempDir
	static Path directory;

	private static SampleProcess application;

	@BeforeAll
	static void start() throws Exception {
		Path jar = Path.of(System.getProperty("sample.jar"));
		application = SampleProcess.startJar(jar, directory, directory.resolve("data"));
	}

	@AfterAll
	static void stop() {
		if (application != null) {
			application.close();
		}
	}

	private static JsonNode get(String uri) throws Exception {
		return JsonMapper.shared().readTree(application.get(uri));
	}

	/**
	 * Return the mapped files by the name of their mapping.
	 */
	private static Map<String, Path> files() {
		Map<String, Path> files = new TreeMap<>();
		int number = 1;
		// Members of a set are numbered in the order of their keys
		for (String file : List.of("data.adj", "data.adv", "data.noun", "data.verb", "index.adj", "index.adv",
				"index.noun", "index.verb")) {
			files.put("dictionary." + number++, WordNetFiles.DICTIONARY.resolve(file));
		}
		files.put("counters", directory.resolve("data/counters.bin"));
		return files;
	}

	private static long totalSize() throws IOException {
		long total = 0;
		for (Path file : files().values()) {
			total += Files.size(file);
		}
		return total;
	}

	@Test
	void startsWithoutAWarning() {
		assertThat(application.output()).noneMatch((line) -> line.contains("WARNING:"))
			.noneMatch((line) -> line.contains(" WARN ") || line.contains(" ERROR "))
			.noneMatch((line) -> line.contains("OpenJDK 64-Bit Server VM warning"));
	}

	@Test
	void usesTheNativeMapper() throws Exception {
		assertThat(get("/actuator/mmap").path("mapper").path("type").asString()).isEqualToIgnoringCase("native");
	}

	@Test
	void servesTheDictionary() throws Exception {
		assertThat(get("/words/bank").path("senses").size()).isEqualTo(18);
		assertThat(get("/words/hot_dog").path("senses").size()).isEqualTo(3);
	}

	@Test
	void endpointListsAllMappingsWithTheSizesOfTheirFiles() throws Exception {
		Map<String, Long> expected = new TreeMap<>();
		for (Map.Entry<String, Path> file : files().entrySet()) {
			expected.put(file.getKey(), Files.size(file.getValue()));
		}
		JsonNode body = get("/actuator/mmap");
		Map<String, Long> actual = new TreeMap<>();
		for (JsonNode mapping : body.path("mappings").values()) {
			actual.put(mapping.path("name").asString(), mapping.path("length").asLong());
		}
		assertThat(actual).isEqualTo(expected);
		assertThat(body.path("totals").path("mapped").asLong()).isEqualTo(totalSize());
	}

	@Test
	void meterGivesTheSizesOfTheFiles() throws Exception {
		JsonNode measurements = get("/actuator/metrics/mmap.mapped").path("measurements");
		assertThat(measurements.size()).isEqualTo(1);
		assertThat(measurements.path(0).path("value").asDouble()).isEqualTo(totalSize());
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, disabledReason = "needs /proc")
	void processMapsTheWholePagesOfEachFileOnce() throws Exception {
		long pageSize = pageSize();
		List<MemoryRegion> regions = application.regions(WordNetFiles.DICTIONARY);
		assertThat(regions).hasSize(8);
		for (Map.Entry<String, Path> file : files().entrySet()) {
			long inode = MemoryRegion.inode(file.getValue());
			List<MemoryRegion> regionsOfFile = application.regions(file.getValue().getParent())
				.stream()
				.filter((region) -> region.inode() == inode)
				.toList();
			assertThat(regionsOfFile).as(file.getKey()).hasSize(1);
			assertThat(regionsOfFile.getFirst().bytes()).as(file.getKey())
				.isEqualTo(Math.ceilDiv(Files.size(file.getValue()), pageSize) * pageSize);
		}
	}

	private static long pageSize() throws Exception {
		Process process = new ProcessBuilder("getconf", "PAGESIZE").start();
		return Long.parseLong(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
	}

	@Test
	void infoHasTheVersionTheMapperAndCapabilities() throws Exception {
		JsonNode mmap = get("/actuator/info").path("mmap");
		assertThat(mmap.path("version").asString()).isEqualTo(version());
		assertThat(mmap.path("mapper").asString()).isEqualTo("native");
		assertThat(mmap.path("capabilities").path("mincore").asBoolean()).isTrue();
	}

	/**
	 * Return the version that is built, as the name of the executable jar has it.
	 */
	private static String version() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("target"))) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.matches("sample-app-.*\\.jar"))
				.map((name) -> name.substring("sample-app-".length(), name.length() - ".jar".length()))
				.findFirst()
				.orElseThrow();
		}
	}

	@Test
	void healthHasTheMappings() throws Exception {
		JsonNode mmap = get("/actuator/health").path("components").path("mmap");
		assertThat(mmap.path("status").asString()).isEqualTo("UP");
	}

}
