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

import java.util.List;

/**
 * What the dictionary has about a word.
 *
 * @param entry the first line of an index that has the word or, if it was inflected, its
 * first base form
 * @param baseForms the base forms that were used, if any
 * @param usages how the word is used, for each part of speech
 * @param senses the meanings: nouns before verbs, adjectives and adverbs, and of each the
 * most frequent one first
 */
public record Word(IndexEntry entry, List<BaseForm> baseForms, List<Usage> usages, List<Sense> senses) {

	/**
	 * A base form of an inflected word.
	 *
	 * @param lemma the base form
	 * @param partOfSpeech the part of speech
	 */
	public record BaseForm(String lemma, PartOfSpeech partOfSpeech) {

	}

	/**
	 * How a word is used as one part of speech.
	 *
	 * @param lemma the word, or the base form
	 * @param partOfSpeech the part of speech
	 * @param senses the number of meanings
	 * @param taggedSenses how many of these, the first ones, occur in the texts in which
	 * WordNet's authors tagged each word with its sense
	 */
	public record Usage(String lemma, PartOfSpeech partOfSpeech, int senses, int taggedSenses) {

	}

}
