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
 * What a figure is to be.
 *
 * @param bound what it is to reach
 * @param most whether it is to be at most that, or at least
 * @param peer the line of the same work whose figure it is divided by, or {@code null} if
 * it is judged by itself
 */
public record Target(double bound, boolean most, @Nullable String peer) {

	public static Target atMost(double bound) {
		return new Target(bound, true, null);
	}

	public static Target atMost(double ratio, String peer) {
		return new Target(ratio, true, peer);
	}

	public static Target atLeast(double ratio, String peer) {
		return new Target(ratio, false, peer);
	}

	/**
	 * Judge a figure by the interval in which it is.
	 */
	Verdict of(Interval interval) {
		boolean met = (this.most) ? interval.high() <= this.bound : interval.low() >= this.bound;
		boolean missed = (this.most) ? interval.low() > this.bound : interval.high() < this.bound;
		return (met) ? Verdict.MET : (missed) ? Verdict.MISSED : Verdict.NOT_SHOWN;
	}

	/**
	 * What becomes of a target.
	 */
	enum Verdict {

		/**
		 * The whole interval is on the right side.
		 */
		MET("met"),

		/**
		 * The whole interval is on the wrong side.
		 */
		MISSED("**missed**"),

		/**
		 * The bound lies within the interval.
		 */
		NOT_SHOWN("*not shown*");

		private final String text;

		Verdict(String text) {
			this.text = text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
