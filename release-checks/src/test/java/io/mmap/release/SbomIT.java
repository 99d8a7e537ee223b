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
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The software bills of materials that are published: what an application gets with each
 * module, and nothing that is only there for the build, for tests, or on request.
 */
class SbomIT {

	static final List<String> ARTIFACTS = Published.ARTIFACTS;

	private static final Set<String> LIBRARY = Set.of("org.springframework.boot:spring-boot-autoconfigure",
			"org.springframework.boot:spring-boot", "org.springframework:spring-aop",
			"org.springframework:spring-beans", "org.springframework:spring-context", "org.springframework:spring-core",
			"org.springframework:spring-expression", "commons-logging:commons-logging",
			"io.micrometer:micrometer-commons", "io.micrometer:micrometer-observation", "org.jspecify:jspecify");

	private static final Set<String> STARTER = Set.of("io.mmap:mmap-spring-boot-autoconfigure",
			"org.springframework.boot:spring-boot-starter", "org.springframework.boot:spring-boot-starter-logging",
			"ch.qos.logback:logback-classic", "ch.qos.logback:logback-core", "org.slf4j:slf4j-api",
			"org.apache.logging.log4j:log4j-to-slf4j", "org.apache.logging.log4j:log4j-api", "org.slf4j:jul-to-slf4j",
			"jakarta.annotation:jakarta.annotation-api", "org.yaml:snakeyaml");

	@BeforeAll
	static void checkOnline() {
		if (MavenProcess.OFFLINE && System.getenv("CI") == null) {
			System.out.println("Skipped, as this is missing: a build that is online, which makes an SBOM");
		}
		assumeThat(MavenProcess.OFFLINE && System.getenv("CI") == null).isFalse();
		assertThat(MavenProcess.OFFLINE).as("the build is offline, and so makes no SBOM").isFalse();
	}

	@Test
	void thatOfTheLibraryHasWhatTheLibraryBrings() throws IOException {
		assertThat(components("mmap-spring-boot-autoconfigure")).isEqualTo(LIBRARY);
	}

	@Test
	void thatOfTheStarterHasSpringBootsStarterBesides() throws IOException {
		Set<String> expected = new TreeSet<>(LIBRARY);
		expected.addAll(STARTER);
		assertThat(components("mmap-spring-boot-starter")).isEqualTo(expected);
	}

	@ParameterizedTest
	@FieldSource("ARTIFACTS")
	void itIsAboutTheModuleAndSaysWhatIsUnderWhichLicense(String artifact) throws IOException {
		JsonNode sbom = read(artifact);
		assertThat(sbom.path("bomFormat").asString()).isEqualTo("CycloneDX");
		JsonNode subject = sbom.path("metadata").path("component");
		assertThat(subject.path("purl").asString())
			.isEqualTo("pkg:maven/io.mmap/" + artifact + "@" + Published.VERSION + "?type=jar");
		assertThat(sbom.path("components")).isNotEmpty().allSatisfy((component) -> {
			assertThat(component.path("scope").asString()).isEqualTo("required");
			assertThat(component.path("licenses")).as("licenses of %s", component.path("name")).isNotEmpty();
			assertThat(component.path("hashes")).as("hashes of %s", component.path("name")).isNotEmpty();
		});
	}

	private static Set<String> components(String artifact) throws IOException {
		Set<String> components = new TreeSet<>();
		read(artifact).path("components")
			.forEach((component) -> components
				.add(component.path("group").asString() + ":" + component.path("name").asString()));
		return components;
	}

	private static JsonNode read(String artifact) throws IOException {
		return JsonMapper.builder().build().readTree(Published.of(artifact).sbom().toFile());
	}

}
