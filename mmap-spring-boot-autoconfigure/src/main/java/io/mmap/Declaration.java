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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What is declared under a name: one mapping or a set of mappings.
 *
 * @param name the name
 * @param isSet whether it is a set
 * @param specs what to map, by key
 */
record Declaration(String name, boolean isSet, Supplier<Map<String, MappingSpec>> specs) {

	static Declaration one(String name, MappingSpec spec) {
		Map<String, MappingSpec> specs = Map.of(name, spec.declarable());
		return new Declaration(name, false, () -> specs);
	}

	static Declaration set(String name, Map<String, MappingSpec> specs) {
		Map<String, MappingSpec> copy = Collections.unmodifiableMap(declarable(specs));
		return new Declaration(name, true, () -> copy);
	}

	static Declaration set(String name, Supplier<Map<String, MappingSpec>> specs) {
		return new Declaration(name, true, () -> declarable(specs.get()));
	}

	private static Map<String, MappingSpec> declarable(Map<String, MappingSpec> specs) {
		Map<String, MappingSpec> declarable = new LinkedHashMap<>();
		specs.forEach((key, spec) -> declarable.put(key, spec.declarable()));
		return declarable;
	}

}
