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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.mmap.sample.wordnet.Spelling;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Counts look-ups in mapped memory. A count is in the file as soon as it was added: it
 * outlives the process however that ends, though only a flush makes it outlive the
 * machine.
 * <p>
 * A word is known by its letters alone, so that its count also outlives the dictionary in
 * which it was found. Each word that was looked up has a record, which a hash table leads
 * to. Records stay where they are for good: counting is one atomic add, and a new word is
 * there when the place of its record was written to the table, which is one
 * compare-and-set. Whoever is killed before that leaves some bytes that nobody uses.
 * Nothing is kept elsewhere. Numbers are little-endian: <pre class="code">
 *   0  8 bytes  "WNLOOKUP"; written last, so that a header is complete or not there
 *   8  int      version of the layout: 2
 *  12  int      number of places in the table: 262144
 *  16  long     where the next record goes
 *  24           not used, 0
 *  64  long[]   the table: where the record of a word is, or 0 if the place is free. A
 *               word is at the place that its hash gives, or at the next free one
 *               records, each at a multiple of 8:
 *      long     count
 *      int      number of bytes of the word
 *      bytes    the word in UTF-8
 * </pre> All 147,478 words of WordNet take 6.1 MB. Words for which there is no more room
 * are not counted. There is no record for the total: it is the sum of all counts, and so
 * never disagrees with them.
 */
public final class LookupCounters {

	private static final Log logger = LogFactory.getLog(LookupCounters.class);

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final VarHandle ATOMIC = LONG.varHandle();

	/**
	 * The bytes of "WNLOOKUP".
	 */
	private static final long MAGIC = 0x50554b4f4f4c4e57L;

	private static final int VERSION = 2;

	private static final long VERSION_OFFSET = 8;

	private static final long PLACES_OFFSET = 12;

	private static final long END_OFFSET = 16;

	private static final long TABLE_OFFSET = 64;

	private static final int PLACES_BITS = 18;

	private static final int PLACES = 1 << PLACES_BITS;

	private static final long RECORDS_OFFSET = TABLE_OFFSET + (long) PLACES * Long.BYTES;

	private static final long LENGTH_IN_RECORD = 8;

	private static final long WORD_IN_RECORD = 12;

	private static final long NONE = 0;

	private static final String START_ANEW = "Move the file away to start counting anew";

	private final String name;

	private final Supplier<MemorySegment> memory;

	private final AtomicBoolean full = new AtomicBoolean();

	private LookupCounters(String name, Supplier<MemorySegment> memory) {
		this.name = name;
		this.memory = memory;
	}

	/**
	 * Open the counters, or start them if the memory holds nothing but zeros.
	 * @param name the name of the mapping, for messages
	 * @param memory the mapped memory, asked for before each use
	 * @return the counters
	 * @throws CounterFileException if the memory holds something else, or cannot hold the
	 * counters
	 */
	public static LookupCounters open(String name, Supplier<MemorySegment> memory) {
		MemorySegment segment = memory.get();
		if (segment.isReadOnly()) {
			throw new CounterFileException(name, "it is read-only", "Set its access to read-write");
		}
		if (segment.byteSize() < RECORDS_OFFSET) {
			throw new CounterFileException(name, "it has %d bytes, but %d are needed before the first word"
				.formatted(segment.byteSize(), RECORDS_OFFSET), "Set its length to more than that");
		}
		if (segment.address() % Long.BYTES != 0) {
			throw new CounterFileException(name, "atomic access needs an address that is a multiple of 8",
					"Set its offset to a multiple of 8");
		}
		if ((long) ATOMIC.getAcquire(segment, 0L) == 0) {
			start(name, segment);
		}
		else {
			check(name, segment);
		}
		return new LookupCounters(name, memory);
	}

	private static void start(String name, MemorySegment segment) {
		// Whoever died in here before left parts of a header, and no count
		for (long offset = TABLE_OFFSET; offset < segment.byteSize(); offset++) {
			if (segment.get(ValueLayout.JAVA_BYTE, offset) != 0) {
				throw new CounterFileException(name, "it has no header, but is not empty", START_ANEW);
			}
		}
		segment.set(INT, VERSION_OFFSET, VERSION);
		segment.set(INT, PLACES_OFFSET, PLACES);
		segment.set(LONG, END_OFFSET, RECORDS_OFFSET);
		ATOMIC.setRelease(segment, 0L, MAGIC);
	}

	private static void check(String name, MemorySegment segment) {
		if (segment.get(LONG, 0) != MAGIC) {
			throw new CounterFileException(name, "it holds something else", START_ANEW);
		}
		int version = segment.get(INT, VERSION_OFFSET);
		int places = segment.get(INT, PLACES_OFFSET);
		if (version != VERSION || places != PLACES) {
			throw new CounterFileException(name,
					"its layout has version %d with a table of %d places, and this program knows version %d with %d"
						.formatted(version, places, VERSION, PLACES),
					START_ANEW);
		}
		long end = segment.get(LONG, END_OFFSET);
		if (end < RECORDS_OFFSET || end > segment.byteSize()) {
			throw new CounterFileException(name,
					"it was made for more than %d bytes: its records end at %d".formatted(segment.byteSize(), end),
					"Set its length to at least that, or move the file away to start counting anew");
		}
	}

	/**
	 * Count a look-up.
	 * @param lemma the word as an index writes it
	 * @return how often the word was looked up, this time included; 0 if there is no room
	 * for another word
	 */
	public long increment(String lemma) {
		MemorySegment segment = this.memory.get();
		long counter = counter(segment, lemma, true);
		if (counter == NONE) {
			if (this.full.compareAndSet(false, true)) {
				logger.warn("Mapping '%s' of %d bytes is full: words that it does not have yet are not counted"
					.formatted(this.name, segment.byteSize()));
			}
			return 0;
		}
		return (long) ATOMIC.getAndAdd(segment, counter, 1L) + 1;
	}

	/**
	 * Return how often a word was looked up.
	 * @param lemma the word as an index writes it
	 * @return the number of look-ups
	 */
	public long count(String lemma) {
		MemorySegment segment = this.memory.get();
		long counter = counter(segment, lemma, false);
		return (counter != NONE) ? (long) ATOMIC.getVolatile(segment, counter) : 0;
	}

	/**
	 * Return where the record of a word is, or {@link #NONE} if it has none.
	 */
	private static long counter(MemorySegment segment, String lemma, boolean add) {
		byte[] word = lemma.getBytes(StandardCharsets.UTF_8);
		// The hash of a string is specified, and so the same for good
		int place = (lemma.hashCode() * 0x9e3779b9) >>> (Integer.SIZE - PLACES_BITS);
		long added = NONE;
		for (int i = 0; i < PLACES; i++) {
			long slot = TABLE_OFFSET + (long) place * Long.BYTES;
			long record = (long) ATOMIC.getAcquire(segment, slot);
			if (record == NONE) {
				if (!add) {
					return NONE;
				}
				added = (added != NONE) ? added : add(segment, word);
				record = (added != NONE) ? (long) ATOMIC.compareAndExchange(segment, slot, NONE, added) : NONE;
				if (record == NONE) {
					return added;
				}
			}
			if (isOf(segment, record, word)) {
				return record;
			}
			place = (place + 1) % PLACES;
		}
		return NONE;
	}

	/**
	 * Write the record of a word that the table does not have.
	 * @return where it is, or {@link #NONE} if there is no room for it
	 */
	private static long add(MemorySegment segment, byte[] word) {
		long size = Math.ceilDiv(WORD_IN_RECORD + word.length, Long.BYTES) * Long.BYTES;
		long record;
		do {
			record = (long) ATOMIC.getVolatile(segment, END_OFFSET);
			if (record + size > segment.byteSize()) {
				return NONE;
			}
		}
		while (!ATOMIC.compareAndSet(segment, END_OFFSET, record, record + size));
		segment.set(INT, record + LENGTH_IN_RECORD, word.length);
		MemorySegment.copy(word, 0, segment, ValueLayout.JAVA_BYTE, record + WORD_IN_RECORD, word.length);
		return record;
	}

	private static boolean isOf(MemorySegment segment, long record, byte[] word) {
		long start = record + WORD_IN_RECORD;
		return segment.get(INT, record + LENGTH_IN_RECORD) == word.length && MemorySegment.mismatch(segment, start,
				start + word.length, MemorySegment.ofArray(word), 0, word.length) < 0;
	}

	/**
	 * Return the words that were looked up most often, and how many look-ups there were.
	 * @param limit the largest number of words
	 * @return what was found in one pass over the table
	 */
	public Summary summarize(int limit) {
		MemorySegment segment = this.memory.get();
		Comparator<WordCount> mostFirst = Comparator.comparingLong(WordCount::lookups)
			.reversed()
			.thenComparing(WordCount::lemma);
		// The least of the best is at the head, and makes room for a better one
		PriorityQueue<WordCount> best = new PriorityQueue<>(mostFirst.reversed());
		long total = 0;
		for (int place = 0; place < PLACES; place++) {
			long record = (long) ATOMIC.getAcquire(segment, TABLE_OFFSET + (long) place * Long.BYTES);
			long count = (record != NONE) ? (long) ATOMIC.getVolatile(segment, record) : 0;
			// A record without a count is of a look-up that is under way
			if (count != 0) {
				total += count;
				if (best.size() < limit || count >= best.element().lookups()) {
					best.add(new WordCount(Spelling.text(word(segment, record)), count));
				}
				if (best.size() > limit) {
					best.remove();
				}
			}
		}
		List<WordCount> words = new ArrayList<>(best);
		words.sort(mostFirst);
		return new Summary(total, List.copyOf(words));
	}

	private static String word(MemorySegment segment, long record) {
		byte[] word = new byte[segment.get(INT, record + LENGTH_IN_RECORD)];
		MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, record + WORD_IN_RECORD, word, 0, word.length);
		return new String(word, StandardCharsets.UTF_8);
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

}
