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

package io.mmap.sample.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

import io.mmap.LeakCause;
import io.mmap.MappingPreload;
import io.mmap.MappingRegistry;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.Requirement;
import io.mmap.sample.wordnet.WordNetFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MockMvcTester.MockMvcRequestBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the buttons of the page, and of who may press them.
 */
@SpringBootTest
@AutoConfigureMockMvc
@DirtiesContext
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs the native mapper")
class DemoControllerTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@TempDir
	static Path data;

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private MappingRegistry registry;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("sample.data", data::toString);
		registry.add("mmap.reload.check-interval", () -> "50ms");
		registry.add("mmap.reload.quiet-period", () -> "100ms");
	}

	private MockMvcRequestBuilder press(String button) {
		return this.mvc.post().uri("/demo/" + button).contentType(MediaType.APPLICATION_JSON);
	}

	private long resident() {
		return this.registry.set("dictionary")
			.mappings()
			.stream()
			.map((mapping) -> mapping.residency().resident())
			.filter(Objects::nonNull)
			.mapToLong(Long::longValue)
			.sum();
	}

	@Test
	void leakIsFoundWithItsLine() {
		long leaks = leaks();
		assertThat(press("leak")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.message")
			.asString()
			.endsWith(" of 1.0 MiB was dropped, found by the garbage collector, and given back to the system.");
		assertThat(leaks()).isEqualTo(leaks + 1);
		assertThat(this.registry.leaks().getFirst().mapping().createdBy()).contains("LeakMaker.java:");
	}

	private long leaks() {
		return this.registry.statistics()
			.stream()
			.mapToLong((statistics) -> statistics.leaks(LeakCause.GARBAGE_COLLECTED))
			.sum();
	}

	@Test
	void dictionaryIsReplacedAndComesBack() throws IOException {
		byte[] unpacked = Files.readAllBytes(WordNetFiles.DICTIONARY.resolve("data.noun"));
		assertThat(press("replace")).hasStatusOk().bodyText().contains("The second edition is in place");
		awaitDefinition("Sloping land (especially");
		assertThat(press("replace")).hasStatusOk().bodyText().contains("The first edition is in place again");
		awaitDefinition("sloping land (especially");
		assertThat(this.registry.warnings()).isEmpty();
		assertThat(WordNetFiles.DICTIONARY.resolve("data.noun")).hasBinaryContent(unpacked);
	}

	private void awaitDefinition(String start) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.mvc.get().uri("/words/bank")).bodyJson()
				.extractingPath("$.senses[0].definition")
				.asString()
				.startsWith(start));
	}

	@Test
	void pagesAreTakenOutOfMemory() throws IOException {
		Requirement.check(!Files.getFileStore(data).type().equals("tmpfs"),
				"a temporary directory on a file system whose pages can be evicted");
		// Of a copy, which no other process has mapped
		press("replace").exchange();
		awaitDefinition("Sloping land (especially");
		this.registry.set("dictionary").mappings().forEach(MemoryMapping::prefault);
		long before = resident();
		assertThat(press("evict")).hasStatusOk().bodyText().contains("Evicted: ");
		assertThat(resident()).isLessThan(before);
		press("replace").exchange();
		awaitDefinition("sloping land (especially");
	}

	@Test
	void pagesAreBroughtIntoMemoryInTheBackground() {
		assertThat(press("preload")).hasStatusOk().bodyText().contains("Preload started: ");
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.registry.preloads()).hasSize(8)
				.allMatch((preload) -> preload.state() == MappingPreload.State.COMPLETED));
	}

	@Test
	void filesOfTheDictionaryAreNamed() {
		assertThat(this.mvc.get().uri("/demo/files")).bodyJson().isStrictlyEqualTo("""
				{ "dictionary.1": "data.adj", "dictionary.2": "data.adv", "dictionary.3": "data.noun",
				"dictionary.4": "data.verb", "dictionary.5": "index.adj", "dictionary.6": "index.adv",
				"dictionary.7": "index.noun", "dictionary.8": "index.verb" }""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "cross-site", "same-site", "none" })
	void anotherSiteIsRefused(String site) {
		assertThat(press("leak").header("Sec-Fetch-Site", site)).hasStatus(HttpStatus.FORBIDDEN)
			.bodyJson()
			.extractingPath("$.detail")
			.isEqualTo("Only the page itself may ask for this");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://example.org", "http://localhost:81", "https://localhost", "null" })
	void anotherOriginIsRefused(String origin) {
		assertThat(press("leak").header(HttpHeaders.ORIGIN, origin)).hasStatus(HttpStatus.FORBIDDEN);
	}

	@Test
	void pageItselfIsLetThrough() {
		assertThat(
				press("preload").header("Sec-Fetch-Site", "same-origin").header(HttpHeaders.ORIGIN, "http://localhost"))
			.hasStatusOk();
		assertThat(press("preload").header(HttpHeaders.ORIGIN, "http://localhost")).hasStatusOk();
	}

	@ParameterizedTest
	@ValueSource(strings = { "leak", "replace", "evict", "preload" })
	void whatAFormCouldSendIsRefused(String button) {
		assertThat(this.mvc.post().uri("/demo/" + button).contentType(MediaType.APPLICATION_FORM_URLENCODED))
			.hasStatus(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
		assertThat(this.mvc.post().uri("/demo/" + button).contentType(MediaType.TEXT_PLAIN).content("{}"))
			.hasStatus(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "leak", "replace", "evict", "preload" })
	void nothingHappensByLookingAtAnAddress(String button) {
		assertThat(this.mvc.get().uri("/demo/" + button)).hasStatus(HttpStatus.METHOD_NOT_ALLOWED);
	}

	@Test
	void pageAndAnswersLetNothingInFromElsewhere() {
		for (String uri : Set.of("/index.html", "/words/bank", "/actuator/mmap")) {
			assertThat(this.mvc.get().uri(uri)).hasStatusOk()
				.headers()
				.hasValue("Content-Security-Policy",
						"default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
								+ "frame-ancestors 'none'")
				.hasValue("X-Content-Type-Options", "nosniff");
		}
	}

}
