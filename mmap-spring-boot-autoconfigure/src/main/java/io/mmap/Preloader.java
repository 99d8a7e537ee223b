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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.jfr.FlightRecorder;
import io.mmap.internal.jfr.Timing;

/**
 * Preloads mappings one after the other, on a thread of its own that is there only while
 * there is something to do. Others can get on with what they do meanwhile: it proceeds in
 * small pieces, and the rate of all preloads together can be limited.
 * <p>
 * All methods may be called from any thread.
 */
final class Preloader implements AutoCloseable {

	/**
	 * The length of a piece in bytes: each starts at a multiple of it, and only the last
	 * one is shorter.
	 */
	static final long PIECE_LENGTH = 1 << 20;

	static final String THREAD_NAME = "mmap-preload";

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

	private final Consumer<MappingPreload> listener;

	private final Duration closeTimeout;

	private final PreloadClock clock;

	private final PreloadPacing pacing;

	private final ThreadPoolExecutor executor;

	/**
	 * What is queued or running, by name. Guarded by itself, as is {@link #closed}.
	 */
	private final Map<String, DefaultMappingPreload> preloads = new HashMap<>();

	private boolean closed;

	private volatile @Nullable Turn turn;

	/**
	 * Create a preloader.
	 * @param bytesPerSecond what all preloads together do not exceed, or 0 if there is no
	 * limit
	 * @param closeTimeout how long {@link #close()} waits for a piece that is being
	 * loaded
	 * @param listener is told about each preload at most once a second while it is
	 * running, and once when it has ended, on the thread that loads: of one that is
	 * cancelled in the queue when its turn would have come. What it throws is logged and
	 * changes nothing
	 */
	Preloader(long bytesPerSecond, Duration closeTimeout, Consumer<MappingPreload> listener) {
		this(bytesPerSecond, closeTimeout, listener, KEEP_ALIVE, PreloadClock.SYSTEM);
	}

	/**
	 * Create a preloader, for tests.
	 * @param keepAlive after what time without a preload the thread ends
	 * @param clock the time
	 */
	Preloader(long bytesPerSecond, Duration closeTimeout, Consumer<MappingPreload> listener, Duration keepAlive,
			PreloadClock clock) {
		this.listener = listener;
		this.closeTimeout = closeTimeout;
		this.clock = clock;
		this.pacing = new PreloadPacing(bytesPerSecond, clock);
		this.executor = new ThreadPoolExecutor(1, 1, keepAlive.toNanos(), TimeUnit.NANOSECONDS,
				new LinkedBlockingQueue<>(), Threads.factory(THREAD_NAME));
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Preload a mapping when those that were started before have ended. One of the same
	 * name that has not ended is cancelled.
	 * @param name the name or id of the mapping
	 * @param description how the mapping reads in messages, after the word itself
	 * @param length its length in bytes; if that is 0, the preload is complete at once
	 * @param counters where it is counted
	 * @param piece loads pieces of it, in ascending order, on the thread that loads. It
	 * is forgotten when the preload has ended. What it throws ends this preload only
	 * @return the preload
	 * @throws IllegalStateException if the preloader was closed
	 */
	MappingPreload start(String name, String description, long length, MappingCounters counters, Piece piece) {
		if (length < 0) {
			throw new IllegalArgumentException("The length to preload must not be negative, but is " + length);
		}
		DefaultMappingPreload preload = new DefaultMappingPreload(name, description, length, counters, piece,
				this.clock);
		if (length == 0) {
			preload.complete();
		}
		synchronized (this.preloads) {
			if (this.closed) {
				throw new IllegalStateException(
						"Mapping " + description + " cannot be preloaded: its registry was closed");
			}
			this.executor.execute(() -> run(preload));
			DefaultMappingPreload older = this.preloads.put(name, preload);
			if (older != null) {
				older.cancel();
			}
		}
		return preload;
	}

	/**
	 * Cancel all preloads, and end the thread. A piece that is being loaded is waited
	 * for, also by an interrupted thread, which stays interrupted; if it takes too long,
	 * that is logged, and the thread ends after it. Closing again waits again. Does not
	 * wait when the listener calls it.
	 */
	@Override
	public void close() {
		List<DefaultMappingPreload> underWay;
		synchronized (this.preloads) {
			this.closed = true;
			underWay = List.copyOf(this.preloads.values());
			this.executor.shutdown();
		}
		underWay.forEach(DefaultMappingPreload::cancel);
		Turn turn = this.turn;
		if ((turn != null && turn.thread() == Thread.currentThread()) || awaitThread()) {
			return;
		}
		turn = this.turn;
		logger.warn("Preloads were cancelled, but after " + Text.millis(TimeUnit.NANOSECONDS.convert(this.closeTimeout))
				+ " one is still under way" + ((turn != null) ? ": of mapping " + turn.preload() : "")
				+ ". It ends after the piece that it is loading.");
	}

	private boolean awaitThread() {
		long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(this.closeTimeout);
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return this.executor.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void run(DefaultMappingPreload preload) {
		this.turn = new Turn(Thread.currentThread(), preload);
		try {
			PreloadProgress progress = new PreloadProgress(preload, this.listener, this.clock);
			Timing timing = FlightRecorder.preload();
			try {
				load(preload, progress);
				preload.complete();
			}
			catch (PreloadOvertakenException | MappingClosedException ex) {
				preload.cancel();
			}
			catch (Throwable ex) {
				// Also an InternalError, which is what a truncated file leads to
				preload.fail(ex);
			}
			preload.record(timing);
			progress.ended();
		}
		finally {
			synchronized (this.preloads) {
				this.preloads.remove(preload.name(), preload);
			}
			this.turn = null;
		}
	}

	private void load(DefaultMappingPreload preload, PreloadProgress progress) {
		Piece piece = preload.begin();
		if (piece == null) {
			return;
		}
		for (long offset = 0; offset < preload.length(); offset += PIECE_LENGTH) {
			long length = Math.min(PIECE_LENGTH, preload.length() - offset);
			if (!this.pacing.admit(length, preload::hasEnded)) {
				return;
			}
			piece.load(offset, length);
			preload.advance(length);
			if (offset + length < preload.length()) {
				progress.advanced();
			}
		}
	}

	/**
	 * Loads a piece of a mapping.
	 */
	@FunctionalInterface
	interface Piece {

		/**
		 * Load a piece.
		 * @param offset where it starts, in bytes from the start of the mapping: a
		 * multiple of {@link Preloader#PIECE_LENGTH}
		 * @param length its length in bytes, at least 1 and at most that
		 * @throws PreloadOvertakenException if this preload is to be cancelled
		 * @throws MappingClosedException likewise
		 */
		void load(long offset, long length);

	}

	/**
	 * What the thread is at.
	 *
	 * @param thread the thread
	 * @param preload the preload
	 */
	private record Turn(Thread thread, DefaultMappingPreload preload) {

	}

}
