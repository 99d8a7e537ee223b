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

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Garbage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the one thread in the background does, when, and for how long.
 */
class WorkerTests {

	private static final Duration SHORT = Duration.ofMillis(20);

	private static final Duration LONG_ENOUGH = Duration.ofMillis(150);

	private final Worker worker = new Worker();

	private final LeakDetector leakDetector = new LeakDetector(this.worker, (entry) -> () -> {
	});

	private final List<Long> times = new CopyOnWriteArrayList<>();

	private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();

	/**
	 * Held here, as the worker does not keep it.
	 */
	private final Runnable job = () -> {
		this.times.add(System.nanoTime());
		this.threads.add(Thread.currentThread());
	};

	@AfterEach
	void close() {
		this.worker.close();
	}

	@Test
	void workIsDoneAgainAndAgainEachTimeAfterThePeriod() {
		long start = System.nanoTime();
		this.worker.every(SHORT, this.job);
		await().until(() -> this.times.size() >= 4);
		List<Long> done = new ArrayList<>(List.of(start));
		done.addAll(this.times);
		for (int i = 1; i < done.size(); i++) {
			// The time is taken a bit after the work was found to be due
			assertThat(Duration.ofNanos(done.get(i) - done.get(0))).isGreaterThanOrEqualTo(SHORT.multipliedBy(i));
		}
	}

	@Test
	void workThatIsToBeDoneOnceIsDoneOnceAfterTheDelay() throws Exception {
		long start = System.nanoTime();
		this.worker.after(SHORT, this.job);
		await().until(() -> !this.times.isEmpty());
		assertThat(Duration.ofNanos(this.times.getFirst() - start)).isGreaterThanOrEqualTo(SHORT);
		Thread.sleep(LONG_ENOUGH);
		assertThat(this.times).hasSize(1);
	}

	@Test
	void whatIsDueSoonerDoesNotWaitForWhatIsDueLater() throws Exception {
		AtomicInteger later = new AtomicInteger();
		Runnable patient = later::incrementAndGet;
		this.worker.every(Duration.ofSeconds(Long.MAX_VALUE), patient);
		this.worker.after(SHORT, this.job);
		await().until(() -> !this.times.isEmpty());
		assertThat(later).hasValue(0);
	}

	@Test
	void aPeriodOfNothingIsAMillisecond() throws Exception {
		this.worker.every(Duration.ZERO, this.job);
		await().until(() -> this.times.size() >= 5);
		long first = this.times.getFirst();
		Thread.sleep(LONG_ENOUGH);
		List<Long> done = List.copyOf(this.times);
		assertThat(TimeUnit.NANOSECONDS.toMillis(done.getLast() - first)).isGreaterThanOrEqualTo(done.size() - 2);
	}

	@Test
	void whatWasMissedIsNotMadeUpFor() throws Exception {
		AtomicInteger blocked = new AtomicInteger();
		Runnable slow = () -> {
			blocked.incrementAndGet();
			sleep(LONG_ENOUGH);
		};
		this.worker.every(SHORT, this.job);
		this.worker.after(SHORT.dividedBy(2), slow);
		await().until(() -> this.times.size() >= 3);
		assertThat(blocked).hasValue(1);
		assertThat(Duration.ofNanos(this.times.get(2) - this.times.get(1))).isGreaterThan(SHORT.dividedBy(2));
	}

	@Test
	void workThatFailsIsReportedAndTriedAgain() {
		AtomicInteger failures = new AtomicInteger();
		Runnable failing = () -> {
			failures.incrementAndGet();
			throw new IllegalStateException("on purpose");
		};
		try (CapturedLog log = new CapturedLog()) {
			this.worker.every(SHORT, failing);
			await().until(() -> failures.get() >= 2);
			assertThat(log.messages(Level.ERROR))
				.startsWith("Work on memory mappings in the background failed, and will be tried again");
		}
	}

	@Test
	void workIsNotKeptFromBeingCollected() throws Exception {
		AtomicInteger done = new AtomicInteger();
		Garbage.collect(doAndDrop(done));
		int before = done.get();
		Thread.sleep(LONG_ENOUGH);
		assertThat(done).hasValue(before);
	}

	private WeakReference<Runnable> doAndDrop(AtomicInteger done) {
		Runnable dropped = done::incrementAndGet;
		this.worker.every(SHORT, dropped);
		return new WeakReference<>(dropped);
	}

	@Test
	void nothingIsDoneAfterTheEnd() throws Exception {
		this.worker.every(SHORT, this.job);
		Thread thread = this.threads.take();
		this.worker.close();
		assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
		int before = this.times.size();
		this.worker.every(SHORT, this.job);
		this.worker.after(Duration.ZERO, this.job);
		Thread.sleep(LONG_ENOUGH);
		assertThat(this.times).hasSize(before);
	}

	@Test
	void itGoesOnUntilNothingIsWatchedAnyMore() throws Exception {
		Object scope = new Object();
		LeakDetector.Tracker tracker = this.leakDetector.track(scope, MappingEntries.any());
		this.worker.after(Duration.ZERO, this.job);
		Thread thread = this.threads.take();
		this.worker.close();
		assertThat(thread.join(LONG_ENOUGH)).isFalse();
		this.leakDetector.untrack(tracker);
		assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
		assertThat(scope).isNotNull();
	}

	@Test
	void itEndsWithItsOwnerAlsoWhenThatWasNeverClosed() throws Exception {
		this.worker.ownedBy(new Object());
		this.worker.after(Duration.ZERO, this.job);
		Thread thread = this.threads.take();
		Garbage.collectUntil(() -> !thread.isAlive());
	}

	@Test
	void somethingElseEndsWithIt() {
		AtomicInteger ends = new AtomicInteger();
		this.worker.endTogether(ends::incrementAndGet);
		assertThat(ends).hasValue(0);
		this.worker.close();
		this.worker.close();
		assertThat(ends).hasValue(1);
		this.worker.endTogether(ends::incrementAndGet);
		assertThat(ends).hasValue(2);
	}

	@Test
	void somethingElseEndsWithItsOwner() throws Exception {
		AtomicInteger ends = new AtomicInteger();
		this.worker.ownedBy(new Object());
		this.worker.endTogether(ends::incrementAndGet);
		this.worker.after(Duration.ZERO, this.job);
		this.threads.take();
		Garbage.collectUntil(() -> ends.get() == 1);
	}

	@Test
	void itStartsAgainWhenThereIsSomethingToBeWatched() throws Exception {
		this.worker.after(Duration.ZERO, this.job);
		Thread first = this.threads.take();
		this.worker.close();
		assertThat(first.join(Duration.ofSeconds(5))).isTrue();
		BlockingQueue<Thread> found = new LinkedBlockingQueue<>();
		LeakDetector.Tracker tracker = this.leakDetector.track(new Object(), MappingEntries.any());
		await().untilAsserted(() -> {
			found.addAll(Thread.getAllStackTraces().keySet().stream().filter((each) -> isWorker(each, first)).toList());
			assertThat(found).isNotEmpty();
		});
		this.leakDetector.untrack(tracker);
		assertThat(found.take().join(Duration.ofSeconds(5))).isTrue();
	}

	private static boolean isWorker(Thread thread, Thread other) {
		return thread != other && thread.getName().equals(other.getName());
	}

	@Test
	void anInterruptionDoesNotEndIt() throws Exception {
		this.worker.every(SHORT, this.job);
		Thread thread = this.threads.take();
		thread.interrupt();
		int before = this.times.size();
		await().until(() -> this.times.size() >= before + 2);
		assertThat(thread.isAlive()).isTrue();
	}

	private static void sleep(Duration duration) {
		try {
			Thread.sleep(duration);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
