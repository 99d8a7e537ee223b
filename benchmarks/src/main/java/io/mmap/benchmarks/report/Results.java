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
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.DoubleBinaryOperator;

import tools.jackson.databind.json.JsonMapper;

/**
 * What was measured, and where.
 *
 * @param machine what the machine is, line by line
 * @param figures the figures by their ids
 */
record Results(SequencedMap<String, String> machine, SequencedMap<String, Values> figures) {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	static Results read(Path file) {
		return MAPPER.readValue(file, Results.class);
	}

	void write(Path file) throws IOException {
		// Not half of it, whenever it is interrupted
		Path unfinished = file.resolveSibling(file.getFileName() + ".new");
		MAPPER.writerWithDefaultPrettyPrinter().writeValue(unfinished, this);
		Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
	}

	/**
	 * Add what came of a run in one round.
	 */
	void add(Run run, Map<String, Measured> measured) {
		measured.forEach((metric, value) -> this.figures
			.computeIfAbsent(run.figure(metric).id(), (id) -> new Values(value.unit(), new ArrayList<>()))
			.values()
			.add(value.value()));
	}

	/**
	 * Forget what is known of a run, which is about to be measured again.
	 */
	void forget(Run run) {
		this.figures.keySet().removeIf((id) -> id.startsWith(run.id() + ": "));
	}

	/**
	 * Return a figure of all rounds.
	 * @throws IllegalArgumentException if it was not measured
	 */
	Values of(Figure figure) {
		Values values = this.figures.get(figure.id());
		if (values == null) {
			throw new IllegalArgumentException("Nothing was measured of '" + figure.id() + "'");
		}
		return (figure.less() != null) ? values.less(of(figure.less())) : values;
	}

	boolean has(Figure figure) {
		return this.figures.containsKey(figure.id()) && (figure.less() == null || has(figure.less()));
	}

	static Results none() {
		return new Results(new LinkedHashMap<>(), new LinkedHashMap<>());
	}

	/**
	 * A figure of one round.
	 *
	 * @param value the value
	 * @param unit its unit
	 */
	record Measured(double value, String unit) {

	}

	/**
	 * A figure of all rounds.
	 *
	 * @param unit its unit
	 * @param values its value in each round
	 */
	record Values(String unit, List<Double> values) {

		Interval interval() {
			return Interval.arithmetic(this.values);
		}

		private Values less(Values other) {
			return new Values(this.unit, combined(other, (value, another) -> value - another));
		}

		/**
		 * Return how many times those of another figure these are, round by round.
		 */
		Interval ratio(Values other) {
			return Interval.geometric(combined(other, (value, another) -> value / another));
		}

		private List<Double> combined(Values other, DoubleBinaryOperator operator) {
			if (!this.unit.equals(other.unit) || this.values.size() != other.values.size()) {
				throw new IllegalArgumentException(this + " and " + other + " cannot be compared");
			}
			List<Double> combined = new ArrayList<>();
			for (int round = 0; round < this.values.size(); round++) {
				combined.add(operator.applyAsDouble(this.values.get(round), other.values.get(round)));
			}
			return combined;
		}

	}

}
