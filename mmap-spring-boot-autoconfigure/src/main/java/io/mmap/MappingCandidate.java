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
 * A declared mapping or set that was mapped, and that nobody has seen yet. Not to be
 * implemented by applications: methods will be added.
 */
public interface MappingCandidate {

	/**
	 * Return the declared name.
	 * @return the name
	 */
	String name();

	/**
	 * Return which generation this would become.
	 * @return 1 for what is mapped first
	 */
	int generation();

	/**
	 * Return the memory of what was declared as one mapping.
	 * @return the segment
	 * @throws UnsupportedMappingOperationException if this is a set, or the pages may not
	 * be read
	 */
	MemorySegment segment();

	/**
	 * Return the memory of all members of a set by key, as {@link MappingSet#asMap()}, or
	 * that of the one mapping by its name.
	 * @return the segments
	 * @throws UnsupportedMappingOperationException if pages may not be read
	 */
	Map<String, MemorySegment> segments();

}
