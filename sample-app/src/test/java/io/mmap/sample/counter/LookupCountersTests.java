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
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.mmap.sample.counter.LookupCounters.WordCount;
import io.mmap.sample.wordnet.Spelling;
import io.mmap.sample.wordnet.WordNetFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LookupCounters}.
 */
class LookupCountersTests {

	private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG = ValueLayout.JAVA_LONG
		.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final ValueLayout.OfInt LITTLE_ENDIAN_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final long RECORDS = 64 + 262_144 * 8;

	private static final int LENGTH = 8 * 1024 * 1024;

	private final MemorySegment memory = Arena.ofAuto().allocate(LENGTH, Long.BYTES);

	private static LookupCounters open(MemorySegment memory) {
		return LookupCounters.open("counters", () -> memory);
	}

	private static void increment(LookupCounters counters, String word, int times) {
		for (int i = 0; i < times; i++) {
			counters.increment(word);
		}
	}

	@Test
	void countsEachWordByItself() {
		LookupCounters counters = open(this.memory);
		assertThat(counters.increment("bank")).isEqualTo(1);
		assertThat(counters.increment("bank")).isEqualTo(2);
		assertThat(counters.increment("goose")).isEqualTo(1);
		assertThat(counters.count("bank")).isEqualTo(2);
		assertThat(counters.count("goose")).isEqualTo(1);
		assertThat(counters.count("hot_dog")).isZero();
	}

	@Test
	void nothingWasLookedUpAtFirst() {
		assertThat(open(this.memory).summarize(10)).isEqualTo(new LookupCounters.Summary(0, List.of()));
	}

	@Test
	void countsAreThereWhenTheMemoryIsOpenedAgain() {
		increment(open(this.memory), "bank", 3);
		MemorySegment copy = Arena.ofAuto().allocate(LENGTH, Long.BYTES).copyFrom(this.memory);
		assertThat(open(copy).count("bank")).isEqualTo(3);
		assertThat(open(copy).increment("bank")).isEqualTo(4);
	}

	@Test
	void summaryHasTheTotalAndTheWordsLookedUpMost() {
		LookupCounters counters = open(this.memory);
		increment(counters, "zoom_in", 2);
		increment(counters, "bank", 5);
		increment(counters, "hot_dog", 3);
		increment(counters, "'tween", 1);
		LookupCounters.Summary summary = counters.summarize(3);
		assertThat(summary.total()).isEqualTo(11);
		assertThat(summary.words()).containsExactly(new WordCount("bank", 5), new WordCount("hot dog", 3),
				new WordCount("zoom in", 2));
	}

	@Test
	void thereIsRoomForEveryWordOfTheDictionary() {
		LookupCounters counters = open(this.memory);
		Set<String> lemmas = WordNetFiles.lemmas();
		assertThat(lemmas).hasSize(147_478);
		for (String lemma : lemmas) {
			assertThat(counters.increment(lemma)).isEqualTo(1);
		}
		LookupCounters.Summary summary = counters.summarize(lemmas.size());
		assertThat(summary.total()).isEqualTo(lemmas.size());
		// In the order of an alphabet without underscores
		assertThat(summary.words()).extracting(WordCount::lemma)
			.isEqualTo(lemmas.stream().map(Spelling::text).sorted().toList());
		assertThat(this.memory.get(LITTLE_ENDIAN_LONG, 16)).as("end of the last record").isEqualTo(6_077_688);
	}

	@Test
	void wordForWhichThereIsNoRoomIsNotCountedAndOthersAre() {
		LookupCounters counters = open(this.memory.asSlice(0, RECORDS + 24));
		assertThat(counters.increment("goose")).isEqualTo(1);
		assertThat(counters.increment("bank")).isZero();
		assertThat(counters.count("bank")).isZero();
		assertThat(counters.increment("goose")).isEqualTo(2);
		assertThat(counters.summarize(10)).isEqualTo(new LookupCounters.Summary(2, List.of(new WordCount("goose", 2))));
	}

	@Test
	void wordsOfTheSameHashAreCountedEachByItself() {
		LookupCounters counters = open(this.memory);
		assertThat("AaAa").hasSameHashCodeAs("BBBB");
		increment(counters, "AaAa", 2);
		increment(counters, "BBBB", 3);
		assertThat(counters.count("AaAa")).isEqualTo(2);
		assertThat(counters.count("BBBB")).isEqualTo(3);
		assertThat(counters.count("AaBB")).isZero();
	}

	@Test
	void wordsHaveTheirLettersOfAnyLanguage() {
		LookupCounters counters = open(this.memory);
		increment(counters, "smörgåsbord", 2);
		assertThat(counters.summarize(1).words()).containsExactly(new WordCount("smörgåsbord", 2));
	}

	@Test
	@Timeout(60)
	void newWordsAreCountedExactlyWhenSeveralThreadsAddThem() throws Exception {
		int threads = 4;
		int words = 20_000;
		CountDownLatch start = new CountDownLatch(threads);
		try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
			List<Future<?>> futures = new ArrayList<>();
			for (int thread = 0; thread < threads; thread++) {
				// As two applications in one process do
				LookupCounters counters = open(this.memory);
				futures.add(executor.submit(() -> {
					start.countDown();
					start.await();
					for (int i = 0; i < words; i++) {
						counters.increment("word_" + i);
					}
					return null;
				}));
			}
			for (Future<?> future : futures) {
				future.get(50, TimeUnit.SECONDS);
			}
		}
		LookupCounters.Summary summary = open(this.memory).summarize(words + 1);
		assertThat(summary.total()).isEqualTo((long) threads * words);
		assertThat(summary.words()).hasSize(words).allMatch((word) -> word.lookups() == threads);
	}

	@Test
	@Timeout(60)
	void concurrentLookupsAreAllCounted() throws Exception {
		LookupCounters counters = open(this.memory);
		List<String> words = List.of("bank", "goose", "zyrian");
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
						words.forEach(counters::increment);
					}
					return null;
				}));
			}
			for (Future<?> future : futures) {
				future.get(50, TimeUnit.SECONDS);
			}
		}
		assertThat(words).allSatisfy((word) -> assertThat(counters.count(word)).isEqualTo((long) threads * rounds));
		assertThat(counters.summarize(1).total()).isEqualTo(3L * threads * rounds);
	}

	@Test
	void layoutIsAsDocumented() {
		LookupCounters counters = open(this.memory);
		increment(counters, "bank", 3);
		assertThat(text(0, 8)).isEqualTo("WNLOOKUP");
		assertThat(this.memory.get(LITTLE_ENDIAN_INT, 8)).isEqualTo(2);
		assertThat(this.memory.get(LITTLE_ENDIAN_INT, 12)).isEqualTo(262_144);
		assertThat(this.memory.get(LITTLE_ENDIAN_LONG, 16)).isEqualTo(RECORDS + 16);
		int place = ("bank".hashCode() * 0x9e3779b9) >>> 14;
		assertThat(this.memory.get(LITTLE_ENDIAN_LONG, 64 + place * 8L)).isEqualTo(RECORDS);
		assertThat(this.memory.get(LITTLE_ENDIAN_LONG, RECORDS)).isEqualTo(3);
		assertThat(this.memory.get(LITTLE_ENDIAN_INT, RECORDS + 8)).isEqualTo(4);
		assertThat(text(RECORDS + 12, 4)).isEqualTo("bank");
	}

	private String text(long offset, int length) {
		return new String(this.memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE),
				StandardCharsets.US_ASCII);
	}

	@Test
	void recordThatWasNotFinishedIsPassedBy() {
		LookupCounters counters = open(this.memory);
		// Killed after it took the room, and before it wrote to the table
		this.memory.set(LITTLE_ENDIAN_LONG, 16, RECORDS + 24);
		increment(counters, "bank", 3);
		assertThat(open(this.memory).summarize(10).words()).containsExactly(new WordCount("bank", 3));
	}

	@Test
	void headerThatWasNotFinishedIsWrittenAgain() {
		open(this.memory);
		this.memory.set(ValueLayout.JAVA_LONG, 0, 0);
		this.memory.set(ValueLayout.JAVA_LONG, 16, 0);
		assertThat(open(this.memory).increment("bank")).isEqualTo(1);
		assertThat(this.memory.get(ValueLayout.JAVA_LONG, 16)).isNotZero();
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
		this.memory.set(LITTLE_ENDIAN_INT, 8, 1);
		assertRefused(this.memory, "its layout has version 1");
	}

	@Test
	void memoryThatIsTooShortForTheTableIsRefusedWithTheLengthNeeded() {
		assertRefused(this.memory.asSlice(0, RECORDS - 8),
				"it has %d bytes, but %d are needed".formatted(RECORDS - 8, RECORDS));
	}

	@Test
	void memoryThatHasBecomeTooShortForItsRecordsIsRefused() {
		increment(open(this.memory), "bank", 1);
		assertRefused(this.memory.asSlice(0, RECORDS), "its records end at %d".formatted(RECORDS + 16));
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
