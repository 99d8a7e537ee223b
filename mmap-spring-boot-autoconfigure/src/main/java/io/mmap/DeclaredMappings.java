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
 * The declared mappings of a registry: their handles, which never change.
 */
final class DeclaredMappings {

	private final Map<String, Group> groups = new LinkedHashMap<>();

	private final Map<String, DefaultMemoryMapping> mappings = new LinkedHashMap<>();

	private final Map<String, MappingSet> sets = new LinkedHashMap<>();

	private final List<MappingCounters> counters = new ArrayList<>();

	DeclaredMappings(Collection<Declaration> declarations, DefaultMappingRegistry registry) {
		for (Declaration declaration : declarations) {
			MappingCounters counters = new MappingCounters(declaration.name());
			this.counters.add(counters);
			if (declaration.spec() != null) {
				add(declaration.name(), declaration.spec(), counters, registry);
			}
			else if (declaration.specs() != null) {
				addSet(declaration.name(), declaration.specs(), counters, registry);
			}
		}
	}

	private void add(String name, MappingSpec spec, MappingCounters counters, DefaultMappingRegistry registry) {
		DefaultMemoryMapping mapping = new DefaultMemoryMapping(Origin.declared(name, spec, counters), registry, null);
		this.mappings.put(name, mapping);
		this.groups.put(name, new Group(name, List.of(mapping), false));
	}

	private void addSet(String name, Map<String, MappingSpec> specs, MappingCounters counters,
			DefaultMappingRegistry registry) {
		MappingArena arena = new MappingArena();
		Map<String, DefaultMemoryMapping> members = new LinkedHashMap<>();
		specs.forEach((key, spec) -> {
			// A dot can be in no declared name
			String id = name + "." + (members.size() + 1);
			String label = (spec.label() != null) ? spec.label() : key;
			Origin origin = new Origin(id, true, spec, label, null, counters);
			DefaultMemoryMapping mapping = new DefaultMemoryMapping(origin, registry, arena);
			members.put(key, mapping);
			this.mappings.put(id, mapping);
		});
		this.sets.put(name, new DefaultMappingSet(name, members));
		this.groups.put(name, new Group(name, List.copyOf(members.values()), true));
	}

	/**
	 * Return what is mapped together, in the order of declaration.
	 */
	Collection<Group> groups() {
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
		return List.copyOf(this.mappings.values());
	}

	@Nullable DefaultMemoryMapping find(String nameOrId) {
		return this.mappings.get(nameOrId);
	}

	@Nullable MappingSet set(String name) {
		return this.sets.get(name);
	}

	List<MappingCounters> counters() {
		return this.counters;
	}

	void checkReloadable(DefaultMemoryMapping mapping) {
		MappingAccess access = mapping.origin().spec().access();
		if (access != MappingAccess.READ_ONLY) {
			throw cannotReload(mapping.name(), "its access is " + Text.of(access)
					+ ", and what was written to the memory would be lost or torn apart", "Map it read-only.");
		}
		if (mapping.sharedArena() != null) {
			throw cannotReload(mapping.name(), "it is a member of a set, whose memory is unmapped all at once",
					"Declare the file by itself.");
		}
	}

	UnsupportedMappingOperationException cannotReload(String name, String why, String remedy) {
		return new UnsupportedMappingOperationException(
				"Mapping '" + name + "' cannot be reloaded: " + why + ". " + remedy);
	}

	/**
	 * What is mapped together.
	 *
	 * @param name the declared name
	 * @param members the mapping, or those of the set
	 * @param isSet whether it was declared as a set
	 */
	record Group(String name, List<DefaultMemoryMapping> members, boolean isSet) {

	}

}
