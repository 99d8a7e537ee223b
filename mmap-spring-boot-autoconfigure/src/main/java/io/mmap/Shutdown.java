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

import java.util.Collection;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Unmaps everything when a registry is closed.
 */
final class Shutdown {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final Drain drain;

	private final LeakDetector leakDetector;

	private final LeakReporter leakReporter;

	private final boolean reportLeaks;

	private int mappings;

	private long bytes;

	Shutdown(Drain drain, LeakDetector leakDetector, LeakReporter leakReporter, boolean reportLeaks) {
		this.drain = drain;
		this.leakDetector = leakDetector;
		this.leakReporter = leakReporter;
		this.reportLeaks = reportLeaks;
	}

	void unmap(List<DefaultMemoryMapping> declared, RetiredGenerations retired, Collection<MappingEntry> adHoc) {
		adHoc.forEach(this::unmapOrphan);
		// What was collected meanwhile is that kind of leak, and not one that is in use
		this.leakDetector.count();
		for (MappingEntry entry : adHoc) {
			if (!entry.released() && (entry.handle() == null || entry.isConfined()) && this.reportLeaks) {
				this.leakReporter.openAtShutdown(entry, false);
			}
		}
		retired.unmap(this.drain);
		declared.reversed().forEach(this::unmap);
		if (this.mappings > 0) {
			logger.info("Unmapped " + Text.count(this.mappings, "mapping") + ", " + this.bytes + " bytes, in "
					+ Text.millis(this.drain.elapsed().toNanos()));
		}
	}

	private void unmapOrphan(MappingEntry entry) {
		DefaultMemoryMapping mapping = entry.handle();
		if (mapping == null || entry.isConfined()) {
			// Left to whoever uses a slice, or to the thread that alone may unmap it
			return;
		}
		Drain.Outcome outcome = unmap(mapping);
		if (outcome != Drain.Outcome.WAS_UNMAPPED && this.reportLeaks) {
			this.leakReporter.openAtShutdown(entry, outcome == Drain.Outcome.UNMAPPED);
		}
	}

	private Drain.Outcome unmap(DefaultMemoryMapping mapping) {
		Drain.Outcome outcome = this.drain.unmap(mapping.description(), mapping::release);
		Generation generation = mapping.generation();
		if (outcome == Drain.Outcome.STAYS_MAPPED && generation != null) {
			generation.entry().markLeft();
		}
		if (outcome == Drain.Outcome.UNMAPPED) {
			this.mappings++;
			this.bytes += mapping.length();
		}
		return outcome;
	}

}
