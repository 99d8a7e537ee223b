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

package io.mmap.chaos;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import io.mmap.LeakCause;
import io.mmap.MapperType;
import io.mmap.MappingClosedException;
import io.mmap.MappingInfo;
import io.mmap.MappingLeak;
import io.mmap.MappingListener;
import io.mmap.MappingRegistry;
import io.mmap.MappingStatistics;
import io.mmap.ReloadOutcome;
import io.mmap.testsupport.Garbage;

/**
 * A registry, and all that threads do with it until one of them closes it.
 */
final class Scene {

	private final Declared declared;

	private final MappingRegistry registry;

	private final Slots slots;

	private final LongAdder mappedEvents = new LongAdder();

	private final LongAdder unmappedEvents = new LongAdder();

	private final LongAdder leakedEvents = new LongAdder();

	private volatile boolean closing;

	private boolean closedInUse;

	Scene(MapperType mapper, Path directory, SplittableRandom random) throws IOException {
		Files.createDirectories(directory);
		this.declared = new Declared(this, directory);
		MappingRegistry.Builder builder = MappingRegistry.builder()
			.mapper(mapper)
			// Longer than anybody has to wait on a busy machine
			.drainTimeout(Duration.ofSeconds(30))
			.listener(counting());
		this.registry = this.declared.declare(builder).build();
		this.declared.open(this.registry);
		this.slots = new Slots(this, this.registry, mapper, directory, random);
	}

	private MappingListener counting() {
		return new MappingListener() {

			@Override
			public void mapped(MappingInfo mapping) {
				Scene.this.mappedEvents.increment();
			}

			@Override
			public void unmapped(MappingInfo mapping) {
				Scene.this.unmappedEvents.increment();
			}

			@Override
			public void leaked(MappingLeak leak) {
				Scene.this.leakedEvents.increment();
			}

		};
	}

	Slots slots() {
		return this.slots;
	}

	Declared declared() {
		return this.declared;
	}

	/**
	 * Close the registry while others use it.
	 */
	void close() {
		this.closedInUse = true;
		this.closing = true;
		this.registry.close();
	}

	/**
	 * Check that an exception says that something is unmapped, and is right.
	 * @param unmapped whether somebody has unmapped it
	 */
	void checkClosed(IllegalStateException ex, boolean unmapped) {
		boolean saysThatItIsClosed = ex instanceof MappingClosedException
				|| (ex.getClass() == IllegalStateException.class
						&& String.valueOf(ex.getMessage()).toLowerCase(Locale.ROOT).contains("closed"));
		if (!saysThatItIsClosed || !(unmapped || this.closing)) {
			throw ex;
		}
	}

	/**
	 * Use a segment without a lease: if it is unmapped meanwhile, and only then, that is
	 * to fail.
	 */
	static void freely(MemorySegment segment, Runnable use) {
		try {
			use.run();
		}
		catch (IllegalStateException ex) {
			if (!"Already closed".equals(ex.getMessage()) || segment.scope().isAlive()) {
				throw ex;
			}
		}
	}

	/**
	 * Let others go first, also if the thread is interrupted.
	 * @param longer whether to wait for a while
	 */
	static void pause(boolean longer) {
		if (longer) {
			LockSupport.parkNanos(500_000);
		}
		else {
			Thread.yield();
		}
	}

	/**
	 * Unmap everything, when nobody works any more.
	 * @param problems where to add what has not come to its end
	 */
	void end(Collection<String> problems) {
		this.slots.end();
		if (!this.closedInUse) {
			awaitLeaks(problems);
			this.registry.warnings().forEach((warning) -> problems.add("Warning at the end: " + warning));
		}
		this.closing = true;
		this.registry.close();
		if (!this.registry.mappings().isEmpty()) {
			problems.add("Still mapped: " + this.registry.mappings());
		}
		this.registry.statistics().forEach((statistics) -> check(statistics, problems));
		this.registry.errors().forEach((error) -> problems.add("Counted as failed: " + error));
	}

	private void awaitLeaks(Collection<String> problems) {
		MappingStatistics adHoc = List.copyOf(this.registry.statistics()).getLast();
		try {
			Garbage.collectUntil(() -> {
				this.registry.leaks();
				return adHoc.leaks(LeakCause.GARBAGE_COLLECTED) == this.slots.dropped();
			});
		}
		catch (AssertionError ex) {
			problems.add("%d mappings were dropped, %d leaks counted".formatted(this.slots.dropped(),
					adHoc.leaks(LeakCause.GARBAGE_COLLECTED)));
		}
	}

	private void check(MappingStatistics statistics, Collection<String> problems) {
		boolean adHoc = statistics.name().equals(MappingStatistics.AD_HOC);
		String figures = "Figures of '%s': %d mappings, %d bytes, %d leases, mapped %d times, unmapped %d times, %d orphans, %d leaks"
			.formatted(statistics.name(), statistics.mappings(), statistics.mappedBytes(), statistics.leases(),
					statistics.mapCount(), statistics.unmapCount(), statistics.leaks(LeakCause.OPEN_AT_SHUTDOWN),
					statistics.leaks(LeakCause.GARBAGE_COLLECTED));
		boolean right = statistics.mappings() == 0 && statistics.mappedBytes() == 0 && statistics.leases() == 0
				&& statistics.mapCount() == statistics.unmapCount() + statistics.leaks(LeakCause.GARBAGE_COLLECTED)
				&& statistics.reloads(ReloadOutcome.FAILURE) == 0;
		if (!this.closedInUse) {
			// Else the registry has unmapped some, and others were refused when mapped
			right &= statistics.leaks(LeakCause.OPEN_AT_SHUTDOWN) == 0;
			right &= (adHoc)
					? statistics.mapCount() == this.slots.mapped() && statistics.unmapCount() == this.slots.unmapped()
					: statistics.reloads(ReloadOutcome.SUCCESS) == this.declared.reloads(statistics.name())
							&& statistics.mapCount() == this.declared.mapped(statistics.name());
			long told = this.mappedEvents.sum() - this.unmappedEvents.sum() - this.leakedEvents.sum();
			right &= told == 0;
			figures += "; listeners were told of %d mapped, %d unmapped, %d leaked".formatted(this.mappedEvents.sum(),
					this.unmappedEvents.sum(), this.leakedEvents.sum());
			figures += "; threads have mapped %d, unmapped %d".formatted(this.slots.mapped(), this.slots.unmapped());
		}
		if (!right) {
			problems.add(figures);
		}
	}

	/**
	 * What is done with something that was to be had.
	 *
	 * @param <T> what it is
	 */
	@FunctionalInterface
	interface Body<T> {

		void with(T used) throws Exception;

	}

}
