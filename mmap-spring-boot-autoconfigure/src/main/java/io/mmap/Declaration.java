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

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What is declared under a name: one mapping or a set of mappings.
 *
 * @param name the name
 * @param spec the one mapping
 * @param specs those of the set, by key
 */
record Declaration(String name, @Nullable MappingSpec spec, @Nullable Map<String, MappingSpec> specs) {

	static Declaration one(String name, MappingSpec spec) {
		return new Declaration(name, spec, null);
	}

	static Declaration set(String name, Map<String, MappingSpec> specs) {
		return new Declaration(name, null, new LinkedHashMap<>(specs));
	}

}
