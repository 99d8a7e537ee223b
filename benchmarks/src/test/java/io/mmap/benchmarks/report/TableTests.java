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

import org.junit.jupiter.api.Test;

import io.mmap.benchmarks.report.Results.Measured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Table} and {@link Results}.
 */
class TableTests {

	private static final Run JDK = new Run.C("jdk", "1 MiB", "1 MiB");

	private static final Run OURS = new Run.C("ours", "1 MiB", "1 MiB");

	private final Results results = Results.none();

	@Test
	void dividesRoundByRoundSoThatASlowRoundOfBothDoesNotMatter() {
		add(JDK, "ns/op", 100, 1000, 200);
		add(OURS, "ns/op", 50, 500, 100);
		assertThat(table(Target.atMost(0.6, "JDK"))).contains("| ≤ 0.60 × JDK | 0.50 (0.50–0.50) | met |");
	}

	@Test
	void saysWhatWasMissed() {
		add(JDK, "ns/op", 100, 100, 100);
		add(OURS, "ns/op", 130, 130, 130);
		assertThat(table(Target.atMost(1.1, "JDK"))).contains("| ≤ 1.10 × JDK | 1.30 (1.30–1.30) | **missed** |");
	}

	@Test
	void judgesAFigureByItself() {
		add(JDK, "ns/op", 1, 1);
		add(OURS, "ns/op", 9, 9);
		assertThat(table(Target.atMost(10))).contains("| ≤ 10 ns | 9.00 ns (9.00–9.00) | met |");
	}

	@Test
	void writesTimesInUnitsThatCanBeRead() {
		add(JDK, "ms/op", 0.0215, 0.0215);
		add(OURS, "ms/op", 2500, 2500);
		assertThat(table(Target.atMost(1))).contains("| JDK | 21.5 µs (21.5–21.5) |", "| ours | 2.50 s (2.50–2.50) |");
	}

	@Test
	void subtractsRoundByRound() {
		add(JDK, "ms", 100, 200);
		add(OURS, "ms", 103, 203);
		Figure difference = OURS.figure(Figure.SCORE).minus(JDK.figure(Figure.SCORE));
		assertThat(this.results.of(difference).values()).containsExactly(3.0, 3.0);
	}

	@Test
	void refusesToCompareDifferentUnits() {
		add(JDK, "ns/op", 1);
		add(OURS, "ops/s", 1);
		assertThatIllegalArgumentException().isThrownBy(() -> table(Target.atMost(1, "JDK")));
	}

	@Test
	void namesWhatWasNotMeasured() {
		add(JDK, "ns/op", 1);
		assertThat(Table.missing(this.results, List.of(work(Target.atMost(1)))))
			.isEqualTo("C ours 1 MiB, 1 MiB: score");
	}

	@Test
	void forgetsARunThatIsMeasuredAgainAndNoOther() {
		add(JDK, "ns/op", 1);
		add(OURS, "ns/op", 1);
		this.results.forget(OURS);
		assertThat(this.results.figures()).containsOnlyKeys("C jdk 1 MiB, 1 MiB: score");
	}

	private void add(Run run, String unit, double... values) {
		for (double value : values) {
			this.results.add(run, new LinkedHashMap<>(Map.of(Figure.SCORE, new Measured(value, unit))));
		}
	}

	private String table(Target target) {
		return Table.of(this.results, List.of(work(target)));
	}

	private static Work work(Target target) {
		return new Work("Some work", "Done somehow.", List.of(new Line("JDK", JDK.figure(Figure.SCORE), ""),
				new Line("ours", OURS.figure(Figure.SCORE), "").target(target)));
	}

}
