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
package io.mmap.benchmarks.app;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program in a JVM of its own.
 */
public final class ChildJvm implements AutoCloseable {

	/**
	 * What the line starts with in which a program gives its figure.
	 */
	static final String RESULT = "RESULT ";

	private static final Pattern THIS_PROJECT = Pattern.compile("mmap-spring-boot-(autoconfigure|starter)");

	private static final Pattern WEB_AND_ACTUATOR = Pattern.compile("actuator|micrometer-(core|registry|metrics)|"
			+ "spring-boot-(health|micrometer|observation|web|tomcat|servlet|http|jackson)|spring-web|tomcat-|jackson-|prometheus-");

	private static final long TIMEOUT_SECONDS = 60;

	private static final long TICKS_PER_SECOND = 100;

	private final Process process;

	private final BufferedReader output;

	private ChildJvm(Process process) {
		this.process = process;
		this.output = process.inputReader(StandardCharsets.UTF_8);
	}

	/**
	 * Start an application.
	 * @param starter whether it has the starter
	 * @param web whether it has Actuator and a web server
	 * @param arguments its arguments
	 */
	public static ChildJvm application(boolean starter, boolean web, List<String> arguments) throws IOException {
		List<String> all = new ArrayList<>(List.of("--spring.main.banner-mode=off", "--logging.level.root=warn",
				"--server.port=0", "--server.address=127.0.0.1", "--management.endpoints.web.exposure.include=*"));
		all.addAll(arguments);
		return start(Application.class, starter, web, all);
	}

	/**
	 * Start a program that maps files in a loop.
	 * @param ours whether this project maps them, or the JDK
	 */
	public static ChildJvm loop(boolean ours, Path directory, int files) throws IOException {
		return start((ours) ? RegistryLoop.class : JdkLoop.class, ours, false,
				List.of(directory.toString(), Integer.toString(files)));
	}

	private static ChildJvm start(Class<?> main, boolean starter, boolean web, List<String> arguments)
			throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
						"--enable-native-access=ALL-UNNAMED", "-Dlogback.configurationFile=quiet.xml", "-cp",
						classPath(starter, web), main.getName()));
		command.addAll(arguments);
		return new ChildJvm(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
	}

	private static String classPath(boolean starter, boolean web) {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> starter || !THIS_PROJECT.matcher(entry).find())
			.filter((entry) -> web || !WEB_AND_ACTUATOR.matcher(Path.of(entry).getFileName().toString()).find())
			.collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * Wait for the figure of the program.
	 * @return the figure, in nanoseconds
	 */
	public long result() throws IOException {
		List<String> lines = new ArrayList<>();
		String line;
		while ((line = this.output.readLine()) != null) {
			if (line.startsWith(RESULT)) {
				return Long.parseLong(line.substring(RESULT.length()));
			}
			lines.add(line);
		}
		throw new IOException("The program ended without a result: " + String.join("\n", lines));
	}

	/**
	 * Return how much processor time the process has used, in seconds.
	 */
	public double processorSeconds() throws IOException {
		String status = Files.readString(proc("stat"));
		String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ");
		return (double) (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
	}

	/**
	 * Return how often the threads of this project have waited for something.
	 */
	public long waits() throws IOException {
		long waits = 0;
		try (Stream<Path> tasks = Files.list(proc("task"))) {
			for (Path task : tasks.toList()) {
				if (Files.readString(task.resolve("comm")).startsWith("mmap-")) {
					waits += Files.readAllLines(task.resolve("status"))
						.stream()
						.filter((line) -> line.startsWith("voluntary_ctxt_switches:"))
						.mapToLong((line) -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
						.sum();
				}
			}
		}
		return waits;
	}

	private Path proc(String file) {
		return Path.of("/proc", Long.toString(this.process.pid()), file);
	}

	/**
	 * Have the program end.
	 */
	@Override
	public void close() throws IOException {
		try {
			this.process.getOutputStream().close();
			if (!this.process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
				throw new IOException("The program does not end");
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			this.process.destroyForcibly();
		}
	}

}
