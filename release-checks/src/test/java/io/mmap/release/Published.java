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
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/**
 * A module that is published, with its files below a directory that has the project.
 *
 * @param project the directory of the project
 * @param artifact the name of the module, and of its directory
 */
record Published(Path project, String artifact) {

	static final String VERSION = System.getProperty("release.version");

	static final List<String> ARTIFACTS = List.of("mmap-spring-boot-autoconfigure", "mmap-spring-boot-starter");

	private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

	static Published of(String artifact) {
		return new Published(PROJECT, artifact);
	}

	/**
	 * Return the same module of a project that is somewhere else.
	 */
	Published in(Path other) {
		return new Published(other, this.artifact);
	}

	Path pom() {
		return target().resolve("published-pom.xml");
	}

	Path jar() {
		return file(".jar");
	}

	Path sources() {
		return file("-sources.jar");
	}

	Path javadoc() {
		return file("-javadoc.jar");
	}

	Path sbom() {
		return file("-cyclonedx.json");
	}

	/**
	 * Return everything that is published of the module, as far as this build makes it.
	 */
	List<Path> files() {
		return (MavenProcess.OFFLINE) ? List.of(pom(), jar(), sources(), javadoc())
				: List.of(pom(), jar(), sources(), javadoc(), sbom());
	}

	private Path file(String ending) {
		return target().resolve(this.artifact + "-" + VERSION + ending);
	}

	private Path target() {
		return this.project.resolve(this.artifact).resolve("target");
	}

	/**
	 * Return the names of what is in a jar, directories left out.
	 */
	static Set<String> entries(Path jar) throws IOException {
		try (JarFile file = new JarFile(jar.toFile())) {
			return file.stream()
				.filter((entry) -> !entry.isDirectory())
				.map((entry) -> entry.getName())
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	static byte[] content(Path jar, String entry) throws IOException {
		try (JarFile file = new JarFile(jar.toFile()); InputStream stream = file.getInputStream(file.getEntry(entry))) {
			return stream.readAllBytes();
		}
	}

	static Manifest manifest(Path jar) throws IOException {
		try (JarFile file = new JarFile(jar.toFile())) {
			return file.getManifest();
		}
	}

	/**
	 * Return those classes of the library that are sources of this project.
	 */
	Set<String> sourceFiles() throws IOException {
		Path sources = this.project.resolve(this.artifact).resolve(Path.of("src", "main", "java"));
		try (var files = Files.walk(sources)) {
			return files.filter(Files::isRegularFile)
				.map((file) -> sources.relativize(file).toString())
				.collect(Collectors.toCollection(TreeSet::new));
		}
	}

	@Override
	public String toString() {
		return this.artifact;
	}

}
