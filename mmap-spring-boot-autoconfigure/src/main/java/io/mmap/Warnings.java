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

	private final Map<Key, MappingWarning> warnings = new ConcurrentHashMap<>();

	/**
	 * Note that something is wrong.
	 * @return whether that was not known
	 */
	boolean raise(String name, Kind kind, String message) {
		MappingWarning previous = this.warnings.get(new Key(name, kind));
		Instant since = (previous != null) ? previous.since() : Instant.now();
		this.warnings.put(new Key(name, kind), new MappingWarning(name, kind, message, since));
		return previous == null || !previous.message().equals(message);
	}

	/**
	 * Note that something is all right.
	 * @return whether it was not until now
	 */
	boolean clear(String name, Kind kind) {
		return this.warnings.remove(new Key(name, kind)) != null;
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

	private record Key(String name, Kind kind) {

	}

}
