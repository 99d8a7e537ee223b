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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The registry.
 */
final class DefaultMappingRegistry implements MappingRegistry {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final Mapper mapper;

	private final LeakDetectionLevel leakDetectionLevel;

	private final Duration drainTimeout;

	private final Listeners listeners;

	private final DeclaredMappings declared;

	private final MappingCounters adHocCounters = new MappingCounters(MappingStatistics.AD_HOC);

	private final AdHocMappings adHocMappings = new AdHocMappings();

	private final RetiredGenerations retired = new RetiredGenerations();

	private final LeakReporter leakReporter;

	private final LeakDetector leakDetector;

	private final Generations generations;

	private final Replacements replacements;

	/**
	 * Held to publish what was mapped, so that {@code close()} either sees it or comes
	 * first.
	 */
	private final Object lifecycle = new Object();

	private final Object shutdownLock = new Object();

	private @Nullable Throwable closedBy;

	DefaultMappingRegistry(Mapper mapper, LeakDetectionLevel leakDetectionLevel, LeakPolicy leakPolicy,
			Duration drainTimeout, List<MappingListener> listeners, Collection<Declaration> declarations) {
		this.mapper = mapper;
		this.leakDetectionLevel = leakDetectionLevel;
		this.drainTimeout = drainTimeout;
		this.listeners = new Listeners(listeners);
		this.leakReporter = new LeakReporter(leakPolicy, this.adHocMappings, this.listeners);
		this.leakDetector = new LeakDetector(this.leakReporter::garbageCollected);
		this.leakDetector.ownedBy(this);
		this.generations = new Generations(mapper, this.leakDetector, isLeakDetectionEnabled(), this.adHocMappings);
		this.replacements = new Replacements(this, this.generations);
		this.declared = new DeclaredMappings(declarations, this);
	}

	/**
	 * Make the declared mappings, or close the registry if that fails.
	 */
	void mapDeclared() {
		for (DeclaredMappings.Group group : this.declared.groups()) {
			try {
				map(group);
			}
			catch (RuntimeException ex) {
				DeclaredMappingException failure = new DeclaredMappingException(group.name(), ex);
				closeAfterFailure(failure);
				throw failure;
			}
			catch (Error ex) {
				closeAfterFailure(ex);
				throw ex;
			}
		}
	}

	private void map(DeclaredMappings.Group group) {
		long start = System.nanoTime();
		List<MappingEntry> mapped = new ArrayList<>();
		for (DefaultMemoryMapping member : group.members()) {
			if (!member.origin().spec().lazy()) {
				mapped.add(mapNext(member, 1).entry());
			}
		}
		if (group.isSet() && (!mapped.isEmpty() || group.members().isEmpty())) {
			logger.info("Mapped set '" + group.name() + "' of " + Text.count(mapped.size(), "file") + ", "
					+ (mapped.isEmpty() ? "" : Text.of(mapped.getFirst().access()) + ", ")
					+ mapped.stream().mapToLong(MappingEntry::length).sum() + " bytes, in "
					+ Text.millis(System.nanoTime() - start));
		}
		else if (!group.isSet()) {
			mapped.forEach((entry) -> logMapped(entry, start));
		}
		mapped.forEach(this.listeners::mapped);
	}

	private static void logMapped(MappingEntry entry, long start) {
		logger.info(
				"Mapped " + entry + ", " + Text.of(entry.access()) + ", in " + Text.millis(System.nanoTime() - start));
	}

	private void closeAfterFailure(Throwable failure) {
		try {
			close();
		}
		catch (RuntimeException ex) {
			failure.addSuppressed(ex);
		}
	}

	/**
	 * Map the next generation of a declared mapping, and publish it.
	 */
	private Generation mapNext(DefaultMemoryMapping mapping, int number) {
		checkOpen();
		MappingArena sharedArena = mapping.sharedArena();
		Generation generation;
		try {
			generation = (sharedArena != null) ? this.generations.map(mapping.origin(), number, sharedArena)
					: this.generations.map(mapping.origin(), number);
		}
		catch (IllegalStateException ex) {
			// More likely than anything else the arena was closed, together with the
			// registry
			checkOpen();
			throw ex;
		}
		publish(mapping, generation);
		return generation;
	}

	private void publish(DefaultMemoryMapping mapping, Generation generation) {
		synchronized (this.lifecycle) {
			if (this.closedBy == null) {
				mapping.generation(generation);
				if (!mapping.origin().declared()) {
					this.adHocMappings.add(generation.entry());
				}
				return;
			}
		}
		// Closed meanwhile by another thread, which has not seen this generation. Others
		// of
		// its set may be in use, and a later call of close() tries again
		this.retired.retire(generation, new Drain(this.drainTimeout));
		checkOpen();
	}

	/**
	 * Map what was declared, but left to its first user.
	 */
	Generation mapOnFirstUse(DefaultMemoryMapping mapping) {
		Generation generation;
		synchronized (mapping) {
			generation = mapping.generation();
			if (generation != null) {
				return generation;
			}
			long start = System.nanoTime();
			generation = mapNext(mapping, 1);
			logMapped(generation.entry(), start);
		}
		this.listeners.mapped(generation.entry());
		return generation;
	}

	@Override
	public MemoryMapping map(MappingSpec spec) {
		checkOpen();
		if (spec.lazy()) {
			throw new InvalidMappingException("mapping of " + spec.source(), "lazy",
					"lazy makes no sense for MappingRegistry.map, which maps at once",
					"Leave it out, or declare the mapping.");
		}
		Origin origin = new Origin(this.adHocMappings.nextId(), false, spec, spec.label(),
				CallSite.record(this.leakDetectionLevel), this.adHocCounters);
		Generation generation = this.generations.map(origin, 1);
		DefaultMemoryMapping mapping = new DefaultMemoryMapping(origin, this, null);
		publish(mapping, generation);
		this.listeners.mapped(generation.entry());
		// Not to be taken for a leak before it is known at all
		Reference.reachabilityFence(mapping);
		return mapping;
	}

	@Override
	public void reload(String name) {
		checkOpen();
		DefaultMemoryMapping mapping = this.declared.find(name);
		if (mapping == null) {
			throw cannotReload(name);
		}
		this.declared.checkReloadable(mapping);
		Generation previous;
		Generation next;
		synchronized (mapping) {
			previous = mapping.generation();
			if (previous == null) {
				// Whoever uses it first will get what is there then
				return;
			}
			long start = System.nanoTime();
			next = mapNext(mapping, previous.entry().generation() + 1);
			logger.info("Reloaded " + next.entry() + ", generation " + next.entry().generation() + ", in "
					+ Text.millis(System.nanoTime() - start));
		}
		try {
			this.listeners.reloaded(next.entry());
		}
		finally {
			this.retired.retire(previous, new Drain(this.drainTimeout));
		}
	}

	private RuntimeException cannotReload(String name) {
		if (this.declared.set(name) != null) {
			return this.declared.cannotReload(name, "it is a set, whose memory is unmapped all at once",
					"Declare each file by itself.");
		}
		return (this.adHocMappings.find(name) != null) ? this.declared.cannotReload(name,
				"it was not declared, but belongs to the code that called MappingRegistry.map",
				"Unmap it, and map it again.") : noSuchMapping(name);
	}

	/**
	 * Return what changes the protection and length of mappings.
	 */
	Replacements replacements() {
		return this.replacements;
	}

	/**
	 * Publish a generation that took over the pages of the one before. Also when the
	 * registry is being closed: whoever waits to unmap the one before finds this one.
	 */
	void publishReplacement(DefaultMemoryMapping mapping, Generation next) {
		synchronized (this.lifecycle) {
			mapping.generation(next);
			if (!mapping.origin().declared()) {
				this.adHocMappings.add(next.entry());
			}
		}
	}

	/**
	 * The memory of a mapping was unmapped for good.
	 */
	void unmapped(MappingEntry entry) {
		this.listeners.unmapped(entry);
	}

	@Override
	public MemoryMapping get(String nameOrId) {
		return find(nameOrId).orElseThrow(() -> {
			if (this.declared.find(nameOrId) != null) {
				checkOpen();
			}
			return noSuchMapping(nameOrId);
		});
	}

	@Override
	public Optional<MemoryMapping> find(String nameOrId) {
		DefaultMemoryMapping mapping = this.declared.find(nameOrId);
		if (mapping == null) {
			MappingEntry entry = this.adHocMappings.find(nameOrId);
			mapping = (entry != null) ? entry.handle() : null;
		}
		if (mapping == null || !mapping.isOpen() || (mapping.generation() == null && isClosed())) {
			return Optional.empty();
		}
		return Optional.of(mapping);
	}

	@Override
	public MappingSet set(String name) {
		MappingSet set = this.declared.set(name);
		if (set == null) {
			throw (this.declared.find(name) != null) ? NoSuchMappingException.notASet(name, this.declared.names())
					: noSuchMapping(name);
		}
		return set;
	}

	private NoSuchMappingException noSuchMapping(String name) {
		return (this.declared.set(name) != null) ? NoSuchMappingException.set(name, this.declared.names())
				: new NoSuchMappingException(name, this.declared.names());
	}

	@Override
	public List<MappingInfo> mappings() {
		List<MappingInfo> mappings = new ArrayList<>();
		for (DefaultMemoryMapping mapping : this.declared.all()) {
			Generation generation = mapping.generation();
			if (generation != null && generation.isMapped()) {
				mappings.add(generation.entry());
			}
		}
		mappings.addAll(this.retired.all());
		mappings.addAll(this.adHocMappings.all());
		return List.copyOf(mappings);
	}

	@Override
	public Collection<MappingStatistics> statistics() {
		List<MappingStatistics> statistics = new ArrayList<>(this.declared.counters());
		statistics.add(this.adHocCounters);
		return List.copyOf(statistics);
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
	public Capabilities capabilities() {
		return this.mapper.capabilities();
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
				new Shutdown(new Drain(this.drainTimeout), this.leakDetector, this.leakReporter,
						isLeakDetectionEnabled())
					.unmap(this.declared.all(), this.retired, this.adHocMappings.all());
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

	private boolean isClosed() {
		synchronized (this.lifecycle) {
			return this.closedBy != null;
		}
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
