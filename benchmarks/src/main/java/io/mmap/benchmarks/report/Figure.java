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

import org.jspecify.annotations.Nullable;

/**
 * One of the figures that come of a run.
 *
 * @param run the run
 * @param metric which figure: {@link #SCORE}, {@link #ALLOCATED}, a percentile such as
 * {@code p99.99}, or the name of an auxiliary counter
 * @param less what is subtracted from it, or {@code null}
 */
public record Figure(Run run, String metric, @Nullable Figure less) {

	/**
	 * What JMH measures in the first place.
	 */
	public static final String SCORE = "score";

	/**
	 * How many bytes of heap an operation allocates.
	 */
	public static final String ALLOCATED = "allocated";

	public Figure(Run run, String metric) {
		this(run, metric, null);
	}

	public Figure minus(Figure less) {
		return new Figure(this.run, this.metric, less);
	}

	/**
	 * Return what to call it in the file of results.
	 */
	String id() {
		return this.run.id() + ": " + this.metric;
	}

}
