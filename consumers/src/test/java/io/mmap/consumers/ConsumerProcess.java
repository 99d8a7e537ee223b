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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JVM of its own that runs an application. It is bound in time, and ended whatever
 * happens.
 */
final class ConsumerProcess implements AutoCloseable {

	/**
	 * What a JVM that was asked to end by SIGTERM says, as a shell has it.
	 */
	static final int TERMINATED = 128 + 15;

	private static final Duration LIMIT = Duration.ofSeconds(90);

	private static final Pattern PORT = Pattern.compile("(?:Tomcat|Netty) started on port (\\d+)");

	private static final Pattern STARTED = Pattern.compile(" Started \\w+ in ");

	/**
	 * What would change the application, and is about that of somebody else.
	 */
	private static final Pattern SETTINGS = Pattern
		.compile("(JAVA_TOOL|JDK_JAVA|_JAVA)_OPTIONS|(SPRING|MANAGEMENT|SERVER|LOGGING|MMAP)_.*");

	private final HttpClient client = HttpClient.newHttpClient();

	private final Path output;

	private final Path errors;

	private final Process process;

	private ConsumerProcess(Path directory, List<String> words) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
		// Tomcat leaves a directory behind
		command.add("-Djava.io.tmpdir=" + directory);
		command.addAll(words);
		this.output = Files.createTempFile(directory, "output", ".txt");
		this.errors = Files.createTempFile(directory, "errors", ".txt");
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
			.redirectOutput(this.output.toFile())
			.redirectError(this.errors.toFile());
		builder.environment().keySet().removeIf(SETTINGS.asMatchPredicate());
		this.process = builder.start();
	}

	/**
	 * Run what ends by itself.
	 * @param directory the working directory
	 * @param words what follows 'java'
	 * @return the process, which has ended
	 */
	static ConsumerProcess run(Path directory, String... words) throws IOException, InterruptedException {
		try (ConsumerProcess process = new ConsumerProcess(directory, List.of(words))) {
			process.exitCode();
			return process;
		}
	}

	/**
	 * Start a web application, and wait until it has started.
	 * @param directory the working directory
	 * @param words what follows 'java'
	 * @return the process
	 */
	static ConsumerProcess start(Path directory, String... words) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of(words));
		command.addAll(List.of("--server.port=0", "--server.address=127.0.0.1"));
		ConsumerProcess process = new ConsumerProcess(directory, command);
		try {
			process.await(STARTED);
		}
		catch (Exception | AssertionError ex) {
			process.close();
			throw ex;
		}
		return process;
	}

	private Matcher await(Pattern pattern) throws IOException, InterruptedException {
		long end = System.nanoTime() + LIMIT.toNanos();
		while (true) {
			boolean alive = this.process.isAlive();
			Matcher matcher = pattern.matcher(output());
			if (matcher.find()) {
				return matcher;
			}
			if (!alive || System.nanoTime() > end) {
				throw new AssertionError("No '%s' in the output of %s".formatted(pattern, this));
			}
			Thread.sleep(10);
		}
	}

	/**
	 * Return what it wrote so far, without errors.
	 */
	String output() throws IOException {
		return Files.readString(this.output);
	}

	/**
	 * Return what it wrote so far to the stream for errors, where the JVM warns.
	 */
	String errors() throws IOException {
		return Files.readString(this.errors);
	}

	HttpResponse<String> send(String method, String uri) throws IOException, InterruptedException {
		int port = Integer.parseInt(await(PORT).group(1));
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + uri))
			.method(method, BodyPublishers.noBody())
			.timeout(Duration.ofSeconds(30))
			.build();
		return this.client.send(request, BodyHandlers.ofString());
	}

	/**
	 * Get what must be there.
	 */
	String get(String uri) throws IOException, InterruptedException {
		HttpResponse<String> response = send("GET", uri);
		if (response.statusCode() != 200) {
			throw new AssertionError("%s: %d %s".formatted(uri, response.statusCode(), response.body()));
		}
		return response.body();
	}

	JsonNode json(String uri) throws IOException, InterruptedException {
		return JsonMapper.shared().readTree(get(uri));
	}

	int status(String uri) throws IOException, InterruptedException {
		return send("GET", uri).statusCode();
	}

	/**
	 * Ask it to end as {@code kill} does, and wait.
	 * @return what it ended with
	 */
	int terminate() throws IOException, InterruptedException {
		this.process.toHandle().destroy();
		return exitCode();
	}

	/**
	 * Wait for its end.
	 * @return what it ended with
	 */
	int exitCode() throws IOException, InterruptedException {
		if (!this.process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
			throw new AssertionError("Still running: " + this);
		}
		return this.process.exitValue();
	}

	@Override
	public void close() {
		this.client.shutdownNow();
		this.process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
	}

	@Override
	public String toString() {
		try {
			return "process %d:%n%s%n%s".formatted(this.process.pid(), output(), errors());
		}
		catch (IOException ex) {
			return "process %d: %s".formatted(this.process.pid(), ex);
		}
	}

}
