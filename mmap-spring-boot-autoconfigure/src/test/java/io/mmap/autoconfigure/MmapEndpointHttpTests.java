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
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A whole application, asked over HTTP.
 */
@ParameterizedClass(name = "{0}")
@EnumSource
@ExtendWith(NothingLeftBehind.class)
class MmapEndpointHttpTests {

	@Parameter
	WebApplication.Stack stack;

	@TempDir
	Path directory;

	private Path geoip;

	@BeforeEach
	void writeFile() throws IOException {
		this.geoip = Files.write(this.directory.resolve("geoip.bin"), new byte[10_000]);
	}

	@Test
	void everythingIsShown() {
		try (WebApplication application = start("mmap.mappings.geoip.location=" + this.geoip)) {
			JsonNode json = application.getJson("/actuator/mmap");
			assertThat(json.propertyNames()).containsExactly("mapper", "totals", "limits", "process", "capabilities",
					"leaks", "errors", "warnings", "preloads", "names", "selection", "mappings");
			assertThat(json.at("/mapper/type").asString()).isEqualTo("native");
			assertThat(json.at("/mapper/reason").asString()).isNotBlank();
			assertThat(json.at("/totals/mappings").isIntegralNumber()).isTrue();
			assertThat(json.at("/totals/mapped").isIntegralNumber()).isTrue();
			assertThat(json.at("/totals/mapped").asLong()).isEqualTo(10_000);
			assertThat(json.at("/limits/regions/max").isIntegralNumber()).isTrue();
			assertThat(Instant.parse(json.at("/process/sampledAt").asString())).isBefore(Instant.now());
			assertThat(json.at("/capabilities/all/0/available").isBoolean()).isTrue();
			assertThat(json.at("/leaks/count").isIntegralNumber()).isTrue();
			assertThat(json.at("/leaks/bytes").isIntegralNumber()).isTrue();
			assertThat(json.at("/leaks/latest").isArray()).isTrue();
			assertThat(json.at("/names/0/name").asString()).isEqualTo("geoip");
			assertThat(json.at("/selection/limit").asInt()).isEqualTo(100);
			assertThat(json.at("/mappings").isArray()).isTrue();
			assertThat(json.at("/mappings").size()).isEqualTo(1);
		}
	}

	@Test
	void aMappingIsShown() {
		try (WebApplication application = start("mmap.mappings.geoip.location=" + this.geoip)) {
			JsonNode json = application.getJson("/actuator/mmap/geoip?parts=3").at("/mappings/0");
			assertThat(json.at("/name").asString()).isEqualTo("geoip");
			assertThat(json.at("/owner").asString()).isEqualTo("declared");
			assertThat(json.at("/state").asString()).isEqualTo("mapped");
			assertThat(json.at("/source").asString()).isEqualTo("file");
			assertThat(json.at("/access").asString()).isEqualTo("read-only");
			assertThat(json.at("/protection").valueStream().map(JsonNode::asString)).containsExactly("read");
			assertThat(json.at("/offset").isIntegralNumber()).isTrue();
			assertThat(json.at("/length").isIntegralNumber()).isTrue();
			assertThat(json.at("/length").asLong()).isEqualTo(10_000);
			assertThat(Instant.parse(json.at("/mappedAt").asString())).isBefore(Instant.now());
			assertThat(json.at("/age").isNumber()).isTrue();
			assertThat(json.at("/residency/resident").isIntegralNumber()).isTrue();
			assertThat(json.at("/parts/resident").size()).isEqualTo(3);
			assertThat(json.has("creationStack")).isFalse();
		}
	}

	@Test
	void whatIsUnknownIsNullWithTheReason() {
		try (WebApplication application = start("mmap.mappings.geoip.location=" + this.geoip, "mmap.mapper=jdk")) {
			JsonNode details = application.getJson("/actuator/mmap/geoip?parts=2");
			JsonNode residency = details.at("/mappings/0/residency");
			assertThat(residency.get("resident").isNull()).isTrue();
			assertThat(residency.get("dirty").isNull()).isTrue();
			assertThat(residency.at("/reason").asString()).contains("--enable-native-access");
			assertThat(details.at("/mappings/0/parts/resident").valueStream()).hasSize(2).allMatch(JsonNode::isNull);
			assertThat(details.at("/statistics").get("resident").isNull()).isTrue();
			JsonNode all = application.getJson("/actuator/mmap");
			assertThat(all.at("/totals").get("resident").isNull()).isTrue();
			assertThat(all.at("/names/0").get("dirty").isNull()).isTrue();
		}
	}

	@Test
	void anAdHocMappingIsShownUnderItsId() {
		try (WebApplication application = start();
				MemoryMapping mapping = application.registry().map(MappingSpec.file(this.geoip).build())) {
			JsonNode json = application.getJson("/actuator/mmap/" + mapping.name()).at("/mappings/0");
			assertThat(json.at("/owner").asString()).isEqualTo("ad-hoc");
			assertThat(json.at("/createdBy").asString()).contains("MmapEndpointHttpTests.java:");
		}
	}

	@Test
	void mappingsAreListedAsTheParametersSay() {
		try (WebApplication application = start("mmap.mappings.geoip.location=" + this.geoip,
				"mmap.mappings.words.location=" + this.geoip);
				MemoryMapping mapping = application.registry().map(MappingSpec.anonymous(4096).build())) {
			assertThat(names(application, "")).containsExactly("geoip", "words", mapping.name());
			assertThat(names(application, "?limit=1")).containsExactly("geoip");
			assertThat(names(application, "?limit=0")).isEmpty();
			assertThat(names(application, "?name=wor")).containsExactly("words");
			assertThat(names(application, "?owner=ad-hoc")).containsExactly(mapping.name());
			assertThat(names(application, "?source=anonymous")).containsExactly(mapping.name());
			assertThat(names(application, "?state=detached")).isEmpty();
			assertThat(names(application, "?createdBy=MmapEndpointHttpTests")).containsExactly(mapping.name());
			assertThat(names(application, "?owner=declared&name=geo&state=mapped")).containsExactly("geoip");
		}
	}

	private static List<String> names(WebApplication application, String query) {
		return application.getJson("/actuator/mmap" + query)
			.at("/mappings")
			.valueStream()
			.map((mapping) -> mapping.at("/name").asString())
			.toList();
	}

	@Test
	void aParameterThatMakesNoSenseIsABadRequest() {
		try (WebApplication application = start("mmap.mappings.geoip.location=" + this.geoip,
				"spring.web.error.include-message=always")) {
			assertBadRequest(application, "/actuator/mmap?limit=1001",
					"'limit' must be a number from 0 to 1000, but is '1001'");
			assertBadRequest(application, "/actuator/mmap?limit=-1", "'limit'");
			assertBadRequest(application, "/actuator/mmap?limit=many", "");
			assertBadRequest(application, "/actuator/mmap?owner=me", "'owner' must be one of declared, ad-hoc");
			assertBadRequest(application, "/actuator/mmap?source=tape", "'source' must be one of file");
			assertBadRequest(application, "/actuator/mmap?state=gone", "'state' must be one of mapped");
			assertBadRequest(application, "/actuator/mmap/geoip?parts=0", "'parts' must be a number from 1 to 1024");
			assertBadRequest(application, "/actuator/mmap/geoip?limit=-1", "'limit'");
		}
	}

	private static void assertBadRequest(WebApplication application, String path, String message) {
		HttpResponse<String> response = application.get(path);
		assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(400);
		assertThat(WebApplication.json(response).at("/message").asString()).contains(message);
	}

	@Test
	void whatIsNoNameIsNotFoundWhateverItIsMadeOf() {
		try (WebApplication application = WebApplication.ofOperators(this.stack,
				"mmap.mappings.geoip.location=" + this.geoip)) {
			for (String name : List.of("unknown", "geoip%2Fetc", "..%2f..%2fetc", "%2e%2e%2f", "%22", "%27", "%00",
					"%25", "%C3%B1", "%F0%9F%92%A9", "geoip.1", "a".repeat(2_000), "%7B%7D", "*", "geoip;x=y/..", "-1",
					"ad-hoc-99999999999999999999", "geoip/parts")) {
				String path = "/actuator/mmap/" + name;
				assertThat(application.get(path).statusCode()).as("GET " + name).isIn(400, 404);
				assertThat(application.post(path, "{\"action\":\"flush\"}").statusCode()).as("POST " + name)
					.isIn(400, 404, 405);
				assertThat(application.delete(path).statusCode()).as("DELETE " + name).isIn(400, 404, 405);
			}
			assertThat(application.registry().find("geoip")).isPresent();
		}
	}

	@Test
	@Fault("change-over-http-with-read-only-access")
	void withoutUnrestrictedAccessNothingCanBeChanged() {
		try (WebApplication application = start("mmap.mappings.geoip.location=" + this.geoip)) {
			for (String method : List.of("POST", "PUT", "DELETE")) {
				HttpResponse<String> response = application.send(application.request("/actuator/mmap/geoip")
					.header("Content-Type", "application/json")
					.method(method, BodyPublishers.ofString("{\"action\":\"evict\"}")));
				assertThat(response.statusCode()).as(method).isEqualTo(405);
			}
			assertThat(application.registry().find("geoip")).isPresent();
		}
	}

	@Test
	@Fault("change-over-http-without-role")
	void withUnrestrictedAccessItTakesARoleToChangeAnything() {
		try (WebApplication application = start("mmap.mappings.geoip.location=" + this.geoip,
				"management.endpoint.mmap.access=unrestricted", "management.endpoint.mmap.roles=OPERATOR",
				"management.endpoint.mmap.show-values=always")) {
			HttpResponse<String> response = application.post("/actuator/mmap/geoip", "{\"action\":\"reload\"}");
			assertThat(response.statusCode()).isEqualTo(403);
			assertThat(WebApplication.json(response).at("/outcome").asString()).isEqualTo("refused");
			assertThat(WebApplication.json(response).at("/message").asString())
				.contains("management.endpoint.mmap.roles");
			assertThat(application.delete("/actuator/mmap/geoip").statusCode()).isEqualTo(403);
			assertThat(application.delete("/actuator/mmap/unknown").statusCode()).isEqualTo(403);
			assertThat(application.registry().mappings().getFirst().generation()).isOne();
		}
	}

	@Test
	void whatIsPermittedAtMostIsMoreThanWhatTheEndpointPermits() {
		try (WebApplication application = start("mmap.mappings.geoip.location=" + this.geoip,
				"management.endpoint.mmap.access=unrestricted",
				"management.endpoints.access.max-permitted=read-only")) {
			assertThat(application.get("/actuator/mmap/geoip").statusCode()).isEqualTo(200);
			assertThat(application.post("/actuator/mmap/geoip", "{\"action\":\"evict\"}").statusCode()).isEqualTo(405);
			assertThat(application.delete("/actuator/mmap/geoip").statusCode()).isEqualTo(405);
		}
	}

	@Test
	void theEndpointIsWhereItIsConfiguredToBe() {
		try (WebApplication application = start("mmap.mappings.geoip.location=" + this.geoip,
				"management.endpoints.web.base-path=/manage", "management.endpoints.web.path-mapping.mmap=memory")) {
			assertThat(application.getJson("/manage/memory").at("/totals/mapped").asLong()).isEqualTo(10_000);
			assertThat(application.getJson("/manage/memory/geoip").at("/name").asString()).isEqualTo("geoip");
			assertThat(application.get("/actuator/mmap").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void aMemberOfASetIsShownUnderItsIdWhichHasADot() throws IOException {
		Files.write(this.directory.resolve("second.bin"), new byte[100]);
		try (WebApplication application = WebApplication.ofOperators(this.stack,
				"mmap.mappings.all.location=" + this.directory + "/*.bin")) {
			JsonNode member = application.getJson("/actuator/mmap/all.2");
			assertThat(member.at("/kind").asString()).isEqualTo("set");
			assertThat(member.at("/mappings").size()).isEqualTo(1);
			assertThat(member.at("/mappings/0/length").asLong()).isEqualTo(100);
			assertThat(application.post("/actuator/mmap/all.2", "{\"action\":\"preload\"}").statusCode())
				.isEqualTo(200);
			assertThat(application.delete("/actuator/mmap/all.2").statusCode()).isEqualTo(409);
		}
	}

	@Test
	void withoutAccessThereIsNoEndpoint() {
		try (WebApplication application = start("management.endpoint.mmap.access=none")) {
			assertThat(application.get("/actuator/mmap").statusCode()).isEqualTo(404);
			assertThat(application.get("/actuator/health").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void pathsAndAddressesAreHiddenByDefault() {
		try (WebApplication application = start("mmap.mappings.geoip.location=" + this.geoip)) {
			String address = Long.toHexString(application.registry().get("geoip").address());
			JsonNode json = application.getJson("/actuator/mmap/geoip").at("/mappings/0");
			assertThat(json.at("/path").asString()).isEqualTo("******");
			assertThat(json.at("/address").asString()).isEqualTo("******");
			for (String path : List.of("/actuator/mmap", "/actuator/mmap/geoip", "/actuator/mmap/unknown",
					"/actuator/mmap?limit=many")) {
				assertThat(application.get(path).body()).doesNotContain(this.directory.toString())
					.doesNotContain(address);
			}
		}
	}

	@Test
	void pathsAndAddressesCanBeShownToEverybody() {
		try (WebApplication application = start("mmap.mappings.geoip.location=" + this.geoip,
				"management.endpoint.mmap.show-values=always")) {
			JsonNode json = application.getJson("/actuator/mmap/geoip").at("/mappings/0");
			assertThat(json.at("/path").asString()).isEqualTo(this.geoip.toString());
			assertThat(json.at("/address").asString())
				.isEqualTo("0x" + Long.toHexString(application.registry().get("geoip").address()));
		}
	}

	@Test
	void anEndpointThatIsNotExposedIsNotFound() {
		try (WebApplication application = start("management.endpoints.web.exposure.include=health")) {
			assertThat(application.get("/actuator/mmap").statusCode()).isEqualTo(404);
			assertThat(application.get("/actuator/health").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void healthMetersAndInfoAreThereAsWell() {
		try (WebApplication application = start("mmap.mappings.geoip.location=" + this.geoip,
				"management.endpoint.health.show-details=always",
				"management.endpoints.web.exposure.include=health,metrics,info", "management.info.mmap.enabled=true")) {
			JsonNode health = application.getJson("/actuator/health/mmap");
			assertThat(health.at("/status").asString()).isEqualTo("UP");
			assertThat(health.at("/details/mapped").asLong()).isEqualTo(10_000);
			JsonNode meter = application.getJson("/actuator/metrics/mmap.mapped?tag=name:geoip");
			assertThat(meter.at("/baseUnit").asString()).isEqualTo("bytes");
			assertThat(meter.at("/measurements/0/value").asDouble()).isEqualTo(10_000);
			assertThat(application.getJson("/actuator/info").at("/mmap/mapper").asString()).isEqualTo("native");
		}
	}

	@Test
	void aPathWithoutAPrefixIsAFileInAWebApplicationAsWell() {
		Path relative = Path.of("").toAbsolutePath().relativize(this.geoip);
		try (WebApplication application = start("mmap.mappings.absolute.location=" + this.geoip,
				"mmap.mappings.relative.location=" + relative)) {
			assertThat(application.registry().get("absolute").length()).isEqualTo(10_000);
			assertThat(application.registry().get("relative").length()).isEqualTo(10_000);
		}
	}

	private WebApplication start(String... properties) {
		return new WebApplication(this.stack, properties);
	}

}
