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
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * When the changes of a mapping were written to its file, through all its generations.
 * Leads neither to the handle nor to the memory.
 */
final class FlushHistory {

	private static final int LATE_INTERVALS = 3;

	private static final Duration LATE = Duration.ofSeconds(1);

	/**
	 * That of all ad hoc mappings of which nothing is ever written.
	 */
	private static final FlushHistory NEVER = new FlushHistory();

	private volatile @Nullable Instant last;

	/**
	 * When everything was written, or there was nothing to write yet.
	 */
	private volatile long cleanAt = System.nanoTime();

	/**
	 * What could not be written.
	 */
	private @Nullable PageRange failed;

	/**
	 * What went wrong in the background the last time, if it did.
	 */
	private @Nullable String failure;

	/**
	 * Return that of a new mapping.
	 */
	static FlushHistory of(boolean declared, MappingSpec spec) {
		return (declared || spec.access() == MappingAccess.READ_WRITE) ? new FlushHistory() : NEVER;
	}

	/**
	 * Return when a flush of all of it began that has succeeded, or {@code null} if none
	 * has.
	 */
	@Nullable Instant last() {
		return this.last;
	}

	/**
	 * Nothing has been written to the memory until now.
	 */
	void begin() {
		this.cleanAt = System.nanoTime();
	}

	/**
	 * All of it was written.
	 * @param instant when that began
	 * @param nanos the same by the system's timer
	 */
	synchronized void succeeded(Instant instant, long nanos) {
		this.last = instant;
		this.cleanAt = nanos;
	}

	/**
	 * Note what could not be written.
	 */
	synchronized void failed(PageRange range) {
		this.failed = (this.failed != null) ? this.failed.union(range) : range;
	}

	/**
	 * Return whether everything that could not be written is written now, and forget it
	 * in that case.
	 * @param whole whether the range is all that is mapped, which may have been more
	 * before
	 */
	synchronized boolean makesUpFor(PageRange range, boolean whole) {
		if (!whole && this.failed != null && !range.contains(this.failed)) {
			return false;
		}
		this.failed = null;
		return true;
	}

	/**
	 * Return whether a failure in the background is another one than the last, so that it
	 * is worth a line in the log.
	 */
	synchronized boolean isNewFailure(String failure) {
		boolean another = !failure.equals(this.failure);
		this.failure = failure;
		return another;
	}

	synchronized void forgetFailure() {
		this.failure = null;
	}

	/**
	 * Return whether changes were not written for much longer than they should be.
	 */
	boolean isLate(Duration interval) {
		Duration age = Duration.ofNanos(System.nanoTime() - this.cleanAt);
		return age.dividedBy(LATE_INTERVALS).compareTo(interval) > 0 && age.minus(interval).compareTo(LATE) >= 0;
	}

}
