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
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

	private final Object specsLock = new Object();

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
		this.members = newMembers().handles();
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
	 * Return the members that whatever is there now would make. Handles of keys that are
	 * there already stay the same.
	 */
	synchronized Members newMembers() {
		Map<String, DefaultMemoryMapping> current = this.members;
		Map<String, DefaultMemoryMapping> handles = new LinkedHashMap<>();
		Map<String, Origin> origins = new LinkedHashMap<>();
		specs().forEach((key, spec) -> {
			DefaultMemoryMapping known = current.get(key);
			Origin origin = (known != null) ? known.origin().with(spec) : newOrigin(key, spec);
			origins.put(key, origin);
			handles.put(key, (known != null) ? known : new DefaultMemoryMapping(origin, this.registry, this));
		});
		return new Members(Collections.unmodifiableMap(handles), Collections.unmodifiableMap(origins));
	}

	/**
	 * Return the members as they are.
	 */
	Members currentMembers() {
		Map<String, Origin> origins = new LinkedHashMap<>();
		Map<String, DefaultMemoryMapping> handles = this.members;
		handles.forEach((key, handle) -> origins.put(key, handle.origin()));
		return new Members(handles, origins);
	}

	/**
	 * Return what there is to map now. What finds that is asked by one thread at a time,
	 * and may take its time, so that nobody waits for it who does not have to.
	 */
	private Map<String, MappingSpec> specs() {
		synchronized (this.specsLock) {
			return this.specs.get();
		}
	}

	private Origin newOrigin(String key, MappingSpec spec) {
		if (!this.set) {
			return Origin.declared(this.name, spec, this.counters);
		}
		this.handles++;
		// A dot can be in no declared name
		String id = this.name + "." + this.handles;
		String label = (spec.label() != null) ? spec.label() : key;
		return new Origin(id, true, spec, label, null, this.counters);
	}

	/**
	 * Return where to find what would be mapped now, if that is to be watched.
	 * @return the paths by key, without one for what is not a file; {@code null} if
	 * nothing is to be watched
	 */
	@Nullable Map<String, Optional<Path>> watchedPaths() {
		Map<String, Optional<Path>> paths = new LinkedHashMap<>();
		boolean watched = this.members.values().stream().anyMatch((member) -> isWatched(member.origin().spec()));
		for (Map.Entry<String, MappingSpec> each : specs().entrySet()) {
			MappingSpec spec = each.getValue();
			watched |= isWatched(spec);
			paths.put(each.getKey(), (isWatched(spec) && spec.source() instanceof MappingSource.File file)
					? Optional.of(file.path()) : Optional.empty());
		}
		return (watched) ? paths : null;
	}

	private static boolean isWatched(MappingSpec spec) {
		return spec.life().reloadOnUpdate();
	}

	/**
	 * Return whether it is to be reloaded when its files are replaced, or may be when it
	 * has any.
	 */
	boolean isReloadedOnUpdate() {
		return (this.set && this.members.isEmpty())
				|| this.members.values().stream().anyMatch((member) -> isWatched(member.origin().spec()));
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
				member.origin(generation.entry().origin());
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
			this.lastNumber = latestNumber();
			mapped.members().values().forEach(DefaultMemoryMapping::unmapped);
			this.mapped = null;
		}
	}

	/**
	 * Return what is mapped now.
	 */
	List<Generation> generations() {
		List<Generation> generations = new ArrayList<>();
		for (DefaultMemoryMapping member : this.members.values()) {
			Generation generation = member.generation();
			if (generation != null) {
				generations.add(generation);
			}
		}
		return generations;
	}

	/**
	 * Return the number of what is mapped now.
	 */
	int latestNumber() {
		Mapped mapped = this.mapped;
		int number = (mapped != null) ? mapped.number() : this.lastNumber;
		for (Generation generation : generations()) {
			number = Math.max(number, generation.entry().generation());
		}
		return number;
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
	 * Members of a group.
	 *
	 * @param handles the handles by key
	 * @param origins what they are to stand for
	 */
	record Members(Map<String, DefaultMemoryMapping> handles, Map<String, Origin> origins) {

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

		/**
		 * Return whether a member is to be replaced when its file is.
		 */
		boolean isWatched(String key) {
			Generation generation = this.generations.get(key);
			return generation != null && MappingGroup.isWatched(generation.entry().spec());
		}

		List<MappingEntry> entries() {
			return this.generations.values().stream().map(Generation::entry).toList();
		}

		long length() {
			return entries().stream().mapToLong(MappingEntry::length).sum();
		}

	}

}
