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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The POMs that are published: complete, and of use without the project that they come
 * from.
 */
class PublishedPomIT {

	static final List<String> ARTIFACTS = Published.ARTIFACTS;

	/** What Maven Central requires, and where to report what is wrong. */
	private static final List<String> REQUIRED = List.of("modelVersion", "groupId", "artifactId", "version", "name",
			"description", "url", "licenses/license/name", "licenses/license/url", "developers/developer/name",
			"developers/developer/url", "scm/connection", "scm/url", "issueManagement/url");

	private static final String BOOT = System.getProperty("spring-boot.version");

	@ParameterizedTest
	@FieldSource("ARTIFACTS")
	void everythingIsThereThatMavenCentralRequires(String artifact) throws Exception {
		Document pom = pom(artifact);
		assertThat(REQUIRED).allSatisfy(
				(element) -> assertThat(texts(pom, "/project/" + element)).as(element).hasSize(1).doesNotContain(""));
		assertThat(text(pom, "/project/version")).isEqualTo(Published.VERSION);
	}

	@ParameterizedTest
	@FieldSource("ARTIFACTS")
	void theHomeOfTheProjectIsTheOneThatWasGiven(String artifact) throws Exception {
		Document pom = pom(artifact);
		assertThat(texts(pom, "/project/url | /project/scm/url | /project/developers/developer/url"))
			.containsOnly(System.getProperty("release.home"));
	}

	@ParameterizedTest
	@FieldSource("ARTIFACTS")
	void whatIsReleasedHasAHome(String artifact) throws Exception {
		String unset = System.getProperty("release.unset");
		assertThat(unset).isNotBlank();
		assertThat(Published.VERSION.endsWith("-SNAPSHOT")
				|| !Files.readString(Published.of(artifact).pom()).contains(unset))
			.as("%s has no home, so the profile 'release' has to be used", Published.VERSION)
			.isTrue();
	}

	@ParameterizedTest
	@FieldSource("ARTIFACTS")
	void itStandsAlone(String artifact) throws Exception {
		Document pom = pom(artifact);
		assertThat(texts(pom, "/project/parent")).isEmpty();
		assertThat(texts(pom, "/project/dependencyManagement")).isEmpty();
		assertThat(texts(pom, "//repositories | //pluginRepositories | //distributionManagement | //build")).isEmpty();
		assertThat(Files.readString(Published.of(artifact).pom())).doesNotContain("${");
	}

	@Test
	void theStarterBringsTheLibraryAndSpringBoot() throws Exception {
		assertThat(dependencies("mmap-spring-boot-starter")).containsExactlyInAnyOrder(
				"org.springframework.boot:spring-boot-starter:" + BOOT + ":compile",
				"io.mmap:mmap-spring-boot-autoconfigure:" + Published.VERSION + ":compile");
	}

	@Test
	void theLibraryBringsTwoDependenciesAndNoOptionalOnes() throws Exception {
		List<String> dependencies = dependencies("mmap-spring-boot-autoconfigure");
		assertThat(dependencies).filteredOn((dependency) -> dependency.endsWith(":compile"))
			.extracting((dependency) -> dependency.replaceAll("^(.+:.+):.+:.+$", "$1"))
			.containsExactlyInAnyOrder("org.springframework.boot:spring-boot-autoconfigure", "org.jspecify:jspecify");
		assertThat(dependencies).filteredOn((dependency) -> !dependency.endsWith(":compile"))
			.allSatisfy((dependency) -> assertThat(dependency).endsWith(":provided"));
	}

	private static List<String> dependencies(String artifact) throws Exception {
		Document pom = pom(artifact);
		List<String> dependencies = new ArrayList<>();
		int count = texts(pom, "/project/dependencies/dependency").size();
		for (int i = 1; i <= count; i++) {
			String dependency = "/project/dependencies/dependency[" + i + "]/";
			dependencies.add(String.join(":", text(pom, dependency + "groupId"), text(pom, dependency + "artifactId"),
					text(pom, dependency + "version"), text(pom, dependency + "scope")));
		}
		return dependencies;
	}

	private static Document pom(String artifact) throws Exception {
		Path pom = Published.of(artifact).pom();
		return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
	}

	private static String text(Document pom, String path) throws XPathExpressionException {
		return String.join(", ", texts(pom, path));
	}

	private static List<String> texts(Document pom, String path) throws XPathExpressionException {
		XPath xpath = XPathFactory.newInstance().newXPath();
		NodeList nodes = (NodeList) xpath.evaluate(path, pom, XPathConstants.NODESET);
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < nodes.getLength(); i++) {
			texts.add(nodes.item(i).getTextContent().strip());
		}
		return texts;
	}

}
