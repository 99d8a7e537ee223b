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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.mmap.MappingWarning.Kind;

/**
 * Generations that were replaced by a reload, and whose memory is still in use. The
 * worker unmaps each soon after that has ended.
 */
final class RetiredGenerations {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private static final Duration MIN_PAUSE = Duration.ofMillis(5);

	private static final Duration MAX_PAUSE = Duration.ofMillis(250);

	private final Queue<Retired> generations = new ConcurrentLinkedQueue<>();

	private boolean scheduled;

	private final Worker worker;

	private final long patience;

	private final Warnings warnings;

	/**
	 * Held here, as the worker does not keep it.
	 */
	private final Runnable retry = this::retry;

	/**
	 * Create an instance.
	 * @param patience how long memory may be in use before that is worth a warning
	 */
	RetiredGenerations(Worker worker, Duration patience, Warnings warnings) {
		this.worker = worker;
		this.patience = TimeUnit.NANOSECONDS.convert(patience);
		this.warnings = warnings;
	}

	/**
	 * Let nobody use generations any more who does not do so already.
	 */
	void add(Collection<Generation> generations) {
		for (Generation generation : generations) {
			generation.retire();
			this.warnings.clear(generation.entry());
			this.generations.add(new Retired(generation));
		}
	}

	/**
	 * Unmap what nobody uses now, and the rest when that is so.
	 */
	synchronized void unmapUnused() {
		long youngest = Long.MAX_VALUE;
		try {
			for (Retired retired : this.generations) {
				if (retired.tryRelease()) {
					remove(retired);
					continue;
				}
				youngest = Math.min(youngest, retired.age());
				if (retired.age() > this.patience) {
					warn(retired);
				}
			}
		}
		finally {
			// Whatever fails, it is tried again, by one job however often this is called
			if (!this.generations.isEmpty() && !this.scheduled) {
				this.scheduled = true;
				this.worker.after(pause(youngest), this.retry);
			}
		}
	}

	private synchronized void retry() {
		this.scheduled = false;
		unmapUnused();
	}

	private void remove(Retired retired) {
		this.generations.remove(retired);
		cleared(retired);
	}

	static Duration pause(long age) {
		Duration pause = Duration.ofNanos(age / 4);
		return (pause.compareTo(MIN_PAUSE) < 0) ? MIN_PAUSE : (pause.compareTo(MAX_PAUSE) > 0) ? MAX_PAUSE : pause;
	}

	private void warn(Retired retired) {
		MappingEntry entry = retired.generation.entry();
		String message = "Generation " + entry.generation() + " of mapping " + entry
				+ " was replaced, and stays mapped until it is no longer in use: " + retired.why;
		if (this.warnings.raise(entry.name(), Kind.STILL_IN_USE, message) && !retired.logged) {
			retired.logged = true;
			logger.warn(message);
		}
	}

	private void cleared(Retired retired) {
		String name = retired.generation.entry().name();
		if (this.generations.stream().noneMatch((other) -> other.generation.entry().name().equals(name))) {
			this.warnings.clear(name, Kind.STILL_IN_USE);
		}
	}

	/**
	 * Unmap what is left.
	 */
	void unmap(Drain drain) {
		for (Retired retired : this.generations) {
			if (drain.unmap(retired.generation.entry().toString(),
					retired.generation::release) != Drain.Outcome.STAYS_MAPPED) {
				remove(retired);
			}
		}
	}

	/**
	 * Describe what is still mapped.
	 */
	List<MappingEntry> all() {
		return this.generations.stream()
			.map((retired) -> retired.generation)
			.filter(Generation::isMapped)
			.map(Generation::entry)
			.toList();
	}

	/**
	 * A generation that is in use.
	 */
	private static final class Retired {

		private final Generation generation;

		private final long since = System.nanoTime();

		private String why = "";

		private boolean logged;

		private Retired(Generation generation) {
			this.generation = generation;
		}

		private long age() {
			return System.nanoTime() - this.since;
		}

		/**
		 * Return whether nothing is left to be done.
		 */
		private boolean tryRelease() {
			try {
				this.generation.release(Drain.NONE);
				return true;
			}
			catch (MemoryInUseException ex) {
				this.why = String.valueOf(ex.getMessage());
			}
			catch (RuntimeException | Error ex) {
				this.why = String.valueOf(ex);
			}
			return false;
		}

	}

}
