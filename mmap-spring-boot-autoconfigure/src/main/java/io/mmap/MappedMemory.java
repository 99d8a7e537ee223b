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
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a mapper made.
 *
 * @param segment the memory, read-only unless it may be written; handed out only if it
 * may be read
 * @param pages how to flush it and give it back
 * @param file which file it is and what it was like, if the platform can tell
 * @param protection what the pages permit
 */
record MappedMemory(MemorySegment segment, Pages pages, @Nullable FileVersion file, Set<Protection> protection) {

	static MappedMemory of(MemorySegment segment, Pages pages, @Nullable FileVersion file, Set<Protection> protection) {
		return new MappedMemory((protection.contains(Protection.WRITE)) ? segment : segment.asReadOnly(), pages, file,
				protection);
	}

}
