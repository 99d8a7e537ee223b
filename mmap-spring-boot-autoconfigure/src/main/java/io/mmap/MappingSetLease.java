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
import java.util.Map;

/**
 * The right to use one generation of all members of a set for a while: what is read under
 * one lease belongs together, also when the set is reloaded meanwhile. All else is as for
 * a {@link MappingLease}. Not to be implemented by applications: methods will be added.
 */
public interface MappingSetLease extends AutoCloseable {

	/**
	 * Return the memory of a member.
	 * @param key the key, as for {@link MappingSet#get(String)}
	 * @return the segment
	 * @throws NoSuchMappingException if there is none; the message lists the keys
	 * @throws UnsupportedMappingOperationException if its pages may not be
	 * {@linkplain Protection#READ read}
	 * @throws IllegalStateException if the lease was closed
	 */
	MemorySegment segment(String key);

	/**
	 * Return the memory of all members whose pages may be read.
	 * @return the segments by key, in the order of the set
	 * @throws IllegalStateException if the lease was closed
	 */
	Map<String, MemorySegment> segments();

	/**
	 * Return which generation of the set this is.
	 * @return 1 for what was mapped first
	 */
	int generation();

	/**
	 * Give the lease back. Has no effect when it is called again.
	 */
	@Override
	void close();

}
