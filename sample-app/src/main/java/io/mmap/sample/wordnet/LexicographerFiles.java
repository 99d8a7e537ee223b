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

/**
 * The files in which lexicographers wrote the sets of synonyms. No file of the database
 * has these names, only their numbers.
 *
 * @see <a href=
 * "https://wordnet.princeton.edu/documentation/lexnames5wn">lexnames(5WN)</a>
 */
final class LexicographerFiles {

	private static final String[] NAMES = { "adj.all", "adj.pert", "adv.all", "noun.Tops", "noun.act", "noun.animal",
			"noun.artifact", "noun.attribute", "noun.body", "noun.cognition", "noun.communication", "noun.event",
			"noun.feeling", "noun.food", "noun.group", "noun.location", "noun.motive", "noun.object", "noun.person",
			"noun.phenomenon", "noun.plant", "noun.possession", "noun.process", "noun.quantity", "noun.relation",
			"noun.shape", "noun.state", "noun.substance", "noun.time", "verb.body", "verb.change", "verb.cognition",
			"verb.communication", "verb.competition", "verb.consumption", "verb.contact", "verb.creation",
			"verb.emotion", "verb.motion", "verb.perception", "verb.possession", "verb.social", "verb.stative",
			"verb.weather", "adj.ppl" };

	private LexicographerFiles() {
	}

	static String name(int number) {
		return NAMES[number];
	}

}
