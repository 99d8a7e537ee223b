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
import java.lang.foreign.ValueLayout;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.autoconfigure.WebApplication;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.Requirement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The responses in {@code docs/endpoint.md} are those that an application gives.
 */
@ExtendWith(NothingLeftBehind.class)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the page shows what the native mapper tells")
class EndpointPageTests {

	private static final String NAME = "docs/endpoint.md";

	private static final String ENDPOINT = "/actuator/mmap";

	private static final Pattern RESPONSE = Pattern
		.compile("(?<=<!-- response: )([a-z-]+)( -->\n```json\n).*?(?=```\n)", Pattern.DOTALL);

	@TempDir
	Path directory;

	private StableJson stable;

	private final Map<String, String> responses = new LinkedHashMap<>();

	@BeforeEach
	void writeFiles() throws IOException {
		// The path as the application shows it
		Path data = this.directory.toRealPath();
		this.stable = new StableJson(data);
		Files.write(data.resolve("geoip.bin"), new byte[1 << 20]);
		Files.write(data.resolve("index.bin"), new byte[1 << 16]);
		for (String shard : List.of("2025", "2026")) {
			Files.createDirectories(data.resolve("shards").resolve(shard));
			Files.write(data.resolve("shards").resolve(shard).resolve("words.bin"), new byte[8192]);
		}
	}

	@Test
	void responsesAreThoseOfAnApplication() throws Exception {
		Requirement.checkNotOverlaid(this.directory);
		try (WebApplication application = WebApplication.ofOperators(WebApplication.Stack.MVC,
				properties("spring.web.error.include-message=always"))) {
			look(application);
			act(application);
		}
		try (WebApplication application = new WebApplication(WebApplication.Stack.MVC,
				properties("management.endpoint.mmap.show-values=always"))) {
			JsonNode mapping = application.getJson(ENDPOINT + "/geoip").path("mappings").path(0);
			show("shown", only(mapping, "path", "address"));
			assertThat(application.post(ENDPOINT + "/geoip", "{\"action\": \"preload\"}").statusCode()).isEqualTo(405);
			assertThat(application.delete(ENDPOINT + "/geoip").statusCode()).isEqualTo(405);
		}
		try (WebApplication application = new WebApplication(WebApplication.Stack.MVC,
				properties("management.endpoint.mmap.access=unrestricted"))) {
			HttpResponse<String> response = application.delete(ENDPOINT + "/geoip");
			assertThat(response.statusCode()).isEqualTo(403);
			show("forbidden", WebApplication.json(response));
		}
		compare();
	}

	private void look(WebApplication application) {
		MappingRegistry registry = application.registry();
		Requirement.check(
				registry.capabilities()
					.all()
					.stream()
					.anyMatch((capability) -> capability.name().equals("cachestat") && capability.available()),
				"a kernel that has cachestat(2)");
		registry.get("counters").segment().set(ValueLayout.JAVA_LONG, 0, 1);
		load(registry);
		Garbage.collectUntil(() -> !registry.leaks().isEmpty());
		try (MemoryMapping index = map(registry)) {
			await().until(() -> application.getJson(ENDPOINT)
				.path("mappings")
				.valueStream()
				.allMatch((mapping) -> mapping.path("residency").path("sampledAt").isString()));
			show("everything", application.getJson(ENDPOINT));
			JsonNode filtered = application.getJson(ENDPOINT + "?owner=ad-hoc&limit=1");
			ObjectNode shown = only(filtered, "selection");
			shown.putArray("mappings").add(only(filtered.path("mappings").path(0), "name"));
			show("filtered", shown);
			show("geoip", application.getJson(ENDPOINT + "/geoip?parts=4"));
			show("shards", set(application.getJson(ENDPOINT + "/shards")));
			HttpResponse<String> response = application.get(ENDPOINT + "?limit=-1");
			assertThat(response.statusCode()).isEqualTo(400);
			show("bad-request", WebApplication.json(response));
			assertThat(application.get(ENDPOINT + "/unknown").statusCode()).isEqualTo(404);
			assertThat(application.get(ENDPOINT + "/unknown").body()).isEmpty();
			assertThat(index.name()).isEqualTo("ad-hoc-2");
		}
	}

	private static ObjectNode set(JsonNode response) {
		ObjectNode shown = only(response, "name", "kind", "warnings", "preloads", "selection");
		response.path("mappings")
			.forEach((member) -> shown.withArray("mappings")
				.add(only(member, "name", "of", "label", "length", "state")));
		return shown;
	}

	private void act(WebApplication application) {
		show("flush", ok(application.post(ENDPOINT + "/counters", "{\"action\": \"flush\"}")));
		show("preload", ok(application.post(ENDPOINT + "/geoip", "{\"action\": \"preload\"}")));
		ok(application.post(ENDPOINT + "/geoip", "{\"action\": \"reload\"}"));
		ok(application.post(ENDPOINT + "/shards", "{\"action\": \"advise\", \"advice\": \"will-need\"}"));
		ok(application.post(ENDPOINT + "/geoip", "{\"action\": \"evict\"}"));
		try (MemoryMapping index = map(application.registry())) {
			assertThat(index.name()).isEqualTo("ad-hoc-3");
			show("unmap", ok(application.delete(ENDPOINT + "/ad-hoc-3")));
		}
		HttpResponse<String> response = application.delete(ENDPOINT + "/geoip");
		assertThat(response.statusCode()).isEqualTo(409);
		show("refused", WebApplication.json(response));
	}

	private static JsonNode ok(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return WebApplication.json(response);
	}

	private static MemoryMapping map(MappingRegistry registry) {
		return registry.map(MappingSpec.anonymous(4096).label("index").build());
	}

	/**
	 * Lose a mapping.
	 */
	private void load(MappingRegistry registry) {
		registry.map(MappingSpec.file(this.directory.resolve("index.bin")).label("index").build());
	}

	private String[] properties(String further) {
		return Stream
			.of("mmap.mappings.geoip.location=" + this.directory.resolve("geoip.bin"),
					"mmap.mappings.geoip.reload-on-update=true",
					"mmap.mappings.counters.location=" + this.directory.resolve("counters.bin"),
					"mmap.mappings.counters.access=read-write", "mmap.mappings.counters.create=true",
					"mmap.mappings.counters.length=64KB", "mmap.mappings.counters.flush-interval=1h",
					"mmap.mappings.shards.location=" + this.directory.resolve("shards") + "/**/*.bin", further)
			.toArray(String[]::new);
	}

	private static ObjectNode only(JsonNode node, String... names) {
		ObjectNode some = JsonMapper.shared().createObjectNode();
		for (String name : names) {
			assertThat(node.has(name)).as(name).isTrue();
			some.set(name, node.get(name));
		}
		return some;
	}

	private void show(String name, JsonNode response) {
		this.responses.put(name, PrettyJson.of(this.stable.of(response.toString())));
	}

	private void compare() {
		String page = Page.of(NAME).text();
		assertThat(RESPONSE.matcher(page).results().map((match) -> match.group(1)))
			.containsExactlyInAnyOrderElementsOf(this.responses.keySet());
		String expected = RESPONSE.matcher(page)
			.replaceAll((match) -> Matcher
				.quoteReplacement(match.group(1) + match.group(2) + this.responses.get(match.group(1))));
		GeneratedPage.check(NAME, expected, getClass());
	}

}
