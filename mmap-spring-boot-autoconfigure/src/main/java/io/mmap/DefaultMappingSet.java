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
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A set of mappings.
 */
final class DefaultMappingSet implements MappingSet {

	private final MappingGroup group;

	private final DefaultMappingRegistry registry;

	DefaultMappingSet(MappingGroup group, DefaultMappingRegistry registry) {
		this.group = group;
		this.registry = registry;
	}

	@Override
	public String name() {
		return this.group.name();
	}

	@Override
	public MemoryMapping get(String key) {
		Map<String, DefaultMemoryMapping> members = this.group.members();
		MemoryMapping mapping = members.get(key);
		if (mapping == null) {
			throw NoSuchMappingException.inSet(name(), key, members.keySet());
		}
		return mapping;
	}

	@Override
	public Map<String, MemoryMapping> asMap() {
		return Collections.unmodifiableMap(new LinkedHashMap<>(this.group.members()));
	}

	@Override
	public MappingSetLease acquire() {
		return acquire(this.registry.anonymousHolder());
	}

	@Override
	public MappingSetLease acquire(String owner) {
		return acquire(new Holder(Objects.requireNonNull(owner, "owner")));
	}

	private MappingSetLease acquire(@Nullable Holder holder) {
		while (true) {
			MappingGroup.Mapped mapped = this.group.mapped();
			if (mapped == null) {
				mapped = this.registry.mapOnFirstUse(this.group);
			}
			MappingSetLease lease = DefaultMappingSetLease.acquire(name(), mapped, holder);
			if (lease != null) {
				return lease;
			}
			if (mapped == this.group.mapped()) {
				throw new MappingClosedException("Set '" + name() + "' was unmapped, or is being so, by the code that"
						+ " the cause of this exception shows", mapped.arena().closedBy());
			}
		}
	}

	@Override
	public String toString() {
		int members = this.group.members().size();
		return "MappingSet '" + name() + "' of " + Text.count(members, "mapping");
	}

}
