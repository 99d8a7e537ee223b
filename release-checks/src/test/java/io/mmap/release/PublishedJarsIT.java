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

package io.mmap.release;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The jars of the modules that are published.
 */
class PublishedJarsIT {

	static final List<String> ARTIFACTS = Published.ARTIFACTS;

	private static final Published LIBRARY = Published.of("mmap-spring-boot-autoconfigure");

	private static final Published STARTER = Published.of("mmap-spring-boot-starter");

	@ParameterizedTest
	@CsvSource({ "mmap-spring-boot-autoconfigure, io.mmap", "mmap-spring-boot-starter, io.mmap.starter" })
	void aJarIsTheAutomaticModule(String artifact, String module) {
		assertThat(ModuleFinder.of(Published.of(artifact).jar()).findAll()).singleElement().satisfies((found) -> {
			assertThat(found.descriptor().name()).isEqualTo(module);
			assertThat(found.descriptor().isAutomatic()).isTrue();
		});
	}

	@ParameterizedTest
	@FieldSource("ARTIFACTS")
	void thereAreNoOthers(String artifact) throws IOException {
		Published published = Published.of(artifact);
		try (Stream<Path> files = Files.list(published.jar().getParent())) {
			assertThat(files).filteredOn((file) -> file.toString().endsWith(".jar"))
				.containsExactlyInAnyOrder(published.jar(), published.sources(), published.javadoc());
		}
	}

	@ParameterizedTest
	@FieldSource("ARTIFACTS")
	void everyJarHasTheLicense(String artifact) throws IOException {
		Published published = Published.of(artifact);
		for (Path jar : List.of(published.jar(), published.sources())) {
			assertThat(new String(Published.content(jar, "META-INF/LICENSE"), StandardCharsets.UTF_8))
				.contains("Apache License", "Version 2.0");
		}
	}

	@Test
	void theManifestSaysWhatItIs() throws IOException {
		assertThat(Published.manifest(LIBRARY.jar()).getMainAttributes().getValue("Implementation-Version"))
			.isEqualTo(Published.VERSION);
		assertThat(Published.manifest(STARTER.jar()).getMainAttributes().getValue("Spring-Boot-Jar-Type"))
			.isEqualTo("dependencies-starter");
	}

	@Test
	void theStarterHasNoContent() throws IOException {
		assertThat(Published.entries(STARTER.jar())).isNotEmpty()
			.allSatisfy((name) -> assertThat(name).startsWith("META-INF/"));
	}

	@Test
	void theLibraryHasNothingOfItsTests() throws IOException {
		assertThat(Published.entries(LIBRARY.jar()))
			.contains("io/mmap/MappingRegistry.class", "META-INF/spring.factories",
					"META-INF/spring-configuration-metadata.json",
					"META-INF/native-image/io.mmap/mmap-spring-boot-autoconfigure/reachability-metadata.json")
			.noneMatch((name) -> name.contains("Tests") || name.contains("testsupport"));
	}

	@Test
	void theSourcesAreAllThere() throws IOException {
		assertThat(Published.entries(LIBRARY.sources())).containsAll(LIBRARY.sourceFiles());
	}

	@Test
	void theJavadocHasAPageForEachPackageOfTheApi() throws IOException {
		Set<String> pages = Published.entries(LIBRARY.javadoc());
		assertThat(pages).contains("index.html", "io/mmap/MappingRegistry.html")
			.noneMatch((name) -> name.contains("internal"));
		assertThat(pages).filteredOn((name) -> name.endsWith("package-summary.html"))
			.extracting((name) -> name.replace("/package-summary.html", "").replace('/', '.'))
			.containsExactlyInAnyOrder("io.mmap", "io.mmap.actuate.endpoint", "io.mmap.actuate.info",
					"io.mmap.autoconfigure", "io.mmap.autoconfigure.health", "io.mmap.autoconfigure.metrics",
					"io.mmap.health", "io.mmap.metrics", "io.mmap.test");
	}

	@Test
	void theJavadocStartsWithTheOverview() throws IOException {
		assertThat(new String(Published.content(LIBRARY.javadoc(), "index.html"), StandardCharsets.UTF_8))
			.contains("The vocabulary", "The life of a mapping", "static class GeoIp");
	}

	@Test
	void theJavadocOfTheStarterSaysWhereToLook() throws IOException {
		assertThat(new String(Published.content(STARTER.javadoc(), "README.md"), StandardCharsets.UTF_8))
			.contains("mmap-spring-boot-autoconfigure");
	}

}
