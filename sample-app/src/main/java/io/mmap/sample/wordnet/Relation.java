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

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What the target of a pointer is to its source.
 *
 * @see <a href="https://wordnet.princeton.edu/documentation/wninput5wn">wninput(5WN)</a>
 */
public enum Relation {

	// @formatter:off
	ANTONYM("!", "antonym"),
	HYPERNYM("@", "hypernym"),
	INSTANCE_HYPERNYM("@i", "instance hypernym"),
	HYPONYM("~", "hyponym"),
	INSTANCE_HYPONYM("~i", "instance hyponym"),
	MEMBER_HOLONYM("#m", "member holonym"),
	SUBSTANCE_HOLONYM("#s", "substance holonym"),
	PART_HOLONYM("#p", "part holonym"),
	MEMBER_MERONYM("%m", "member meronym"),
	SUBSTANCE_MERONYM("%s", "substance meronym"),
	PART_MERONYM("%p", "part meronym"),
	ATTRIBUTE("=", "attribute"),
	DERIVATIONALLY_RELATED("+", "derivationally related form"),
	TOPIC_DOMAIN(";c", "domain: topic"),
	TOPIC_MEMBER("-c", "member of this domain: topic"),
	REGION_DOMAIN(";r", "domain: region"),
	REGION_MEMBER("-r", "member of this domain: region"),
	USAGE_DOMAIN(";u", "domain: usage"),
	USAGE_MEMBER("-u", "member of this domain: usage"),
	ENTAILMENT("*", "entailment"),
	CAUSE(">", "cause"),
	ALSO_SEE("^", "also see"),
	VERB_GROUP("$", "verb group"),
	SIMILAR_TO("&", "similar to"),
	PARTICIPLE_OF("<", "participle of verb"),
	/** For an adjective, the noun it pertains to; for an adverb, the adjective it is made of. */
	PERTAINYM("\\", "pertainym");
	// @formatter:on

	private static final Map<String, Relation> BY_SYMBOL = Stream.of(values())
		.collect(Collectors.toUnmodifiableMap((relation) -> relation.symbol, Function.identity()));

	private final String symbol;

	private final String description;

	Relation(String symbol, String description) {
		this.symbol = symbol;
		this.description = description;
	}

	/**
	 * Return the name of the relation.
	 * @return the name
	 */
	@JsonValue
	public String description() {
		return this.description;
	}

	static Relation ofSymbol(String symbol) {
		Relation relation = BY_SYMBOL.get(symbol);
		if (relation == null) {
			throw new IllegalArgumentException("'" + symbol + "' is no pointer symbol");
		}
		return relation;
	}

}
