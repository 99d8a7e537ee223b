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

package io.mmap.sample.web;

import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.mmap.sample.counter.LookupCounters;
import io.mmap.sample.wordnet.PartOfSpeech;
import io.mmap.sample.wordnet.Sense;
import io.mmap.sample.wordnet.Spelling;
import io.mmap.sample.wordnet.Word;
import io.mmap.sample.wordnet.WordNet;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The dictionary on the web.
 */
@RestController
class WordController {

	private static final int MAX_LIMIT = 1000;

	private final WordNet wordNet;

	private final LookupCounters counters;

	WordController(WordNet wordNet, LookupCounters counters) {
		this.wordNet = wordNet;
		this.counters = counters;
	}

	/**
	 * Look a word up. The rest of the path is the word, since some have a slash:
	 * {@code 24/7}, {@code km/h}.
	 */
	@GetMapping("/words/{*lemma}")
	WordResponse word(@PathVariable String lemma) {
		String query = lemma.substring(1);
		long start = System.nanoTime();
		Word word = this.wordNet.find(query)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
					"'%s' is not in the dictionary".formatted(query)));
		long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
		// Counted before the answer: a look-up that was answered was counted
		long lookups = this.counters.increment(word.entry().lemma());
		return new WordResponse(Spelling.text(word.entry().lemma()), word.baseForms(), word.usages(), word.senses(),
				lookups, micros);
	}

	@GetMapping("/words")
	WordsResponse words(@RequestParam String prefix, @RequestParam(defaultValue = "20") int limit) {
		if (prefix.isBlank()) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "prefix must not be blank");
		}
		Limits.check("limit", limit, MAX_LIMIT);
		long start = System.nanoTime();
		// One more than asked for tells whether there are more
		NavigableMap<String, Set<PartOfSpeech>> words = this.wordNet.findByPrefix(prefix, limit + 1);
		boolean more = words.size() > limit;
		if (more) {
			words.pollLastEntry();
		}
		long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
		return new WordsResponse(prefix,
				words.entrySet()
					.stream()
					.map((entry) -> new WordsResponse.Match(Spelling.text(entry.getKey()), entry.getValue()))
					.toList(),
				more, micros);
	}

	/**
	 * A word.
	 *
	 * @param lemma the word or, if that was inflected, its first base form
	 * @param baseForms the base forms of the word; left out if it was not inflected
	 * @param usages the word as each part of speech
	 * @param senses the meanings
	 * @param lookups how often the word was looked up, this time included
	 * @param micros how many microseconds it took to find and read the word
	 */
	record WordResponse(String lemma, @JsonInclude(Include.NON_EMPTY) List<Word.BaseForm> baseForms,
			List<Word.Usage> usages, List<Sense> senses, long lookups, long micros) {

	}

	/**
	 * Words that start with a prefix.
	 *
	 * @param prefix the prefix
	 * @param words the words
	 * @param more whether there are more words than the limit allows
	 * @param micros how many microseconds it took to find the words
	 */
	record WordsResponse(String prefix, List<Match> words, boolean more, long micros) {

		/**
		 * A word that starts with the prefix.
		 *
		 * @param lemma the word
		 * @param partsOfSpeech what it can be
		 */
		record Match(String lemma, Set<PartOfSpeech> partsOfSpeech) {

		}

	}

}
