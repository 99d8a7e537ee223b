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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the results that are kept with the code.
 */
class ResultsTests {

	private static final Path MODULE = Path.of("").toAbsolutePath();

	private final Results results = Results.read(Benchmarks.resultsFile(MODULE));

	@Test
	void areThoseOfThePlan() {
		assertThat(Table.missing(this.results, Plan.works())).isNull();
	}

	@Test
	void areOfFiveRoundsAtLeast() {
		assertThat(this.results.figures().values())
			.allSatisfy((values) -> assertThat(values.values()).hasSizeGreaterThanOrEqualTo(5));
	}

	@Test
	void areInTheTableOfTheDocument() throws Exception {
		String document = Files.readString(MODULE.resolve("README.md"));
		assertThat(Benchmarks.withTable(document, this.results)).isEqualTo(document);
	}

}
