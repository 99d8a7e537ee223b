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
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Reports who holds a lease for too long. A lease knows no time: a scan notes those that
 * it meets, and one that it meets again after the threshold was held for at least that
 * long. Of the worker alone.
 */
final class HoldScan implements Runnable {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final Supplier<Collection<MappingEntry>> mappings;

	private final Duration threshold;

	/**
	 * Create a scan.
	 * @param mappings what is mapped now
	 * @param threshold how long is too long
	 */
	HoldScan(Supplier<Collection<MappingEntry>> mappings, Duration threshold) {
		this.mappings = mappings;
		this.threshold = threshold;
	}

	/**
	 * Return how often to scan, so that a lease is reported before it was held for one
	 * and a half times the threshold.
	 */
	Duration period() {
		return this.threshold.dividedBy(2);
	}

	@Override
	public void run() {
		long now = System.nanoTime();
		Map<MappingCounters, Long> longest = new HashMap<>();
		for (MappingEntry mapping : this.mappings.get()) {
			longest.putIfAbsent(mapping.counters(), 0L);
			for (Holder holder : mapping.holders()) {
				long held = holder.met(now);
				longest.merge(mapping.counters(), held, Math::max);
				if (held >= TimeUnit.NANOSECONDS.convert(this.threshold) && holder.claimReport()) {
					logger.warn("A lease on mapping " + mapping + " has been held for more than " + this.threshold
							+ " by " + holder + ". Hold it no longer than a request takes: close it, best with a"
							+ " try-with-resources statement.");
				}
			}
		}
		longest.forEach(MappingCounters::longestHold);
	}

}
