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

import java.lang.foreign.Arena;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.SystemCalls;

/**
 * Maps memory. Safe for use by several threads.
 */
interface Mapper {

	/**
	 * Return which mapper this is, and why it is in use.
	 */
	MapperInfo info();

	/**
	 * Map a file.
	 * @param spec what to map
	 * @param file the file to open for it
	 * @param arena whose scope the memory gets
	 * @return the memory
	 * @throws MappingException if that failed; nothing is left behind
	 * @throws UnsupportedMappingOperationException if this mapper cannot do it
	 */
	MappedMemory map(MappingSpec spec, Path file, Arena arena);

	/**
	 * Map what is not to be opened by a path.
	 * @param spec what to map
	 * @param name what it is called
	 * @param arena whose scope the memory gets
	 * @return the memory
	 * @throws MappingException if that failed; nothing is left behind
	 * @throws UnsupportedMappingOperationException if this mapper cannot do it
	 */
	MappedMemory map(MappingSpec spec, String name, Arena arena);

	/**
	 * Return what can be done here.
	 */
	Capabilities capabilities();

	/**
	 * Return the system calls, or {@code null} if native access is not granted.
	 */
	@Nullable SystemCalls calls();

	/**
	 * Let go of threads: no more calls are to be expected.
	 */
	void close();

}
