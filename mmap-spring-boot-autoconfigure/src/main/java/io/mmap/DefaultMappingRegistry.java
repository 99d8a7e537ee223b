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

import java.lang.foreign.Arena;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.SystemCallException;

/**
 * The registry.
 */
final class DefaultMappingRegistry implements MappingRegistry {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final Mapper mapper;

	private final LeakDetectionLevel leakDetectionLevel;

	private final Duration drainTimeout;

	private final Listeners listeners;

	/**
	 * Filled before anybody else sees the registry, and then only read.
	 */
	private final Map<String, DefaultMemoryMapping> declared = new LinkedHashMap<>();

	/**
	 * By declared name, and as the last one those of ad hoc mappings.
	 */
	private final Map<String, MappingCounters> counters = new LinkedHashMap<>();

	private final MappingCounters adHocCounters = new MappingCounters(MappingStatistics.AD_HOC);

	private final AdHocMappings adHocMappings = new AdHocMappings();

	private final LeakReporter leakReporter;

	private final LeakDetector leakDetector;

	private final Object lifecycle = new Object();

	private final Object shutdownLock = new Object();

	private final AtomicBoolean mapperAnnounced = new AtomicBoolean();

	private @Nullable Throwable closedBy;

	DefaultMappingRegistry(Mapper mapper, LeakDetectionLevel leakDetectionLevel, LeakPolicy leakPolicy,
			Duration drainTimeout, List<MappingListener> listeners, Collection<String> declaredNames) {
		this.mapper = mapper;
		this.leakDetectionLevel = leakDetectionLevel;
		this.drainTimeout = drainTimeout;
		this.listeners = new Listeners(listeners);
		this.leakReporter = new LeakReporter(leakPolicy, this.adHocMappings, this.listeners);
		this.leakDetector = new LeakDetector(this.leakReporter::garbageCollected);
		this.leakDetector.ownedBy(this);
		declaredNames.forEach((name) -> this.counters.put(name, new MappingCounters(name)));
		this.counters.put(MappingStatistics.AD_HOC, this.adHocCounters);
	}

	/**
	 * Make a declared mapping, or close the registry if that fails.
	 */
	void declare(String name, MappingSpec spec) {
		try {
			MappingCounters counters = Objects.requireNonNull(this.counters.get(name), name);
			long start = System.nanoTime();
			DefaultMemoryMapping mapping = map(name, true, spec, null, counters);
			this.declared.put(name, mapping);
			logger.info("Mapped " + mapping.entry() + ", " + Text.of(spec.access()) + ", in "
					+ Text.millis(System.nanoTime() - start));
			this.listeners.mapped(mapping.entry());
		}
		catch (RuntimeException ex) {
			DeclaredMappingException failure = new DeclaredMappingException(name, ex);
			closeAfterFailure(failure);
			throw failure;
		}
		catch (Error ex) {
			closeAfterFailure(ex);
			throw ex;
		}
	}

	private void closeAfterFailure(Throwable failure) {
		try {
			close();
		}
		catch (RuntimeException ex) {
			failure.addSuppressed(ex);
		}
	}

	@Override
	public MemoryMapping map(MappingSpec spec) {
		checkOpen();
		DefaultMemoryMapping mapping = map(this.adHocMappings.nextId(), false, spec,
				CallSite.record(this.leakDetectionLevel), this.adHocCounters);
		this.listeners.mapped(mapping.entry());
		// Not to be taken for a leak before it is known at all
		Reference.reachabilityFence(mapping);
		return mapping;
	}

	private DefaultMemoryMapping map(String name, boolean declared, MappingSpec spec, @Nullable CallSite callSite,
			MappingCounters counters) {
		if (this.mapperAnnounced.compareAndSet(false, true)) {
			logger.info("Mapping with the " + Text.of(this.mapper.info().type()) + " mapper: "
					+ this.mapper.info().reason());
		}
		long start = System.nanoTime();
		Arena arena = Arena.ofShared();
		MappedMemory memory;
		try {
			memory = this.mapper.map(spec, arena);
		}
		catch (RuntimeException | Error ex) {
			arena.close();
			throw ex;
		}
		DefaultMemoryMapping mapping;
		try {
			MappingEntry entry = new MappingEntry(name, declared, spec, memory, callSite, counters);
			mapping = new DefaultMemoryMapping(entry, arena, memory.segment(), this);
			entry.handle(mapping);
			if (isLeakDetectionEnabled()) {
				entry.tracker(this.leakDetector.track(memory.segment().scope(), entry));
			}
		}
		catch (RuntimeException | Error ex) {
			discard(memory, arena, ex);
			throw ex;
		}
		register(mapping, System.nanoTime() - start);
		return mapping;
	}

	/**
	 * Unmap memory that will not get a handle, since threads or heap are exhausted.
	 */
	private void discard(MappedMemory memory, Arena arena, Throwable failure) {
		arena.close();
		try {
			memory.pages().unmap();
		}
		catch (SystemCallException ex) {
			failure.addSuppressed(ex);
		}
	}

	private void register(DefaultMemoryMapping mapping, long nanos) {
		MappingEntry entry = mapping.entry();
		synchronized (this.lifecycle) {
			entry.counters().mapped(entry.length(), nanos);
			if (this.closedBy == null) {
				entry.markRegistered();
				if (!entry.declared()) {
					this.adHocMappings.add(entry);
				}
				return;
			}
		}
		// Closed meanwhile by another thread, which has not seen this mapping
		mapping.release();
		checkOpen();
	}

	/**
	 * A mapping's memory was unmapped; its handle is still locked.
	 */
	void released(MappingEntry entry, long nanos) {
		entry.markReleased();
		LeakDetector.Tracker tracker = entry.tracker();
		if (tracker != null) {
			this.leakDetector.untrack(tracker);
		}
		this.adHocMappings.remove(entry);
		entry.counters().unmapped(entry.length(), nanos);
	}

	void unmapped(MappingEntry entry) {
		if (entry.registered()) {
			this.listeners.unmapped(entry);
		}
	}

	@Override
	public MemoryMapping get(String nameOrId) {
		return find(nameOrId).orElseThrow(() -> new NoSuchMappingException(nameOrId, this.declared.keySet()));
	}

	@Override
	public Optional<MemoryMapping> find(String nameOrId) {
		DefaultMemoryMapping mapping = this.declared.get(nameOrId);
		if (mapping == null) {
			MappingEntry entry = this.adHocMappings.find(nameOrId);
			mapping = (entry != null) ? entry.handle() : null;
		}
		return Optional.<MemoryMapping>ofNullable((mapping != null && mapping.isOpen()) ? mapping : null);
	}

	@Override
	public List<MappingInfo> mappings() {
		List<MappingInfo> mappings = new ArrayList<>();
		for (DefaultMemoryMapping mapping : this.declared.values()) {
			if (mapping.isMapped()) {
				mappings.add(mapping.entry());
			}
		}
		mappings.addAll(this.adHocMappings.all());
		return List.copyOf(mappings);
	}

	@Override
	public Collection<MappingStatistics> statistics() {
		return List.copyOf(this.counters.values());
	}

	@Override
	public List<MappingLeak> leaks() {
		this.leakDetector.drain();
		return this.leakReporter.latest();
	}

	@Override
	public MapperInfo mapper() {
		return this.mapper.info();
	}

	@Override
	public void close() {
		synchronized (this.lifecycle) {
			if (this.closedBy == null) {
				this.closedBy = new Throwable("Closed by thread '" + Thread.currentThread().getName() + "'");
			}
		}
		// Again if called again: what was in use the first time may not be any more
		synchronized (this.shutdownLock) {
			try {
				this.leakDetector.count();
				new Shutdown(this.drainTimeout, this.leakDetector, this.leakReporter, isLeakDetectionEnabled())
					.unmap(List.copyOf(this.declared.values()), this.adHocMappings.all());
			}
			finally {
				this.leakDetector.close();
				this.mapper.close();
				this.leakDetector.announce();
			}
		}
	}

	private boolean isLeakDetectionEnabled() {
		return this.leakDetectionLevel != LeakDetectionLevel.DISABLED;
	}

	private void checkOpen() {
		synchronized (this.lifecycle) {
			if (this.closedBy != null) {
				throw new IllegalStateException("The mapping registry was closed, so nothing can be mapped any more",
						this.closedBy);
			}
		}
	}

}
