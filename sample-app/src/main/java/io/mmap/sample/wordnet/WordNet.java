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

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The dictionary. Each look-up is a binary search in the mapped index files, followed by
 * a read at each offset that the index gives: nothing is cached but the small lists of
 * irregular forms.
 *
 * @see <a href="https://wordnet.princeton.edu/documentation/wndb5wn">wndb(5WN)</a>
 */
public final class WordNet {

	private final Map<PartOfSpeech, IndexFile> indexFiles = new EnumMap<>(PartOfSpeech.class);

	private final Map<PartOfSpeech, DataFile> dataFiles = new EnumMap<>(PartOfSpeech.class);

	private final Map<PartOfSpeech, Morphology> morphologies = new EnumMap<>(PartOfSpeech.class);

	private final VerbSentences verbSentences;

	/**
	 * Open the dictionary.
	 * @param directory where the small files are
	 * @param files gives the mapped memory of a file such as {@code index.noun}. What it
	 * returns is asked for the segment before each use.
	 * @throws IOException if a small file cannot be read
	 */
	public WordNet(Path directory, Function<String, Supplier<MemorySegment>> files) throws IOException {
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			String suffix = partOfSpeech.fileSuffix();
			IndexFile index = new IndexFile(partOfSpeech, files.apply("index." + suffix));
			this.indexFiles.put(partOfSpeech, index);
			this.dataFiles.put(partOfSpeech, new DataFile(partOfSpeech, files.apply("data." + suffix)));
			Exceptions exceptions = Exceptions.read(directory.resolve(suffix + ".exc"));
			Morphology nouns = this.morphologies.get(PartOfSpeech.NOUN);
			this.morphologies.put(partOfSpeech, (nouns != null) ? new Morphology(partOfSpeech, index, exceptions, nouns)
					: new Morphology(index, exceptions));
		}
		this.verbSentences = VerbSentences.read(directory);
	}

	/**
	 * Return the indexes of the dictionary.
	 * @return the index files, in the order of {@link PartOfSpeech}
	 */
	public SequencedCollection<IndexFile> indexes() {
		return List.copyOf(this.indexFiles.values());
	}

	/**
	 * Look a word up. Case does not matter, and spaces and underscores are the same.
	 * @param query the word, collocation, or an inflected form
	 * @return what is known of it, if anything
	 */
	public Optional<Word> find(String query) {
		String form = Spelling.lemma(query.strip());
		List<IndexEntry> exact = new ArrayList<>();
		List<IndexEntry> inflected = new ArrayList<>();
		List<IndexEntry> entries = new ArrayList<>();
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			IndexFile index = get(this.indexFiles, partOfSpeech);
			add(index.find(form), exact, entries);
			for (String baseForm : get(this.morphologies, partOfSpeech).baseForms(form)) {
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
			senses.add(sense(entry, number++, get(this.dataFiles, entry.partOfSpeech()).read(offset)));
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
		Synset target = get(this.dataFiles, pointer.partOfSpeech()).read(pointer.offset());
		boolean lexical = (pointer.target() != 0);
		List<Synset.Word> words = lexical ? List.of(target.words().get(pointer.target() - 1)) : target.words();
		return new Sense.RelatedWords(pointer.relation(), lexical, pointer.partOfSpeech(),
				words.stream().map(Synset.Word::text).distinct().toList(), target.gloss().definition());
	}

	/**
	 * List the words that start with a prefix.
	 * @param prefix the prefix; as for {@link #find(String)}, but spaces at its end count
	 * @param limit the largest number of words
	 * @return the words, in alphabetical order, and what parts of speech each can be
	 */
	public NavigableMap<String, Set<PartOfSpeech>> findByPrefix(String prefix, int limit) {
		String start = Spelling.lemma(prefix.stripLeading());
		NavigableMap<String, Set<PartOfSpeech>> words = new TreeMap<>();
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			var entries = get(this.indexFiles, partOfSpeech).from(start);
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

	/**
	 * Return a value of a map that has one for every part of speech.
	 */
	private static <T> T get(Map<PartOfSpeech, T> values, PartOfSpeech partOfSpeech) {
		T value = values.get(partOfSpeech);
		if (value == null) {
			throw new IllegalStateException("Nothing for " + partOfSpeech);
		}
		return value;
	}

}
