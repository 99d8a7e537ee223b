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

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A syntactic category. WordNet has a pair of files, an index and the data, for each.
 */
public enum PartOfSpeech {

	/**
	 * Nouns.
	 */
	NOUN("noun", 'n'),

	/**
	 * Verbs.
	 */
	VERB("verb", 'v'),

	/**
	 * Adjectives, satellites included.
	 */
	ADJECTIVE("adj", 'a'),

	/**
	 * Adverbs.
	 */
	ADVERB("adv", 'r');

	private final String fileSuffix;

	private final char symbol;

	PartOfSpeech(String fileSuffix, char symbol) {
		this.fileSuffix = fileSuffix;
		this.symbol = symbol;
	}

	/**
	 * Return how the names of this category's files end.
	 * @return {@code noun}, {@code verb}, {@code adj} or {@code adv}
	 */
	public String fileSuffix() {
		return this.fileSuffix;
	}

	/**
	 * Return the name of this category's index file.
	 */
	String indexFile() {
		return "index." + this.fileSuffix;
	}

	/**
	 * Return the name of this category's data file.
	 */
	String dataFile() {
		return "data." + this.fileSuffix;
	}

	char symbol() {
		return this.symbol;
	}

	/**
	 * Return the English word for the category.
	 * @return the word, in lower case
	 */
	@JsonValue
	public String word() {
		return switch (this) {
			case NOUN -> "noun";
			case VERB -> "verb";
			case ADJECTIVE -> "adjective";
			case ADVERB -> "adverb";
		};
	}

	static PartOfSpeech ofSymbol(char symbol) {
		return switch (symbol) {
			case 'n' -> NOUN;
			case 'v' -> VERB;
			// A satellite has a letter of its own, but is kept with the other adjectives
			case 'a', 's' -> ADJECTIVE;
			case 'r' -> ADVERB;
			default -> throw new IllegalArgumentException("'" + symbol + "' is no part of speech");
		};
	}

	/**
	 * Return a value of a map that has one for every part of speech.
	 */
	static <T> T get(Map<PartOfSpeech, T> values, PartOfSpeech partOfSpeech) {
		T value = values.get(partOfSpeech);
		if (value == null) {
			throw new IllegalStateException("Nothing for " + partOfSpeech);
		}
		return value;
	}

}
