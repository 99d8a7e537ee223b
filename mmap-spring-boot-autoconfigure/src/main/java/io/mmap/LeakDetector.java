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

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Notices memory that nobody can reach any more and that was never unmapped.
 * <p>
 * What is watched is the <em>scope</em> of the memory, which every segment, slice and
 * buffer keeps reachable: as long as anyone can still touch the memory, it is no leak.
 */
final class LeakDetector {

	private static final Log logger = LogFactory.getLog(LeakDetector.class);

	private final ReferenceQueue<Object> queue = new ReferenceQueue<>();

	private final Set<Tracker> trackers = ConcurrentHashMap.newKeySet();

	private final Function<MappingEntry, Runnable> onLeak;

	private final Object lock = new Object();

	/**
	 * What other threads have found and counted, and the worker is to make known.
	 */
	private final Queue<Runnable> announcements = new ConcurrentLinkedQueue<>();

	private @Nullable Reference<?> owner;

	private @Nullable Thread worker;

	private volatile boolean closing;

	/**
	 * Create a detector.
	 * @param onLeak counts a leak and gives back its memory, then returns what is to be
	 * done outside of any lock
	 */
	LeakDetector(Function<MappingEntry, Runnable> onLeak) {
		this.onLeak = onLeak;
	}

	/**
	 * Have the worker end, once nothing is tracked any more, also when the owner was
	 * dropped without having been closed.
	 */
	void ownedBy(Object owner) {
		this.owner = new PhantomReference<>(owner, this.queue);
	}

	Tracker track(Object scope, MappingEntry entry) {
		Tracker tracker = new Tracker(scope, this.queue, entry);
		// First, since starting a thread may fail
		ensureWorker();
		this.trackers.add(tracker);
		return tracker;
	}

	/**
	 * Stop to watch a scope that ended as it should.
	 */
	void untrack(Tracker tracker) {
		// In this order: a tracker that is cleared and still known stands for a leak
		this.trackers.remove(tracker);
		tracker.clear();
		if (this.closing && this.trackers.isEmpty()) {
			wake();
		}
	}

	/**
	 * Count what the collector has found until now, without waiting for the worker. What
	 * listeners and handlers do is not for the calling thread: the worker tells them.
	 */
	void drain() {
		count();
		if (!this.announcements.isEmpty()) {
			ensureWorker();
			wake();
		}
	}

	/**
	 * Count what the collector has found until now, and leave it to be
	 * {@linkplain #announce() announced}.
	 */
	void count() {
		synchronized (this.lock) {
			for (Tracker tracker : this.trackers) {
				if (tracker.refersTo(null) && this.trackers.remove(tracker)) {
					this.announcements.add(this.onLeak.apply(tracker.entry));
				}
			}
		}
	}

	/**
	 * Make known on the calling thread what the worker has not come to yet.
	 */
	void announce() {
		Runnable announcement;
		while ((announcement = this.announcements.poll()) != null) {
			announcement.run();
		}
	}

	/**
	 * Let the worker end when nothing is tracked any more.
	 */
	void close() {
		this.closing = true;
		wake();
	}

	private void report(Tracker tracker) {
		Runnable announcement;
		synchronized (this.lock) {
			if (!this.trackers.remove(tracker)) {
				return;
			}
			announcement = this.onLeak.apply(tracker.entry);
		}
		announcement.run();
	}

	private void ensureWorker() {
		synchronized (this.lock) {
			if (this.worker == null) {
				Thread thread = Threads.factory("mmap-worker").newThread(this::run);
				thread.start();
				this.worker = thread;
			}
		}
	}

	private void run() {
		while (!isDone()) {
			try {
				Reference<?> reference = this.queue.remove();
				if (reference instanceof Tracker tracker) {
					report(tracker);
				}
				else if (reference == this.owner) {
					this.closing = true;
				}
				announce();
			}
			catch (InterruptedException ex) {
				logger.debug("Interrupted by somebody who is not known; leak detection goes on");
			}
			catch (RuntimeException | Error ex) {
				logger.error("Reporting a leak failed; leak detection goes on", ex);
			}
		}
	}

	/**
	 * Decide under the lock, so that nobody leaves anything to a worker that is ending.
	 */
	private boolean isDone() {
		synchronized (this.lock) {
			boolean done = this.closing && this.trackers.isEmpty() && this.announcements.isEmpty();
			if (done) {
				this.worker = null;
			}
			return done;
		}
	}

	private void wake() {
		new WeakReference<>(new Object(), this.queue).enqueue();
	}

	/**
	 * Watches one scope.
	 */
	static final class Tracker extends PhantomReference<Object> {

		private final MappingEntry entry;

		private Tracker(Object scope, ReferenceQueue<Object> queue, MappingEntry entry) {
			super(scope, queue);
			this.entry = entry;
		}

	}

}
