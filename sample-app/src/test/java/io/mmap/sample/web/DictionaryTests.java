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

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;

import io.mmap.MappingSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.BodyContentSpec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the dictionary over HTTP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class DictionaryTests {

	@TempDir
	static Path data;

	private static HttpClient http;

	private RestTestClient client;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("sample.data", data::toString);
		registry.add("server.address", () -> "127.0.0.1");
	}

	@BeforeAll
	static void openHttpClient() {
		http = HttpClient.newHttpClient();
	}

	@AfterAll
	static void closeHttpClient() {
		http.close();
	}

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = RestTestClient.bindToServer(new JdkClientHttpRequestFactory(http))
			.baseUrl("http://127.0.0.1:" + port)
			.build();
	}

	private BodyContentSpec get(String uri) {
		return this.client.get().uri(URI.create(uri)).exchange().expectStatus().isOk().expectBody();
	}

	private BodyContentSpec getProblem(String uri, HttpStatus status) {
		return this.client.get()
			.uri(URI.create(uri))
			.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo(status.value());
	}

	private long lookups(String uri) {
		Number[] lookups = new Number[1];
		get(uri).jsonPath("$.lookups").value(Number.class, (value) -> lookups[0] = value);
		return lookups[0].longValue();
	}

	private long total() {
		Number[] total = new Number[1];
		get("/counters").jsonPath("$.total").value(Number.class, (value) -> total[0] = value);
		return total[0].longValue();
	}

	@Test
	void bankHasEighteenSenses() {
		get("/words/bank").jsonPath("$.lemma")
			.isEqualTo("bank")
			.jsonPath("$.senses.length()")
			.isEqualTo(18)
			.jsonPath("$.senses[9].partOfSpeech")
			.isEqualTo("noun")
			.jsonPath("$.senses[10].partOfSpeech")
			.isEqualTo("verb")
			.jsonPath("$.senses[0].definition")
			.isEqualTo("sloping land (especially the slope beside a body of water)")
			.jsonPath("$.senses[0].examples[0]")
			.isEqualTo("they pulled the canoe up on the bank")
			.jsonPath("$.senses[1].synonyms[0]")
			.isEqualTo("depository financial institution")
			.jsonPath("$.senses[0].relations[0].relation")
			.isEqualTo("hypernym")
			.jsonPath("$.micros")
			.isNumber()
			.jsonPath("$.baseForms")
			.doesNotExist();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/words/hot_dog", "/words/hot%20dog", "/words/Hot%20Dog" })
	void hotDogHasThreeSenses(String uri) {
		get(uri).jsonPath("$.lemma").isEqualTo("hot dog").jsonPath("$.senses.length()").isEqualTo(3);
	}

	@Test
	void inflectedWordNamesItsBaseForm() {
		get("/words/geese").jsonPath("$.lemma")
			.isEqualTo("goose")
			.jsonPath("$.baseForms[0].lemma")
			.isEqualTo("goose")
			.jsonPath("$.baseForms[0].partOfSpeech")
			.isEqualTo("noun");
	}

	@Test
	void wordMayHaveASlash() {
		get("/words/km/h").jsonPath("$.lemma").isEqualTo("km/h");
	}

	@Test
	void adjectiveShowsItsMarkerAndWhetherItIsASatellite() {
		get("/words/former").jsonPath("$.senses[?(@.marker == 'prenominal position')]")
			.isNotEmpty()
			.jsonPath("$.senses[?(@.satellite == true)]")
			.isNotEmpty();
	}

	@Test
	void unknownWordIsAProblemWithStatus404() {
		getProblem("/words/xyzzyq", HttpStatus.NOT_FOUND).jsonPath("$.detail")
			.isEqualTo("'xyzzyq' is not in the dictionary");
	}

	@Test
	void emptyWordIsAProblemWithStatus404() {
		getProblem("/words/", HttpStatus.NOT_FOUND);
	}

	@Test
	void prefixListsWordsInOrder() {
		get("/words?prefix=banke&limit=3").jsonPath("$.words[*].lemma")
			.isEqualTo(List.of("banker", "banker's acceptance", "banker's bill"))
			.jsonPath("$.words[0].partsOfSpeech")
			.isEqualTo(List.of("noun"))
			.jsonPath("$.more")
			.isEqualTo(true);
	}

	@Test
	void prefixWithFewerWordsThanTheLimitHasNoMore() {
		get("/words?prefix=hot%20d").jsonPath("$.words.length()").isEqualTo(1).jsonPath("$.more").isEqualTo(false);
	}

	@Test
	void prefixWithAsManyWordsAsTheLimitHasNoMore() {
		get("/words?prefix=hot%20d&limit=1").jsonPath("$.words.length()")
			.isEqualTo(1)
			.jsonPath("$.more")
			.isEqualTo(false);
	}

	@Test
	void prefixOfNothingIsAnEmptyList() {
		get("/words?prefix=xyzzyq").jsonPath("$.words").isEmpty();
	}

	@Test
	void defaultLimitIsTwentyWords() {
		get("/words?prefix=b").jsonPath("$.words.length()").isEqualTo(20).jsonPath("$.words[0].lemma").isEqualTo("b");
	}

	@Test
	void largestLimitIsAThousandWords() {
		get("/words?prefix=b&limit=1000").jsonPath("$.words.length()").isEqualTo(1000);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "/words | Required parameter 'prefix' is not present.",
					"/words?prefix= | prefix must not be blank", "/words?prefix=%20 | prefix must not be blank",
					"/words?prefix=a&limit=0 | limit must be from 1 to 1000, but is 0",
					"/words?prefix=a&limit=-1 | limit must be from 1 to 1000, but is -1",
					"/words?prefix=a&limit=1001 | limit must be from 1 to 1000, but is 1001",
					"/words?prefix=a&limit=x | Failed to convert 'limit' with value: 'x'",
					"/counters?top=0 | top must be from 1 to 1000, but is 0" })
	void badInputIsAProblemWithStatus400(String uri, String detail) {
		getProblem(uri, HttpStatus.BAD_REQUEST).jsonPath("$.detail").isEqualTo(detail);
	}

	@Test
	void lookupIsCounted() {
		long total = total();
		long lookups = lookups("/words/zyrian");
		assertThat(lookups("/words/zyrian")).isEqualTo(lookups + 1);
		assertThat(total()).isEqualTo(total + 2);
	}

	@Test
	void inflectedAndCapitalizedFormsCountForTheBaseForm() {
		long lookups = lookups("/words/aardwolf");
		assertThat(lookups("/words/aardwolves")).isEqualTo(lookups + 1);
		assertThat(lookups("/words/AARDWOLF")).isEqualTo(lookups + 2);
	}

	@Test
	void wordThatIsNotInTheDictionaryIsNotCounted() {
		long total = total();
		getProblem("/words/xyzzyq", HttpStatus.NOT_FOUND);
		assertThat(total()).isEqualTo(total);
	}

	@Test
	void prefixQueryIsNotCounted() {
		long total = total();
		get("/words?prefix=bank");
		assertThat(total()).isEqualTo(total);
	}

	@Test
	void countersListTheWordsLookedUpMost() {
		for (int i = 0; i < 200; i++) {
			lookups("/words/zymurgy");
		}
		get("/counters?top=1").jsonPath("$.words.length()")
			.isEqualTo(1)
			.jsonPath("$.words[0].lemma")
			.isEqualTo("zymurgy")
			.jsonPath("$.words[0].lookups")
			.isEqualTo(200);
	}

	@Test
	void dictionaryFilesAreReadOnly(@Autowired @Qualifier("dictionary") MappingSet dictionary) {
		assertThat(dictionary.mappings()).hasSize(8).allMatch((file) -> file.segment().isReadOnly());
	}

}
