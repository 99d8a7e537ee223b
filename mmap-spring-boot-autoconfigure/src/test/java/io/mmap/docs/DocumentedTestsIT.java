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

package io.mmap.docs;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code docs/native.md} and {@code docs/faults.md} say was seen in a test, of this
 * build.
 */
class DocumentedTestsIT {

	private static final Path DOCUMENTS = Path.of("..", "docs");

	private static final Path TEST_CLASSES = Path.of("target", "test-classes");

	@ParameterizedTest
	@ValueSource(strings = { "native.md", "faults.md", "design.md" })
	void eachRowHasATestThatHasPassed(String document) throws IOException {
		TestedRows rows = new TestedRows(DOCUMENTS.resolve(document), TEST_CLASSES,
				Path.of("target", "surefire-reports"), System.getenv("CI") != null);
		assertThat(rows.problems()).isEmpty();
	}

	@Test
	void faultsAndTheirTestsMatchOneToOne() throws IOException {
		FaultCatalogue catalogue = new FaultCatalogue(DOCUMENTS.resolve("faults.md"), TEST_CLASSES);
		assertThat(catalogue.problems()).isEmpty();
		assertThat(catalogue.entries()).hasSizeGreaterThanOrEqualTo(60);
	}

}
