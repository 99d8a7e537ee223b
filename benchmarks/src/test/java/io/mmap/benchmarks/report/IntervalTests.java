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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link Interval}.
 */
class IntervalTests {

	@Test
	void isAsWideAsStudentsDistributionSays() {
		// 2.776445 is the quantile for four degrees of freedom, and 0.707107 the error of
		// the mean
		Interval interval = Interval.arithmetic(List.of(1.0, 2.0, 3.0, 4.0, 5.0));
		assertThat(interval.mean()).isEqualTo(3);
		assertThat(interval.low()).isCloseTo(3 - 2.776445 * 0.707107, within(1e-5));
		assertThat(interval.high()).isCloseTo(3 + 2.776445 * 0.707107, within(1e-5));
	}

	@Test
	void hasNoWidthIfAllValuesAreTheSame() {
		assertThat(Interval.arithmetic(List.of(7.0, 7.0, 7.0))).isEqualTo(new Interval(7, 7, 7));
	}

	@Test
	void hasNoEndsWithOneValue() {
		assertThat(Interval.arithmetic(List.of(7.0)))
			.isEqualTo(new Interval(Double.NEGATIVE_INFINITY, 7, Double.POSITIVE_INFINITY));
	}

	@Test
	void ofRatiosIsTheInverseOfThatOfTheInverseRatios() {
		Interval ratios = Interval.geometric(List.of(0.5, 2.0, 4.0));
		Interval inverse = Interval.geometric(List.of(2.0, 0.5, 0.25));
		assertThat(ratios.mean()).isCloseTo(Math.cbrt(4), within(1e-9));
		assertThat(inverse.mean()).isCloseTo(1 / ratios.mean(), within(1e-9));
		assertThat(inverse.low()).isCloseTo(1 / ratios.high(), within(1e-9));
		assertThat(inverse.high()).isCloseTo(1 / ratios.low(), within(1e-9));
	}

	@Test
	void ofRatiosNeedsPositiveOnes() {
		assertThatIllegalArgumentException().isThrownBy(() -> Interval.geometric(List.of(1.0, 0.0)))
			.withMessageContaining("[1.0, 0.0]");
	}

}
