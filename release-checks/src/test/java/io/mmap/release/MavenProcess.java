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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the Maven that runs this build. What it needs, the build has needed before, so
 * that nothing is downloaded.
 */
final class MavenProcess {

	/**
	 * Whether this build is offline. The plugin that makes the SBOM does nothing then.
	 */
	static final boolean OFFLINE = "offline is true".equals(System.getProperty("maven.mode"));

	private static final int MINUTES = 30;

	private MavenProcess() {
	}

	/**
	 * Run Maven, and fail if it does.
	 * @param directory where it runs
	 * @param repository its local repository
	 * @param environment what is different in its environment
	 * @param arguments goals and options
	 */
	static void run(Path directory, Path repository, Map<String, String> environment, String... arguments)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(), "--batch-mode", "--quiet",
						"-Dmaven.repo.local=" + repository,
						// From wherever the settings of this build have had it downloaded
						"-Daether.enhancedLocalRepository.trackingFilename=none"));
		if (OFFLINE) {
			command.add("--offline");
		}
		command.addAll(List.of(arguments));
		Path output = Files.createTempFile("maven", ".log");
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		// Not that of the toolchain, which Failsafe sets
		builder.environment().put("JAVA_HOME", System.getProperty("maven.java.home"));
		builder.environment().putAll(environment);
		Process process = builder.start();
		try {
			assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as("ended within %d minutes", MINUTES).isTrue();
			assertThat(process.exitValue()).as(() -> read(output)).isZero();
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
			Files.delete(output);
		}
	}

	/**
	 * Return the local repository of this build.
	 */
	static Path repository() {
		return Path.of(System.getProperty("maven.repository"));
	}

	private static String read(Path output) {
		try {
			return Files.readString(output);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

}
