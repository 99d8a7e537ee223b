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

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.mmap.autoconfigure.MmapProperties;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * All YAML in the pages sets properties that there are, to values that they can have.
 * That it maps what it declares is tested for each page.
 */
class DocumentedYamlTests {

	private static final Set<String> OURS = Set.of("mmap", "management", "spring", "server", "logging");

	private static final Set<String> ENDPOINTS = Set.of("health", "info", "metrics", "prometheus", "mmap", "*");

	private static final KnownProperties KNOWN = new KnownProperties();

	@ParameterizedTest(name = "{0}")
	@MethodSource("snippets")
	void allItsPropertiesExist(String place, DocumentedYaml yaml) {
		assertThat(yaml.properties().keySet()).isNotEmpty()
			.filteredOn((name) -> OURS.contains(name.split("\\.")[0]))
			.allSatisfy((name) -> assertThat(KNOWN.contains(name)).as(name).isTrue());
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("snippets")
	void itIsBound(String place, DocumentedYaml yaml) {
		Map<String, Object> properties = yaml.properties();
		properties.keySet().removeIf((name) -> !name.startsWith("mmap."));
		Binder binder = new Binder(List.of(new MapConfigurationPropertySource(properties)), null,
				ApplicationConversionService.getSharedInstance());
		assertThatNoException().isThrownBy(() -> binder.bind("mmap", Bindable.of(MmapProperties.class),
				new NoUnboundElementsBindHandler(BindHandler.DEFAULT)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("snippets")
	void endpointsThatItExposesExist(String place, DocumentedYaml yaml) {
		Object exposed = yaml.properties().getOrDefault("management.endpoints.web.exposure.include", "*");
		assertThat(exposed.toString().split(",")).allMatch(ENDPOINTS::contains);
	}

	static List<Object[]> snippets() {
		List<Object[]> snippets = Page.all(Page.ROOT)
			.stream()
			.flatMap((page) -> page.blocks()
				.stream()
				.filter((block) -> block.language().equals("yaml"))
				.map((block) -> new Object[] { page.name() + ":" + block.line(), new DocumentedYaml(block.code()) }))
			.toList();
		assertThat(snippets).hasSizeGreaterThan(4);
		return snippets;
	}

}
