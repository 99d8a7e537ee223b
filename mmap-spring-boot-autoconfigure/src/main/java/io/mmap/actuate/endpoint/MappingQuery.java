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

package io.mmap.actuate.endpoint;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import io.mmap.MappingInfo;
import io.mmap.internal.PlainText;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * Which mappings somebody wants to see.
 *
 * @param limit how many at most
 * @param filter which of them
 */
record MappingQuery(int limit, Predicate<MappingInfo> filter) {

	static final int DEFAULT_LIMIT = 100;

	static final int MAX_LIMIT = 1000;

	/** How much is repeated of what a request says. */
	static final int MAX_SHOWN = 100;

	private static final List<String> OWNERS = List.of("declared", "ad-hoc");

	private static final List<String> STATES = List.of("mapped", "detached", "replaced");

	private static final List<String> SOURCES = List.of("file", "resource", "descriptor", "anonymous",
			"in-memory-file");

	/**
	 * Create a query from parameters, each of which may be left out.
	 * @param limit how many to list
	 * @param name what the name contains
	 * @param owner who owns them
	 * @param source what kind of thing is mapped
	 * @param state the state
	 * @param createdBy what the creating line contains
	 * @throws InvalidEndpointRequestException if one of them makes no sense
	 */
	static MappingQuery of(@Nullable Integer limit, @Nullable String name, @Nullable String owner,
			@Nullable String source, @Nullable String state, @Nullable String createdBy) {
		Predicate<MappingInfo> filter = contains(name, MappingInfo::name)
			.and(oneOf("owner", owner, OWNERS, Describer::owner))
			.and(oneOf("source", source, SOURCES, MappingInfo::source))
			.and(oneOf("state", state, STATES, Describer::state))
			.and(contains(createdBy, MappingInfo::createdBy));
		return new MappingQuery(number("limit", limit, 0, MAX_LIMIT, DEFAULT_LIMIT), filter);
	}

	/**
	 * Check a number.
	 * @throws InvalidEndpointRequestException if it is not within the bounds
	 */
	static int number(String parameter, @Nullable Integer value, int min, int max, int defaultValue) {
		if (value != null && (value < min || value > max)) {
			throw invalid(parameter, value, "a number from " + min + " to " + max);
		}
		return (value != null) ? value : defaultValue;
	}

	/**
	 * Return what to throw at who gives a parameter that makes no sense.
	 */
	static InvalidEndpointRequestException invalid(String parameter, Object value, String expected) {
		// It goes to the log
		String reason = "The parameter '" + parameter + "' must be " + expected + ", but is '"
				+ PlainText.of(shortened(value.toString())) + "'";
		return new InvalidEndpointRequestException(reason, reason);
	}

	/**
	 * Return as much as is repeated of text that may be as long as a request.
	 */
	static String shortened(String text) {
		return (text.length() > MAX_SHOWN) ? text.substring(0, MAX_SHOWN) + "..." : text;
	}

	private static Predicate<MappingInfo> contains(@Nullable String part, Property property) {
		if (part == null) {
			return (mapping) -> true;
		}
		String lowerCase = part.toLowerCase(Locale.ROOT);
		return (mapping) -> {
			String value = property.of(mapping);
			return value != null && value.toLowerCase(Locale.ROOT).contains(lowerCase);
		};
	}

	private static Predicate<MappingInfo> oneOf(String parameter, @Nullable String value, List<String> known,
			Property property) {
		if (value == null) {
			return (mapping) -> true;
		}
		if (!known.contains(value)) {
			throw invalid(parameter, value, "one of " + String.join(", ", known));
		}
		return (mapping) -> value.equals(property.of(mapping));
	}

	/**
	 * Return those of a list that were asked for.
	 */
	List<MappingInfo> select(List<MappingInfo> mappings) {
		return mappings.stream().filter(this.filter).toList();
	}

	/**
	 * A property of a mapping.
	 */
	@FunctionalInterface
	private interface Property {

		@Nullable String of(MappingInfo mapping);

	}

}
