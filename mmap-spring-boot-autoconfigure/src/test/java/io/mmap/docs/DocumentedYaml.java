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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.mmap.autoconfigure.MmapAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * YAML that a page shows, to start an application with.
 *
 * @param text the YAML
 */
record DocumentedYaml(String text) {

	/**
	 * Take the YAML of a region.
	 */
	static DocumentedYaml region(String name) {
		return new DocumentedYaml(Regions.read().get(name).code());
	}

	/**
	 * Have it lead somewhere else.
	 * @param location a location, or the beginning of one
	 * @param file what it is to lead to
	 */
	DocumentedYaml with(String location, Path file) {
		assertThat(this.text).contains(location);
		return new DocumentedYaml(this.text.replace(location, file.toString()));
	}

	/**
	 * Return the properties that it sets.
	 */
	Map<String, Object> properties() {
		Map<String, Object> properties = new LinkedHashMap<>();
		for (PropertySource<?> source : load()) {
			EnumerablePropertySource<?> enumerable = (EnumerablePropertySource<?>) source;
			for (String name : enumerable.getPropertyNames()) {
				properties.put(name, String.valueOf(enumerable.getProperty(name)));
			}
		}
		return properties;
	}

	/**
	 * Return the properties as arguments of an application.
	 */
	String[] arguments() {
		return properties().entrySet()
			.stream()
			.map((property) -> property.getKey() + "=" + property.getValue())
			.toArray(String[]::new);
	}

	/**
	 * Return what starts applications with it.
	 */
	ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class))
			.withInitializer((context) -> load()
				.forEach((source) -> context.getEnvironment().getPropertySources().addLast(source)));
	}

	private List<PropertySource<?>> load() {
		try {
			return new YamlPropertySourceLoader().load("documented",
					new ByteArrayResource(this.text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
