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

import org.junit.jupiter.api.Test;

import io.mmap.benchmarks.report.Target.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Target}.
 */
class TargetTests {

	@Test
	void isMetIfTheWholeIntervalIsOnTheRightSide() {
		assertThat(Target.atMost(1.1, "JDK").of(new Interval(0.9, 1.0, 1.1))).isEqualTo(Verdict.MET);
		assertThat(Target.atLeast(0.98, "JDK").of(new Interval(0.98, 1.0, 1.1))).isEqualTo(Verdict.MET);
	}

	@Test
	void isMissedIfTheWholeIntervalIsOnTheWrongSide() {
		assertThat(Target.atMost(1.1, "JDK").of(new Interval(1.11, 1.2, 1.3))).isEqualTo(Verdict.MISSED);
		assertThat(Target.atLeast(0.98, "JDK").of(new Interval(0.9, 0.95, 0.97))).isEqualTo(Verdict.MISSED);
	}

	@Test
	void isNotShownIfTheIntervalHasTheBoundWithinThoughTheMeanIsGood() {
		assertThat(Target.atMost(1.1, "JDK").of(new Interval(0.9, 1.0, 1.11))).isEqualTo(Verdict.NOT_SHOWN);
		assertThat(Target.atLeast(0.98, "JDK").of(new Interval(0.97, 1.0, 1.1))).isEqualTo(Verdict.NOT_SHOWN);
	}

	@Test
	void isNeverMetWithOneRound() {
		Interval one = new Interval(Double.NEGATIVE_INFINITY, 0.5, Double.POSITIVE_INFINITY);
		assertThat(Target.atMost(1).of(one)).isEqualTo(Verdict.NOT_SHOWN);
	}

}
