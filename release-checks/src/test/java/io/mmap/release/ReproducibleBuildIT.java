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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is published is the same, byte for byte, if it is built again: from a copy of the
 * project in another directory, at another time, by somebody with another language and
 * time zone.
 */
class ReproducibleBuildIT {

	private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

	@TempDir
	static Path copy;

	@BeforeAll
	static void buildAgain() throws IOException, InterruptedException {
		copyProject();
		MavenProcess.run(copy, MavenProcess.repository(),
				Map.of("LC_ALL", "C", "TZ", "Pacific/Auckland", "MAVEN_OPTS", "-Duser.language=tr -Duser.country=TR"),
				"package", "-pl", String.join(",", Published.ARTIFACTS), "-Dmaven.test.skip=true",
				"-Dspring-javaformat.skip=true", "-Denforcer.skip=true", "-Dmdep.analyze.skip=true",
				"-Drelease.home=" + System.getProperty("release.home"),
				"-Drelease.repository=" + System.getProperty("release.repository"),
				"-Drelease.issues=" + System.getProperty("release.issues"),
				"-Drelease.developer=" + System.getProperty("release.developer"));
	}

	@Test
	void everyFileIsTheSame() throws IOException {
		List<String> differences = new ArrayList<>();
		for (String artifact : Published.ARTIFACTS) {
			Published published = Published.of(artifact);
			List<Path> again = published.in(copy).files();
			for (int i = 0; i < again.size(); i++) {
				Path file = published.files().get(i);
				if (Files.mismatch(file, again.get(i)) >= 0) {
					differences.add(file.getFileName() + differences(file, again.get(i)));
				}
			}
		}
		assertThat(differences).as("what differs; after changes, try 'mvn clean verify'").isEmpty();
	}

	private static String differences(Path file, Path again) throws IOException {
		if (!file.toString().endsWith(".jar")) {
			return "";
		}
		Set<String> names = new TreeSet<>(Published.entries(file));
		Set<String> others = Published.entries(again);
		if (!names.equals(others)) {
			Set<String> all = new TreeSet<>(names);
			all.addAll(others);
			all.removeIf((name) -> names.contains(name) && others.contains(name));
			return ": only one has " + all;
		}
		List<String> different = new ArrayList<>();
		for (String name : names) {
			if (!Arrays.equals(Published.content(file, name), Published.content(again, name))) {
				different.add(name);
			}
		}
		return (different.isEmpty()) ? ": times, modes or the order of its entries" : ": " + different;
	}

	/**
	 * Copies sources and not what was built, of other modules only what Maven reads
	 * before it leaves them out.
	 */
	private static void copyProject() throws IOException {
		try (Stream<Path> entries = Files.list(PROJECT)) {
			for (Path entry : entries.toList()) {
				Path pom = entry.resolve("pom.xml");
				if (Files.isRegularFile(pom)) {
					Path module = Files.createDirectory(copy.resolve(entry.getFileName()));
					Files.copy(pom, module.resolve("pom.xml"));
				}
			}
		}
		for (String file : List.of("pom.xml", "LICENSE")) {
			Files.copy(PROJECT.resolve(file), copy.resolve(file));
		}
		for (String artifact : Published.ARTIFACTS) {
			copyDirectory(PROJECT.resolve(artifact).resolve("src"), copy.resolve(artifact).resolve("src"));
		}
	}

	private static void copyDirectory(Path from, Path to) throws IOException {
		try (Stream<Path> files = Files.walk(from)) {
			for (Path file : files.toList()) {
				Files.copy(file, to.resolve(from.relativize(file).toString()));
			}
		}
	}

}
