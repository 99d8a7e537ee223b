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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code docs/properties.md} is what the configuration metadata says.
 */
class PropertiesPageTests {

	@Test
	void thePageIsMadeOfTheMetadata() {
		GeneratedPage.check("docs/properties.md", new PropertiesPage().text(), getClass());
	}

	@Test
	void valuesOfEnumerationsAreExplained() {
		assertThat(new PropertiesPage().text())
			.contains("### access", "| `copy-on-write` | ", "### seals", "| `future-write` | ", "### mmap.mapper",
					"### source", "| `in-memory-file` | ")
			.doesNotContain("{@", "java.", "io.mmap.");
	}

}
