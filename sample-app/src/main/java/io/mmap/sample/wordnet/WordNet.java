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
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;

import io.mmap.MappingSet;
import io.mmap.MappingSetLease;

/**
 * The dictionary, which may be replaced at any time. Each look-up is a binary search in
 * the mapped index files, followed by a read at each offset that the index gives: nothing
 * is cached but the small lists of irregular forms and of sentences. All of that happens
 * under one lease, so that an index is never read together with the data of another
 * version, and what is returned has been copied.
 *
 * @see <a href="https://wordnet.princeton.edu/documentation/wndb5wn">wndb(5WN)</a>
 */
public final class WordNet {

	private final MappingSet dictionary;

	private final Map<PartOfSpeech, Exceptions> exceptions = new EnumMap<>(PartOfSpeech.class);

	private final VerbSentences verbSentences;

	/**
	 * Open the dictionary.
	 * @param directory where the small files are
	 * @param dictionary the index and data files, by names such as {@code index.noun}
	 * @throws IOException if a small file cannot be read
	 */
	public WordNet(Path directory, MappingSet dictionary) throws IOException {
		this.dictionary = dictionary;
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			this.exceptions.put(partOfSpeech, Exceptions.read(directory.resolve(partOfSpeech.fileSuffix() + ".exc")));
		}
		this.verbSentences = VerbSentences.read(directory);
	}

	/**
	 * Look a word up. Case does not matter, and spaces and underscores are the same.
	 * @param query the word, collocation, or an inflected form
	 * @return what is known of it, if anything
	 */
	public Optional<Word> find(String query) {
		try (MappingSetLease lease = this.dictionary.acquire()) {
			return lookup(lease).find(query);
		}
	}

	/**
	 * List the words that start with a prefix.
	 * @param prefix the prefix; as for {@link #find(String)}, but spaces at its end count
	 * @param limit the largest number of words
	 * @return the words, in alphabetical order, and what parts of speech each can be
	 */
	public NavigableMap<String, Set<PartOfSpeech>> findByPrefix(String prefix, int limit) {
		try (MappingSetLease lease = this.dictionary.acquire()) {
			return lookup(lease).findByPrefix(prefix, limit);
		}
	}

	private Lookup lookup(MappingSetLease lease) {
		return new Lookup(new Dictionary(lease::segment), this.exceptions, this.verbSentences);
	}

}
