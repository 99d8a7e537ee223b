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

package io.mmap.testsupport;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Makes the garbage collector do its work.
 */
public final class Garbage {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final long PAUSE_MILLIS = 10;

	private Garbage() {
	}

	/**
	 * Collect garbage until an object has gone.
	 * @param reference leads to the object
	 */
	public static void collect(WeakReference<?> reference) {
		collectUntil(() -> reference.refersTo(null));
	}

	/**
	 * Collect garbage until a condition holds.
	 * @param condition the condition
	 */
	public static void collectUntil(BooleanSupplier condition) {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() > deadline) {
				throw new AssertionError("Not the case after " + PATIENCE + " of garbage collections");
			}
			System.gc();
			pause();
		}
	}

	/**
	 * Collect garbage a few times, so that what can be found would have been found.
	 */
	public static void collectThoroughly() {
		for (int i = 0; i < 5; i++) {
			// Gone after a collection that began after it was made
			collect(new WeakReference<>(new Object()));
			pause();
		}
	}

	private static void pause() {
		try {
			Thread.sleep(PAUSE_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

}
