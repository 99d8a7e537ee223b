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

package io.mmap;

import java.util.Set;
import java.util.stream.Collectors;

import io.mmap.internal.ConstantName;

/**
 * How values read in messages.
 */
final class Text {

	private Text() {
	}

	/**
	 * Return an enum constant as it is written in configuration.
	 */
	static String of(Enum<?> constant) {
		return ConstantName.of(constant);
	}

	/**
	 * Return protection as it is written in configuration.
	 */
	static String of(Set<Protection> protection) {
		return (protection.isEmpty()) ? "none" : protection.stream().map(Text::of).collect(Collectors.joining(", "));
	}

	/**
	 * Return a number of things.
	 */
	static String count(long number, String thing) {
		return count(number, thing, thing + "s");
	}

	static String count(long number, String one, String several) {
		return number + " " + ((number == 1) ? one : several);
	}

	/**
	 * Return a time in milliseconds.
	 */
	static String millis(long nanos) {
		// Without a formatter, as this is logged for each declared mapping
		long tenths = Math.round(nanos / 1e5);
		return tenths / 10 + "." + tenths % 10 + " ms";
	}

}
