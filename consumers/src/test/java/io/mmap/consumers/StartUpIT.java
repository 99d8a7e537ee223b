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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long the application with MVC and Actuator takes to start. That is reported, and
 * not judged.
 */
@Timeout(600)
class StartUpIT {

	private static final int RUNS = 3;

	private static final Pattern STARTED = Pattern.compile("\\(process running for ([0-9.]+)\\)");

	@TempDir
	Path directory;

	@Test
	void isReported() throws Exception {
		Packaged application = Packaged.of(Consumer.named("webmvc-actuator"));
		Mapped.create(this.directory);
		String jar = application.extract(this.directory);
		Path cache = application.train(Files.createDirectory(this.directory.resolve("trained")), jar);
		String aot = "-Dspring.aot.enabled=true";
		Path aotCache = application.train(Files.createDirectory(this.directory.resolve("trained-aot")), jar, aot);

		Map<String, List<String>> ways = new LinkedHashMap<>();
		ways.put("executable jar", List.of("-jar", application.jar()));
		ways.put("extracted", List.of("-jar", jar));
		ways.put("extracted, AOT-processed", List.of(aot, "-jar", jar));
		ways.put("extracted, AOT cache", List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on", "-jar", jar));
		ways.put("extracted, AOT-processed, AOT cache",
				List.of("-XX:AOTCache=" + aotCache, "-XX:AOTMode=on", aot, "-jar", jar));

		Map<String, List<Double>> seconds = new LinkedHashMap<>();
		// One round after another: what else the machine does meets all of them
		for (int run = 0; run < RUNS; run++) {
			for (Map.Entry<String, List<String>> way : ways.entrySet()) {
				seconds.computeIfAbsent(way.getKey(), (name) -> new ArrayList<>()).add(startUp(way.getValue()));
			}
		}
		report(seconds);
	}

	private double startUp(List<String> words) throws Exception {
		try (ConsumerProcess process = ConsumerProcess.start(this.directory, words.toArray(String[]::new))) {
			Matcher started = STARTED.matcher(process.output());
			assertThat(started.find()).as(process.toString()).isTrue();
			return Double.parseDouble(started.group(1));
		}
	}

	private static void report(Map<String, List<Double>> seconds) throws Exception {
		Stream<String> lines = seconds.entrySet()
			.stream()
			.map((way) -> "%-36s %6.2f s".formatted(way.getKey(),
					way.getValue().stream().sorted().toList().get(RUNS / 2)));
		String report = "Until the application has started, median of %d:%n%s%n".formatted(RUNS,
				String.join(System.lineSeparator(), lines.toList()));
		System.out.print(report);
		Files.writeString(Path.of(Consumer.property("consumers.directory")).resolveSibling("start-up.txt"), report);
	}

}
