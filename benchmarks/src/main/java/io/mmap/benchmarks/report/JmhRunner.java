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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import io.mmap.benchmarks.report.Results.Measured;

/**
 * Has JMH measure in a JVM of its own.
 */
final class JmhRunner {

	private static final String ALLOCATED_PER_OPERATION = "gc.alloc.rate.norm";

	/**
	 * Percentiles that are of interest where each call is timed.
	 */
	private static final List<Double> PERCENTILES = List.of(50.0, 99.0, 99.99);

	private final List<String> jvmArguments;

	JmhRunner(List<String> jvmArguments) {
		this.jvmArguments = jvmArguments;
	}

	/**
	 * Measure as the class says.
	 * @return the figures by metric
	 */
	Map<String, Measured> run(Run.Jmh run) throws RunnerException {
		return figures(single(options(run).forks(1)));
	}

	/**
	 * Do it once, in this JVM, to see whether it can be done.
	 */
	Map<String, Measured> tryOut(Run.Jmh run) throws RunnerException {
		return figures(single(options(run).forks(0)
			.warmupIterations(0)
			.measurementIterations(1)
			.measurementTime(TimeValue.milliseconds(20))
			.timeout(TimeValue.minutes(2))));
	}

	private ChainedOptionsBuilder options(Run.Jmh run) {
		ChainedOptionsBuilder options = new OptionsBuilder()
			.include("\\Q" + run.type().getName() + "." + run.method() + "\\E$")
			.threads(run.threads())
			.jvmArgsAppend(this.jvmArguments.toArray(String[]::new))
			.addProfiler(GCProfiler.class)
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT);
		run.parameters().forEach(options::param);
		return options;
	}

	/**
	 * Return the unit of an auxiliary counter, which its name starts or ends with.
	 */
	private static String unit(String counter) {
		return (counter.endsWith("Millis")) ? "ms"
				: (counter.startsWith("bytes")) ? "B" : (counter.startsWith("percent")) ? "%" : "times";
	}

	private static RunResult single(ChainedOptionsBuilder options) throws RunnerException {
		List<RunResult> results = List.copyOf(new Runner(options.build()).run());
		if (results.size() != 1) {
			throw new IllegalStateException("One result was expected, and these came: " + results);
		}
		return results.getFirst();
	}

	private static Map<String, Measured> figures(RunResult run) {
		Map<String, Measured> figures = new LinkedHashMap<>();
		Result<?> primary = run.getPrimaryResult();
		figures.put(Figure.SCORE, new Measured(primary.getScore(), primary.getScoreUnit()));
		if (run.getParams().getMode() == org.openjdk.jmh.annotations.Mode.SampleTime) {
			for (double percentile : PERCENTILES) {
				figures.put("p" + Double.toString(percentile).replaceFirst("\\.0$", ""),
						new Measured(primary.getStatistics().getPercentile(percentile), primary.getScoreUnit()));
			}
		}
		run.getSecondaryResults().forEach((name, result) -> {
			if (name.equals(ALLOCATED_PER_OPERATION)) {
				figures.put(Figure.ALLOCATED, new Measured(result.getScore(), result.getScoreUnit()));
			}
			else if (!name.startsWith("gc.") && !name.startsWith(primary.getLabel() + ":")) {
				figures.put(name, new Measured(result.getScore(), unit(name)));
			}
		});
		return figures;
	}

}
