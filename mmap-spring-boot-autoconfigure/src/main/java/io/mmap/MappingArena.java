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

import org.jspecify.annotations.Nullable;

/**
 * The arena of a generation, or of all the mappings of a set: closing it ends the access
 * to all of their memory in one handshake with the threads of the JVM.
 */
final class MappingArena {

	private final Arena arena = Arena.ofShared();

	private volatile @Nullable Throwable closedBy;

	Arena arena() {
		return this.arena;
	}

	/**
	 * End the access to the memory, unless that was done before.
	 * @throws IllegalStateException if a native call or channel operation uses it
	 */
	synchronized void close() {
		if (this.closedBy == null) {
			this.arena.close();
			this.closedBy = new Throwable("Unmapped by thread '" + Thread.currentThread().getName() + "'");
		}
	}

	/**
	 * Return the stack that closed the arena, or {@code null} if it is open.
	 */
	@Nullable Throwable closedBy() {
		return this.closedBy;
	}

}
