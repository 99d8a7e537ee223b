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

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * The ad hoc mappings that are open, by id. Keeps none of them reachable.
 */
final class AdHocMappings {

	static final String ID_PREFIX = MappingStatistics.AD_HOC + "-";

	private final AtomicLong lastId = new AtomicLong();

	private final Map<String, MappingEntry> entries = new ConcurrentHashMap<>();

	String nextId() {
		return ID_PREFIX + this.lastId.incrementAndGet();
	}

	void add(MappingEntry entry) {
		this.entries.put(entry.name(), entry);
	}

	void remove(MappingEntry entry) {
		this.entries.remove(entry.name(), entry);
	}

	@Nullable MappingEntry find(String id) {
		return this.entries.get(id);
	}

	/**
	 * Return what is open now, in the order in which it was mapped.
	 */
	Collection<MappingEntry> all() {
		return this.entries.values().stream().sorted(AdHocMappings::compare).toList();
	}

	/**
	 * Return those whose changes are to be written from time to time, in any order.
	 */
	Collection<MappingEntry> flushed() {
		return this.entries.values().stream().filter((entry) -> entry.flushInterval() != null).toList();
	}

	/**
	 * Compare by number, without making one of each id: the longer one has the larger
	 * number.
	 */
	private static int compare(MappingEntry left, MappingEntry right) {
		int byLength = Integer.compare(left.name().length(), right.name().length());
		return (byLength != 0) ? byLength : left.name().compareTo(right.name());
	}

}
