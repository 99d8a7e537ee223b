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
import java.util.TreeSet;

/**
 * There is no mapping of that name.
 */
public class NoSuchMappingException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String name;

	private final ArrayList<String> knownNames;

	NoSuchMappingException(String name, Collection<String> knownNames) {
		super("There is no mapping '" + name + "'. "
				+ (knownNames.isEmpty() ? "No mapping is declared; declare it under 'mmap.mappings." + name + "'."
						: "Declared are: " + String.join(", ", new TreeSet<>(knownNames)) + "."));
		this.name = name;
		this.knownNames = new ArrayList<>(knownNames);
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
	 * @return the names
	 */
	public List<String> knownNames() {
		return List.copyOf(this.knownNames);
	}

}
