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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What follows the bar in a data file.
 *
 * @param definition the definition, with remarks if there are any
 * @param examples the quoted sentences, each with its author if one is given
 */
record Gloss(String definition, List<String> examples) {

	/**
	 * A quoted sentence, and who said it: {@code "…"}, {@code "…"- Shakespeare},
	 * {@code "…" --Ralph Waldo Emerson}, {@code "…" H.L.Mencken},
	 * {@code "…" (Matthew 7:12)}.
	 */
	private static final Pattern EXAMPLE = Pattern.compile(
			"\"(?<sentence>[^\"]*)\"(?:\\s*-{1,2}\\s*(?<by>[^\"]+)|\\s*\\((?<in>[^\"]+)\\)|\\s+(?<author>[A-Z][^\" ]+))?\\s*");

	private static final String LED_BY_COLON = ": ";

	/**
	 * Parse a gloss: parts with semicolons between them. The parts that are nothing but
	 * quoted sentences are the examples. Quotation marks elsewhere belong to the
	 * definition, as in {@code (used with "the")}.
	 */
	static Gloss parse(String text) {
		List<String> definition = new ArrayList<>();
		List<String> examples = new ArrayList<>();
		for (String part : split(text.strip())) {
			if (!addExamples(part, examples)) {
				int colon = part.indexOf(LED_BY_COLON + '"');
				if (colon > 0 && addExamples(part.substring(colon + LED_BY_COLON.length()), examples)) {
					definition.add(part.substring(0, colon));
				}
				else {
					definition.add(part);
				}
			}
		}
		return new Gloss(String.join("; ", definition), List.copyOf(examples));
	}

	/**
	 * Split at semicolons that are not inside quotation marks.
	 */
	private static List<String> split(String text) {
		List<String> parts = new ArrayList<>();
		boolean quoted = false;
		int start = 0;
		for (int i = 0; i <= text.length(); i++) {
			if (i == text.length() || (!quoted && text.charAt(i) == ';')) {
				String part = text.substring(start, i).strip();
				if (!part.isEmpty()) {
					parts.add(part);
				}
				start = i + 1;
			}
			else if (text.charAt(i) == '"') {
				quoted = !quoted;
			}
		}
		return parts;
	}

	private static boolean addExamples(String part, List<String> examples) {
		List<String> found = new ArrayList<>();
		Matcher matcher = EXAMPLE.matcher(part);
		int end = 0;
		while (end < part.length()) {
			if (!matcher.find(end) || matcher.start() != end) {
				return false;
			}
			found.add(example(matcher));
			end = matcher.end();
		}
		examples.addAll(found);
		return true;
	}

	private static String example(Matcher matcher) {
		String sentence = matcher.group("sentence");
		for (String group : List.of("by", "in", "author")) {
			String author = matcher.group(group);
			if (author != null) {
				return sentence + " — " + author.strip();
			}
		}
		return sentence;
	}

}
