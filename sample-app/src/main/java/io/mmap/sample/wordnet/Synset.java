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

import org.jspecify.annotations.Nullable;

/**
 * A set of synonyms: a record of a data file.
 *
 * @param partOfSpeech the data file
 * @param offset where the record is in the file
 * @param satellite whether this is an adjective that is defined by its similarity to
 * another one, which has the antonym
 * @param lexicographerFile the number of the source file
 * @param words the synonyms
 * @param pointers what the set, or one of its words, is related to
 * @param frames the sentences in which verbs are used
 * @param gloss definition and examples
 */
record Synset(PartOfSpeech partOfSpeech, long offset, boolean satellite, int lexicographerFile, List<Word> words,
		List<Pointer> pointers, List<Frame> frames, Gloss gloss) {

	private static final String GLOSS_SEPARATOR = "| ";

	/**
	 * Parse a record: <pre class="code">
	 * synset_offset lex_filenum ss_type w_cnt word lex_id [word lex_id...] p_cnt [ptr...] [frames...] | gloss
	 * </pre>
	 */
	static Synset parse(PartOfSpeech partOfSpeech, String line) {
		int bar = line.indexOf(GLOSS_SEPARATOR);
		Fields fields = new Fields(line.substring(0, bar));
		long offset = fields.nextOffset();
		int lexicographerFile = fields.nextDecimal();
		boolean satellite = fields.next().equals("s");
		int wordCount = fields.nextHexadecimal();
		List<Word> words = new ArrayList<>(wordCount);
		for (int i = 0; i < wordCount; i++) {
			words.add(Word.parse(fields.next(), fields.nextHexadecimal()));
		}
		int pointerCount = fields.nextDecimal();
		List<Pointer> pointers = new ArrayList<>(pointerCount);
		for (int i = 0; i < pointerCount; i++) {
			pointers.add(Pointer.parse(fields));
		}
		List<Frame> frames = new ArrayList<>();
		if (fields.hasNext()) {
			int frameCount = fields.nextDecimal();
			for (int i = 0; i < frameCount; i++) {
				fields.skip(1);
				frames.add(new Frame(fields.nextDecimal(), fields.nextHexadecimal()));
			}
		}
		Gloss gloss = Gloss.parse(line.substring(bar + GLOSS_SEPARATOR.length()));
		return new Synset(partOfSpeech, offset, satellite, lexicographerFile, List.copyOf(words), List.copyOf(pointers),
				List.copyOf(frames), gloss);
	}

	/**
	 * Return the word of this set that an index has as a lemma. Some sets have it in two
	 * spellings, as "Earth" and "earth": then the first one.
	 */
	Word word(String lemma) {
		for (Word word : this.words) {
			if (word.lemma().equals(lemma)) {
				return word;
			}
		}
		throw new IllegalStateException("'%s' is not among the words of data.%s at %d".formatted(lemma,
				this.partOfSpeech.fileSuffix(), this.offset));
	}

	/**
	 * Tell whether what pointers and frames say of a word of this set is said of a lemma.
	 * @param number the number of the word, counted from 1; 0 stands for all words
	 */
	boolean concerns(int number, String lemma) {
		return number == 0 || this.words.get(number - 1).lemma().equals(lemma);
	}

	/**
	 * A word of the set.
	 *
	 * @param text the word with its capitals and spaces
	 * @param marker where an adjective may stand, if that is limited
	 * @param lexicographerId tells the word from those that are spelled the same in the
	 * same source file
	 */
	record Word(String text, @Nullable SyntacticMarker marker, int lexicographerId) {

		private static Word parse(String field, int lexicographerId) {
			SyntacticMarker marker = SyntacticMarker.of(field);
			String text = (marker != null) ? field.substring(0, field.length() - marker.suffix().length()) : field;
			return new Word(Spelling.text(text), marker, lexicographerId);
		}

		/**
		 * Return the word as an index writes it.
		 */
		String lemma() {
			return Spelling.lemma(this.text);
		}

	}

	/**
	 * A pointer to another set.
	 *
	 * @param relation what the target is to the source
	 * @param partOfSpeech the data file of the target
	 * @param offset the offset of the target
	 * @param source the number of the word that has the relation; 0 if all of them do
	 * @param target the number of the related word; 0 if all of them are
	 */
	record Pointer(Relation relation, PartOfSpeech partOfSpeech, long offset, int source, int target) {

		/**
		 * Parse a pointer: <pre class="code">
		 * pointer_symbol synset_offset pos source/target
		 * </pre>
		 */
		private static Pointer parse(Fields fields) {
			Relation relation = Relation.ofSymbol(fields.next());
			long offset = fields.nextOffset();
			PartOfSpeech partOfSpeech = PartOfSpeech.ofSymbol(fields.next().charAt(0));
			int sourceAndTarget = fields.nextHexadecimal();
			return new Pointer(relation, partOfSpeech, offset, sourceAndTarget >>> 8, sourceAndTarget & 0xff);
		}

	}

	/**
	 * A sentence frame.
	 *
	 * @param number the number of the generic frame
	 * @param word the number of the verb that is used so; 0 if all of them are
	 */
	record Frame(int number, int word) {

	}

}
