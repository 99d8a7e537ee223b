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

package io.mmap.sample.counter;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Supplier;

import io.mmap.sample.wordnet.IndexEntry;
import io.mmap.sample.wordnet.IndexFile;
import io.mmap.sample.wordnet.PartOfSpeech;
import io.mmap.sample.wordnet.Spelling;

/**
 * Counts look-ups in mapped memory. A count is in the file as soon as it was added: it
 * outlives the process however that ends, though only a flush makes it outlive the
 * machine.
 * <p>
 * A word is known by the position of its line in an index file. No line is shorter than
 * {@link IndexFile#SHORTEST_LINE 24 bytes}, so no two lines start within the same 24
 * bytes of a file, and the position divided by 24 is a slot that no other word has. There
 * are no keys, no collisions, nothing to insert, and the table is never full: counting is
 * one atomic add. The price is a slot for every 24 bytes of index, used or not, of which
 * the four indexes have 2.1 MB.
 * <p>
 * The slots mean something for the index files they were made for only. The header
 * therefore has a fingerprint of each. Numbers are little-endian: <pre class="code">
 *   0  8 bytes  "WNLOOKUP"; written last, so that a header is complete or not there
 *   8  int      version of the layout: 1
 *  12  int      bytes of index per slot: 24
 *  16  4 times  for the index of nouns, verbs, adjectives, adverbs:
 *      long       length of the index file
 *      long       fingerprint of the index file
 *  80           not used, 0
 * 128  long[]   slots of the index of nouns, then verbs, adjectives, adverbs:
 *               ceil(length of the index file / 24) each
 * </pre> There is no slot for the total: it is the sum of all slots, and so never
 * disagrees with them.
 */
public final class LookupCounters {

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final VarHandle COUNT = LONG.varHandle();

	/**
	 * The bytes of "WNLOOKUP".
	 */
	private static final long MAGIC = 0x50554b4f4f4c4e57L;

	private static final int VERSION = 1;

	private static final long VERSION_OFFSET = 8;

	private static final long GRANULARITY_OFFSET = 12;

	private static final long INDEXES_OFFSET = 16;

	private static final long HEADER_SIZE = 128;

	private static final String START_ANEW = "Move the file away to start counting anew";

	private final Supplier<MemorySegment> memory;

	/**
	 * The slots of each index, in the order of the file.
	 */
	private final Map<PartOfSpeech, Table> tables;

	private LookupCounters(Supplier<MemorySegment> memory, Map<PartOfSpeech, Table> tables) {
		this.memory = memory;
		this.tables = tables;
	}

	/**
	 * Open the counters, or start them if the memory holds nothing but zeros.
	 * @param name the name of the mapping, for messages
	 * @param memory the mapped memory, asked for before each use
	 * @param indexes the index files of nouns, verbs, adjectives and adverbs
	 * @return the counters
	 * @throws CounterFileException if the memory holds something else, or cannot hold the
	 * counters
	 */
	public static LookupCounters open(String name, Supplier<MemorySegment> memory, Collection<IndexFile> indexes) {
		Map<PartOfSpeech, Table> tables = new EnumMap<>(PartOfSpeech.class);
		long end = HEADER_SIZE;
		for (IndexFile index : indexes) {
			Table table = new Table(index, end, Math.ceilDiv(index.length(), IndexFile.SHORTEST_LINE));
			tables.put(index.partOfSpeech(), table);
			end = table.end();
		}
		MemorySegment segment = memory.get();
		if (segment.isReadOnly()) {
			throw new CounterFileException(name, "it is read-only", "Set its access to read-write");
		}
		if (segment.byteSize() < end) {
			throw new CounterFileException(name,
					"it has %d bytes, but %d are needed".formatted(segment.byteSize(), end),
					"Set its length to at least that");
		}
		if (segment.address() % Long.BYTES != 0) {
			throw new CounterFileException(name, "atomic access needs an address that is a multiple of 8",
					"Set its offset to a multiple of 8");
		}
		if ((long) COUNT.getAcquire(segment, 0L) == 0) {
			start(name, segment, tables.values());
		}
		else {
			check(name, segment, tables.values());
		}
		return new LookupCounters(memory, tables);
	}

	private static void start(String name, MemorySegment segment, Collection<Table> tables) {
		// Whoever died in here before left parts of a header, and no count
		for (long offset = HEADER_SIZE; offset < segment.byteSize(); offset++) {
			if (segment.get(ValueLayout.JAVA_BYTE, offset) != 0) {
				throw new CounterFileException(name, "it has no header, but is not empty", START_ANEW);
			}
		}
		segment.set(INT, VERSION_OFFSET, VERSION);
		segment.set(INT, GRANULARITY_OFFSET, IndexFile.SHORTEST_LINE);
		long offset = INDEXES_OFFSET;
		for (Table table : tables) {
			segment.set(LONG, offset, table.index.length());
			segment.set(LONG, offset + Long.BYTES, table.index.fingerprint());
			offset += 2 * Long.BYTES;
		}
		COUNT.setRelease(segment, 0L, MAGIC);
	}

	private static void check(String name, MemorySegment segment, Collection<Table> tables) {
		if (segment.get(LONG, 0) != MAGIC) {
			throw new CounterFileException(name, "it holds something else", START_ANEW);
		}
		int version = segment.get(INT, VERSION_OFFSET);
		int granularity = segment.get(INT, GRANULARITY_OFFSET);
		if (version != VERSION || granularity != IndexFile.SHORTEST_LINE) {
			throw new CounterFileException(name,
					"its layout has version %d with %d bytes per slot, and this program knows version %d with %d bytes"
						.formatted(version, granularity, VERSION, IndexFile.SHORTEST_LINE),
					START_ANEW);
		}
		long offset = INDEXES_OFFSET;
		for (Table table : tables) {
			if (segment.get(LONG, offset) != table.index.length()
					|| segment.get(LONG, offset + Long.BYTES) != table.index.fingerprint()) {
				throw new CounterFileException(name,
						"it counts the words of another index.%s".formatted(table.index.partOfSpeech().fileSuffix()),
						START_ANEW);
			}
			offset += 2 * Long.BYTES;
		}
	}

	/**
	 * Count a look-up.
	 * @param entry the line of the word; a word of several parts of speech must always be
	 * counted at the same one
	 * @return how often the word was looked up, this time included
	 */
	public long increment(IndexEntry entry) {
		return (long) COUNT.getAndAdd(this.memory.get(), table(entry.partOfSpeech()).slotOf(entry.position()), 1L) + 1;
	}

	/**
	 * Return how often a word was looked up.
	 * @param entry the line of the word
	 * @return the number of look-ups
	 */
	public long count(IndexEntry entry) {
		return (long) COUNT.getVolatile(this.memory.get(), table(entry.partOfSpeech()).slotOf(entry.position()));
	}

	private Table table(PartOfSpeech partOfSpeech) {
		Table table = this.tables.get(partOfSpeech);
		if (table == null) {
			throw new IllegalArgumentException("There are no counters for " + partOfSpeech);
		}
		return table;
	}

	/**
	 * Return the words that were looked up most often, and how many look-ups there were.
	 * @param limit the largest number of words
	 * @return what was found in one pass over the slots
	 */
	public Summary summarize(int limit) {
		MemorySegment segment = this.memory.get();
		Comparator<Slot> mostFirst = Comparator.comparingLong(Slot::count)
			.reversed()
			.thenComparing((slot) -> slot.table().index.partOfSpeech())
			.thenComparingLong(Slot::number);
		// The least of the best is at the head, and makes room for a better one
		PriorityQueue<Slot> best = new PriorityQueue<>(mostFirst.reversed());
		long total = 0;
		for (Table table : this.tables.values()) {
			for (long number = 0; number < table.size; number++) {
				long count = (long) COUNT.getVolatile(segment, table.offsetOf(number));
				if (count != 0) {
					total += count;
					best.add(new Slot(table, number, count));
					if (best.size() > limit) {
						best.remove();
					}
				}
			}
		}
		List<Slot> slots = new ArrayList<>(best);
		slots.sort(mostFirst);
		return new Summary(total, slots.stream().map(Slot::toWordCount).toList());
	}

	/**
	 * The counters at a moment.
	 *
	 * @param total how many look-ups there were, of all words
	 * @param words the words that were looked up most often, these first
	 */
	public record Summary(long total, List<WordCount> words) {

	}

	/**
	 * A word and its counter.
	 *
	 * @param lemma the word
	 * @param lookups how often it was looked up
	 */
	public record WordCount(String lemma, long lookups) {

	}

	/**
	 * The slots of one index.
	 */
	private record Table(IndexFile index, long offset, long size) {

		long slotOf(long position) {
			return offsetOf(position / IndexFile.SHORTEST_LINE);
		}

		long offsetOf(long number) {
			return this.offset + number * Long.BYTES;
		}

		long end() {
			return offsetOf(this.size);
		}

	}

	private record Slot(Table table, long number, long count) {

		WordCount toWordCount() {
			String lemma = this.table.index.findLemma(this.number * IndexFile.SHORTEST_LINE, IndexFile.SHORTEST_LINE);
			return new WordCount((lemma != null) ? Spelling.text(lemma) : "?", this.count);
		}

	}

}
