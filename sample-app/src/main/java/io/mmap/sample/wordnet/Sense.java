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

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import org.jspecify.annotations.Nullable;

/**
 * One of the meanings of a word.
 *
 * @param partOfSpeech the part of speech
 * @param lemma the word with its capitals and spaces
 * @param number the number of the sense among those of this part of speech; 1 is the most
 * frequent
 * @param definition the definition
 * @param examples sentences that use the word or a synonym
 * @param synonyms the other words with this meaning
 * @param lexicographerFile the field of knowledge, as {@code noun.animal}
 * @param satellite for an adjective whether it has its opposite only by way of the
 * adjective that it is {@link Relation#SIMILAR_TO similar to}
 * @param marker where the adjective may stand, if that is limited
 * @param frames the sentences in which the verb is used, with a gap for the verb
 * @param sampleSentences sentences in which the verb is used
 * @param relations what this sense is related to
 */
@JsonInclude(Include.NON_NULL)
public record Sense(PartOfSpeech partOfSpeech, String lemma, int number, String definition, List<String> examples,
		List<String> synonyms, String lexicographerFile, @Nullable Boolean satellite, @Nullable SyntacticMarker marker,
		@JsonInclude(Include.NON_EMPTY) List<String> frames,
		@JsonInclude(Include.NON_EMPTY) List<String> sampleSentences, List<RelatedWords> relations) {

	/**
	 * What a sense is related to.
	 *
	 * @param relation what the related words are to this one
	 * @param lexical whether the relation is one of two words; otherwise it is one of two
	 * meanings, and holds for all synonyms
	 * @param partOfSpeech the part of speech of the related words
	 * @param words the related words
	 * @param definition the definition of the related meaning
	 */
	public record RelatedWords(Relation relation, boolean lexical, PartOfSpeech partOfSpeech, List<String> words,
			String definition) {

	}

}
