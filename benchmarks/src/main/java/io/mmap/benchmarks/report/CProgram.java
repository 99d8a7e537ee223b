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
package io.mmap.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.mmap.benchmarks.DataFiles;
import io.mmap.benchmarks.report.Results.Measured;

/**
 * The C program that shows what the system calls and the memory cost by themselves.
 */
final class CProgram {

	private static final long TIMEOUT_MINUTES = 5;

	private final Path program;

	private CProgram(Path program) {
		this.program = program;
	}

	/**
	 * Compile the program.
	 * @param source its source
	 * @param directory where to put it
	 */
	static CProgram compile(Path source, Path directory) throws IOException, InterruptedException {
		Files.createDirectories(directory);
		Path program = directory.resolve("floor");
		execute(List.of("gcc", "-O3", "-march=native", "-Wall", "-Wextra", "-Werror", "-o", program.toString(),
				source.toString()));
		return new CProgram(program);
	}

	/**
	 * Return what the compiler calls itself.
	 */
	static String version() throws IOException, InterruptedException {
		return execute(List.of("gcc", "--version")).lines().findFirst().orElse("unknown");
	}

	/**
	 * Measure.
	 * @param seconds for how long, after a third of that
	 */
	Map<String, Measured> run(Run.C run, double seconds) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(this.program.toString());
		command.add(run.work());
		command.add(run.file().toString());
		command.add(Long.toString(DataFiles.bytes(run.touch())));
		command.add(Double.toString(seconds));
		String[] answer = execute(command).strip().split(" ");
		return Map.of(Figure.SCORE, new Measured(Double.parseDouble(answer[0]), answer[1]));
	}

	private static String execute(List<String> command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		try {
			String output = new String(process.getInputStream().readAllBytes());
			if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
				throw new IOException(command + " failed: " + output);
			}
			return output;
		}
		finally {
			process.destroyForcibly();
		}
	}

}
