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
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.MappingWarning.Kind;

/**
 * Finds out on the worker how much of the mappings is in memory, and what the kernel says
 * of the process, when somebody has asked for that and what is known has become old.
 * Nobody who asks ever waits for it, but the first for the figures of the process.
 */
final class Sampling {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	/**
	 * How long the worker is taken at a time, by more mappings than that suffices for.
	 */
	private static final Duration SLICE = Duration.ofMillis(20);

	private static final Duration PAUSE = Duration.ofMillis(1);

	private static final double NEAR_LIMIT = 0.8;

	/**
	 * So that there is no end of warnings when it goes up and down.
	 */
	private static final double NO_LONGER_NEAR_LIMIT = 0.75;

	private final Worker worker;

	private final Warnings warnings;

	private final Supplier<Collection<MappingEntry>> mappings;

	private final ProcessFigures figures;

	private final long maxAge;

	/**
	 * Held here, as the worker does not keep it.
	 */
	private final Runnable slice = this::slice;

	private final AtomicBoolean requested = new AtomicBoolean();

	/**
	 * When a sample of everything was complete, if there was one.
	 */
	private volatile @Nullable Long sampledAt;

	private volatile @Nullable ProcessMemory process;

	/**
	 * What is under way. Of the worker alone.
	 */
	private @Nullable Pass pass;

	/**
	 * Whose figures the last sample has found out.
	 */
	private Set<MappingCounters> sampled = Set.of();

	private boolean nearLimit;

	/**
	 * Create an instance.
	 * @param mappings what is mapped now
	 * @param maxAge how old what is known may become
	 */
	Sampling(Worker worker, Warnings warnings, Supplier<Collection<MappingEntry>> mappings, ProcessFigures figures,
			Duration maxAge) {
		this.worker = worker;
		this.warnings = warnings;
		this.mappings = mappings;
		this.figures = figures;
		this.maxAge = maxAge.toNanos();
	}

	/**
	 * Have a sample taken, if the last one is old.
	 */
	void request() {
		Long sampledAt = this.sampledAt;
		boolean old = sampledAt == null || System.nanoTime() - sampledAt > this.maxAge;
		if (old && this.requested.compareAndSet(false, true)) {
			try {
				this.worker.after(Duration.ZERO, this.slice);
			}
			catch (OutOfMemoryError ex) {
				// Who asks for figures gets old ones while no thread can be started
				logger.debug("A sample is taken when there is a thread for it", ex);
			}
		}
	}

	/**
	 * Return what is known of the process.
	 */
	ProcessMemory process() {
		ProcessMemory process = this.process;
		return (process != null) ? process : readProcess();
	}

	/**
	 * Find out what the kernel says of the process.
	 */
	synchronized ProcessMemory readProcess() {
		ProcessMemory process = this.figures.read();
		this.process = process;
		checkRegions(process);
		return process;
	}

	private void checkRegions(ProcessMemory process) {
		Long regions = process.regions();
		Long max = process.maxRegions();
		double bound = (this.nearLimit) ? NO_LONGER_NEAR_LIMIT : NEAR_LIMIT;
		if (regions == null || max == null || regions < bound * max) {
			this.nearLimit = false;
			this.warnings.clear(MappingWarning.PROCESS, Kind.REGIONS_NEAR_LIMIT);
			return;
		}
		String message = "The process has " + regions + " of at most " + max
				+ " memory regions (vm.max_map_count). When they are used up nothing can be mapped any more, and the"
				+ " JVM may end. Unmap what is no longer used, map large files as a whole, or raise the limit with"
				+ " 'sysctl -w vm.max_map_count=…'.";
		this.warnings.raise(MappingWarning.PROCESS, Kind.REGIONS_NEAR_LIMIT, message);
		if (!this.nearLimit) {
			this.nearLimit = true;
			logger.warn(message);
		}
	}

	private void slice() {
		boolean done = true;
		try {
			Pass pass = this.pass;
			if (pass == null) {
				pass = new Pass(this.mappings.get());
				this.pass = pass;
			}
			done = pass.run();
			if (done) {
				this.sampled = pass.publish(this.sampled);
			}
		}
		finally {
			if (done) {
				this.pass = null;
				finish();
			}
			else {
				this.worker.after(PAUSE, this.slice);
			}
		}
	}

	private void finish() {
		try {
			readProcess();
		}
		finally {
			// Whatever has failed is to be tried again when it is asked for again
			this.sampledAt = System.nanoTime();
			this.requested.set(false);
		}
	}

	/**
	 * A sample of all mappings, which may take several turns.
	 */
	private static final class Pass {

		private final Iterator<MappingEntry> rest;

		private final Map<MappingCounters, Sum> sums = new HashMap<>();

		private Pass(Collection<MappingEntry> mappings) {
			this.rest = mappings.iterator();
		}

		/**
		 * Go on.
		 * @return whether that was the end
		 */
		private boolean run() {
			long start = System.nanoTime();
			while (this.rest.hasNext()) {
				sample(this.rest.next());
				if (System.nanoTime() - start > SLICE.toNanos()) {
					return false;
				}
			}
			return true;
		}

		/**
		 * Make known what was found.
		 * @param before whose figures were known, which are unknown now if nothing was
		 * found
		 * @return whose figures are known
		 */
		private Set<MappingCounters> publish(Set<MappingCounters> before) {
			before.stream()
				.filter((counters) -> !this.sums.containsKey(counters))
				.forEach((counters) -> counters.sampled(null, null, 0));
			this.sums.forEach((counters, sum) -> counters.sampled(sum.resident, sum.dirty, sum.truncated));
			return this.sums.keySet();
		}

		private void sample(MappingEntry mapping) {
			ResidencySample sample = new ResidencySample(mapping.residency(), Instant.now());
			mapping.residencySample(sample);
			Sum sum = this.sums.computeIfAbsent(mapping.counters(), (counters) -> new Sum());
			sum.add(sample.residency(), (mapping.declared()) ? mapping.lostBytes() : 0);
		}

	}

	/**
	 * The sum of what is mapped under a name; unknown if a part of it is.
	 */
	private static final class Sum {

		private @Nullable Long resident = 0L;

		private @Nullable Long dirty = 0L;

		private long truncated;

		private void add(Residency residency, long lost) {
			this.resident = add(this.resident, residency.resident());
			this.dirty = add(this.dirty, residency.dirty());
			this.truncated += lost;
		}

		private static @Nullable Long add(@Nullable Long sum, @Nullable Long more) {
			return (sum != null && more != null) ? Long.valueOf(sum + more) : null;
		}

	}

}
