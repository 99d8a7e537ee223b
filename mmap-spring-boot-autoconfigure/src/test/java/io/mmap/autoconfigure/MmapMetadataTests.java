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

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an editor says about the properties.
 */
class MmapMetadataTests {

	private final List<JsonNode> properties = properties();

	@Test
	void allPropertiesAreKnown() {
		assertThat(this.properties).extracting(MmapMetadataTests::name)
			.containsExactlyInAnyOrder("mmap.enabled", "mmap.mapper", "mmap.mappings", "mmap.leak-detection.level",
					"mmap.leak-detection.policy", "mmap.shutdown.drain-timeout", "management.endpoint.mmap.access",
					"management.endpoint.mmap.cache.time-to-live", "management.endpoint.mmap.roles",
					"management.endpoint.mmap.show-values", "management.health.mmap.enabled");
	}

	@Test
	void everyPropertyIsDescribedInASentence() {
		assertThat(this.properties)
			.allSatisfy((property) -> assertThat(property.path("description").asString("")).as(name(property))
				.matches("[A-Z].*\\."));
	}

	@Test
	void everyPropertyHasAType() {
		assertThat(this.properties)
			.allSatisfy((property) -> assertThat(property.path("type").asString("")).as(name(property)).isNotBlank());
	}

	private static String name(JsonNode property) {
		return property.path("name").asString("");
	}

	private static List<JsonNode> properties() {
		try {
			List<JsonNode> properties = new ArrayList<>();
			for (URL url : Collections.list(MmapMetadataTests.class.getClassLoader()
				.getResources("META-INF/spring-configuration-metadata.json"))) {
				try (InputStream stream = url.openStream()) {
					JsonMapper.builder().build().readTree(stream).path("properties").forEach((property) -> {
						if (name(property).matches("(mmap|management\\.(endpoint|health)\\.mmap)\\..*")) {
							properties.add(property);
						}
					});
				}
			}
			return properties;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
