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

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Unmaps what may be in use, and waits for that to end, but not for ever.
 */
final class Drain {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	/**
	 * Does not wait at all.
	 */
	static final Drain NONE = new Drain(Duration.ZERO);

	private static final long RETRY_MILLIS = 1;

	private final long start = System.nanoTime();

	private final Duration timeout;

	/**
	 * Create a drain.
	 * @param timeout how long to wait, all in all, from now
	 */
	Drain(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Return whether there is no more time to wait.
	 */
	boolean isOver() {
		return elapsed().compareTo(this.timeout) >= 0;
	}

	/**
	 * Unmap memory.
	 * @param description what it is, for the log
	 * @param attempt unmaps it, and returns whether it was mapped until then
	 */
	Outcome unmap(String description, Attempt attempt) {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return attempt.release(this) ? Outcome.UNMAPPED : Outcome.WAS_UNMAPPED;
				}
				catch (MemoryInUseException ex) {
					if (isOver()) {
						logger.warn("Mapping " + description + " stays mapped, as it was in use for longer than the"
								+ " drain timeout of " + this.timeout + ": " + ex.getMessage(), ex);
						return Outcome.STAYS_MAPPED;
					}
					interrupted |= pause();
				}
				catch (RuntimeException | Error ex) {
					// Whatever it is, the others still have to be unmapped
					logger.error(ex.getMessage(), ex);
					return Outcome.STAYS_MAPPED;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.start);
	}

	private static boolean pause() {
		try {
			Thread.sleep(RETRY_MILLIS);
			return false;
		}
		catch (InterruptedException ex) {
			return true;
		}
	}

	/**
	 * Unmaps memory.
	 */
	@FunctionalInterface
	interface Attempt {

		/**
		 * Unmap memory.
		 * @throws MemoryInUseException if it is in use: to be tried again
		 */
		boolean release(Drain drain);

	}

	/**
	 * What became of a mapping.
	 */
	enum Outcome {

		/**
		 * It was unmapped here.
		 */
		UNMAPPED,

		/**
		 * Its owner unmapped it meanwhile, or it never was mapped.
		 */
		WAS_UNMAPPED,

		/**
		 * It could not be unmapped.
		 */
		STAYS_MAPPED

	}

}
