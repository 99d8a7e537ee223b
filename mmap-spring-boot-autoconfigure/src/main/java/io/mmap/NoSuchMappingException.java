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

import java.io.Serial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

import io.mmap.internal.NearestName;
import io.mmap.internal.PlainText;

/**
 * There is no mapping of that name. The message lists those that there are, and the one
 * that was probably meant.
 */
public class NoSuchMappingException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** The name that is none of them. */
	private final String name;

	/** The declared names. */
	private final ArrayList<String> knownNames;

	NoSuchMappingException(String name, Collection<String> knownNames) {
		this(message(name, "mapping", knownNames), name, knownNames);
	}

	private NoSuchMappingException(String message, String name, Collection<String> knownNames) {
		super(PlainText.of(message));
		this.name = name;
		this.knownNames = new ArrayList<>(new TreeSet<>(knownNames));
	}

	/**
	 * The name is that of a set, and one mapping was asked for.
	 */
	static NoSuchMappingException set(String name, Collection<String> knownNames) {
		return new NoSuchMappingException("'" + name + "' is not one mapping, but a set of mappings. Get it with"
				+ " MappingRegistry.set, or inject a MappingSet.", name, knownNames);
	}

	/**
	 * The name is that of one mapping, and a set was asked for.
	 */
	static NoSuchMappingException notASet(String name, Collection<String> knownNames) {
		return new NoSuchMappingException("'" + name + "' is not a set of mappings, but one. Get it with"
				+ " MappingRegistry.get, or declare its location with a pattern.", name, knownNames);
	}

	static NoSuchMappingException inSet(String set, String key, Collection<String> keys) {
		return new NoSuchMappingException(message(key, "mapping in set '" + set + "' for", keys), key, keys);
	}

	private static String message(String name, String what, Collection<String> knownNames) {
		String none = "There is no " + what + " '" + name + "'.";
		if (knownNames.isEmpty()) {
			return none + " There are none at all.";
		}
		String nearest = NearestName.of(name, knownNames);
		return none + ((nearest != null) ? " Did you mean '" + nearest + "'?" : "") + " There are: "
				+ String.join(", ", new TreeSet<>(knownNames)) + ".";
	}

	/**
	 * Return the name that was looked up.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the names that are declared.
	 * @return the names in alphabetical order
	 */
	public List<String> knownNames() {
		return List.copyOf(this.knownNames);
	}

	/**
	 * Return the name that was probably meant.
	 * @return the known name that is nearest, if one comes close
	 */
	public Optional<String> nearestName() {
		return Optional.ofNullable(NearestName.of(this.name, this.knownNames));
	}

}
