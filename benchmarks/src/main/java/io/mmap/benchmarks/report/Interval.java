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

import java.util.List;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * The 95 % confidence interval of a mean over rounds.
 *
 * @param low its lower end
 * @param mean the mean
 * @param high its upper end
 */
record Interval(double low, double mean, double high) {

	private static final double UPPER_QUANTILE = 0.975;

	/**
	 * Return that of the geometric mean of values, each of one round. That of ratios is
	 * what it should be whichever of two is the divisor.
	 * @throws IllegalArgumentException if there is no value, or one is not positive
	 */
	static Interval geometric(List<Double> values) {
		if (values.isEmpty() || values.stream().anyMatch((value) -> !(value > 0))) {
			throw new IllegalArgumentException("A geometric mean needs positive values, but these are " + values);
		}
		Interval logs = arithmetic(values.stream().map(Math::log).toList());
		return new Interval(Math.exp(logs.low), Math.exp(logs.mean), Math.exp(logs.high));
	}

	/**
	 * Return that of the mean of values, each of one round. With one round there is no
	 * end to it.
	 */
	static Interval arithmetic(List<Double> values) {
		int count = values.size();
		double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
		if (count == 1) {
			return new Interval(Double.NEGATIVE_INFINITY, mean, Double.POSITIVE_INFINITY);
		}
		double squares = values.stream().mapToDouble((value) -> (value - mean) * (value - mean)).sum();
		double error = Math.sqrt(squares / (count - 1) / count);
		double half = new TDistribution(count - 1).inverseCumulativeProbability(UPPER_QUANTILE) * error;
		return new Interval(mean - half, mean, mean + half);
	}

}
