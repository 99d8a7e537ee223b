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

package io.mmap.consumers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A project that was built, with what was just built of this one.
 *
 * @param directory its directory
 */
record Consumer(Path directory) {

	private static final Pattern LIBRARY = Pattern.compile("BOOT-INF/lib/(.+)");

	static Consumer named(String name) {
		return new Consumer(Path.of(property("consumers.directory"), name));
	}

	/**
	 * Return what the build says.
	 * @param name the name of a system property
	 * @return its value
	 */
	static String property(String name) {
		String value = System.getProperty(name);
		if (value == null) {
			throw new IllegalStateException("System property '" + name + "' is not set");
		}
		return value;
	}

	/**
	 * Return its executable jar.
	 */
	Path jar() throws IOException {
		try (var files = Files.newDirectoryStream(this.directory.resolve("target"), "*.jar")) {
			return files.iterator().next();
		}
	}

	/**
	 * Return the names of the jars within its executable jar.
	 */
	List<String> libraries() throws IOException {
		try (JarFile jar = new JarFile(jar().toFile())) {
			return jar.stream()
				.map((entry) -> LIBRARY.matcher(entry.getName()))
				.filter(Matcher::matches)
				.map((entry) -> entry.group(1))
				.toList();
		}
	}

	/**
	 * Return the log of its build.
	 */
	String buildLog() throws IOException {
		return Files.readString(this.directory.resolve("build.log"));
	}

}
