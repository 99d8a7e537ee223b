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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application gets that adds the starter, as Maven resolves it from what is
 * published, without the project that it comes from.
 */
class ConsumerDependenciesIT {

	private static final String PROJECT = """
			<project xmlns="http://maven.apache.org/POM/4.0.0">
				<modelVersion>4.0.0</modelVersion>
				<groupId>com.acme</groupId>
				<artifactId>%s</artifactId>
				<version>1</version>
				<dependencyManagement>
					<dependencies>
						<dependency>
							<groupId>org.springframework.boot</groupId>
							<artifactId>spring-boot-dependencies</artifactId>
							<version>%s</version>
							<type>pom</type>
							<scope>import</scope>
						</dependency>
					</dependencies>
				</dependencyManagement>
				<dependencies>
					<dependency>
						%s
					</dependency>
				</dependencies>
			</project>
			""";

	@TempDir
	static Path directory;

	private static Path repository;

	@BeforeAll
	static void publish() throws IOException {
		repository = Files.createDirectory(directory.resolve("repository"));
		Path real = MavenProcess.repository();
		// A repository with everything that this build has resolved, but with 'io.mmap'
		// as it is published
		linkAll(real, repository, "io");
		Path io = Files.createDirectory(repository.resolve("io"));
		linkAll(real.resolve("io"), io, "mmap");
		for (String artifact : Published.ARTIFACTS) {
			Published published = Published.of(artifact);
			Path home = Files.createDirectories(io.resolve(Path.of("mmap", artifact, Published.VERSION)));
			Files.copy(published.jar(), home.resolve(artifact + "-" + Published.VERSION + ".jar"));
			Files.copy(published.pom(), home.resolve(artifact + "-" + Published.VERSION + ".pom"));
		}
	}

	/**
	 * JUnit would warn of each of them.
	 */
	@AfterAll
	static void removeLinks() throws IOException {
		for (Path links : List.of(repository, repository.resolve("io"))) {
			try (Stream<Path> entries = Files.list(links)) {
				for (Path entry : entries.filter(Files::isSymbolicLink).toList()) {
					Files.delete(entry);
				}
			}
		}
	}

	private static void linkAll(Path from, Path to, String except) throws IOException {
		try (Stream<Path> entries = Files.list(from)) {
			for (Path entry : entries.toList()) {
				if (!entry.getFileName().toString().equals(except)) {
					Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
				}
			}
		}
	}

	@Test
	void anApplicationGetsTheStarterOfSpringBootAndTheTwoModules() throws Exception {
		Set<String> withoutLibrary = resolve("without", """
				<groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter</artifactId>""");
		assertThat(withoutLibrary).hasSizeGreaterThan(10);
		Set<String> withLibrary = resolve("with", """
				<groupId>io.mmap</groupId><artifactId>mmap-spring-boot-starter</artifactId><version>%s</version>"""
			.formatted(Published.VERSION));
		assertThat(withLibrary).containsAll(withoutLibrary);
		Set<String> added = new TreeSet<>(withLibrary);
		added.removeAll(withoutLibrary);
		assertThat(added).containsExactlyInAnyOrder("io.mmap:mmap-spring-boot-starter",
				"io.mmap:mmap-spring-boot-autoconfigure");
	}

	private static Set<String> resolve(String name, String dependency) throws IOException, InterruptedException {
		Path project = Files.createDirectory(directory.resolve(name));
		Files.writeString(project.resolve("pom.xml"),
				PROJECT.formatted(name, System.getProperty("spring-boot.version"), dependency));
		Path list = project.resolve("dependencies.txt");
		MavenProcess.run(project, repository, Map.of(),
				"org.apache.maven.plugins:maven-dependency-plugin:"
						+ System.getProperty("maven-dependency-plugin.version") + ":list",
				"-DoutputFile=" + list, "-DincludeScope=runtime");
		List<String> lines = Files.readAllLines(list);
		return lines.stream()
			.map(String::strip)
			.filter((line) -> line.contains(":jar:"))
			.map((line) -> line.substring(0, line.indexOf(":jar:")))
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
