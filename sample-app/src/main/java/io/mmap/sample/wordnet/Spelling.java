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

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How words are written in the files, and for people.
 */
public final class Spelling {

	private static final Pattern SPACES = Pattern.compile("\\s+");

	private Spelling() {
	}

	/**
	 * Return a word as an index writes it: in lower case, with underscores for spaces.
	 * @param text the word
	 * @return the lemma
	 */
	public static String lemma(String text) {
		return SPACES.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("_");
	}

	/**
	 * Return a word as people write it.
	 * @param word the word as a file has it
	 * @return the word, with spaces for underscores
	 */
	public static String text(String word) {
		return word.replace('_', ' ');
	}

}
