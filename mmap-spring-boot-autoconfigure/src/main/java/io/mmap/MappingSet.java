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

/**
 * Files that are declared, mapped and unmapped together, such as all that match a
 * pattern. Closing the registry ends the access to all of them at once, which takes much
 * less time than one by one. The members can be neither unmapped nor reloaded by
 * themselves; a {@linkplain MappingRegistry#reload(String) reload of the set} replaces
 * all of them at once, finds files that are new, and lets go of those that are gone.
 * Whoever reads more than one member at a time acquires a {@linkplain #acquire() lease},
 * to read what belongs together.
 * <p>
 * All methods may be called from any thread. Not to be implemented by applications:
 * methods will be added.
 */
public interface MappingSet {

	/**
	 * Return the declared name.
	 * @return the name
	 */
	String name();

	/**
	 * Return the member that a file became.
	 * @param key the file as it was declared: for a pattern, the part of its path that
	 * matched, such as {@code 2026/words.bin} for {@code /var/lib/*&#47;*.bin}
	 * @return the mapping
	 * @throws NoSuchMappingException if there is none; the message lists the keys
	 */
	MemoryMapping get(String key);

	/**
	 * Return the members.
	 * @return the mappings by their keys, in the order of declaration; for a pattern, in
	 * that of their keys
	 */
	Map<String, MemoryMapping> asMap();

	/**
	 * Return the members.
	 * @return the mappings, in the same order
	 */
	default Collection<MemoryMapping> mappings() {
		return asMap().values();
	}

	/**
	 * Acquire the right to use all members as they are now, until the lease is closed.
	 * @return the lease
	 * @throws MappingClosedException if the set was unmapped
	 */
	MappingSetLease acquire();

	/**
	 * Acquire the right to use all members as they are now, until the lease is closed.
	 * @param owner who wants it, to be named to whoever waits for it
	 * @return the lease
	 * @throws MappingClosedException if the set was unmapped
	 */
	MappingSetLease acquire(String owner);

}
