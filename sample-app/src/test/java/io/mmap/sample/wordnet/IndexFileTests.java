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

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link IndexFile} and {@link DataFile}, on the real files.
 */
class IndexFileTests {

	private static final Arena arena = Arena.ofShared();

	@AfterAll
	static void unmap() {
		arena.close();
	}

	private static IndexFile index(PartOfSpeech partOfSpeech) {
		return new IndexFile(partOfSpeech, WordNetFiles.map(partOfSpeech.indexFile(), arena));
	}

	private static DataFile data(PartOfSpeech partOfSpeech) {
		return new DataFile(partOfSpeech, WordNetFiles.map(partOfSpeech.dataFile(), arena));
	}

	@ParameterizedTest
	@CsvSource({ "NOUN, 117953", "VERB, 11540", "ADJECTIVE, 21499", "ADVERB, 4475" })
	void everyLineIsFoundAndEveryOffsetIsARecordWithTheWord(PartOfSpeech partOfSpeech, int count) {
		IndexFile index = index(partOfSpeech);
		DataFile data = data(partOfSpeech);
		List<String> lines = WordNetFiles.lines(partOfSpeech.indexFile());
		assertThat(lines).hasSize(count);
		for (String line : lines) {
			String[] fields = line.strip().split(" ");
			IndexEntry entry = index.find(fields[0]);
			assertThat(entry).as(line).isNotNull();
			assertThat(entry.lemma()).isEqualTo(fields[0]);
			int senses = Integer.parseInt(fields[2]);
			assertThat(entry.synsets()).as(line).hasSize(senses);
			for (int i = 0; i < senses; i++) {
				long offset = entry.synsets().get(i);
				assertThat(offset).isEqualTo(Long.parseLong(fields[fields.length - senses + i]));
				Synset synset = data.read(offset);
				assertThat(synset.offset()).isEqualTo(offset);
				assertThat(synset.word(fields[0]).lemma()).isEqualTo(fields[0]);
				assertThat(synset.gloss().definition()).as(line).isNotBlank();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void iterationGivesTheLinesOfTheFileInOrder(PartOfSpeech partOfSpeech) {
		Iterator<IndexEntry> entries = index(partOfSpeech).from("");
		for (String line : WordNetFiles.lines(partOfSpeech.indexFile())) {
			assertThat(entries.next().lemma()).isEqualTo(line.substring(0, line.indexOf(' ')));
		}
		assertThat(entries.hasNext()).isFalse();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', value = { "NOUN, 'hood, zyrian", "VERB, aah, zoom_in",
			"ADJECTIVE, .22-caliber, zymotic", "ADVERB, 'tween, zigzag" })
	void firstAndLastWordAreFound(PartOfSpeech partOfSpeech, String first, String last) {
		IndexFile index = index(partOfSpeech);
		assertThat(index.find(first)).isNotNull();
		assertThat(index.find(last)).isNotNull();
		assertThat(index.from("").next().lemma()).isEqualTo(first);
		Iterator<IndexEntry> end = index.from(last);
		assertThat(end.next().lemma()).isEqualTo(last);
		assertThat(end.hasNext()).isFalse();
	}

	@ParameterizedTest
	@EnumSource
	void wordBeforeTheFirstOrAfterTheLastIsNotFound(PartOfSpeech partOfSpeech) {
		IndexFile index = index(partOfSpeech);
		assertThat(index.find("")).isNull();
		assertThat(index.find("!")).isNull();
		assertThat(index.find("zzzz")).isNull();
		assertThat(index.find("~")).isNull();
		assertThat(index.from("zzzz").hasNext()).isFalse();
	}

	@Test
	void licenceIsNoWord() {
		assertThat(index(PartOfSpeech.NOUN).find("1")).extracting(IndexEntry::lemma).isEqualTo("1");
		assertThat(index(PartOfSpeech.VERB).find("1")).isNull();
	}

	@Test
	void fileWithOneLineAndNoLicence() {
		byte[] line = "x r 1 0 1 0 00500266  \n".getBytes(StandardCharsets.US_ASCII);
		IndexFile index = new IndexFile(PartOfSpeech.ADVERB, MemorySegment.ofArray(line));
		assertThat(index.find("x")).isEqualTo(new IndexEntry(PartOfSpeech.ADVERB, "x", 0, List.of(500266L)));
		assertThat(index.find("a")).isNull();
		assertThat(index.find("y")).isNull();
	}

	@Test
	void emptyFile() {
		IndexFile index = new IndexFile(PartOfSpeech.ADVERB, MemorySegment.ofArray(new byte[0]));
		assertThat(index.find("x")).isNull();
		assertThat(index.from("").hasNext()).isFalse();
	}

	@Test
	void offsetThatIsNoRecordIsRefused() {
		DataFile data = data(PartOfSpeech.NOUN);
		assertThatIllegalStateException().isThrownBy(() -> data.read(1741))
			.withMessage("data.noun has no record at 1741");
		assertThatIllegalStateException().isThrownBy(() -> data.read(Integer.MAX_VALUE))
			.withMessageContaining("data.noun ends at 15325523");
	}

}
