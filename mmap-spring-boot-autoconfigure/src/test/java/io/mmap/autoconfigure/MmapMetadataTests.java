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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an editor says about the properties.
 */
class MmapMetadataTests {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	private static final String MAPPING_METADATA = "META-INF/spring/configuration-metadata/"
			+ MappingProperties.class.getName() + ".json";

	private final List<JsonNode> properties = nodes(METADATA, "properties",
			"(mmap|management\\.(endpoint|health)\\.mmap)\\..*");

	private final List<JsonNode> mappingProperties = nodes(MAPPING_METADATA, "properties", ".*");

	private final List<JsonNode> hints = nodes(METADATA, "hints", "(mmap|management\\.endpoint\\.mmap)\\..*");

	@Test
	void allPropertiesAreKnown() {
		assertThat(this.properties).extracting(MmapMetadataTests::name)
			.containsExactlyInAnyOrder("mmap.enabled", "mmap.mapper", "mmap.mappings", "mmap.leak-detection.level",
					"mmap.leak-detection.policy", "mmap.shutdown.drain-timeout", "mmap.leases.hold-threshold",
					"mmap.reload.check-interval", "mmap.reload.quiet-period", "mmap.truncation.check-interval",
					"mmap.guard.max-size", "mmap.preload.readiness", "mmap.preload.rate-limit",
					"management.endpoint.mmap.access", "management.endpoint.mmap.cache.time-to-live",
					"management.endpoint.mmap.roles", "management.endpoint.mmap.show-values",
					"management.health.mmap.enabled");
	}

	@Test
	void allOptionsOfAMappingAreKnown() {
		assertThat(this.mappingProperties).extracting(MmapMetadataTests::name)
			.containsExactlyInAnyOrderElementsOf(
					MmapPropertyNames.mistake(ConfigurationPropertyName.of("mmap.mappings.any.x")).known());
	}

	@Test
	void anOptionIsCalledAsItIsWritten() {
		assertThat(this.mappingProperties).extracting(MmapMetadataTests::name)
			.contains("map-32bit", "huge-tlb", "protection-bits", "writable-and-executable");
	}

	@Test
	void everyPropertyIsDescribedInASentence() {
		assertThat(described())
			.allSatisfy((property) -> assertThat(property.path("description").asString("")).as(name(property))
				.matches("[A-Z].*\\."));
	}

	@Test
	void everyPropertyHasAType() {
		assertThat(described())
			.allSatisfy((property) -> assertThat(property.path("type").asString("")).as(name(property)).isNotBlank());
	}

	@Test
	void everyPropertyOfOursThatIsNoSwitchHasAHint() {
		assertThat(this.properties)
			.filteredOn((property) -> !property.path("type").asString("").equals("java.lang.Boolean"))
			// An enumeration or time of Spring Boot, which editors know
			.filteredOn((property) -> !property.path("type")
				.asString("")
				.startsWith("org.springframework.boot.actuate.endpoint.")
					&& !name(property).endsWith(".cache.time-to-live"))
			.allSatisfy((property) -> assertThat(this.hints).extracting(MmapMetadataTests::name)
				.as(name(property))
				.containsAnyOf(name(property), name(property) + ".keys"));
	}

	@Test
	void theHintsOfAnEnumerationAreItsConstants() throws ClassNotFoundException {
		int enumerations = 0;
		for (JsonNode property : this.properties) {
			String type = property.path("type").asString("");
			if (type.startsWith("io.mmap.") && Class.forName(type).isEnum()) {
				enumerations++;
				List<String> constants = Stream.of(Class.forName(type).getEnumConstants())
					.map((constant) -> MmapPropertyNames.dashed(constant.toString()))
					.toList();
				assertThat(hintValues(name(property))).as(name(property))
					.extracting((value) -> value.path("value").asString(""))
					.containsExactlyInAnyOrderElementsOf(constants);
			}
		}
		assertThat(enumerations).isEqualTo(3);
	}

	@Test
	void everyHintIsDescribedInASentence() {
		assertThat(this.hints).isNotEmpty()
			.allSatisfy((hint) -> assertThat(hintValues(name(hint))).isNotEmpty()
				.allSatisfy((value) -> assertThat(value.path("description").asString("")).as(name(hint))
					.matches("[A-Za-z].*\\.")));
	}

	private List<JsonNode> described() {
		return Stream.concat(this.properties.stream(), this.mappingProperties.stream()).toList();
	}

	private List<JsonNode> hintValues(String name) {
		return this.hints.stream()
			.filter((hint) -> name(hint).equals(name))
			.flatMap((hint) -> hint.path("values").valueStream())
			.toList();
	}

	private static String name(JsonNode node) {
		return node.path("name").asString("");
	}

	private static List<JsonNode> nodes(String resource, String what, String namePattern) {
		try {
			List<JsonNode> nodes = new ArrayList<>();
			for (URL url : Collections.list(MmapMetadataTests.class.getClassLoader().getResources(resource))) {
				try (InputStream stream = url.openStream()) {
					JsonMapper.builder().build().readTree(stream).path(what).forEach((node) -> {
						if (name(node).matches(namePattern)) {
							nodes.add(node);
						}
					});
				}
			}
			return nodes;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
