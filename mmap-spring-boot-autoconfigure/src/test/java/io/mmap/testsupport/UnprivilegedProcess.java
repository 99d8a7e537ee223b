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

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

import io.mmap.MappingRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs JVMs as a user whom permissions bind: another one if this process is root's. That
 * one may not be able to read the class path, so it gets a copy.
 */
public final class UnprivilegedProcess {

	private static final List<String> SWITCH_USER = List.of("setpriv", "--reuid=65534", "--regid=65534",
			"--clear-groups", "--inh-caps=-all");

	private final Path directory;

	private final Class<?> main;

	private @Nullable Boolean available;

	private UnprivilegedProcess(Path directory, Class<?> main) {
		this.directory = directory;
		this.main = main;
	}

	/**
	 * Prepare to run a main class that needs no more than the core.
	 * @param directory where the copy of the class path goes
	 * @param main the main class
	 * @return what runs it
	 */
	public static UnprivilegedProcess withClassPathIn(Path directory, Class<?> main) throws IOException {
		return prepare(directory, main,
				Stream.of(LogFactory.class, NullMarked.class).map(UnprivilegedProcess::location));
	}

	/**
	 * Prepare to run a main class that needs everything that tests have.
	 * @param directory where the copy of the class path goes
	 * @param main the main class
	 * @return what runs it
	 */
	public static UnprivilegedProcess withWholeClassPathIn(Path directory, Class<?> main) throws IOException {
		return prepare(directory, main,
				Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
					.map(Path::of)
					.filter(Files::isRegularFile));
	}

	private static UnprivilegedProcess prepare(Path directory, Class<?> main, Stream<Path> jars) throws IOException {
		for (Path jar : (Iterable<Path>) jars::iterator) {
			Files.copy(jar, directory.resolve(jar.getFileName()));
		}
		copy(location(MappingRegistry.class), directory.resolve("classes"));
		copy(location(main), directory.resolve("test-classes"));
		try (Stream<Path> copies = Files.walk(directory)) {
			for (Path copy : (Iterable<Path>) copies::iterator) {
				Files.setPosixFilePermissions(copy,
						PosixFilePermissions.fromString(Files.isDirectory(copy) ? "rwxr-xr-x" : "rw-r--r--"));
			}
		}
		return new UnprivilegedProcess(directory, main);
	}

	private static Path location(Class<?> type) {
		return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
	}

	private static void copy(Path from, Path to) throws IOException {
		if (!Files.isDirectory(from)) {
			Files.copy(from, to);
			return;
		}
		try (Stream<Path> files = Files.walk(from)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				Files.copy(file, to.resolve(from.relativize(file).toString()));
			}
		}
	}

	/**
	 * Skip the test where there is no way to run without privileges, or fail it in CI. To
	 * be called for each test: nothing is reported of a class that is skipped as a whole.
	 */
	public void assumeAvailable() throws IOException, InterruptedException {
		Requirement.check(isAvailable(), "root needs 'setpriv' to start a process without privileges");
	}

	/**
	 * Return whether there is a way to run without privileges.
	 * @return whether there is
	 */
	public boolean isAvailable() throws IOException, InterruptedException {
		if (this.available == null) {
			this.available = canExecute();
		}
		return this.available;
	}

	private boolean canExecute() throws InterruptedException {
		try {
			return execute(List.of("-version")).exitCode() == 0;
		}
		catch (IOException ex) {
			// There is no such program
			return false;
		}
	}

	/**
	 * Run the main class to its end.
	 * @param arguments its arguments
	 * @return what it wrote
	 */
	public Result run(String... arguments) throws IOException, InterruptedException {
		String classPath = String.join(":",
				Stream.of("classes", "test-classes", "*")
					.map((each) -> this.directory.resolve(each).toString())
					.toList());
		List<String> command = new ArrayList<>(
				List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath, this.main.getName()));
		command.addAll(List.of(arguments));
		Result result = execute(command);
		assertThat(result.exitCode()).as(result.output()).isZero();
		return result;
	}

	private Result execute(List<String> arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
			command.addAll(SWITCH_USER);
		}
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(arguments);
		Path output = this.directory.resolve("output");
		Process process = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended within a minute").isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
	}

	/**
	 * How the process ended.
	 *
	 * @param exitCode what it ended with
	 * @param output what it wrote, errors included
	 */
	public record Result(int exitCode, String output) {

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

}
