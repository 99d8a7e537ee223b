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
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Flushes a mapping again and again, for as long as it is mapped and its handle
 * reachable: the handle holds this, and the worker does not.
 */
final class PeriodicFlush implements Runnable {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final DefaultMemoryMapping mapping;

	private final Duration interval;

	private final Flushes flushes;

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private PeriodicFlush(DefaultMemoryMapping mapping, Duration interval, Flushes flushes) {
		this.mapping = mapping;
		this.interval = interval;
		this.flushes = flushes;
	}

	/**
	 * Return what flushes a mapping, or {@code null} if that was not asked for.
	 */
	static @Nullable PeriodicFlush of(DefaultMemoryMapping mapping, Flushes flushes) {
		Duration interval = mapping.origin().spec().life().flushInterval();
		return (interval != null) ? new PeriodicFlush(mapping, interval, flushes) : null;
	}

	/**
	 * Begin, unless that was done before. To be called when something is mapped, with the
	 * worker running already, since starting a thread may fail.
	 */
	void start() {
		if (this.scheduled.compareAndSet(false, true)) {
			this.mapping.origin().flushes().begin();
			this.flushes.later(this.interval, this);
		}
	}

	@Override
	public void run() {
		long start = System.nanoTime();
		Generation generation = this.mapping.generation();
		if (generation == null || generation.isUnmapped()) {
			this.scheduled.set(false);
			// It may have been mapped anew before that was to be seen
			Generation next = this.mapping.generation();
			if (next != null && next != generation) {
				start();
			}
			return;
		}
		try {
			flush(generation);
		}
		finally {
			this.flushes.later(this.interval.minusNanos(System.nanoTime() - start), this);
		}
	}

	private void flush(Generation generation) {
		try {
			new HandleRange(this.mapping, PageRange.WHOLE).flush(generation);
			generation.entry().flushes().forgetFailure();
		}
		catch (MappingClosedException ex) {
			// Being replaced or unmapped
			logger.trace("Not flushed at this moment", ex);
		}
		catch (RuntimeException ex) {
			String message = String.valueOf(ex.getMessage());
			if (generation.entry().flushes().isNewFailure(message)) {
				logger.error("Flushing in the background failed, and will be tried again every " + this.interval + ": "
						+ message, ex);
			}
		}
		checkLate();
	}

	/**
	 * Warn if changes were not written for much longer than they should be.
	 */
	void checkLate() {
		Generation generation = this.mapping.generation();
		if (generation != null && !generation.isUnmapped()) {
			this.flushes.checkLate(generation.entry(), this.interval);
		}
	}

}
