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
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A whole application, asked over HTTP.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapEndpointHttpTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@TempDir
	Path directory;

	private Path geoip;

	@BeforeEach
	void writeFile() throws IOException {
		this.geoip = Files.write(this.directory.resolve("geoip.bin"), new byte[10_000]);
	}

	@Test
	void everythingIsShown() {
		try (Application application = new Application("mmap.mappings.geoip.location=" + this.geoip)) {
			JsonNode json = application.getJson("/actuator/mmap");
			assertThat(json.propertyNames()).containsExactly("mapper", "totals", "limits", "process", "capabilities",
					"leaks", "errors", "warnings", "preloads", "names", "selection", "mappings");
			assertThat(json.at("/mapper/type").asString()).isEqualTo("native");
			assertThat(json.at("/mapper/reason").asString()).isNotBlank();
			assertThat(json.at("/totals/mappings").isIntegralNumber()).isTrue();
			assertThat(json.at("/totals/mapped").isIntegralNumber()).isTrue();
			assertThat(json.at("/totals/mapped").asLong()).isEqualTo(10_000);
			assertThat(json.at("/leaks/count").isIntegralNumber()).isTrue();
			assertThat(json.at("/leaks/bytes").isIntegralNumber()).isTrue();
			assertThat(json.at("/leaks/latest").isArray()).isTrue();
			assertThat(json.at("/mappings").isArray()).isTrue();
			assertThat(json.at("/mappings").size()).isEqualTo(1);
		}
	}

	@Test
	void aMappingIsShown() {
		try (Application application = new Application("mmap.mappings.geoip.location=" + this.geoip)) {
			JsonNode json = application.getJson("/actuator/mmap/geoip").at("/mappings/0");
			assertThat(json.at("/name").asString()).isEqualTo("geoip");
			assertThat(json.at("/owner").asString()).isEqualTo("declared");
			assertThat(json.at("/source").asString()).isEqualTo("file");
			assertThat(json.at("/access").asString()).isEqualTo("read-only");
			assertThat(json.at("/protection").valueStream().map(JsonNode::asString)).containsExactly("read");
			assertThat(json.at("/offset").isIntegralNumber()).isTrue();
			assertThat(json.at("/length").isIntegralNumber()).isTrue();
			assertThat(json.at("/length").asLong()).isEqualTo(10_000);
			assertThat(Instant.parse(json.at("/mappedAt").asString())).isBefore(Instant.now());
		}
	}

	@Test
	void anAdHocMappingIsShownUnderItsId() {
		try (Application application = new Application();
				MemoryMapping mapping = application.registry().map(MappingSpec.file(this.geoip).build())) {
			JsonNode json = application.getJson("/actuator/mmap/" + mapping.name()).at("/mappings/0");
			assertThat(json.at("/owner").asString()).isEqualTo("ad-hoc");
			assertThat(json.at("/createdBy").asString()).contains("MmapEndpointHttpTests.java:");
		}
	}

	@Test
	void anUnknownNameIsNotFound() {
		try (Application application = new Application()) {
			assertThat(application.get("/actuator/mmap/unknown").statusCode()).isEqualTo(404);
		}
	}

	@Test
	void nothingCanBeChanged() {
		try (Application application = new Application("mmap.mappings.geoip.location=" + this.geoip)) {
			for (String method : List.of("POST", "PUT", "DELETE")) {
				assertThat(application.request(method, "/actuator/mmap/geoip", false).statusCode()).as(method)
					.isEqualTo(405);
			}
			assertThat(application.registry().find("geoip")).isPresent();
		}
	}

	@Test
	void pathsAndAddressesAreHiddenByDefault() {
		try (Application application = new Application("mmap.mappings.geoip.location=" + this.geoip)) {
			JsonNode json = application.getJson("/actuator/mmap/geoip").at("/mappings/0");
			assertThat(json.at("/path").asString()).isEqualTo("******");
			assertThat(json.at("/address").asString()).isEqualTo("******");
			assertThat(application.get("/actuator/mmap").body()).doesNotContain(this.directory.toString());
		}
	}

	@Test
	void pathsAndAddressesAreShownToThoseWhoMaySeeThem() {
		try (Application application = new Application("mmap.mappings.geoip.location=" + this.geoip,
				"management.endpoint.mmap.show-values=when-authorized", "management.endpoint.mmap.roles=OPERATOR")) {
			assertThat(application.getJson("/actuator/mmap/geoip").at("/mappings/0/path").asString())
				.isEqualTo("******");
			HttpResponse<String> response = application.request("GET", "/actuator/mmap/geoip", true);
			assertThat(Application.parse(response).at("/mappings/0/path").asString()).isEqualTo(this.geoip.toString());
			assertThat(Application.parse(response).at("/mappings/0/address").asString()).startsWith("0x");
		}
	}

	@Test
	void anEndpointThatIsNotExposedIsNotFound() {
		try (Application application = new Application("management.endpoints.web.exposure.include=health")) {
			assertThat(application.get("/actuator/mmap").statusCode()).isEqualTo(404);
			assertThat(application.get("/actuator/health").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void healthAndMetersAreThereAsWell() {
		try (Application application = new Application("mmap.mappings.geoip.location=" + this.geoip,
				"management.endpoint.health.show-details=always")) {
			JsonNode health = application.getJson("/actuator/health/mmap");
			assertThat(health.at("/status").asString()).isEqualTo("UP");
			assertThat(health.at("/details/mapped").asLong()).isEqualTo(10_000);
			JsonNode meter = application.getJson("/actuator/metrics/mmap.mapped?tag=name:geoip");
			assertThat(meter.at("/baseUnit").asString()).isEqualTo("bytes");
			assertThat(meter.at("/measurements/0/value").asDouble()).isEqualTo(10_000);
		}
	}

	@Test
	void aPathWithoutAPrefixIsAFileInAWebApplicationAsWell() {
		Path relative = Path.of("").toAbsolutePath().relativize(this.geoip);
		try (Application application = new Application("mmap.mappings.absolute.location=" + this.geoip,
				"mmap.mappings.relative.location=" + relative)) {
			assertThat(application.registry().get("absolute").length()).isEqualTo(10_000);
			assertThat(application.registry().get("relative").length()).isEqualTo(10_000);
		}
	}

	/**
	 * An application on a port of its own.
	 */
	private static final class Application implements AutoCloseable {

		private final ConfigurableApplicationContext context;

		private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

		Application(String... properties) {
			SpringApplication application = new SpringApplication(TestConfiguration.class);
			application.setRegisterShutdownHook(false);
			application.setDefaultProperties(Map.of("management.endpoints.web.exposure.include", "health,metrics,mmap",
					"server.port", "0", "server.address", "127.0.0.1"));
			String[] arguments = new String[properties.length];
			for (int i = 0; i < properties.length; i++) {
				arguments[i] = "--" + properties[i];
			}
			this.context = application.run(arguments);
		}

		MappingRegistry registry() {
			return this.context.getBean(MappingRegistry.class);
		}

		JsonNode getJson(String path) {
			return parse(get(path));
		}

		HttpResponse<String> get(String path) {
			return request("GET", path, false);
		}

		HttpResponse<String> request(String method, String path, boolean asOperator) {
			URI uri = URI
				.create("http://127.0.0.1:" + this.context.getEnvironment().getProperty("local.server.port") + path);
			HttpRequest.Builder request = HttpRequest.newBuilder(uri)
				.timeout(PATIENCE)
				.method(method, HttpRequest.BodyPublishers.noBody());
			if (asOperator) {
				request.header("Test-Role", "OPERATOR");
			}
			try {
				return this.client.send(request.build(), BodyHandlers.ofString());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		static JsonNode parse(HttpResponse<String> response) {
			assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
			return JsonMapper.builder().build().readTree(response.body());
		}

		@Override
		public void close() {
			this.client.close();
			this.context.close();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestConfiguration {

		/**
		 * Believes whoever says that they are somebody.
		 */
		@Bean
		Filter roles() {
			return (request, response, chain) -> chain.doFilter(new Request((HttpServletRequest) request), response);
		}

	}

	private static final class Request extends HttpServletRequestWrapper {

		Request(HttpServletRequest request) {
			super(request);
		}

		@Override
		public Principal getUserPrincipal() {
			String role = getHeader("Test-Role");
			return (role != null) ? () -> role : null;
		}

		@Override
		public boolean isUserInRole(String role) {
			return role.equals(getHeader("Test-Role"));
		}

	}

}
