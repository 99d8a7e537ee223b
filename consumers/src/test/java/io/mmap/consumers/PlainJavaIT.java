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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A program without Spring.
 */
@Timeout(300)
class PlainJavaIT {

	private static final Consumer CONSUMER = Consumer.named("plain-java");

	private static String classPath() throws Exception {
		return Files.readString(CONSUMER.directory().resolve("target/class-path.txt")).strip();
	}

	@Test
	void needsTheLibraryTheApiOfCommonsLoggingAndAnnotations() throws Exception {
		List<String> names = Stream.of(classPath().split(File.pathSeparator))
			.map((jar) -> Path.of(jar).getFileName().toString().replaceFirst("-\\d.*", ""))
			.toList();
		assertThat(names).containsExactlyInAnyOrder("mmap-spring-boot-autoconfigure", "commons-logging", "jspecify");
	}

	@Test
	void mapsAndEnds(@TempDir Path directory) throws Exception {
		run(directory, "jdk");
	}

	@Test
	void mapsNatively(@TempDir Path directory) throws Exception {
		run(directory, "native", "--enable-native-access=ALL-UNNAMED");
	}

	private static void run(Path directory, String mapper, String... options) throws Exception {
		Mapped.create(directory);
		String classPath = Packaged.of(CONSUMER).jar() + File.pathSeparator + classPath();
		String[] words = Stream
			.concat(Stream.of(options), Stream.of("-cp", classPath, "com.example.hello.Hello", "hello.txt"))
			.toArray(String[]::new);
		ConsumerProcess process = ConsumerProcess.run(directory, words);
		assertThat(process.exitCode()).as(process.toString()).isZero();
		assertThat(process.output()).contains("Mapped: " + Mapped.CONTENT)
			.containsIgnoringCase("Mapper: " + mapper)
			.doesNotContain("LEAK:");
		assertThat(process.errors()).doesNotContain("WARNING", "LEAK:");
	}

}
