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

package io.mmap.autoconfigure;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.MappingClosedException;
import io.mmap.MappingLease;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.Requirement;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Mappings that are acted upon over HTTP.
 */
@ParameterizedClass(name = "{0}")
@EnumSource
@ExtendWith(NothingLeftBehind.class)
class MmapEndpointActionHttpTests {

	private static final String GEOIP = "/actuator/mmap/geoip";

	private static final int LENGTH = 40_000;

	@Parameter
	WebApplication.Stack stack;

	@TempDir
	Path directory;

	private Path geoip;

	private WebApplication application;

	@BeforeEach
	void start() throws IOException {
		this.geoip = Files.write(this.directory.resolve("geoip.bin"), new byte[LENGTH]);
		try (FileChannel channel = FileChannel.open(this.geoip, StandardOpenOption.WRITE)) {
			// Clean, so that it can be evicted
			channel.force(true);
		}
		Path counters = Files.write(this.directory.resolve("counters.bin"), new byte[LENGTH]);
		this.application = WebApplication.ofOperators(this.stack, "mmap.shutdown.drain-timeout=100ms",
				"mmap.mappings.geoip.location=" + this.geoip, "mmap.mappings.counters.location=" + counters,
				"mmap.mappings.counters.access=read-write", "spring.web.error.include-message=always");
	}

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void pagesAreEvictedAndPreloaded() throws IOException {
		Requirement.checkOnDisk(this.directory);
		MemoryMapping mapping = this.application.registry().get("geoip");
		mapping.prefault();
		assertDone(act("evict"), "done");
		assertThat(mapping.residency().resident()).isLessThan(LENGTH);
		assertDone(act("preload"), "started");
		await().untilAsserted(() -> assertThat(mapping.residency().resident()).isEqualTo(LENGTH));
	}

	@Test
	void changesAreFlushed() throws IOException {
		this.application.registry().get("counters").segment().set(JAVA_BYTE, 5, (byte) 42);
		HttpResponse<String> response = this.application.post("/actuator/mmap/counters", "{\"action\":\"flush\"}");
		assertDone(response, "done");
		assertThat(WebApplication.json(response).propertyNames()).containsExactly("name", "action", "outcome");
		assertThat(Files.readAllBytes(this.directory.resolve("counters.bin"))[5]).isEqualTo((byte) 42);
	}

	@Test
	void aMappingIsReloadedOrNot() throws IOException {
		assertDone(act("reload"), "done");
		assertThat(this.application.registry().mappings().getFirst().generation()).isEqualTo(2);
		Files.delete(this.geoip);
		HttpResponse<String> response = act("reload");
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(WebApplication.json(response).at("/outcome").asString()).isEqualTo("failed");
		assertThat(WebApplication.json(response).at("/errno").asInt()).isEqualTo(2);
		assertThat(response.body()).doesNotContain(this.directory.toString());
		assertThat(this.application.registry().mappings().getFirst().generation()).isEqualTo(2);
	}

	@Test
	void adviceIsGiven() {
		assertDone(this.application.post(GEOIP, "{\"action\":\"advise\",\"advice\":\"random\"}"), "done");
		assertBadRequest("{\"action\":\"advise\",\"advice\":\"listen\"}", "There is no advice 'listen': use one of");
		assertBadRequest("{\"action\":\"advise\"}", "'advice' must be known");
		assertBadRequest("{\"action\":\"flush\",\"advice\":\"random\"}", "'advice' must be left out");
	}

	@Test
	void whatIsNoActionIsABadRequest() {
		assertBadRequest("{\"action\":\"explode\"}",
				"'action' must be one of flush, preload, reload, advise, evict, but is 'explode'");
		assertBadRequest("{}", "");
		assertThat(this.application.post(GEOIP, "").statusCode()).isEqualTo(400);
		assertThat(this.application.post(GEOIP, "{").statusCode()).isEqualTo(400);
		assertThat(this.application.post(GEOIP, "[]").statusCode()).isEqualTo(400);
	}

	@Test
	void anAdHocMappingIsUnmapped() {
		MemoryMapping mapping = map();
		String path = "/actuator/mmap/" + mapping.name();
		assertDone(this.application.delete(path), "done");
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(mapping::segment);
		assertThat(this.application.delete(path).statusCode()).isEqualTo(404);
		assertThat(this.application.get(path).statusCode()).isEqualTo(404);
	}

	@Test
	void whatIsDeclaredIsNotUnmapped() {
		assertConflict(this.application.delete(GEOIP));
		assertThat(this.application.registry().get("geoip").length()).isEqualTo(LENGTH);
	}

	@Test
	void whatIsInUseIsNotUnmapped() {
		try (MemoryMapping mapping = map(); MappingLease lease = mapping.acquire()) {
			long start = System.nanoTime();
			assertConflict(this.application.delete("/actuator/mmap/" + mapping.name()));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
			assertThat(lease.segment().get(JAVA_BYTE, 0)).isZero();
		}
	}

	@Test
	void whatCannotBeDoneIsAConflict() {
		assertConflict(this.application.post("/actuator/mmap/counters", "{\"action\":\"reload\"}"));
		assertConflict(act("flush"));
	}

	@Test
	void whatIsUnknownIsNotFound() {
		assertThat(this.application.post("/actuator/mmap/unknown", "{\"action\":\"flush\"}").statusCode())
			.isEqualTo(404);
		assertThat(this.application.delete("/actuator/mmap/unknown").statusCode()).isEqualTo(404);
	}

	private MemoryMapping map() {
		return this.application.registry().map(MappingSpec.file(this.geoip).build());
	}

	private HttpResponse<String> act(String action) {
		return this.application.post(GEOIP, "{\"action\":\"" + action + "\"}");
	}

	private static void assertDone(HttpResponse<String> response, String outcome) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		assertThat(WebApplication.json(response).at("/outcome").asString()).isEqualTo(outcome);
	}

	private void assertConflict(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(409);
		assertThat(WebApplication.json(response).at("/outcome").asString()).isEqualTo("refused");
		assertThat(response.body()).doesNotContain(this.directory.toString());
	}

	private void assertBadRequest(String json, String message) {
		HttpResponse<String> response = this.application.post(GEOIP, json);
		assertThat(response.statusCode()).as(json).isEqualTo(400);
		assertThat(WebApplication.json(response).at("/message").asString()).contains(message);
	}

}
