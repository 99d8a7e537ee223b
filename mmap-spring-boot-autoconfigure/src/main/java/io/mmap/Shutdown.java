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
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Unmaps everything when a registry is closed.
 */
final class Shutdown {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private static final long RETRY_MILLIS = 1;

	private final long start = System.nanoTime();

	private final Duration drainTimeout;

	private final LeakDetector leakDetector;

	private final LeakReporter leakReporter;

	private final boolean reportLeaks;

	private int mappings;

	private long bytes;

	Shutdown(Duration drainTimeout, LeakDetector leakDetector, LeakReporter leakReporter, boolean reportLeaks) {
		this.drainTimeout = drainTimeout;
		this.leakDetector = leakDetector;
		this.leakReporter = leakReporter;
		this.reportLeaks = reportLeaks;
	}

	void unmap(List<DefaultMemoryMapping> declared, Collection<MappingEntry> adHoc) {
		adHoc.forEach(this::unmapOrphan);
		// What was collected meanwhile is that kind of leak, and not one that is in use
		this.leakDetector.count();
		for (MappingEntry entry : adHoc) {
			if (!entry.released() && entry.handle() == null && this.reportLeaks) {
				this.leakReporter.openAtShutdown(entry, false);
			}
		}
		declared.reversed().forEach(this::unmap);
		if (this.mappings > 0) {
			logger.info("Unmapped " + this.mappings + ((this.mappings == 1) ? " mapping, " : " mappings, ") + this.bytes
					+ " bytes, in " + Text.millis(System.nanoTime() - this.start));
		}
	}

	private void unmapOrphan(MappingEntry entry) {
		DefaultMemoryMapping mapping = entry.handle();
		if (mapping == null) {
			return;
		}
		Outcome outcome = unmap(mapping);
		if (outcome != Outcome.WAS_UNMAPPED && this.reportLeaks) {
			this.leakReporter.openAtShutdown(entry, outcome == Outcome.UNMAPPED);
		}
	}

	private Outcome unmap(DefaultMemoryMapping mapping) {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					if (!mapping.tryRelease()) {
						return Outcome.WAS_UNMAPPED;
					}
					this.mappings++;
					this.bytes += mapping.length();
					return Outcome.UNMAPPED;
				}
				catch (MemoryInUseException ex) {
					if (Duration.ofNanos(System.nanoTime() - this.start).compareTo(this.drainTimeout) >= 0) {
						logger.warn("Mapping " + mapping.entry() + " stays mapped: a"
								+ " flush, native call or channel operation has been using its memory for longer than"
								+ " the drain timeout of " + this.drainTimeout, ex);
						return Outcome.STAYS_MAPPED;
					}
					interrupted |= pause();
				}
				catch (RuntimeException | Error ex) {
					// Whatever it is, the others still have to be unmapped
					logger.error(ex.getMessage(), ex);
					return Outcome.STAYS_MAPPED;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private static boolean pause() {
		try {
			Thread.sleep(RETRY_MILLIS);
			return false;
		}
		catch (InterruptedException ex) {
			return true;
		}
	}

	/**
	 * What became of a mapping.
	 */
	private enum Outcome {

		/**
		 * It was unmapped here.
		 */
		UNMAPPED,

		/**
		 * Its owner unmapped it meanwhile.
		 */
		WAS_UNMAPPED,

		/**
		 * It could not be unmapped.
		 */
		STAYS_MAPPED

	}

}
