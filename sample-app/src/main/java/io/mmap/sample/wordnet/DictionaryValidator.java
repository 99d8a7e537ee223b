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

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

import io.mmap.MappingCandidate;
import io.mmap.MappingValidator;

/**
 * Refuses a dictionary that is incomplete, damaged, or mixed from several versions. Looks
 * up some words of each index, and whatever they lead to, which takes about a
 * millisecond: it is no proof that the others are all right.
 */
final class DictionaryValidator implements MappingValidator {

	private static final int SAMPLES = 32;

	private final String name;

	/**
	 * Create an instance.
	 * @param name the declared name of the set
	 */
	DictionaryValidator(String name) {
		this.name = name;
	}

	@Override
	public void validate(MappingCandidate candidate) {
		if (!candidate.name().equals(this.name)) {
			return;
		}
		Map<String, MemorySegment> files = candidate.segments();
		Dictionary dictionary = new Dictionary((name) -> complete(files, name));
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			checkSamples(dictionary, partOfSpeech);
		}
	}

	private static MemorySegment complete(Map<String, MemorySegment> files, String name) {
		MemorySegment file = files.get(name);
		if (file == null) {
			throw new IllegalArgumentException(
					"there is no %s, only %s".formatted(name, (files.isEmpty()) ? "an empty set" : files.keySet()));
		}
		if (Lines.skipLicence(file) == file.byteSize()) {
			throw new IllegalArgumentException("%s of %d bytes is empty".formatted(name, file.byteSize()));
		}
		if (file.get(ValueLayout.JAVA_BYTE, file.byteSize() - 1) != '\n') {
			throw new IllegalArgumentException(
					"%s ends at %d in the middle of a line".formatted(name, file.byteSize()));
		}
		return file;
	}

	private static void checkSamples(Dictionary dictionary, PartOfSpeech partOfSpeech) {
		IndexFile index = dictionary.index(partOfSpeech);
		for (int sample = 0; sample <= SAMPLES; sample++) {
			long position = (index.length() - 1) * sample / SAMPLES;
			try {
				check(dictionary, index.around(position));
			}
			catch (RuntimeException ex) {
				throw new IllegalArgumentException("the line of %s at %d leads nowhere: %s"
					.formatted(partOfSpeech.indexFile(), position, ex.getMessage()), ex);
			}
		}
	}

	private static void check(Dictionary dictionary, IndexEntry entry) {
		if (!entry.equals(dictionary.index(entry.partOfSpeech()).find(entry.lemma()))) {
			throw new IllegalStateException(
					"'%s' is not found in the index, which is not sorted".formatted(entry.lemma()));
		}
		for (long offset : entry.synsets()) {
			Synset synset = dictionary.data(entry.partOfSpeech()).read(offset);
			synset.word(entry.lemma());
			for (Synset.Pointer pointer : synset.pointers()) {
				dictionary.data(pointer.partOfSpeech()).read(pointer.offset());
			}
		}
	}

}
