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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Answers a request from one version of the dictionary. Whatever it returns has been read
 * by then.
 */
final class Lookup {

	private final Dictionary dictionary;

	private final Map<PartOfSpeech, Morphology> morphologies = new EnumMap<>(PartOfSpeech.class);

	private final VerbSentences verbSentences;

	Lookup(Dictionary dictionary, Map<PartOfSpeech, Exceptions> exceptions, VerbSentences verbSentences) {
		this.dictionary = dictionary;
		this.verbSentences = verbSentences;
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			IndexFile index = dictionary.index(partOfSpeech);
			Exceptions irregular = PartOfSpeech.get(exceptions, partOfSpeech);
			Morphology nouns = this.morphologies.get(PartOfSpeech.NOUN);
			this.morphologies.put(partOfSpeech, (nouns != null) ? new Morphology(partOfSpeech, index, irregular, nouns)
					: new Morphology(index, irregular));
		}
	}

	/**
	 * Look a word up.
	 */
	Optional<Word> find(String query) {
		String form = Spelling.lemma(query.strip());
		List<IndexEntry> exact = new ArrayList<>();
		List<IndexEntry> inflected = new ArrayList<>();
		List<IndexEntry> entries = new ArrayList<>();
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			IndexFile index = this.dictionary.index(partOfSpeech);
			add(index.find(form), exact, entries);
			for (String baseForm : PartOfSpeech.get(this.morphologies, partOfSpeech).baseForms(form)) {
				add(index.find(baseForm), inflected, entries);
			}
		}
		if (entries.isEmpty()) {
			return Optional.empty();
		}
		List<Sense> senses = new ArrayList<>();
		entries.forEach((entry) -> addSenses(entry, senses));
		return Optional.of(new Word((exact.isEmpty() ? inflected : exact).getFirst(),
				inflected.stream()
					.map((entry) -> new Word.BaseForm(Spelling.text(entry.lemma()), entry.partOfSpeech()))
					.toList(),
				entries.stream()
					.map((entry) -> new Word.Usage(Spelling.text(entry.lemma()), entry.partOfSpeech(),
							entry.synsets().size(), entry.taggedSenses()))
					.toList(),
				List.copyOf(senses)));
	}

	private static void add(@Nullable IndexEntry entry, List<IndexEntry> kind, List<IndexEntry> all) {
		if (entry != null) {
			kind.add(entry);
			all.add(entry);
		}
	}

	private void addSenses(IndexEntry entry, List<Sense> senses) {
		int number = 1;
		for (long offset : entry.synsets()) {
			senses.add(sense(entry, number++, this.dictionary.data(entry.partOfSpeech()).read(offset)));
		}
	}

	private Sense sense(IndexEntry entry, int senseNumber, Synset synset) {
		Synset.Word word = synset.word(entry.lemma());
		List<String> synonyms = synset.words()
			.stream()
			.map(Synset.Word::text)
			.filter((text) -> !text.equals(word.text()))
			.toList();
		boolean verb = (entry.partOfSpeech() == PartOfSpeech.VERB);
		return new Sense(entry.partOfSpeech(), word.text(), senseNumber, synset.gloss().definition(),
				synset.gloss().examples(), synonyms, LexicographerFiles.name(synset.lexicographerFile()),
				(entry.partOfSpeech() == PartOfSpeech.ADJECTIVE) ? synset.satellite() : null, word.marker(),
				synset.frames()
					.stream()
					.filter((frame) -> synset.concerns(frame.word(), entry.lemma()))
					.map((frame) -> this.verbSentences.frame(frame.number()))
					.toList(),
				verb ? this.verbSentences.samples(synset, word) : List.of(),
				synset.pointers()
					.stream()
					.filter((pointer) -> synset.concerns(pointer.source(), entry.lemma()))
					.map(this::follow)
					.toList());
	}

	private Sense.RelatedWords follow(Synset.Pointer pointer) {
		Synset target = this.dictionary.data(pointer.partOfSpeech()).read(pointer.offset());
		boolean lexical = (pointer.target() != 0);
		List<Synset.Word> words = lexical ? List.of(target.words().get(pointer.target() - 1)) : target.words();
		return new Sense.RelatedWords(pointer.relation(), lexical, pointer.partOfSpeech(),
				words.stream().map(Synset.Word::text).distinct().toList(), target.gloss().definition());
	}

	/**
	 * List the words that start with a prefix.
	 */
	NavigableMap<String, Set<PartOfSpeech>> findByPrefix(String prefix, int limit) {
		String start = Spelling.lemma(prefix.stripLeading());
		NavigableMap<String, Set<PartOfSpeech>> words = new TreeMap<>();
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			var entries = this.dictionary.index(partOfSpeech).from(start);
			// No index has to give more words than the limit
			for (int i = 0; i < limit && entries.hasNext(); i++) {
				String lemma = entries.next().lemma();
				if (!lemma.startsWith(start)) {
					break;
				}
				words.computeIfAbsent(lemma, (key) -> new TreeSet<>()).add(partOfSpeech);
			}
		}
		while (words.size() > limit) {
			words.pollLastEntry();
		}
		return words;
	}

}
