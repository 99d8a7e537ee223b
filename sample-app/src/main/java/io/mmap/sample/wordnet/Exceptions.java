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

package io.mmap.sample.wordnet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An {@code *.exc} file: irregular forms and the base forms of each. Such a file is small
 * and kept on the heap.
 *
 * @see <a href="https://wordnet.princeton.edu/documentation/morphy7wn">morphy(7WN)</a>
 */
final class Exceptions {

	private final Map<String, List<String>> baseForms;

	private Exceptions(Map<String, List<String>> baseForms) {
		this.baseForms = baseForms;
	}

	static Exceptions read(Path file) throws IOException {
		Map<String, List<String>> baseForms = new HashMap<>();
		for (String line : Files.readAllLines(file)) {
			List<String> forms = List.of(line.strip().split(" +"));
			baseForms.put(forms.getFirst(), forms.subList(1, forms.size()));
		}
		return new Exceptions(Map.copyOf(baseForms));
	}

	/**
	 * Return the base forms of an irregular form.
	 * @return the base forms; empty if the form is not irregular. A form may be its own
	 * base form.
	 */
	List<String> baseForms(String form) {
		return this.baseForms.getOrDefault(form, List.of());
	}

}
