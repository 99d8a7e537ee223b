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

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.mmap.MappingWarning.Kind;

/**
 * What is not as it should be at the moment.
 */
final class Warnings {

	private static final int ANY_GENERATION = 0;

	private final Map<Key, MappingWarning> warnings = new ConcurrentHashMap<>();

	/**
	 * Note that something is wrong, whatever is mapped.
	 * @return whether that was not known
	 */
	boolean raise(String name, Kind kind, String message) {
		return raise(new Key(name, kind, ANY_GENERATION), message);
	}

	/**
	 * Note that something is wrong with what is mapped, for as long as it is.
	 * @return whether that was not known
	 */
	boolean raise(MappingEntry entry, Kind kind, String message) {
		return raise(new Key(entry.name(), kind, entry.generation()), message);
	}

	private boolean raise(Key key, String message) {
		MappingWarning previous = this.warnings.get(key);
		Instant since = (previous != null) ? previous.since() : Instant.now();
		this.warnings.put(key, new MappingWarning(key.name(), key.kind(), message, since));
		return previous == null || !previous.message().equals(message);
	}

	/**
	 * Note that something is all right.
	 */
	void clear(String name, Kind kind) {
		this.warnings.remove(new Key(name, kind, ANY_GENERATION));
	}

	void clear(MappingEntry entry, Kind kind) {
		this.warnings.remove(new Key(entry.name(), kind, entry.generation()));
	}

	/**
	 * Forget what was wrong with what was mapped, as it is no longer.
	 */
	void clear(MappingEntry entry) {
		this.warnings.keySet()
			.removeIf((key) -> key.name().equals(entry.name()) && key.generation() == entry.generation());
	}

	/**
	 * Forget a mapping that is gone.
	 */
	void clear(String name) {
		this.warnings.keySet().removeIf((key) -> key.name().equals(name));
	}

	List<MappingWarning> all() {
		return this.warnings.values()
			.stream()
			.sorted(Comparator.comparing(MappingWarning::name).thenComparing(MappingWarning::kind))
			.toList();
	}

	private record Key(String name, Kind kind, int generation) {

	}

}
