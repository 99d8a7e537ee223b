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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sentences in which verbs are used: generic frames with a gap for any verb
 * ({@code Somebody ----s something}), and sample sentences for the most frequent verbs.
 * These files are small and kept on the heap.
 */
final class VerbSentences {

	private final Map<Integer, String> frames;

	private final Map<Integer, String> sentences;

	/**
	 * The numbers of the sentences of each sense key.
	 */
	private final Map<String, List<Integer>> senses;

	private VerbSentences(Map<Integer, String> frames, Map<Integer, String> sentences,
			Map<String, List<Integer>> senses) {
		this.frames = frames;
		this.sentences = sentences;
		this.senses = senses;
	}

	static VerbSentences read(Path directory) throws IOException {
		Map<String, List<Integer>> senses = new HashMap<>();
		for (String line : Files.readAllLines(directory.resolve("sentidx.vrb"))) {
			String[] keyAndNumbers = line.strip().split(" ", 2);
			if (keyAndNumbers.length == 2) {
				List<Integer> numbers = new ArrayList<>();
				for (String number : keyAndNumbers[1].split("[, ]+")) {
					numbers.add(Integer.valueOf(number));
				}
				senses.put(keyAndNumbers[0], List.copyOf(numbers));
			}
		}
		return new VerbSentences(readNumbered(directory.resolve("verb.Framestext")),
				readNumbered(directory.resolve("sents.vrb")), Map.copyOf(senses));
	}

	private static Map<Integer, String> readNumbered(Path file) throws IOException {
		Map<Integer, String> texts = new HashMap<>();
		for (String line : Files.readAllLines(file)) {
			String[] numberAndText = line.strip().split(" +", 2);
			if (numberAndText.length == 2) {
				texts.put(Integer.valueOf(numberAndText[0]), numberAndText[1]);
			}
		}
		return Map.copyOf(texts);
	}

	/**
	 * Return a generic frame.
	 */
	String frame(int number) {
		String frame = this.frames.get(number);
		if (frame == null) {
			throw new IllegalStateException("There is no sentence frame " + number);
		}
		return frame;
	}

	/**
	 * Return the sample sentences of a verb, with the verb in it.
	 * @param synset a set of verbs
	 * @param word a word of that set
	 */
	List<String> samples(Synset synset, Synset.Word word) {
		// lemma%ss_type:lex_filenum:lex_id:head_word:head_id, where 2 is a verb and only
		// satellites have a head
		String senseKey = "%s%%2:%02d:%02d::".formatted(word.lemma(), synset.lexicographerFile(),
				word.lexicographerId());
		return this.senses.getOrDefault(senseKey, List.of())
			.stream()
			.map(this.sentences::get)
			.map((sentence) -> sentence.replace("%s", word.text()))
			.toList();
	}

}
