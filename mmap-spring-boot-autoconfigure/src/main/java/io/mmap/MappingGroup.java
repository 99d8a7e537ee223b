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

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What is declared under one name, and so mapped, replaced and unmapped together: one
 * mapping, or a set of them.
 */
final class MappingGroup {

	private final String name;

	private final boolean set;

	private final MappingCounters counters;

	private final Supplier<Map<String, MappingSpec>> specs;

	private final DefaultMappingRegistry registry;

	private volatile Map<String, DefaultMemoryMapping> members = Map.of();

	private volatile @Nullable Mapped mapped;

	/**
	 * Of the thread that has the monitor of this.
	 */
	private boolean beingMapped;

	/**
	 * How many handles there ever were. Of the thread that has the monitor of this.
	 */
	private int handles;

	/**
	 * The number of what was mapped before nothing was. Of the thread that has the
	 * monitor of this.
	 */
	private int lastNumber;

	/**
	 * Create a group.
	 * @param specs what to map, by key; asked again for a set that is to be replaced
	 */
	MappingGroup(String name, boolean set, Supplier<Map<String, MappingSpec>> specs, DefaultMappingRegistry registry) {
		this.name = name;
		this.set = set;
		this.counters = new MappingCounters(name);
		this.specs = specs;
		this.registry = registry;
		this.members = newMembers();
	}

	String name() {
		return this.name;
	}

	boolean isSet() {
		return this.set;
	}

	MappingCounters counters() {
		return this.counters;
	}

	/**
	 * Return the handles by key.
	 */
	Map<String, DefaultMemoryMapping> members() {
		return this.members;
	}

	/**
	 * Return the handles that whatever is there now would have. Those of keys that are
	 * there already stay the same.
	 */
	synchronized Map<String, DefaultMemoryMapping> newMembers() {
		Map<String, DefaultMemoryMapping> current = this.members;
		Map<String, DefaultMemoryMapping> members = new LinkedHashMap<>();
		this.specs.get().forEach((key, spec) -> {
			DefaultMemoryMapping known = current.get(key);
			members.put(key, (known != null) ? known : newMember(key, spec));
		});
		return Collections.unmodifiableMap(members);
	}

	private DefaultMemoryMapping newMember(String key, MappingSpec spec) {
		Origin origin;
		if (this.set) {
			this.handles++;
			// A dot can be in no declared name
			String id = this.name + "." + this.handles;
			String label = (spec.label() != null) ? spec.label() : key;
			origin = new Origin(id, true, spec, label, null, this.counters);
		}
		else {
			origin = Origin.declared(this.name, spec, this.counters);
		}
		return new DefaultMemoryMapping(origin, this.registry, this);
	}

	/**
	 * Return where to find what would be mapped now.
	 * @return the paths by key
	 */
	Map<String, Path> paths() {
		Map<String, Path> paths = new LinkedHashMap<>();
		this.specs.get().forEach((key, spec) -> {
			if (spec.source() instanceof MappingSource.File file && spec.life().reloadOnUpdate()) {
				paths.put(key, file.path());
			}
		});
		return paths;
	}

	/**
	 * Return whether it is to be reloaded when its files are replaced, or may be when it
	 * has any.
	 */
	boolean isReloadedOnUpdate() {
		return (this.set && this.members.isEmpty())
				|| this.members.values().stream().anyMatch((member) -> member.origin().spec().life().reloadOnUpdate());
	}

	/**
	 * Return whether nothing is mapped until someone asks for it.
	 */
	boolean isLazy() {
		return this.members.values().stream().anyMatch((member) -> member.origin().spec().lazy());
	}

	/**
	 * Begin to map, or refuse to do so while that is done by the same thread: by a
	 * validator that uses what it is to validate.
	 */
	void beginMapping() {
		if (this.beingMapped) {
			throw new IllegalStateException("The " + this + " is used while it is being mapped and validated: a"
					+ " validator must look at the candidate that it is given");
		}
		this.beingMapped = true;
	}

	void endMapping() {
		this.beingMapped = false;
	}

	/**
	 * Return what is mapped now, or {@code null} if that waits for the first use.
	 */
	@Nullable Mapped mapped() {
		return this.mapped;
	}

	/**
	 * Make known what is mapped from now on.
	 */
	void mapped(Mapped mapped) {
		mapped.members().forEach((key, member) -> {
			Generation generation = mapped.generations().get(key);
			if (generation != null) {
				member.generation(generation);
			}
		});
		this.members = mapped.members();
		this.mapped = mapped;
	}

	/**
	 * Make known that nothing is mapped until it is mapped anew.
	 */
	void unmapped() {
		Mapped mapped = this.mapped;
		if (mapped != null) {
			this.lastNumber = mapped.number();
			for (DefaultMemoryMapping member : mapped.members().values()) {
				Generation generation = member.generation();
				if (generation != null) {
					this.lastNumber = Math.max(this.lastNumber, generation.entry().generation());
				}
				member.unmapped();
			}
			this.mapped = null;
		}
	}

	/**
	 * Return the number of what is mapped next, if nothing is now.
	 */
	int nextNumber() {
		return this.lastNumber + 1;
	}

	@Override
	public String toString() {
		return ((this.set) ? "set '" : "mapping '") + this.name + "'";
	}

	/**
	 * What is mapped at one time.
	 *
	 * @param number 1 for what was mapped first
	 * @param arena the arena of all of it
	 * @param members the handles by key
	 * @param generations what they stand for
	 * @param segments the memory that may be read
	 */
	record Mapped(int number, MappingArena arena, Map<String, DefaultMemoryMapping> members,
			Map<String, Generation> generations, Map<String, MemorySegment> segments) {

		static Mapped of(int number, MappingArena arena, Map<String, DefaultMemoryMapping> members,
				Map<String, Generation> generations) {
			Map<String, MemorySegment> segments = new LinkedHashMap<>();
			generations.forEach((key, generation) -> {
				if (generation.isReadable()) {
					segments.put(key, generation.readable());
				}
			});
			return new Mapped(number, arena, members, generations, Collections.unmodifiableMap(segments));
		}

		/**
		 * Return the memory of a member, or {@code null} if there is none.
		 */
		@Nullable MemorySegment segment(String key) {
			Generation generation = this.generations.get(key);
			return (generation != null) ? generation.readable() : null;
		}

		/**
		 * Return which file a member is of, or {@code null} if that is not known.
		 */
		@Nullable FileIdentity identity(String key) {
			Generation generation = this.generations.get(key);
			FileVersion file = (generation != null) ? generation.entry().file() : null;
			return (file != null) ? file.identity() : null;
		}

		List<MappingEntry> entries() {
			return this.generations.values().stream().map(Generation::entry).toList();
		}

		long length() {
			return entries().stream().mapToLong(MappingEntry::length).sum();
		}

	}

}
