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

/**
 * A line of an index file.
 *
 * @param partOfSpeech the index
 * @param lemma the word in lower case, with underscores for spaces
 * @param taggedSenses how many of the senses occur in texts that were tagged with senses;
 * these come first, the most frequent one at the head
 * @param synsets the offset of each sense in the data file
 */
public record IndexEntry(PartOfSpeech partOfSpeech, String lemma, int taggedSenses, List<Long> synsets) {

	/**
	 * Parse a line: <pre class="code">
	 * lemma pos synset_cnt p_cnt [symbol...] sense_cnt tagsense_cnt synset_offset [synset_offset...]
	 * </pre>
	 */
	static IndexEntry parse(PartOfSpeech partOfSpeech, String line) {
		Fields fields = new Fields(line);
		String lemma = fields.next();
		fields.skip(1);
		int senses = fields.nextDecimal();
		// The symbols of all pointers of the word: the records have the pointers
		// themselves
		fields.skip(fields.nextDecimal());
		// Once again the number of senses
		fields.skip(1);
		int taggedSenses = fields.nextDecimal();
		List<Long> synsets = new ArrayList<>(senses);
		for (int i = 0; i < senses; i++) {
			synsets.add(fields.nextOffset());
		}
		return new IndexEntry(partOfSpeech, lemma, taggedSenses, List.copyOf(synsets));
	}

}
