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

package io.mmap.soak;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Threads that work until they are told to stop, or something fails.
 */
final class Crew {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int MAX_LINES = 30;

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private final LongAdder wrongReads = new LongAdder();

	private final LongAdder failureCount = new LongAdder();

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean stopped;

	/**
	 * Have a platform thread do something again and again.
	 */
	void hire(String name, Task task) {
		this.threads.add(Thread.ofPlatform().name("soak-" + name).start(() -> repeat(task)));
	}

	/**
	 * Have a virtual thread do something again and again.
	 */
	void hireVirtual(String name, Task task) {
		this.threads.add(Thread.ofVirtual().name("soak-" + name).start(() -> repeat(task)));
	}

	private void repeat(Task task) {
		while (!this.stopped) {
			attempt(task);
		}
	}

	/**
	 * Do something once on another thread.
	 */
	Thread once(boolean virtual, Task task) {
		Thread.Builder builder = (virtual) ? Thread.ofVirtual() : Thread.ofPlatform();
		return builder.name("soak-once").start(() -> attempt(task));
	}

	private void attempt(Task task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	/**
	 * Make a failure known, and stop.
	 */
	void failed(Throwable failure) {
		if (failure instanceof WrongContentException) {
			this.wrongReads.increment();
		}
		this.failureCount.increment();
		if (this.failures.size() < 20) {
			StringWriter text = new StringWriter();
			failure.printStackTrace(new PrintWriter(text));
			this.failures.add("In thread '" + Thread.currentThread().getName() + "': "
					+ text.toString().lines().limit(MAX_LINES).collect(Collectors.joining(System.lineSeparator())));
		}
		this.stopped = true;
	}

	void failed(String failure) {
		failed(new AssertionError(failure));
	}

	boolean isStopped() {
		return this.stopped;
	}

	/**
	 * Wait for a thread.
	 */
	void join(Thread thread) throws InterruptedException {
		if (!thread.join(PATIENCE)) {
			AssertionError stuck = new AssertionError("Thread '" + thread.getName() + "' does not end");
			stuck.setStackTrace(thread.getStackTrace());
			failed(stuck);
		}
	}

	/**
	 * Sleep for a random time.
	 */
	static void pause(long minMillis, long maxMillis) throws InterruptedException {
		Thread.sleep(
				Duration.ofNanos(ThreadLocalRandom.current().nextLong(minMillis * 1_000_000, maxMillis * 1_000_000)));
	}

	/**
	 * Work for a time, or until something fails.
	 * @param meanwhile what the calling thread does from time to time
	 */
	void work(Duration time, Task meanwhile) throws InterruptedException {
		long end = System.nanoTime() + time.toNanos();
		while (!this.stopped && System.nanoTime() < end) {
			Thread.sleep(20);
			attempt(meanwhile);
		}
		this.stopped = true;
		for (Thread thread : this.threads) {
			join(thread);
		}
	}

	long wrongReads() {
		return this.wrongReads.sum();
	}

	long failureCount() {
		return this.failureCount.sum();
	}

	List<String> failures() {
		return List.copyOf(this.failures);
	}

	/**
	 * A part of the work.
	 */
	@FunctionalInterface
	interface Task {

		void run() throws Exception;

	}

}
