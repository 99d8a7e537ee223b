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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.jfr.Timing;

/**
 * A preload that the {@link Preloader} works on.
 */
final class DefaultMappingPreload implements MappingPreload {

	private static final double SECOND = 1e9;

	private final String name;

	private final String description;

	private final long length;

	private final PreloadClock clock;

	private final MappingCounters counters;

	private final CountDownLatch ended = new CountDownLatch(1);

	// What follows is guarded by 'lock'

	private final Object lock = new Object();

	private State state = State.QUEUED;

	/**
	 * Gone when it has ended, and so is what it holds of the mapping, whoever keeps this.
	 */
	private Preloader.@Nullable Piece piece;

	private @Nullable Thread thread;

	private @Nullable Throwable failure;

	private long loaded;

	private long begunAt;

	private long elapsed;

	DefaultMappingPreload(String name, String description, long length, MappingCounters counters, Preloader.Piece piece,
			PreloadClock clock) {
		this.name = name;
		this.description = description;
		this.length = length;
		this.piece = piece;
		this.clock = clock;
		this.counters = counters;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public long length() {
		return this.length;
	}

	@Override
	public long loaded() {
		synchronized (this.lock) {
			return this.loaded;
		}
	}

	@Override
	public State state() {
		synchronized (this.lock) {
			return this.state;
		}
	}

	@Override
	public long rate() {
		synchronized (this.lock) {
			long nanos = elapsed();
			return (nanos > 0) ? (long) (this.loaded * SECOND / nanos) : 0;
		}
	}

	@Override
	public @Nullable Duration remaining() {
		synchronized (this.lock) {
			if (this.state == State.COMPLETED) {
				return Duration.ZERO;
			}
			if (this.state != State.RUNNING || this.loaded == 0) {
				return null;
			}
			return Duration.ofNanos((long) ((double) elapsed() * (this.length - this.loaded) / this.loaded));
		}
	}

	@Override
	public @Nullable Throwable failure() {
		synchronized (this.lock) {
			return this.failure;
		}
	}

	@Override
	public boolean cancel() {
		return end(State.CANCELLED, null);
	}

	@Override
	public State await() throws InterruptedException {
		this.ended.await();
		return state();
	}

	@Override
	public boolean await(Duration timeout) throws InterruptedException {
		return this.ended.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
	}

	/**
	 * Begin to load by the current thread.
	 * @return what loads, or {@code null} if the preload has already ended
	 */
	Preloader.@Nullable Piece begin() {
		synchronized (this.lock) {
			if (this.state == State.QUEUED) {
				this.state = State.RUNNING;
				this.begunAt = this.clock.nanoTime();
				this.thread = Thread.currentThread();
			}
			return this.piece;
		}
	}

	/**
	 * Count what was loaded, unless it has been cancelled meanwhile.
	 */
	void advance(long bytes) {
		synchronized (this.lock) {
			if (!this.state.isEnd()) {
				this.loaded += bytes;
			}
		}
	}

	boolean complete() {
		return end(State.COMPLETED, null);
	}

	boolean fail(Throwable failure) {
		return end(State.FAILED, failure);
	}

	/**
	 * Tell the flight recorder how it has ended.
	 */
	void record(Timing timing) {
		synchronized (this.lock) {
			if (this.failure != null) {
				timing.failed(this.name, this.loaded, this.failure);
			}
			else if (this.state == State.COMPLETED) {
				timing.succeeded(this.name, this.loaded);
			}
			else {
				timing.cancelled(this.name, this.loaded);
			}
		}
	}

	boolean hasEnded() {
		return state().isEnd();
	}

	/**
	 * Return for how long it has been loading, without the time in the queue.
	 * @return the time in nanoseconds
	 */
	long elapsed() {
		synchronized (this.lock) {
			return (this.state == State.RUNNING) ? this.clock.nanoTime() - this.begunAt : this.elapsed;
		}
	}

	private boolean end(State state, @Nullable Throwable failure) {
		synchronized (this.lock) {
			if (this.state.isEnd()) {
				return false;
			}
			this.elapsed = elapsed();
			this.state = state;
			this.failure = failure;
			this.piece = null;
			count();
			// It may be waiting for the sake of the rate limit
			LockSupport.unpark(this.thread);
			this.thread = null;
		}
		this.ended.countDown();
		return true;
	}

	/**
	 * Count how it has ended, before anybody who waits for that is told.
	 */
	private void count() {
		if (this.state == State.COMPLETED) {
			this.counters.preloaded(this.elapsed);
		}
		else if (this.failure instanceof MappingException ex) {
			this.counters.failed(MappingOperation.PRELOAD, ex);
		}
		else if (this.failure != null) {
			this.counters.failed(MappingOperation.PRELOAD, 0);
		}
	}

	/**
	 * Return how the mapping reads in messages, after the word itself.
	 */
	@Override
	public String toString() {
		return this.description;
	}

}
