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

import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.mmap.internal.MappingObservers;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.jfr.FlightRecorder;
import io.mmap.internal.jfr.Timing;

/**
 * Maps memory, and has it watched until it is unmapped.
 */
final class Generations {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final Mapper mapper;

	private final LeakDetector leakDetector;

	private final Worker worker;

	private final boolean leakDetection;

	private final AdHocMappings adHocMappings;

	private final Guards guards;

	/**
	 * Stands for the registry to those who observe it.
	 */
	private final Object registry;

	private final AtomicBoolean mapperAnnounced = new AtomicBoolean();

	Generations(Mapper mapper, LeakDetector leakDetector, Worker worker, boolean leakDetection,
			AdHocMappings adHocMappings, Guards guards, Object registry) {
		this.mapper = mapper;
		this.leakDetector = leakDetector;
		this.worker = worker;
		this.leakDetection = leakDetection;
		this.adHocMappings = adHocMappings;
		this.guards = guards;
		this.registry = registry;
	}

	/**
	 * Map memory in an arena of its own.
	 */
	Generation map(Origin origin, int number) {
		MappingArena arena = arena(origin);
		try {
			return map(origin, number, arena);
		}
		catch (RuntimeException | Error ex) {
			arena.close();
			throw ex;
		}
	}

	private static MappingArena arena(Origin origin) {
		if (!origin.spec().confined()) {
			return MappingArena.shared();
		}
		CallSite callSite = origin.callSite();
		return MappingArena.confined(callSite != null && callSite.stack() != null);
	}

	/**
	 * Map memory in an arena that others share. If that fails nothing stays mapped,
	 * except that the JDK mapper has to wait for the arena to be closed.
	 */
	Generation map(Origin origin, int number, MappingArena arena) {
		Timing timing = FlightRecorder.map();
		try {
			Generation generation = mapMemory(origin, number, arena);
			guard(generation, arena);
			timing.succeeded(origin.name(), generation.entry().length());
			return generation;
		}
		catch (RuntimeException | Error ex) {
			if (ex instanceof MappingException failure) {
				origin.counters().failed(MappingOperation.MAP, failure);
			}
			Long length = origin.spec().length();
			timing.failed(origin.name(), (length != null) ? length : 0, ex);
			throw ex;
		}
	}

	private void guard(Generation generation, MappingArena arena) {
		MappingEntry entry = generation.entry();
		try {
			this.guards.mapped(entry);
			TruncationGuard.Hold guard = entry.guard();
			if (guard != null) {
				arena.add(guard);
			}
		}
		catch (RuntimeException | Error ex) {
			// No thread could be started, or there is no heap
			generation.discard(ex);
			throw ex;
		}
	}

	private Generation mapMemory(Origin origin, int number, MappingArena arena) {
		if (this.mapperAnnounced.compareAndSet(false, true)) {
			logger.info("Mapping with the " + Text.of(this.mapper.info().type()) + " mapper: "
					+ this.mapper.info().reason());
		}
		if (origin.spec().life().flushInterval() != null) {
			// First, since starting a thread may fail
			this.worker.start();
		}
		long start = System.nanoTime();
		MappedMemory memory;
		if (SourceFile.isNeededFor(origin.spec())) {
			try (SourceFile file = SourceFile.of(origin.spec())) {
				memory = this.mapper.map(origin.spec(), file.path(), arena.arena());
			}
		}
		else {
			memory = this.mapper.map(origin.spec(), origin.name(), arena.arena());
		}
		try {
			MappingEntry entry = new MappingEntry(origin, number, memory, arena.leases());
			Generation generation = new Generation(entry, arena, memory.segment(), this);
			if (this.leakDetection) {
				entry.tracker(this.leakDetector.track(memory.segment().scope(), entry));
			}
			origin.counters().mapped(entry.length(), System.nanoTime() - start);
			entry.countLeases();
			MappingObservers.mapped(this.registry, entry);
			return generation;
		}
		catch (RuntimeException | Error ex) {
			discard(memory, ex);
			throw ex;
		}
	}

	/**
	 * Make the generation that is to take over the pages of another one, and have its
	 * memory watched.
	 * @param memory the pages from now on
	 * @param arena that of the memory: a new one, or that of the previous generation
	 */
	Generation next(Generation previous, Origin origin, MappedMemory memory, MappingArena arena) {
		MappingEntry entry = new MappingEntry(origin, previous.entry().generation() + 1, memory, arena.leases());
		Generation next = new Generation(entry, arena, memory.segment(), this);
		if (this.leakDetection) {
			entry.tracker(this.leakDetector.track(memory.segment().scope(), entry));
		}
		return next;
	}

	/**
	 * Hand the pages of a generation over to the next one. To be called while nobody uses
	 * them.
	 */
	void supersede(Generation previous, Generation next) {
		MappingEntry old = previous.entry();
		previous.superseded(next.entry().pages());
		MappingObservers.replaced(old, next.entry());
		old.markReleased();
		LeakDetector.Tracker tracker = old.tracker();
		if (tracker != null) {
			this.leakDetector.untrack(tracker);
		}
		old.counters().resized(old.length(), next.entry().length());
		// After the other has forgotten them, as they may be the same
		next.entry().countLeases();
		this.guards.gone(old);
	}

	/**
	 * Unmap memory of which nobody will ever know, since threads or heap are exhausted.
	 */
	private static void discard(MappedMemory memory, Throwable failure) {
		try {
			memory.pages().unmap();
		}
		catch (SystemCallException ex) {
			failure.addSuppressed(ex);
		}
	}

	/**
	 * The memory of a generation was unmapped, and is still guarded.
	 */
	void released(MappingEntry entry, long nanos) {
		entry.markReleased();
		LeakDetector.Tracker tracker = entry.tracker();
		if (tracker != null) {
			this.leakDetector.untrack(tracker);
		}
		this.adHocMappings.remove(entry);
		entry.forgetDetached();
		this.guards.gone(entry);
		entry.counters().unmapped(entry.length(), nanos);
	}

}
