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
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * Notices memory that nobody can reach any more and that was never unmapped.
 * <p>
 * What is watched is the <em>scope</em> of the memory, which every segment, slice and
 * buffer keeps reachable: as long as anyone can still touch the memory, it is no leak.
 */
final class LeakDetector {

	private final Set<Tracker> trackers = ConcurrentHashMap.newKeySet();

	private final Function<MappingEntry, Runnable> onLeak;

	private final Object lock = new Object();

	/**
	 * What other threads have found and counted, and the worker is to make known.
	 */
	private final Queue<Runnable> announcements = new ConcurrentLinkedQueue<>();

	private final Worker worker;

	/**
	 * Create a detector.
	 * @param worker looks after what the collector finds
	 * @param onLeak counts a leak and gives back its memory, then returns what is to be
	 * done outside of any lock
	 */
	LeakDetector(Worker worker, Function<MappingEntry, Runnable> onLeak) {
		this.worker = worker;
		this.onLeak = onLeak;
		worker.serve(this);
	}

	Tracker track(Object scope, MappingEntry entry) {
		Tracker tracker = new Tracker(scope, this.worker.queue(), entry);
		// First, since starting a thread may fail
		this.worker.start();
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
		if (this.trackers.isEmpty()) {
			this.worker.mayEnd();
		}
	}

	/**
	 * Count what the collector has found until now, without waiting for the worker. What
	 * listeners and handlers do is not for the calling thread: the worker tells them.
	 */
	void drain() {
		count();
		if (!this.announcements.isEmpty()) {
			this.worker.wake();
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
	 * Return whether anything is left to be found or announced.
	 */
	boolean isBusy() {
		return !this.trackers.isEmpty() || !this.announcements.isEmpty();
	}

	/**
	 * Report what the collector has found. Called by the worker.
	 */
	void found(Reference<?> reference) {
		if (reference instanceof Tracker tracker) {
			report(tracker);
		}
		announce();
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
