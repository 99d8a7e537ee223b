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

package io.mmap.docs;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that runs beside the test, and talks to it by lines. It is killed when it is
 * closed, and if it takes too long.
 */
final class OtherProcess implements AutoCloseable {

	private static final int PATIENCE = 60;

	private final Process process;

	private final BufferedReader output;

	private OtherProcess(Process process) {
		this.process = process;
		this.output = this.process.inputReader(StandardCharsets.UTF_8);
		ProcessHandle handle = this.process.toHandle();
		Executor later = CompletableFuture.delayedExecutor(PATIENCE, TimeUnit.SECONDS);
		later.execute(handle::destroyForcibly);
	}

	static OtherProcess start(List<String> command) throws IOException {
		return of(builder(command).redirectErrorStream(true).start());
	}

	/**
	 * Return what starts a process without options that were meant for this one.
	 */
	static ProcessBuilder builder(List<String> command) {
		ProcessBuilder builder = new ProcessBuilder(command);
		builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
		return builder;
	}

	static OtherProcess of(Process process) {
		return new OtherProcess(process);
	}

	static OtherProcess java(Class<?> main, String... arguments) throws IOException {
		return start(javaCommand(main, arguments));
	}

	static List<String> javaCommand(Class<?> main, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx64m", "-XX:+UseSerialGC", "-cp",
				System.getProperty("java.class.path"), main.getName()));
		command.addAll(List.of(arguments));
		return command;
	}

	long pid() {
		return this.process.pid();
	}

	/**
	 * Wait for a line that starts with a key and a colon, and return the rest of it.
	 */
	String line(String key) throws IOException {
		List<String> others = new ArrayList<>();
		String line;
		while ((line = this.output.readLine()) != null) {
			if (line.startsWith(key + ": ")) {
				return line.substring(key.length() + 2);
			}
			others.add(line);
		}
		throw new AssertionError("Ended without '" + key + "': " + others);
	}

	/**
	 * Return what it writes until it ends.
	 */
	String rest() throws IOException {
		return this.output.readAllAsString();
	}

	/**
	 * Write a line to its standard input.
	 */
	void tell(String line) throws IOException {
		this.process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
		this.process.getOutputStream().flush();
	}

	/**
	 * Wait for its end.
	 * @return its exit code, which is 128 more than the number of a signal
	 */
	int exitCode() throws InterruptedException {
		assertThat(this.process.waitFor(PATIENCE, TimeUnit.SECONDS)).as("ended in time").isTrue();
		return this.process.exitValue();
	}

	/**
	 * Send it the signal that nobody can handle, as {@code kill -9} does, and wait.
	 */
	int kill() throws InterruptedException {
		this.process.toHandle().destroyForcibly();
		return exitCode();
	}

	@Override
	public void close() throws IOException {
		this.process.toHandle().destroyForcibly();
		this.process.onExit().orTimeout(PATIENCE, TimeUnit.SECONDS).join();
		this.output.close();
		try {
			this.process.getOutputStream().close();
		}
		catch (IOException ex) {
			// It has ended, and takes no more
		}
	}

}
