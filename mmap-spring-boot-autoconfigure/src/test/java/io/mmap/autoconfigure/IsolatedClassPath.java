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

package io.mmap.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs code on a class path of its own, on which jars are really missing, or further
 * classes are found. Everything is loaded anew, this project's classes included.
 */
final class IsolatedClassPath {

	private final List<Path> entries = new ArrayList<>();

	IsolatedClassPath() {
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			this.entries.add(Path.of(entry));
		}
	}

	/**
	 * Leave out some jars.
	 */
	IsolatedClassPath without(String fileNamePattern) {
		Pattern pattern = Pattern.compile(fileNamePattern);
		if (!this.entries.removeIf((entry) -> pattern.matcher(entry.getFileName().toString()).matches())) {
			throw new IllegalArgumentException("Nothing on the class path matches " + fileNamePattern);
		}
		return this;
	}

	/**
	 * Add a directory.
	 */
	IsolatedClassPath with(Path directory) {
		this.entries.addFirst(directory);
		return this;
	}

	/**
	 * Add all jars in a directory.
	 */
	IsolatedClassPath withJarsIn(Path directory) throws IOException {
		try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
			jars.forEach(this.entries::add);
		}
		return this;
	}

	/**
	 * Return the class path for a process of its own.
	 */
	String asString() {
		return this.entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * Make an instance of a class and have it do its work. Only classes of the JDK are
	 * the same on both sides.
	 */
	@SuppressWarnings("unchecked")
	<T, R> R run(Class<? extends Function<T, R>> type, T argument) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		try (URLClassLoader loader = new URLClassLoader(urls(), ClassLoader.getPlatformClassLoader())) {
			thread.setContextClassLoader(loader);
			Function<T, R> function = (Function<T, R>) loader.loadClass(type.getName())
				.getDeclaredConstructor()
				.newInstance();
			return function.apply(argument);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	private URL[] urls() throws MalformedURLException {
		URL[] urls = new URL[this.entries.size()];
		for (int i = 0; i < urls.length; i++) {
			urls[i] = this.entries.get(i).toUri().toURL();
		}
		return urls;
	}

}
