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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a registry that works in the background: it waits for what the
 * collector finds, and meanwhile does what is due. Started when it is needed first; with
 * no work to be done at some time it is never woken.
 */
final class Worker {

	private static final Log logger = LogFactory.getLog(Worker.class);

	private static final long NANOS_PER_MILLI = 1_000_000;

	private static final long ONCE = 0;

	private final ReferenceQueue<Object> queue = new ReferenceQueue<>();

	private final Object lock = new Object();

	private final List<Job> jobs = new ArrayList<>();

	private final List<Runnable> ends = new ArrayList<>();

	private @Nullable LeakDetector leakDetector;

	private @Nullable Reference<?> owner;

	private @Nullable Thread thread;

	private volatile boolean closing;

	/**
	 * Hand on what the collector finds. To be called once, before anything is tracked.
	 */
	void serve(LeakDetector leakDetector) {
		this.leakDetector = leakDetector;
	}

	/**
	 * End, once nothing is tracked any more, also when the owner was dropped without
	 * having been closed.
	 */
	void ownedBy(Object owner) {
		this.owner = new PhantomReference<>(owner, this.queue);
	}

	/**
	 * Return where the collector puts what is to be looked after.
	 */
	ReferenceQueue<Object> queue() {
		return this.queue;
	}

	/**
	 * Do something again and again, until it is collected or the worker closed. It is not
	 * kept reachable from here.
	 */
	void every(Duration period, Runnable work) {
		synchronized (this.lock) {
			if (this.closing) {
				return;
			}
			this.jobs.add(new Job(work, nanos(period), Math.max(NANOS_PER_MILLI, nanos(period))));
		}
		wake();
	}

	/**
	 * Do something once after a while, unless it is collected or the worker closed
	 * before. It is not kept reachable from here.
	 */
	void after(Duration delay, Runnable work) {
		synchronized (this.lock) {
			if (this.closing) {
				return;
			}
			this.jobs.add(new Job(work, nanos(delay), ONCE));
		}
		wake();
	}

	/**
	 * Return a time that can be calculated with.
	 */
	static long nanos(Duration period) {
		// So long that it never matters, and so short that it can be added to
		return (period.compareTo(Duration.ofDays(365)) > 0) ? Duration.ofDays(365).toNanos() : period.toNanos();
	}

	/**
	 * Have something else end with this, also when the owner was dropped without having
	 * been closed. It is kept reachable from here.
	 */
	void endTogether(Runnable end) {
		synchronized (this.lock) {
			if (!this.closing) {
				this.ends.add(end);
				return;
			}
		}
		end.run();
	}

	/**
	 * Return how many jobs are scheduled.
	 */
	int jobs() {
		synchronized (this.lock) {
			return this.jobs.size();
		}
	}

	/**
	 * Start the thread unless it runs.
	 */
	void start() {
		synchronized (this.lock) {
			if (this.thread == null) {
				Thread thread = Threads.factory("mmap-worker").newThread(this::run);
				thread.start();
				this.thread = thread;
			}
		}
	}

	/**
	 * Have the thread look whether there is something to be done.
	 */
	void wake() {
		start();
		enqueueNothing();
	}

	/**
	 * End when nothing is tracked any more.
	 */
	void close() {
		synchronized (this.lock) {
			this.jobs.clear();
		}
		end();
		enqueueNothing();
	}

	private void end() {
		List<Runnable> ends;
		synchronized (this.lock) {
			this.closing = true;
			ends = List.copyOf(this.ends);
			this.ends.clear();
		}
		ends.forEach(Worker::runJob);
	}

	/**
	 * There may be nothing left to wait for.
	 */
	void mayEnd() {
		if (this.closing) {
			enqueueNothing();
		}
	}

	private void enqueueNothing() {
		new WeakReference<>(new Object(), this.queue).enqueue();
	}

	private void run() {
		LeakDetector leakDetector = Objects.requireNonNull(this.leakDetector);
		while (!isDone(leakDetector)) {
			try {
				Reference<?> reference = this.queue.remove(millisUntilNextJob());
				if (reference != null && reference == this.owner) {
					end();
				}
				if (reference != null) {
					leakDetector.found(reference);
				}
			}
			catch (InterruptedException ex) {
				logger.debug("Interrupted by somebody who is not known; leak detection goes on");
			}
			catch (RuntimeException | Error ex) {
				logger.error("Reporting a leak failed; leak detection goes on", ex);
			}
			dueJobs().forEach(Worker::runJob);
		}
	}

	private static void runJob(Runnable work) {
		try {
			work.run();
		}
		catch (RuntimeException | Error ex) {
			logger.error("Work on memory mappings in the background failed, and will be tried again", ex);
		}
	}

	/**
	 * Return how long to wait: at least a millisecond, or 0 for ever.
	 */
	private long millisUntilNextJob() {
		synchronized (this.lock) {
			long now = System.nanoTime();
			return this.jobs.stream()
				.mapToLong((job) -> Math.max(1, Math.ceilDiv(job.due - now, NANOS_PER_MILLI)))
				.min()
				.orElse(0);
		}
	}

	private List<Runnable> dueJobs() {
		synchronized (this.lock) {
			long now = System.nanoTime();
			List<Runnable> due = new ArrayList<>();
			this.jobs.removeIf((job) -> {
				Runnable work = job.work.get();
				if (work == null || job.due - now > 0) {
					return work == null;
				}
				due.add(work);
				// Not so many times as were missed
				job.due = now + job.period;
				return job.period == ONCE;
			});
			return due;
		}
	}

	/**
	 * Decide under the lock, so that nobody leaves anything to a worker that is ending.
	 */
	private boolean isDone(LeakDetector leakDetector) {
		synchronized (this.lock) {
			boolean done = this.closing && !leakDetector.isBusy();
			if (done) {
				this.thread = null;
			}
			return done;
		}
	}

	/**
	 * Something to be done once, or again and again.
	 */
	private static final class Job {

		private final WeakReference<Runnable> work;

		private final long period;

		private long due;

		private Job(Runnable work, long delay, long period) {
			this.work = new WeakReference<>(work);
			this.period = period;
			this.due = System.nanoTime() + delay;
		}

	}

}
