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

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Generations that were replaced by a reload, but whose memory was in use for so long
 * that it is still mapped.
 */
final class RetiredGenerations {

	private final Queue<Generation> generations = new ConcurrentLinkedQueue<>();

	/**
	 * Unmap a generation that was replaced and, without waiting, those that were in use
	 * last time.
	 */
	void retire(Generation generation, Drain drain) {
		this.generations.removeIf(RetiredGenerations::isFree);
		this.generations.add(generation);
		unmap(generation, drain);
	}

	/**
	 * Unmap what is left.
	 */
	void unmap(Drain drain) {
		this.generations.forEach((generation) -> unmap(generation, drain));
	}

	private void unmap(Generation generation, Drain drain) {
		if (drain.unmap(generation.entry().toString(), generation::tryRelease) != Drain.Outcome.STAYS_MAPPED) {
			this.generations.remove(generation);
		}
	}

	private static boolean isFree(Generation generation) {
		try {
			generation.tryRelease();
			return true;
		}
		catch (MemoryInUseException | MappingException ex) {
			// It was logged when it was retired, and is tried again
			return false;
		}
	}

	/**
	 * Describe what is still mapped.
	 */
	List<MappingEntry> all() {
		return this.generations.stream().filter(Generation::isMapped).map(Generation::entry).toList();
	}

}
