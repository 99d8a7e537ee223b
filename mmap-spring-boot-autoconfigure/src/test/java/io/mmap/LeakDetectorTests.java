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

import java.lang.ref.Reference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is found, counted and announced, by whom. To clear a tracker stands for the
 * collection of its scope.
 */
class LeakDetectorTests {

	private final Worker worker = new Worker();

	private final List<MappingEntry> counted = new CopyOnWriteArrayList<>();

	private final List<Thread> announcedBy = new CopyOnWriteArrayList<>();

	private final LeakDetector detector = new LeakDetector(this.worker, (entry) -> {
		this.counted.add(entry);
		return () -> this.announcedBy.add(Thread.currentThread());
	});

	private final Object scope = new Object();

	private final MappingEntry entry = MappingEntries.any();

	private final LeakDetector.Tracker tracker = this.detector.track(this.scope, this.entry);

	@AfterEach
	void close() {
		Reference.reachabilityFence(this.scope);
		this.detector.untrack(this.tracker);
		this.worker.close();
	}

	@Test
	void whatCanStillBeReachedIsNotCounted() {
		this.detector.count();
		assertThat(this.counted).isEmpty();
		assertThat(this.detector.isBusy()).isTrue();
	}

	@Test
	void whatWasFoundIsCountedOnceAndLeftToBeAnnounced() {
		this.tracker.clear();
		this.detector.count();
		this.detector.count();
		assertThat(this.counted).containsExactly(this.entry);
		assertThat(this.announcedBy).isEmpty();
		assertThat(this.detector.isBusy()).isTrue();
		this.detector.announce();
		assertThat(this.announcedBy).containsExactly(Thread.currentThread());
		assertThat(this.detector.isBusy()).isFalse();
		this.detector.announce();
		assertThat(this.announcedBy).hasSize(1);
	}

	@Test
	void whoeverAsksLeavesTheAnnouncementToTheWorker() {
		this.tracker.clear();
		this.detector.drain();
		assertThat(this.counted).containsExactly(this.entry);
		await().until(() -> !this.announcedBy.isEmpty());
		assertThat(this.announcedBy).singleElement().isNotSameAs(Thread.currentThread());
	}

	@Test
	void whatTheCollectorFindsIsCountedAndAnnouncedByTheWorker() {
		this.tracker.enqueue();
		await().until(() -> !this.announcedBy.isEmpty());
		assertThat(this.counted).containsExactly(this.entry);
		assertThat(this.announcedBy).singleElement().isNotSameAs(Thread.currentThread());
		assertThat(this.detector.isBusy()).isFalse();
	}

	@Test
	void whatWasCountedBeforeIsNotFoundAgain() {
		this.tracker.clear();
		this.detector.count();
		this.detector.found(this.tracker);
		assertThat(this.counted).hasSize(1);
		assertThat(this.announcedBy).as("what was left").hasSize(1);
	}

	@Test
	void whatEndedAsItShouldIsNoLeak() {
		this.detector.untrack(this.tracker);
		assertThat(this.tracker.refersTo(null)).isTrue();
		this.detector.count();
		this.detector.found(this.tracker);
		assertThat(this.counted).isEmpty();
		assertThat(this.detector.isBusy()).isFalse();
	}

}
