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

package io.mmap.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.test.MappingLeakExtension;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.PlantedTests;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The test of {@code docs/testing.md} is the one below, between the tags, and fails with
 * the message that is shown there.
 */
@ExtendWith(NothingLeftBehind.class)
class TestingPageTests {

	private static Path file = Path.of("");

	private static MappingRegistry registry = MappingRegistry.builder().build();

	@BeforeEach
	void openRegistry(@TempDir Path directory) throws IOException {
		file = Files.write(directory.resolve("index.bin"), new byte[4096]);
		registry = MappingRegistry.builder().build();
	}

	@AfterEach
	void closeRegistry() {
		registry.close();
	}

	@Test
	void itFailsWithTheMessageOfThePage() {
		Map<String, Throwable> failures = PlantedTests.failures(IndexTests.class);
		assertThat(failures).hasSize(1);
		String message = String.valueOf(failures.values().iterator().next().getMessage());
		assertThat(Page.of("docs/testing.md").blocks("text")).singleElement()
			.asString()
			.isEqualToNormalizingWhitespace(message.replace(file.toString(), "/data/index.bin")
				.replaceAll("io\\.mmap\\.docs\\.TestingPageTests\\$(.*)\\(.*:\\d+\\)",
						"com.acme.$1(IndexTests.java:42)"));
	}

	// tag::testing-test[]
	@ExtendWith(MappingLeakExtension.class)
	static class IndexTests {

		@Test
		void isOnePageLong() {
			MemoryMapping index = registry.map(MappingSpec.file(file).label("index").build());
			assertThat(index.length()).isEqualTo(4096);
		}

	}
	// end::testing-test[]

}
