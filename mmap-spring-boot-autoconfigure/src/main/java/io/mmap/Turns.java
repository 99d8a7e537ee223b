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

import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Lets one thread at a time of this process do something with a file that others would
 * disturb. A fixed number of locks is shared by all files.
 */
final class Turns {

	private static final ReentrantLock[] LOCKS = Stream.generate(ReentrantLock::new)
		.limit(64)
		.toArray(ReentrantLock[]::new);

	private Turns() {
	}

	/**
	 * Return the lock for a file.
	 * @param name what the file is called by all who wait for their turn
	 */
	static ReentrantLock of(Path name) {
		return LOCKS[Math.floorMod(name.hashCode(), LOCKS.length)];
	}

}
