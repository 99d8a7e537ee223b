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

package io.mmap.sample.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

import io.mmap.sample.wordnet.SecondEdition;
import io.mmap.sample.wordnet.WordNetFiles;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that another dictionary is noticed without anybody saying so.
 */
@SpringBootTest
@AutoConfigureMockMvc
@DirtiesContext
class DictionaryWatchTests {

	@TempDir
	static Path directory;

	@Autowired
	private MockMvcTester mvc;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("sample.dictionary", () -> directory.resolve("current").toString());
		registry.add("sample.data", () -> directory.resolve("data").toString());
		registry.add("mmap.reload.check-interval", () -> "50ms");
		registry.add("mmap.reload.quiet-period", () -> "100ms");
	}

	@BeforeAll
	static void writeBothEditions() throws IOException {
		FileSystemUtils.copyRecursively(WordNetFiles.DICTIONARY, directory.resolve("edition-0"));
		SecondEdition.write(directory.resolve("edition-1"));
		link("edition-0");
	}

	private static void link(String target) throws IOException {
		Path link = Files.createSymbolicLink(directory.resolve("new"), Path.of(target));
		Files.move(link, directory.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
	}

	@Test
	void anExchangedLinkIsFollowed() throws IOException {
		assertThat(this.mvc.get().uri("/words/bank")).bodyText().doesNotContain(SecondEdition.MARK);
		link("edition-1");
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.mvc.get().uri("/words/bank")).bodyText().contains(SecondEdition.MARK));
	}

}
