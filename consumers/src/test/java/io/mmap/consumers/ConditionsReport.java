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

package io.mmap.consumers;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Which configurations an application uses, as it says itself with {@code --debug}.
 *
 * @param positive what it uses
 * @param negative what it does not
 */
record ConditionsReport(List<String> positive, List<String> negative) {

	private static final Pattern NAME = Pattern.compile("^ {3}(\\w+)(?: matched)?:", Pattern.MULTILINE);

	static ConditionsReport of(String output) {
		String positive = between(output, "Positive matches:", "Negative matches:");
		String negative = between(output, "Negative matches:", "Exclusions:");
		return new ConditionsReport(names(positive), names(negative));
	}

	private static String between(String output, String from, String to) {
		int start = output.indexOf(from);
		int end = output.indexOf(to, start);
		if (start < 0 || end < 0) {
			throw new AssertionError("Nothing from '%s' to '%s' in: %s".formatted(from, to, output));
		}
		return output.substring(start, end);
	}

	private static List<String> names(String section) {
		return NAME.matcher(section).results().map((MatchResult result) -> result.group(1)).toList();
	}

}
