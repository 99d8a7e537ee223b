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

/**
 * The fields of a line, each followed by one space.
 */
final class Fields {

	private final String line;

	private int position;

	Fields(String line) {
		this.line = line;
	}

	boolean hasNext() {
		return this.position < this.line.length();
	}

	String next() {
		int end = this.line.indexOf(' ', this.position);
		if (end < 0) {
			end = this.line.length();
		}
		if (this.position >= end) {
			throw new IllegalStateException("Field expected at column %d of '%s'".formatted(this.position, this.line));
		}
		String field = this.line.substring(this.position, end);
		this.position = end + 1;
		return field;
	}

	int nextDecimal() {
		return Integer.parseInt(next());
	}

	int nextHexadecimal() {
		return Integer.parseInt(next(), 16);
	}

	long nextOffset() {
		return Long.parseLong(next());
	}

	void skip(int count) {
		for (int i = 0; i < count; i++) {
			next();
		}
	}

}
