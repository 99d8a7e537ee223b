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
package io.mmap.benchmarks;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Observing}.
 */
class ObservingTests {

	@BeforeAll
	static void makeRoom() {
		System.setProperty(DataFiles.DIRECTORY, "target/data");
	}

	@Test
	void thereAreAsManyConstantsAsLinesAboutADeclaredMapping() throws Exception {
		assertThat(lines(3) - lines(2)).isEqualTo(Observing.Constants.PER_MAPPING);
	}

	private static long lines(int mappings) throws InterruptedException {
		Observing.Mappings state = new Observing.Mappings();
		state.kind = "declared";
		state.mappings = mappings;
		state.map();
		try {
			for (int i = 0; i < 100 && !state.scrape().contains("mmap_resident_bytes"); i++) {
				Thread.sleep(100);
			}
			return state.scrape().lines().filter((line) -> !line.startsWith("#")).count();
		}
		finally {
			state.unmap();
		}
	}

}
