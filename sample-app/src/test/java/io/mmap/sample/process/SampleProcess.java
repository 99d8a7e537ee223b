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

package io.mmap.sample.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The application as a process of its own, on a port of its own. Whatever happens, it has
 * ended after {@link #close()}.
 */
public final class SampleProcess implements AutoCloseable {

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private static final Duration STARTED = Duration.ofSeconds(60);

	private final HttpClient client = HttpClient.newHttpClient();

	private final List<String> output = new ArrayList<>();

	private final Process process;

	private final Thread reader;

	private final int port;

	private SampleProcess(Path workingDirectory, List<String> command) throws Exception {
		this.process = new ProcessBuilder(command).directory(workingDirectory.toFile())
			.redirectErrorStream(true)
			.start();
		this.reader = Thread.ofVirtual().start(this::readOutput);
		try {
			Matcher port = PORT.matcher(await((line) -> PORT.matcher(line).find(), STARTED));
			this.port = port.find() ? Integer.parseInt(port.group(1)) : 0;
			await((line) -> line.contains(" Started "), STARTED);
		}
		catch (Exception | AssertionError ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Start a main class with the class path of this test.
	 * @param arguments arguments of the application
	 */
	static SampleProcess start(Class<?> main, Path data, String... arguments) throws Exception {
		List<String> words = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", "-cp",
				System.getProperty("java.class.path"), main.getName()));
		words.addAll(List.of(arguments));
		return start(Path.of(""), data, words.toArray(String[]::new));
	}

	/**
	 * Start the executable jar.
	 */
	public static SampleProcess startJar(Path jar, Path workingDirectory, Path data, String... arguments)
			throws Exception {
		List<String> command = new ArrayList<>(List.of("-jar", jar.toString()));
		command.addAll(List.of(arguments));
		return start(workingDirectory, data, command.toArray(String[]::new));
	}

	private static SampleProcess start(Path workingDirectory, Path data, String... arguments) throws Exception {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(arguments));
		command.addAll(List.of("--server.port=0", "--server.address=127.0.0.1", "--sample.data=" + data));
		return new SampleProcess(workingDirectory.toAbsolutePath(), command);
	}

	private void readOutput() {
		try (BufferedReader lines = this.process.inputReader()) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				synchronized (this.output) {
					this.output.add(line);
					this.output.notifyAll();
				}
			}
		}
		catch (IOException ex) {
			// The process was killed
		}
	}

	/**
	 * Wait for a line of output.
	 */
	String await(Predicate<String> condition, Duration timeout) throws InterruptedException {
		long end = System.nanoTime() + timeout.toNanos();
		synchronized (this.output) {
			while (true) {
				for (String line : this.output) {
					if (condition.test(line)) {
						return line;
					}
				}
				if (System.nanoTime() > end || !this.process.isAlive() && !this.reader.isAlive()) {
					throw new AssertionError("Not in the output:\n" + String.join("\n", this.output));
				}
				this.output.wait(100);
			}
		}
	}

	/**
	 * Return all lines of output so far, of both streams.
	 */
	public List<String> output() {
		synchronized (this.output) {
			return List.copyOf(this.output);
		}
	}

	long pid() {
		return this.process.pid();
	}

	/**
	 * Return where the application answers, without a slash at the end.
	 */
	public String origin() {
		return "http://127.0.0.1:" + this.port;
	}

	HttpRequest request(String uri) {
		return HttpRequest.newBuilder(URI.create(origin() + uri)).timeout(Duration.ofSeconds(30)).build();
	}

	HttpClient client() {
		return this.client;
	}

	/**
	 * Send a request that must succeed, and return the body of the answer.
	 */
	public String get(String uri) throws IOException, InterruptedException {
		HttpResponse<String> response = this.client.send(request(uri), BodyHandlers.ofString());
		if (response.statusCode() != 200) {
			throw new AssertionError("%s: %d %s".formatted(uri, response.statusCode(), response.body()));
		}
		return response.body();
	}

	/**
	 * Return the memory regions that map files of a directory.
	 */
	List<MemoryRegion> regions(Path directory) throws IOException {
		return MemoryRegion.of(Files.readAllLines(Path.of("/proc/" + pid() + "/maps")), MemoryRegion.inodes(directory));
	}

	int port() {
		return this.port;
	}

	/**
	 * Kill the process as {@code kill -9} does.
	 */
	void kill() throws InterruptedException {
		this.process.destroyForcibly();
		awaitExit();
	}

	/**
	 * Ask the process to end as {@code kill} does.
	 */
	void terminate() {
		// Process.destroy() would close the streams, too
		this.process.toHandle().destroy();
	}

	int awaitExit() throws InterruptedException {
		if (!this.process.waitFor(30, TimeUnit.SECONDS)) {
			throw new AssertionError("Still running:\n" + String.join("\n", output()));
		}
		this.reader.join(Duration.ofSeconds(10));
		return this.process.exitValue();
	}

	@Override
	public void close() {
		this.client.shutdownNow();
		this.process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
	}

}
