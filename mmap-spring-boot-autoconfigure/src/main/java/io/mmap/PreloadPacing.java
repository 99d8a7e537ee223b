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

import java.util.function.BooleanSupplier;

/**
 * Holds preloads back so that together they do not exceed a rate. Each piece is charged
 * when it is let through, with the time that it takes at that rate; the next one is let
 * through when that time has passed. For use by one thread.
 */
final class PreloadPacing {

	/**
	 * How much delay may be made up for, in nanoseconds: a timer that fires late costs
	 * nothing in the end, and a pause is followed by no burst.
	 */
	static final long CATCH_UP = 10_000_000;

	private static final long SECOND = 1_000_000_000;

	private final long bytesPerSecond;

	private final PreloadClock clock;

	private long due;

	/**
	 * Create a pacing.
	 * @param bytesPerSecond the rate that is not to be exceeded, or 0 if there is none
	 * @param clock the time
	 */
	PreloadPacing(long bytesPerSecond, PreloadClock clock) {
		if (bytesPerSecond < 0) {
			throw new IllegalArgumentException("The rate limit of preloads must not be negative, but is "
					+ bytesPerSecond + " bytes per second. Use 0 for no limit.");
		}
		this.bytesPerSecond = bytesPerSecond;
		this.clock = clock;
		this.due = clock.nanoTime();
	}

	/**
	 * Wait until a piece may be loaded. Whoever cancels unparks the thread.
	 * @param bytes the length of the piece
	 * @param cancelled whether not to wait any longer
	 * @return whether the piece may be loaded; {@code false} if it was cancelled, and is
	 * not charged
	 */
	boolean admit(long bytes, BooleanSupplier cancelled) {
		while (!cancelled.getAsBoolean()) {
			long late = this.clock.nanoTime() - this.due;
			if (late >= 0) {
				this.due += Math.max(0, late - CATCH_UP) + cost(bytes);
				return true;
			}
			this.clock.park(-late);
		}
		return false;
	}

	private long cost(long bytes) {
		return (this.bytesPerSecond > 0) ? Math.multiplyExact(bytes, SECOND) / this.bytesPerSecond : 0;
	}

}
