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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import io.mmap.autoconfigure.MappingProperties;

import org.springframework.util.ClassUtils;

/**
 * The properties that configuration metadata on the class path tells of, those of Spring
 * Boot included.
 */
final class KnownProperties {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	private static final String OPTIONS = "META-INF/spring/configuration-metadata/" + MappingProperties.class.getName()
			+ ".json";

	private final Set<String> names = new HashSet<>();

	/**
	 * Those below which an application chooses names.
	 */
	private final Set<String> maps = new HashSet<>();

	private final Set<String> options = new HashSet<>();

	KnownProperties() {
		read(METADATA, (property) -> {
			String name = property.path("name").asString();
			this.names.add(name);
			if (property.path("type").asString("").startsWith("java.util.Map")) {
				this.maps.add(name);
			}
		});
		this.maps.remove("mmap.mappings");
		read(OPTIONS, (property) -> this.options.add(property.path("name").asString()));
	}

	private static void read(String resource, Consumer<JsonNode> consumer) {
		try {
			for (URL url : Collections.list(ClassUtils.getDefaultClassLoader().getResources(resource))) {
				try (InputStream stream = url.openStream()) {
					JsonMapper.shared().readTree(stream).path("properties").forEach(consumer);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return whether there is a property.
	 * @param name its name, where elements of lists have an index
	 */
	boolean contains(String name) {
		String plain = name.replaceAll("\\[\\d+]", "");
		return this.names.contains(plain) || this.maps.stream().anyMatch((map) -> plain.startsWith(map + "."))
				|| plain.startsWith("mmap.mappings.")
						&& this.options.contains(plain.replaceFirst("mmap\\.mappings\\.[^.]+\\.", ""));
	}

}
