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

import java.util.concurrent.locks.LockSupport;

/**
 * The time by which preloads are paced and reported.
 */
interface PreloadClock {

	/**
	 * That of the system.
	 */
	PreloadClock SYSTEM = new PreloadClock() {

		@Override
		public long nanoTime() {
			return System.nanoTime();
		}

		@Override
		public void park(long nanos) {
			LockSupport.parkNanos(this, nanos);
			// Left by a piece or a listener, it would end each further wait at once
			Thread.interrupted();
		}

	};

	/**
	 * Return the time that has passed since some moment, in nanoseconds.
	 */
	long nanoTime();

	/**
	 * Wait for some time, or until the thread is unparked. May return early for no
	 * reason.
	 * @param nanos how long, in nanoseconds
	 */
	void park(long nanos);

}
