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

/**
 * A set of mappings.
 */
final class DefaultMappingSet implements MappingSet {

	private final String name;

	private final Map<String, MemoryMapping> members;

	DefaultMappingSet(String name, Map<String, DefaultMemoryMapping> members) {
		this.name = name;
		this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public MemoryMapping get(String key) {
		MemoryMapping mapping = this.members.get(key);
		if (mapping == null) {
			throw NoSuchMappingException.inSet(this.name, key, this.members.keySet());
		}
		return mapping;
	}

	@Override
	public Map<String, MemoryMapping> asMap() {
		return this.members;
	}

	@Override
	public String toString() {
		return "MappingSet '" + this.name + "' of " + this.members.size()
				+ ((this.members.size() == 1) ? " mapping" : " mappings");
	}

}
