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

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What is declared in a registry.
 */
final class DeclaredMappings {

	private final Map<String, MappingGroup> groups = new LinkedHashMap<>();

	DeclaredMappings(Collection<Declaration> declarations, DefaultMappingRegistry registry) {
		for (Declaration declaration : declarations) {
			this.groups.put(declaration.name(),
					new MappingGroup(declaration.name(), declaration.isSet(), declaration.specs(), registry));
		}
	}

	/**
	 * Return what is mapped together, in the order of declaration.
	 */
	Collection<MappingGroup> groups() {
		return this.groups.values();
	}

	/**
	 * Return the declared names.
	 */
	Set<String> names() {
		return this.groups.keySet();
	}

	/**
	 * Return all mappings, members of sets included.
	 */
	List<DefaultMemoryMapping> all() {
		List<DefaultMemoryMapping> all = new ArrayList<>();
		this.groups.values().forEach((group) -> all.addAll(group.members().values()));
		return all;
	}

	@Nullable MappingGroup group(String name) {
		return this.groups.get(name);
	}

	/**
	 * Find a mapping by its declared name, or the id of a member of a set.
	 */
	@Nullable DefaultMemoryMapping find(String nameOrId) {
		int dot = nameOrId.indexOf('.');
		MappingGroup group = this.groups.get((dot < 0) ? nameOrId : nameOrId.substring(0, dot));
		if (group == null || group.isSet() != (dot >= 0)) {
			return null;
		}
		for (DefaultMemoryMapping member : group.members().values()) {
			if (member.name().equals(nameOrId)) {
				return member;
			}
		}
		return null;
	}

	/**
	 * Find a set.
	 */
	@Nullable MappingGroup set(String name) {
		MappingGroup group = this.groups.get(name);
		return (group != null && group.isSet()) ? group : null;
	}

	List<MappingCounters> counters() {
		return this.groups.values().stream().map(MappingGroup::counters).toList();
	}

}
