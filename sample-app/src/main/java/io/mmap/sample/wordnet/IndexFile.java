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
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;

import org.jspecify.annotations.Nullable;

/**
 * An {@code index.*} file: one line per word, sorted by the bytes of the word, and so
 * made for a binary search.
 *
 * @see <a href="https://wordnet.princeton.edu/documentation/wndb5wn">wndb(5WN)</a>
 */
final class IndexFile {

	private final PartOfSpeech partOfSpeech;

	private final MemorySegment file;

	IndexFile(PartOfSpeech partOfSpeech, MemorySegment file) {
		this.partOfSpeech = partOfSpeech;
		this.file = file;
	}

	/**
	 * Return the size of the file in bytes.
	 */
	long length() {
		return this.file.byteSize();
	}

	/**
	 * Look a word up.
	 * @param lemma the word as the index writes it
	 * @return its line, or {@code null} if the index does not have it
	 */
	@Nullable IndexEntry find(String lemma) {
		long line = locate(lemma);
		return (line >= 0) ? parse(line) : null;
	}

	/**
	 * Tell whether the index has a word.
	 */
	boolean contains(String lemma) {
		return locate(lemma) >= 0;
	}

	/**
	 * Return the words from the first one that is not less than a key, in the order of
	 * the file. Each line is read when it is asked for.
	 */
	Iterator<IndexEntry> from(String key) {
		return new EntryIterator(ceiling(key.getBytes(StandardCharsets.UTF_8)));
	}

	/**
	 * Return the line around a position, or the first one if that is in the licence.
	 */
	IndexEntry around(long position) {
		return parse(Math.max(Lines.start(this.file, position), Lines.skipLicence(this.file)));
	}

	private long locate(String lemma) {
		byte[] key = lemma.getBytes(StandardCharsets.UTF_8);
		long line = ceiling(key);
		return (line < this.file.byteSize() && compare(line, key) == 0) ? line : -1;
	}

	/**
	 * Return where the first line starts whose word is not less than the key.
	 */
	private long ceiling(byte[] key) {
		// The lines of the licence start with a space, and so are less than any word
		long low = (key.length == 0) ? Lines.skipLicence(this.file) : 0;
		long high = this.file.byteSize();
		while (low < high) {
			long line = Lines.start(this.file, (low + high) >>> 1);
			if (compare(line, key) < 0) {
				low = Lines.next(this.file, line);
			}
			else {
				high = line;
			}
		}
		return low;
	}

	/**
	 * Compare the word of a line with a key. The bytes are compared, as they were sorted:
	 * an underscore comes after the digits and before the letters.
	 */
	private int compare(long line, byte[] key) {
		for (int i = 0; i < key.length; i++) {
			byte actual = this.file.get(ValueLayout.JAVA_BYTE, line + i);
			if (actual == ' ') {
				return -1;
			}
			int result = Byte.compareUnsigned(actual, key[i]);
			if (result != 0) {
				return result;
			}
		}
		return (this.file.get(ValueLayout.JAVA_BYTE, line + key.length) == ' ') ? 0 : 1;
	}

	private IndexEntry parse(long line) {
		return IndexEntry.parse(this.partOfSpeech, Lines.read(this.file, line));
	}

	private final class EntryIterator implements Iterator<IndexEntry> {

		private long line;

		private EntryIterator(long line) {
			this.line = line;
		}

		@Override
		public boolean hasNext() {
			return this.line < IndexFile.this.file.byteSize();
		}

		@Override
		public IndexEntry next() {
			if (!hasNext()) {
				throw new NoSuchElementException();
			}
			IndexEntry entry = parse(this.line);
			this.line = Lines.next(IndexFile.this.file, this.line);
			return entry;
		}

	}

}
