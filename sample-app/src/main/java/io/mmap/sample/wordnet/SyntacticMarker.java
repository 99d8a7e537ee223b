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

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Where an adjective may stand. In the files it follows the word in parentheses.
 *
 * @see <a href="https://wordnet.princeton.edu/documentation/wninput5wn">wninput(5WN)</a>
 */
public enum SyntacticMarker {

	/**
	 * Only after a verb: "the child is <em>awake</em>".
	 */
	PREDICATE("(p)", "predicate position"),

	/**
	 * Only before a noun: "a <em>former</em> president".
	 */
	PRENOMINAL("(a)", "prenominal position"),

	/**
	 * Only immediately after a noun: "flowers <em>galore</em>".
	 */
	POSTNOMINAL("(ip)", "immediately postnominal position");

	private final String suffix;

	private final String description;

	SyntacticMarker(String suffix, String description) {
		this.suffix = suffix;
		this.description = description;
	}

	String suffix() {
		return this.suffix;
	}

	/**
	 * Return what the marker means.
	 * @return the description
	 */
	@JsonValue
	public String description() {
		return this.description;
	}

	static @Nullable SyntacticMarker of(String word) {
		for (SyntacticMarker marker : values()) {
			if (word.endsWith(marker.suffix)) {
				return marker;
			}
		}
		return null;
	}

}
