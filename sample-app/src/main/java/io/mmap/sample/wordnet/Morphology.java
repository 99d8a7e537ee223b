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

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Finds the base forms of inflected words of one part of speech, as WordNet's own
 * programs do: first in the list of exceptions, then by rules that detach an ending. Of a
 * collocation, each word is treated.
 *
 * @see <a href="https://wordnet.princeton.edu/documentation/morphy7wn">morphy(7WN)</a>
 */
final class Morphology {

	private static final Set<String> PREPOSITIONS = Set.of("to", "at", "of", "on", "off", "in", "out", "up", "down",
			"from", "with", "into", "for", "about", "between");

	private static final Pattern COMPONENT = Pattern.compile("[^_-]+");

	private final PartOfSpeech partOfSpeech;

	private final IndexFile index;

	private final Exceptions exceptions;

	private final Morphology nouns;

	/**
	 * Create the morphology of nouns.
	 */
	Morphology(IndexFile index, Exceptions exceptions) {
		this.partOfSpeech = PartOfSpeech.NOUN;
		this.index = index;
		this.exceptions = exceptions;
		this.nouns = this;
	}

	/**
	 * Create the morphology of another part of speech.
	 */
	Morphology(PartOfSpeech partOfSpeech, IndexFile index, Exceptions exceptions, Morphology nouns) {
		this.partOfSpeech = partOfSpeech;
		this.index = index;
		this.exceptions = exceptions;
		this.nouns = nouns;
	}

	/**
	 * Return the base forms of a word or collocation that the index has.
	 * @param form the form, in the spelling of an index
	 * @return the base forms other than the form itself; empty if there is none
	 */
	List<String> baseForms(String form) {
		List<String> irregular = others(form, this.exceptions.baseForms(form));
		if (!irregular.isEmpty()) {
			return irregular;
		}
		// The rules for verbs make nothing of the end of a phrase
		String base = (this.partOfSpeech != PartOfSpeech.VERB) ? baseForm(form) : null;
		if (base == null || base.equals(form)) {
			base = isPhrasalVerb(form) ? phrasalVerb(form) : collocation(form);
		}
		return (base != null) ? others(form, List.of(base)) : List.of();
	}

	private List<String> others(String form, List<String> baseForms) {
		return baseForms.stream().filter((baseForm) -> !baseForm.equals(form)).filter(this.index::contains).toList();
	}

	/**
	 * Return the base form of a single word, by exception or rule.
	 */
	private @Nullable String baseForm(String word) {
		List<String> irregular = this.exceptions.baseForms(word);
		if (!irregular.isEmpty()) {
			return irregular.getFirst();
		}
		String stem = word;
		String end = "";
		if (this.partOfSpeech == PartOfSpeech.NOUN) {
			if (word.endsWith("ful")) {
				// boxesful: boxful
				end = "ful";
				stem = word.substring(0, word.length() - end.length());
			}
			else if (word.endsWith("ss") || word.length() <= 2) {
				return null;
			}
		}
		for (Detachment rule : Detachment.of(this.partOfSpeech)) {
			String base = rule.apply(stem);
			if (base != null && this.index.contains(base)) {
				return base + end;
			}
		}
		return null;
	}

	/**
	 * Replace each word of a collocation by its base form: attorneys_general,
	 * attorney_general.
	 */
	private String collocation(String form) {
		return COMPONENT.matcher(form).replaceAll((component) -> {
			String base = baseForm(component.group());
			return Matcher.quoteReplacement((base != null) ? base : component.group());
		});
	}

	private boolean isPhrasalVerb(String form) {
		if (this.partOfSpeech != PartOfSpeech.VERB) {
			return false;
		}
		String[] words = form.split("_");
		for (int i = 1; i < words.length; i++) {
			if (PREPOSITIONS.contains(words[i])) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Find the base form of a verb with a preposition. The verb is the first word; what
	 * follows is kept, but for a noun at the end.
	 */
	private @Nullable String phrasalVerb(String form) {
		int first = form.indexOf('_');
		int last = form.lastIndexOf('_');
		List<String> rests = new ArrayList<>(List.of(form.substring(first)));
		String noun = (first != last) ? this.nouns.baseForm(form.substring(last + 1)) : null;
		if (noun != null) {
			rests.add(form.substring(first, last + 1) + noun);
		}
		for (String verb : verbs(form.substring(0, first))) {
			for (String rest : rests) {
				if (this.index.contains(verb + rest)) {
					return verb + rest;
				}
			}
		}
		return null;
	}

	private List<String> verbs(String form) {
		List<String> verbs = new ArrayList<>();
		this.exceptions.baseForms(form).stream().limit(1).forEach(verbs::add);
		for (Detachment rule : Detachment.of(PartOfSpeech.VERB)) {
			String base = rule.apply(form);
			if (base != null) {
				verbs.add(base);
			}
		}
		verbs.add(form);
		return verbs;
	}

	/**
	 * A rule that replaces an ending.
	 */
	private record Detachment(String suffix, String ending) {

		private static final List<Detachment> NOUN = List.of(new Detachment("s", ""), new Detachment("ses", "s"),
				new Detachment("xes", "x"), new Detachment("zes", "z"), new Detachment("ches", "ch"),
				new Detachment("shes", "sh"), new Detachment("men", "man"), new Detachment("ies", "y"));

		private static final List<Detachment> VERB = List.of(new Detachment("s", ""), new Detachment("ies", "y"),
				new Detachment("es", "e"), new Detachment("es", ""), new Detachment("ed", "e"),
				new Detachment("ed", ""), new Detachment("ing", "e"), new Detachment("ing", ""));

		private static final List<Detachment> ADJECTIVE = List.of(new Detachment("er", ""), new Detachment("est", ""),
				new Detachment("er", "e"), new Detachment("est", "e"));

		static List<Detachment> of(PartOfSpeech partOfSpeech) {
			return switch (partOfSpeech) {
				case NOUN -> NOUN;
				case VERB -> VERB;
				case ADJECTIVE -> ADJECTIVE;
				// Adverbs have exceptions only
				case ADVERB -> List.of();
			};
		}

		@Nullable String apply(String word) {
			return word.endsWith(this.suffix) ? word.substring(0, word.length() - this.suffix.length()) + this.ending
					: null;
		}

	}

}
