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

import org.jspecify.annotations.Nullable;

/**
 * The preload of one mapping: its content is brought into memory in the background,
 * before it is used. Preloads are done one after the other, each from the start of the
 * mapping to its end.
 * <p>
 * Once a preload has ended, nothing of it changes any more. All methods may be called
 * from any thread. Not to be implemented by applications: methods will be added.
 */
public interface MappingPreload {

	/**
	 * Return the name or id of the mapping.
	 * @return the name or id, unique in its registry
	 */
	String name();

	/**
	 * Return how much is to be loaded.
	 * @return the length in bytes
	 */
	long length();

	/**
	 * Return how much was loaded so far.
	 * @return the number of bytes, at most {@link #length()}
	 */
	long loaded();

	/**
	 * Return how far it has come.
	 * @return the state
	 */
	State state();

	/**
	 * Return how fast it is, or was: the mean since it began. Time in which it is held
	 * back for the sake of a rate limit counts, time in the queue does not.
	 * @return bytes per second; 0 if nothing was loaded
	 */
	long rate();

	/**
	 * Estimate how long it will take from now on, at the rate so far.
	 * @return the time; zero if it is complete, {@code null} if that cannot be told
	 * because nothing was loaded yet, or never will be, since it was cancelled or failed
	 */
	@Nullable Duration remaining();

	/**
	 * Return what it failed with.
	 * @return the failure, or {@code null} if it has not failed
	 */
	@Nullable Throwable failure();

	/**
	 * Cancel it. What was loaded stays in memory, and so does what is being loaded at
	 * this moment, at most 1 MiB: that is not waited for.
	 * @return whether it is this call that has ended it; {@code false} if it had ended
	 * before
	 */
	boolean cancel();

	/**
	 * Wait until it has ended.
	 * @return how it has ended
	 * @throws InterruptedException if the calling thread is interrupted; the preload goes
	 * on
	 */
	State await() throws InterruptedException;

	/**
	 * Wait until it has ended, but not for ever.
	 * @param timeout how long to wait at most; zero or negative not to wait
	 * @return whether it has ended
	 * @throws InterruptedException if the calling thread is interrupted; the preload goes
	 * on
	 */
	boolean await(Duration timeout) throws InterruptedException;

	/**
	 * How far a preload has come.
	 */
	enum State {

		/**
		 * It waits for others that were started before.
		 */
		QUEUED,

		/**
		 * It is loading, or held back for the sake of a rate limit.
		 */
		RUNNING,

		/**
		 * Everything was loaded.
		 */
		COMPLETED,

		/**
		 * It was cancelled by {@link MappingPreload#cancel()}, by another preload of the
		 * same mapping that took its place, or because its registry was closed.
		 */
		CANCELLED,

		/**
		 * Something could not be loaded; {@link MappingPreload#failure()} says why. The
		 * mapping can be used all the same: what was not loaded is when it is accessed.
		 */
		FAILED;

		/**
		 * Return whether nothing more will happen.
		 * @return whether this is one of the last three
		 */
		public boolean isEnd() {
			return this == COMPLETED || this == CANCELLED || this == FAILED;
		}

	}

}
