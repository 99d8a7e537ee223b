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

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.mmap.sample.counter.LookupCounters.WordCount;
import io.mmap.sample.wordnet.IndexEntry;
import io.mmap.sample.wordnet.PartOfSpeech;
import io.mmap.sample.wordnet.WordNet;
import io.mmap.sample.wordnet.WordNetFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LookupCounters}.
 */
class LookupCountersTests {

	private static final int LENGTH = 3 * 1024 * 1024;

	private static final Arena arena = Arena.ofShared();

	private static final WordNet wordNet = WordNetFiles.open(arena);

	private final MemorySegment memory = Arena.ofAuto().allocate(LENGTH, Long.BYTES);

	@AfterAll
	static void unmap() {
		arena.close();
	}

	private static LookupCounters open(MemorySegment memory) {
		return LookupCounters.open("counters", () -> memory, wordNet.indexes());
	}

	private static IndexEntry entry(String word) {
		return wordNet.find(word).orElseThrow().entry();
	}

	private static void increment(LookupCounters counters, String word, int times) {
		for (int i = 0; i < times; i++) {
			counters.increment(entry(word));
		}
	}

	@Test
	void countsEachWordByItself() {
		LookupCounters counters = open(this.memory);
		assertThat(counters.increment(entry("bank"))).isEqualTo(1);
		assertThat(counters.increment(entry("bank"))).isEqualTo(2);
		assertThat(counters.increment(entry("goose"))).isEqualTo(1);
		assertThat(counters.count(entry("bank"))).isEqualTo(2);
		assertThat(counters.count(entry("geese"))).isEqualTo(1);
		assertThat(counters.count(entry("hot dog"))).isZero();
	}

	@Test
	void nothingWasLookedUpAtFirst() {
		assertThat(open(this.memory).summarize(10)).isEqualTo(new LookupCounters.Summary(0, List.of()));
	}

	@Test
	void countsAreThereWhenTheMemoryIsOpenedAgain() {
		increment(open(this.memory), "bank", 3);
		MemorySegment copy = Arena.ofAuto().allocate(LENGTH, Long.BYTES).copyFrom(this.memory);
		assertThat(open(copy).count(entry("bank"))).isEqualTo(3);
		assertThat(open(copy).increment(entry("bank"))).isEqualTo(4);
	}

	@Test
	void summaryHasTheTotalAndTheWordsLookedUpMost() {
		LookupCounters counters = open(this.memory);
		increment(counters, "zoom in", 2);
		increment(counters, "bank", 5);
		increment(counters, "hot dog", 3);
		increment(counters, "'tween", 1);
		LookupCounters.Summary summary = counters.summarize(3);
		assertThat(summary.total()).isEqualTo(11);
		assertThat(summary.words()).containsExactly(new WordCount("bank", 5), new WordCount("hot dog", 3),
				new WordCount("zoom in", 2));
	}

	@Test
	void everyLineOfEveryIndexHasASlotOfItsOwn() {
		LookupCounters counters = open(this.memory);
		List<IndexEntry> entries = WordNetFiles.entries(wordNet);
		assertThat(entries).hasSize(117953 + 11540 + 21499 + 4475);
		for (IndexEntry entry : entries) {
			assertThat(counters.increment(entry)).isEqualTo(1);
		}
		LookupCounters.Summary summary = counters.summarize(entries.size());
		assertThat(summary.total()).isEqualTo(entries.size());
		assertThat(summary.words()).extracting(WordCount::lemma)
			.containsExactlyElementsOf(entries.stream().map((entry) -> entry.lemma().replace('_', ' ')).toList());
	}

	@Test
	@Timeout(60)
	void concurrentLookupsAreAllCounted() throws Exception {
		LookupCounters counters = open(this.memory);
		List<IndexEntry> entries = List.of(entry("bank"), entry("goose"), entry("zyrian"));
		int threads = 4;
		int rounds = 100_000;
		CountDownLatch start = new CountDownLatch(threads);
		try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
			List<Future<?>> futures = new ArrayList<>();
			for (int thread = 0; thread < threads; thread++) {
				futures.add(executor.submit(() -> {
					start.countDown();
					start.await();
					for (int i = 0; i < rounds; i++) {
						entries.forEach(counters::increment);
					}
					return null;
				}));
			}
			for (Future<?> future : futures) {
				future.get(50, TimeUnit.SECONDS);
			}
		}
		assertThat(entries).allSatisfy((entry) -> assertThat(counters.count(entry)).isEqualTo((long) threads * rounds));
		assertThat(counters.summarize(1).total()).isEqualTo(3L * threads * rounds);
	}

	@Test
	void layoutIsAsDocumented() {
		LookupCounters counters = open(this.memory);
		IndexEntry firstNoun = entry("'hood");
		counters.increment(firstNoun);
		assertThat(this.memory.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE))
			.isEqualTo("WNLOOKUP".getBytes(StandardCharsets.US_ASCII));
		ValueLayout.OfInt littleEndianInt = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
		assertThat(this.memory.get(littleEndianInt, 8)).isEqualTo(1);
		assertThat(this.memory.get(littleEndianInt, 12)).isEqualTo(24);
		ValueLayout.OfLong littleEndianLong = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
		assertThat(this.memory.get(littleEndianLong, 16)).isEqualTo(4792749);
		assertThat(this.memory.get(littleEndianLong, 128 + firstNoun.position() / 24 * 8)).isEqualTo(1);
	}

	@Test
	void headerThatWasNotFinishedIsWrittenAgain() {
		open(this.memory);
		this.memory.set(ValueLayout.JAVA_LONG, 0, 0);
		this.memory.set(ValueLayout.JAVA_LONG, 24, 0);
		assertThat(open(this.memory).increment(entry("bank"))).isEqualTo(1);
		assertThat(this.memory.get(ValueLayout.JAVA_LONG, 24)).isNotZero();
	}

	@Test
	void fileOfSomethingElseIsRefusedAndLeftAsItIs() {
		this.memory.setString(0, "GIF89a and so on");
		byte[] before = this.memory.toArray(ValueLayout.JAVA_BYTE);
		assertRefused(this.memory, "it holds something else. Move the file away to start counting anew");
		assertThat(this.memory.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(before);
	}

	@Test
	void fileOfSomethingElseThatStartsWithZerosIsRefused() {
		this.memory.set(ValueLayout.JAVA_BYTE, LENGTH - 1, (byte) 1);
		assertRefused(this.memory, "it has no header, but is not empty");
	}

	@Test
	void otherVersionIsRefused() {
		open(this.memory);
		this.memory.set(ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN), 8, 2);
		assertRefused(this.memory, "its layout has version 2");
	}

	@Test
	void countersOfAnotherDictionaryAreRefused() {
		open(this.memory);
		// One bit of the fingerprint of index.verb
		long offset = 16 + 16 + 8;
		this.memory.set(ValueLayout.JAVA_BYTE, offset, (byte) (this.memory.get(ValueLayout.JAVA_BYTE, offset) ^ 1));
		assertRefused(this.memory, "it counts the words of another index.verb");
	}

	@Test
	void memoryThatIsTooShortIsRefusedWithTheLengthNeeded() {
		long needed = 128;
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			needed += Math.ceilDiv(WordNetFiles.size("index." + partOfSpeech.fileSuffix()), 24L) * 8;
		}
		assertRefused(this.memory.asSlice(0, needed - 8),
				"it has %d bytes, but %d are needed".formatted(needed - 8, needed));
		open(this.memory.asSlice(0, needed)).increment(entry("zigzag"));
	}

	@Test
	void readOnlyMemoryIsRefused() {
		assertRefused(this.memory.asReadOnly(), "it is read-only. Set its access to read-write");
	}

	@Test
	void memoryThatIsNotAlignedIsRefused() {
		assertRefused(this.memory.asSlice(4), "multiple of 8");
	}

	private static void assertRefused(MemorySegment memory, String reason) {
		assertThatExceptionOfType(CounterFileException.class).isThrownBy(() -> open(memory))
			.withMessageContaining("'counters'")
			.withMessageContaining(reason);
	}

}
