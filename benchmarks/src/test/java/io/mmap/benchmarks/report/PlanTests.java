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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.mmap.benchmarks.DataFiles;
import io.mmap.testsupport.Requirement;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Plan}: that everything in it can be measured, without looking at the
 * figures.
 */
class PlanTests {

	private static final Map<String, String> SMALL = Map.of("size", "4 MiB", "mappings", "10", "idleThreads", "2",
			"others", "1", "seconds", "2", "starts", "1");

	private static final Path MODULE = Path.of("").toAbsolutePath();

	private final JmhRunner jmh = new JmhRunner(Benchmarks.JVM_ARGUMENTS);

	@BeforeAll
	static void makeRoom() {
		System.setProperty(DataFiles.DIRECTORY, MODULE.resolve("target/data").toString());
	}

	/**
	 * Those of automatic arenas go with their garbage.
	 */
	@AfterAll
	static void waitForTheCollector() throws Exception {
		for (int i = 0; i < 100
				&& Files.readString(Path.of("/proc/self/maps")).contains(DataFiles.directory().toString()); i++) {
			System.gc();
			Thread.sleep(50);
		}
	}

	@ParameterizedTest
	@MethodSource
	void benchmarkCanBeMeasured(Run.Jmh run, Set<String> metrics) throws Exception {
		assertThat(this.jmh.tryOut(run)).containsKeys(metrics.toArray(String[]::new));
	}

	static Stream<Arguments> benchmarkCanBeMeasured() {
		Map<String, Run.Jmh> runs = new TreeMap<>();
		Map<String, Set<String>> metrics = new TreeMap<>();
		Plan.works().stream().flatMap((work) -> work.lines().stream()).map(Line::figure).forEach((figure) -> {
			if (figure.run() instanceof Run.Jmh run) {
				Run.Jmh small = small(run);
				runs.put(small.id(), small);
				metrics.computeIfAbsent(small.id(), (id) -> new TreeSet<>()).add(figure.metric());
			}
		});
		return runs.entrySet().stream().map((each) -> Arguments.of(each.getValue(), metrics.get(each.getKey())));
	}

	private static Run.Jmh small(Run.Jmh run) {
		Run.Jmh small = run;
		for (String parameter : run.parameters().keySet()) {
			String value = SMALL.get(parameter);
			if (value != null && !run.parameters().get(parameter).equals("0")) {
				small = small.with(parameter, value);
			}
		}
		return small;
	}

	@Test
	void cProgramDoesItsWorks() throws Exception {
		Requirement.check(isExecutable("gcc"), "gcc, a C compiler");
		CProgram program = CProgram.compile(MODULE.resolve("src/main/c/floor.c"), DataFiles.directory());
		for (Run run : Benchmarks.runs(Plan.works())) {
			if (run instanceof Run.C work) {
				assertThat(program.run(new Run.C(work.work(), "1 MiB", "4 KiB"), 0.05).get(Figure.SCORE))
					.satisfies((measured) -> assertThat(measured.value()).isPositive());
			}
		}
	}

	@Test
	void eachTargetThatIsRelativeHasItsPeerAndEachTitleIsThereOnce() {
		assertThat(Plan.works()).extracting(Work::title).doesNotHaveDuplicates();
		for (Work work : Plan.works()) {
			for (Line line : work.lines()) {
				for (Target target : line.targets()) {
					String peer = target.peer();
					assertThat(peer == null || work.line(peer) != line).isTrue();
				}
			}
		}
	}

	private static boolean isExecutable(String command) {
		return Stream.of(System.getenv("PATH").split(":"))
			.anyMatch((directory) -> Files.isExecutable(Path.of(directory, command)));
	}

}
