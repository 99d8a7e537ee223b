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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;
import java.util.Set;
import java.util.regex.Pattern;

import org.openjdk.jmh.runner.RunnerException;

import io.mmap.benchmarks.DataFiles;
import io.mmap.benchmarks.report.Results.Measured;
import io.mmap.benchmarks.report.Target.Verdict;

/**
 * Measures everything, or a part of it, and writes the table. The runs are made in
 * rounds, each in a process of its own and every second round in the opposite order, so
 * that what is compared was measured within minutes, and whatever happens to the machine
 * happens to all of it.
 */
final class Benchmarks {

	private static final String BEGIN = "<!-- results: what follows is generated -->\n";

	private static final double C_SECONDS = 1.5;

	/**
	 * What every JVM needs that measures: Agrona and Chronicle use internals of the JDK.
	 */
	static final List<String> JVM_ARGUMENTS = List.of("-Xms2g", "-Xmx2g", "--enable-native-access=ALL-UNNAMED",
			"-Dlogback.configurationFile=quiet.xml", "--sun-misc-unsafe-memory-access=allow",
			"--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
			"--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
			"--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
			"--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
			"--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/java.nio=ALL-UNNAMED",
			"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED");

	private final Path directory;

	private final Results results;

	private final JmhRunner jmh;

	private final CProgram program;

	private Benchmarks(Path directory) throws IOException, InterruptedException {
		this.directory = directory;
		this.results = Files.exists(resultsFile(directory)) ? Results.read(resultsFile(directory)) : Results.none();
		List<String> arguments = new ArrayList<>(JVM_ARGUMENTS);
		arguments.add("-D" + DataFiles.DIRECTORY + "=" + DataFiles.directory());
		this.jmh = new JmhRunner(arguments);
		this.program = CProgram.compile(directory.resolve("src/main/c/floor.c"), DataFiles.directory());
	}

	/**
	 * Measure.
	 * @param arguments the directory of this module; a regular expression for the titles
	 * of the works to be measured; how many rounds to make
	 */
	public static void main(String[] arguments) throws Exception {
		Path directory = Path.of(arguments[0]);
		Pattern wanted = Pattern.compile(arguments[1]);
		int rounds = Integer.parseInt(arguments[2]);
		Benchmarks benchmarks = new Benchmarks(directory);
		benchmarks.run(Plan.works().stream().filter((work) -> wanted.matcher(work.title()).find()).toList(), rounds);
		benchmarks.report();
	}

	static Path resultsFile(Path directory) {
		return directory.resolve("results.json");
	}

	private void run(List<Work> works, int rounds) throws IOException, InterruptedException, RunnerException {
		SequencedCollection<Run> runs = runs(works);
		this.results.machine().clear();
		this.results.machine().putAll(Machine.describe(DataFiles.directory()));
		this.results.machine().put("Rounds", Integer.toString(rounds));
		runs.forEach(this.results::forget);
		long start = System.nanoTime();
		for (int round = 1; round <= rounds; round++) {
			int done = 0;
			for (Run run : (round % 2 == 1) ? runs : runs.reversed()) {
				done++;
				Map<String, Measured> measured = run(run);
				this.results.add(run, measured);
				System.out.println("%5d s  round %d/%d, %d/%d  %s %s".formatted(
						Duration.ofNanos(System.nanoTime() - start).toSeconds(), round, rounds, done, runs.size(),
						run.id(), measured));
			}
		}
		// Only now, or a part of it would look like the whole
		this.results.write(resultsFile(this.directory));
	}

	private Map<String, Measured> run(Run run) throws IOException, InterruptedException, RunnerException {
		return switch (run) {
			case Run.Jmh method -> this.jmh.run(method);
			case Run.C work -> this.program.run(work, C_SECONDS);
		};
	}

	static SequencedCollection<Run> runs(Collection<Work> works) {
		Set<Run> runs = new LinkedHashSet<>();
		for (Work work : works) {
			for (Line line : work.lines()) {
				for (Figure figure = line.figure(); figure != null; figure = figure.less()) {
					runs.add(figure.run());
				}
			}
		}
		return List.copyOf(runs);
	}

	private void report() throws IOException {
		List<Work> works = Plan.works();
		String missing = Table.missing(this.results, works);
		if (missing != null) {
			System.out.println("The table is left as it is, as not everything was measured so far: " + missing);
			return;
		}
		Path readme = this.directory.resolve("README.md");
		Files.writeString(readme, withTable(Files.readString(readme), this.results));
		for (Verdict verdict : Verdict.values()) {
			System.out.println(verdict + ": " + Table.count(this.results, works, verdict));
		}
	}

	/**
	 * Return a document with the table in place of the one that it has.
	 */
	static String withTable(String document, Results results) {
		int begin = document.indexOf(BEGIN);
		if (begin < 0) {
			throw new IllegalArgumentException("There is no line '" + BEGIN.strip() + "' in the document");
		}
		return document.substring(0, begin + BEGIN.length()) + "\n" + Table.of(results, Plan.works());
	}

}
