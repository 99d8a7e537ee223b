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

import java.lang.foreign.MemorySegment;

/**
 * A {@code data.*} file: one line per set of synonyms, addressed by its byte offset.
 *
 * @see <a href="https://wordnet.princeton.edu/documentation/wndb5wn">wndb(5WN)</a>
 */
final class DataFile {

	private final PartOfSpeech partOfSpeech;

	private final MemorySegment file;

	DataFile(PartOfSpeech partOfSpeech, MemorySegment file) {
		this.partOfSpeech = partOfSpeech;
		this.file = file;
	}

	/**
	 * Read the record at an offset.
	 */
	Synset read(long offset) {
		if (offset < 0 || offset >= this.file.byteSize()) {
			throw new IllegalStateException("%s ends at %d: there is no record at %d"
				.formatted(this.partOfSpeech.dataFile(), this.file.byteSize(), offset));
		}
		String line = Lines.read(this.file, offset);
		// Every record starts with its own offset
		if (!line.startsWith("%08d ".formatted(offset))) {
			throw new IllegalStateException("%s has no record at %d".formatted(this.partOfSpeech.dataFile(), offset));
		}
		return Synset.parse(this.partOfSpeech, line);
	}

}
