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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who uses memory is counted, and kept away while it is taken.
 */
class LeasesTests {

	private final Leases leases = new Leases();

	@Test
	void thoseWhoComeAndGoAreCounted() {
		int one = this.leases.enter();
		int other = this.leases.enter();
		assertThat(this.leases.count()).isEqualTo(2);
		this.leases.exit(one);
		this.leases.exit(other);
		assertThat(this.leases.count()).isZero();
	}

	@Test
	void whatWasNeverUsedIsDrained() {
		this.leases.close(Leases.Closing.UNMAPPED);
		assertThat(this.leases.drainage().isComplete()).isTrue();
	}

	@Test
	void nobodyComesInWhileItIsBeingTaken() {
		this.leases.close(Leases.Closing.UNMAPPED);
		assertThat(this.leases.enter()).isEqualTo(Leases.NONE);
		assertThat(this.leases.count()).isZero();
		this.leases.reopen();
		assertThat(this.leases.enter()).isNotEqualTo(Leases.NONE);
	}

	@Test
	void whatWasRetiredStaysSo() {
		this.leases.retire();
		this.leases.close(Leases.Closing.UNMAPPED);
		assertThat(this.leases.closing()).isEqualTo(Leases.Closing.RETIRED);
		this.leases.reopen();
		assertThat(this.leases.enter()).isEqualTo(Leases.NONE);
	}

	@Test
	void itIsDrainedWhenTheLastOneHasGone() {
		int one = this.leases.enter();
		int other = this.leases.enter();
		this.leases.close(Leases.Closing.UNMAPPED);
		Leases.Drainage drainage = this.leases.drainage();
		assertThat(drainage.isComplete()).isFalse();
		this.leases.exit(one);
		assertThat(drainage.isComplete()).isFalse();
		this.leases.exit(other);
		assertThat(drainage.isComplete()).isTrue();
	}

	@Test
	void threadsAreSpreadOverStripes() throws InterruptedException {
		List<Integer> stripes = new CopyOnWriteArrayList<>();
		for (int i = 0; i < 64; i++) {
			Thread.ofPlatform().start(() -> stripes.add(this.leases.enter())).join();
		}
		assertThat(stripes.stream().distinct().count()).isGreaterThan(1);
		stripes.forEach(this.leases::exit);
		assertThat(this.leases.count()).isZero();
	}

	@Test
	void aThreadMayLeaveForAnother() throws InterruptedException {
		int stripe = this.leases.enter();
		Thread.ofPlatform().start(() -> this.leases.exit(stripe)).join();
		this.leases.close(Leases.Closing.UNMAPPED);
		assertThat(this.leases.drainage().isComplete()).isTrue();
	}

	/**
	 * The promise: between a complete drainage and the reopening nobody is inside.
	 */
	@Test
	void nobodyIsInsideOnceItIsDrained() throws InterruptedException {
		AtomicBoolean done = new AtomicBoolean();
		AtomicBoolean taken = new AtomicBoolean();
		AtomicInteger violations = new AtomicInteger();
		AtomicInteger entered = new AtomicInteger();
		Runnable user = () -> {
			while (!done.get()) {
				int stripe = this.leases.enter();
				if (stripe != Leases.NONE) {
					if (taken.get()) {
						violations.incrementAndGet();
					}
					entered.incrementAndGet();
					if (taken.get()) {
						violations.incrementAndGet();
					}
					this.leases.exit(stripe);
				}
			}
		};
		List<Thread> users = List.of(Thread.ofPlatform().start(user), Thread.ofPlatform().start(user),
				Thread.ofPlatform().start(user));
		long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
		int rounds = 0;
		while (System.nanoTime() - end < 0) {
			this.leases.close(Leases.Closing.UNMAPPED);
			Leases.Drainage drainage = this.leases.drainage();
			while (!drainage.isComplete()) {
				Thread.onSpinWait();
			}
			taken.set(true);
			Thread.onSpinWait();
			taken.set(false);
			this.leases.reopen();
			rounds++;
		}
		done.set(true);
		for (Thread thread : users) {
			thread.join();
		}
		assertThat(violations).hasValue(0);
		assertThat(rounds).isPositive();
		assertThat(entered).hasPositiveValue();
		assertThat(this.leases.count()).isZero();
	}

}
