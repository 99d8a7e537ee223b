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
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * An {@code index.*} file: one line per word, sorted by the bytes of the word, and so
 * made for a binary search.
 *
 * @see <a href="https://wordnet.princeton.edu/documentation/wndb5wn">wndb(5WN)</a>
 */
public final class IndexFile {

	/**
	 * The least number of bytes between the starts of two lines: a word of one letter
	 * with one sense and no pointer, in a line like {@code "x r 1 0 1 0 00500266  \n"}.
	 */
	public static final int SHORTEST_LINE = 24;

	private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	private final PartOfSpeech partOfSpeech;

	private final Supplier<MemorySegment> file;

	private final long firstLine;

	IndexFile(PartOfSpeech partOfSpeech, Supplier<MemorySegment> file) {
		this.partOfSpeech = partOfSpeech;
		this.file = file;
		this.firstLine = Lines.skipLicence(file.get());
	}

	/**
	 * Return whose index this is.
	 * @return the part of speech
	 */
	public PartOfSpeech partOfSpeech() {
		return this.partOfSpeech;
	}

	/**
	 * Return the size of the file.
	 * @return the number of bytes
	 */
	public long length() {
		return this.file.get().byteSize();
	}

	/**
	 * Return a number that differs between files that differ, but for one in
	 * 2<sup>64</sup>.
	 * @return a hash of the content
	 */
	public long fingerprint() {
		MemorySegment segment = this.file.get();
		long words = segment.byteSize() / Long.BYTES;
		long hash = segment.byteSize();
		for (long i = 0; i < words; i++) {
			hash = mix(hash ^ segment.get(WORD, i * Long.BYTES));
		}
		for (long i = words * Long.BYTES; i < segment.byteSize(); i++) {
			hash = mix(hash ^ segment.get(ValueLayout.JAVA_BYTE, i));
		}
		return hash;
	}

	/**
	 * One round of SplitMix64, which maps different numbers to different ones.
	 */
	private static long mix(long value) {
		long mixed = value + 0x9e3779b97f4a7c15L;
		mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

	/**
	 * Find the line that starts in a range of bytes no longer than the
	 * {@linkplain #SHORTEST_LINE shortest line}.
	 * @param from the first byte of the range
	 * @param length the length of the range
	 * @return the word of that line, or {@code null} if no line starts there
	 */
	public @Nullable String findLemma(long from, int length) {
		MemorySegment segment = this.file.get();
		long start = (from <= this.firstLine) ? this.firstLine : Lines.next(segment, from - 1);
		return (start < Math.min(from + length, segment.byteSize())) ? Lines.read(segment, start, ' ') : null;
	}

	/**
	 * Look a word up.
	 * @param lemma the word as the index writes it
	 * @return its line, or {@code null} if the index does not have it
	 */
	@Nullable IndexEntry find(String lemma) {
		MemorySegment segment = this.file.get();
		long line = locate(segment, lemma);
		return (line >= 0) ? parse(segment, line) : null;
	}

	/**
	 * Tell whether the index has a word.
	 */
	boolean contains(String lemma) {
		return locate(this.file.get(), lemma) >= 0;
	}

	/**
	 * Return the words from the first one that is not less than a key, in the order of
	 * the file. Each line is read when it is asked for.
	 */
	Iterator<IndexEntry> from(String key) {
		MemorySegment segment = this.file.get();
		return new EntryIterator(segment, ceiling(segment, key.getBytes(StandardCharsets.UTF_8)));
	}

	private long locate(MemorySegment segment, String lemma) {
		byte[] key = lemma.getBytes(StandardCharsets.UTF_8);
		long line = ceiling(segment, key);
		return (line < segment.byteSize() && compare(segment, line, key) == 0) ? line : -1;
	}

	/**
	 * Return where the first line starts whose word is not less than the key.
	 */
	private long ceiling(MemorySegment segment, byte[] key) {
		long low = this.firstLine;
		long high = segment.byteSize();
		while (low < high) {
			long line = Lines.start(segment, (low + high) >>> 1);
			if (compare(segment, line, key) < 0) {
				low = Lines.next(segment, line);
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
	private static int compare(MemorySegment segment, long line, byte[] key) {
		for (int i = 0; i < key.length; i++) {
			byte actual = segment.get(ValueLayout.JAVA_BYTE, line + i);
			if (actual == ' ') {
				return -1;
			}
			int result = Byte.compareUnsigned(actual, key[i]);
			if (result != 0) {
				return result;
			}
		}
		return (segment.get(ValueLayout.JAVA_BYTE, line + key.length) == ' ') ? 0 : 1;
	}

	private IndexEntry parse(MemorySegment segment, long line) {
		return IndexEntry.parse(this.partOfSpeech, line, Lines.read(segment, line));
	}

	private final class EntryIterator implements Iterator<IndexEntry> {

		private final MemorySegment segment;

		private long line;

		private EntryIterator(MemorySegment segment, long line) {
			this.segment = segment;
			this.line = line;
		}

		@Override
		public boolean hasNext() {
			return this.line < this.segment.byteSize();
		}

		@Override
		public IndexEntry next() {
			if (!hasNext()) {
				throw new NoSuchElementException();
			}
			IndexEntry entry = parse(this.segment, this.line);
			this.line = Lines.next(this.segment, this.line);
			return entry;
		}

	}

}
