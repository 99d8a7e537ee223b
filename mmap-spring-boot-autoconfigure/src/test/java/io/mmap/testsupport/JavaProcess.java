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

package io.mmap.testsupport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A JVM of its own that has run a main class to its end. It is bound in time, and
 * destroyed whatever happens.
 *
 * @param exitCode what it ended with
 * @param output what it wrote, errors included
 */
public record JavaProcess(int exitCode, String output) {

	/**
	 * Run a main class.
	 * @param directory where its output is kept meanwhile
	 * @param classPath its class path
	 * @param options options of the JVM
	 * @param main the main class
	 * @param arguments arguments of the main class
	 * @return how it ended
	 */
	public static JavaProcess run(Path directory, String classPath, List<String> options, Class<?> main,
			String... arguments) throws IOException, InterruptedException {
		return run(directory, List.of(), classPath, options, main, arguments);
	}

	/**
	 * Run a main class by another command, such as one that sets limits.
	 * @param directory where its output is kept meanwhile
	 * @param command the command, which executes what follows it
	 * @param classPath its class path
	 * @param options options of the JVM
	 * @param main the main class
	 * @param arguments arguments of the main class
	 * @return how it ended
	 */
	public static JavaProcess run(Path directory, List<String> command, String classPath, List<String> options,
			Class<?> main, String... arguments) throws IOException, InterruptedException {
		List<String> words = new ArrayList<>(options);
		words.addAll(List.of("-cp", classPath, main.getName()));
		words.addAll(List.of(arguments));
		return run(directory, command, words);
	}

	/**
	 * Run an executable jar.
	 * @param directory where its output is kept meanwhile
	 * @param jar the jar
	 * @param options options of the JVM
	 * @param arguments arguments of the main class
	 * @return how it ended
	 */
	public static JavaProcess runJar(Path directory, Path jar, List<String> options, String... arguments)
			throws IOException, InterruptedException {
		List<String> words = new ArrayList<>(options);
		words.addAll(List.of("-jar", jar.toString()));
		words.addAll(List.of(arguments));
		return run(directory, List.of(), words);
	}

	private static JavaProcess run(Path directory, List<String> before, List<String> words)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(before);
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(words);
		Path output = directory.resolve("output");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended within a minute").isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		return new JavaProcess(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
	}

	/**
	 * Return what follows a key and a colon in a line of its own.
	 * @param key the key
	 * @return the rest of the line
	 */
	public String line(String key) {
		return this.output.lines()
			.filter((line) -> line.startsWith(key + ": "))
			.map((line) -> line.substring(key.length() + 2))
			.findFirst()
			.orElseThrow(() -> new AssertionError("No '" + key + "' in: " + this.output));
	}

}
