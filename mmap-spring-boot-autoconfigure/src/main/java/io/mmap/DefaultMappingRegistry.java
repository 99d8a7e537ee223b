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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.MappingObservers;
import io.mmap.internal.crac.Checkpoints;

/**
 * The registry.
 */
final class DefaultMappingRegistry implements MappingRegistry {

	private final Mapper mapper;

	private final Settings settings;

	private final Lifecycle lifecycle = new Lifecycle();

	private final Warnings warnings = new Warnings();

	private final Listeners listeners;

	private final MappingCounters adHocCounters = new MappingCounters(MappingStatistics.AD_HOC);

	private final AdHocMappings adHocMappings = new AdHocMappings();

	private final Worker worker = new Worker();

	private final Flushes flushes = new Flushes(this.worker, this.warnings);

	private final LeakReporter leakReporter;

	private final LeakDetector leakDetector;

	private final RetiredGenerations retired;

	private final Generations generations;

	private final Replacements replacements;

	private final Preloads preloads;

	private final GroupPublisher publisher;

	private final DeclaredMappings declared;

	/**
	 * Held here, as CRaC does not keep it.
	 */
	private final @Nullable Object checkpointResource;

	private final Object shutdownLock = new Object();

	/**
	 * What the worker does from time to time. Held here, as the worker does not keep it.
	 */
	private final Housekeeping housekeeping;

	private final Sampling sampling;

	DefaultMappingRegistry(Mapper mapper, Settings settings, Collection<Declaration> declarations) {
		this.mapper = mapper;
		this.settings = settings;
		this.listeners = new Listeners(settings.listeners());
		this.leakReporter = new LeakReporter(settings.leakPolicy(), this.adHocMappings, this.warnings, this.listeners);
		this.leakDetector = new LeakDetector(this.worker, this.leakReporter::garbageCollected);
		this.worker.ownedBy(this);
		this.retired = new RetiredGenerations(this.worker, settings.drainTimeout(), this.warnings);
		this.generations = new Generations(mapper, this.leakDetector, this.worker, settings.isLeakDetectionEnabled(),
				this.adHocMappings, new Guards(mapper::calls, settings.guardMaxSize(), this.warnings),
				MappingObservers.registryMade(CallSite::callingLine));
		this.replacements = new Replacements(this, this.generations);
		this.preloads = new Preloads(settings, this.warnings, this.listeners);
		this.publisher = new GroupPublisher(new GroupMapper(this.generations, settings.validators(), this.retired),
				this.lifecycle, this.retired, this.warnings, this.listeners, this.preloads, this::published);
		this.declared = new DeclaredMappings(declarations, this);
		this.housekeeping = new Housekeeping(mapper::calls, this.worker, settings, this.publisher, this.warnings,
				this::entries);
		this.sampling = new Sampling(this.worker, this.warnings, this::entries,
				new ProcessFigures(new SystemFiles(Path.of("/")), new ProcessLimits()), settings.maxSampleAge());
		this.checkpointResource = Checkpoints.register(new Checkpoint(this, this.declared, this.adHocMappings,
				this.retired, this.publisher, this.housekeeping, this.lifecycle));
	}

	/**
	 * Make the declared mappings and begin to look after them, or close the registry if
	 * that fails.
	 */
	void mapDeclared() {
		for (MappingGroup group : this.declared.groups()) {
			try {
				if (!group.isLazy()) {
					this.publisher.map(group);
				}
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
		try {
			startHousekeeping();
		}
		catch (RuntimeException | Error ex) {
			// No thread could be started
			closeAfterFailure(ex);
			throw ex;
		}
	}

	/**
	 * Begin to look after what is declared, unless nothing of it is mapped so far.
	 */
	private void startHousekeeping() {
		if (this.declared.groups().stream().anyMatch((group) -> group.mapped() != null)) {
			this.housekeeping.start(this.declared.groups());
		}
	}

	private void published() {
		this.housekeeping.mapped();
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
	 * Map what was declared, but left to its first user.
	 */
	MappingGroup.Mapped mapOnFirstUse(MappingGroup group) {
		MappingGroup.Mapped mapped = this.publisher.map(group);
		startHousekeeping();
		return mapped;
	}

	@Override
	public MemoryMapping map(MappingSpec spec) {
		this.lifecycle.checkOpen();
		if (spec.lazy()) {
			throw new InvalidMappingException("mapping of " + spec.source(), "lazy",
					"lazy makes no sense for MappingRegistry.map, which maps at once",
					"Leave it out, or declare the mapping.");
		}
		Origin origin = new Origin(this.adHocMappings.nextId(), false, spec, spec.label(),
				CallSite.record(this.settings.leakDetectionLevel()), this.adHocCounters);
		DefaultMemoryMapping mapping = new DefaultMemoryMapping(origin, this, null);
		Generation generation = this.generations.map(origin, 1);
		boolean published;
		try {
			published = this.lifecycle.publish(() -> publishAdHoc(mapping, generation));
		}
		catch (RuntimeException | Error ex) {
			// There is no heap
			generation.discard(ex);
			throw ex;
		}
		if (!published) {
			// Closed meanwhile by another thread, which has not seen this
			generation.release(Drain.NONE);
			this.lifecycle.checkOpen();
		}
		this.listeners.mapped(generation.entry());
		// Not to be taken for a leak before it is known at all
		Reference.reachabilityFence(mapping);
		return mapping;
	}

	private void publishAdHoc(DefaultMemoryMapping mapping, Generation generation) {
		mapping.generation(generation);
		this.adHocMappings.add(generation.entry());
	}

	@Override
	public void reload(String name) {
		this.lifecycle.checkOpen();
		MappingGroup group = this.declared.group(name);
		if (group == null) {
			throw cannotReload(name);
		}
		this.publisher.reload(group);
	}

	private RuntimeException cannotReload(String name) {
		if (this.declared.find(name) != null) {
			return new UnsupportedMappingOperationException("Mapping '" + name
					+ "' cannot be reloaded: it is a member of a set, whose memory belongs together. Reload the set.");
		}
		if (this.adHocMappings.find(name) != null) {
			return new UnsupportedMappingOperationException("Mapping '" + name
					+ "' cannot be reloaded: it was not declared, but belongs to the code that called"
					+ " MappingRegistry.map. Unmap it, and map it again.");
		}
		return noSuchMapping(name);
	}

	/**
	 * Return what changes the protection and length of mappings.
	 */
	Replacements replacements() {
		return this.replacements;
	}

	MappingPreload preload(DefaultMemoryMapping mapping) {
		return this.preloads.start(mapping);
	}

	/**
	 * Publish a generation that took over the pages of the one before. Also when the
	 * registry is being closed: whoever waits to unmap the one before finds this one.
	 */
	void publishReplacement(DefaultMemoryMapping mapping, Generation next) {
		this.lifecycle.publishAlways(() -> {
			if (mapping.origin().declared()) {
				mapping.generation(next);
			}
			else {
				publishAdHoc(mapping, next);
			}
		});
		if (mapping.origin().declared()) {
			published();
		}
	}

	/**
	 * The memory of a mapping was unmapped for good.
	 */
	void unmapped(MappingEntry entry) {
		this.warnings.clear(entry.name());
		this.listeners.unmapped(entry);
	}

	/**
	 * Return what writes changes to files.
	 */
	Flushes flushes() {
		return this.flushes;
	}

	/**
	 * Return what CRaC calls, or {@code null} if it is not there.
	 */
	@Nullable Object checkpointResource() {
		return this.checkpointResource;
	}

	/**
	 * Start to wait for memory that is in use.
	 */
	Drain newDrain() {
		return new Drain(this.settings.drainTimeout());
	}

	/**
	 * Return what makes a lease known for which no owner was named, or {@code null} if
	 * that need not be.
	 */
	@Nullable Holder anonymousHolder() {
		return (this.settings.holdThreshold() != null) ? new Holder(null) : null;
	}

	@Override
	public MemoryMapping get(String nameOrId) {
		return find(nameOrId).orElseThrow(() -> {
			if (this.declared.find(nameOrId) != null) {
				this.lifecycle.checkOpen();
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
		if (mapping == null || !mapping.isOpen() || (mapping.generation() == null && this.lifecycle.isClosed())) {
			return Optional.empty();
		}
		return Optional.of(mapping);
	}

	@Override
	public MappingSet set(String name) {
		MappingGroup group = this.declared.set(name);
		if (group == null) {
			throw (this.declared.find(name) != null) ? NoSuchMappingException.notASet(name, this.declared.names())
					: noSuchMapping(name);
		}
		return new DefaultMappingSet(group, this);
	}

	private NoSuchMappingException noSuchMapping(String name) {
		return (this.declared.set(name) != null) ? NoSuchMappingException.set(name, this.declared.names())
				: new NoSuchMappingException(name, this.declared.names());
	}

	@Override
	public List<MappingInfo> mappings() {
		return List.copyOf(entries());
	}

	private Collection<MappingEntry> entries() {
		List<MappingEntry> mappings = new ArrayList<>();
		for (DefaultMemoryMapping mapping : this.declared.all()) {
			Generation generation = mapping.generation();
			if (generation != null && generation.isMapped()) {
				mappings.add(generation.entry());
			}
		}
		mappings.addAll(this.retired.all());
		mappings.addAll(this.adHocMappings.all());
		return mappings;
	}

	@Override
	public Collection<MappingStatistics> statistics() {
		this.sampling.request();
		List<MappingStatistics> statistics = new ArrayList<>(this.declared.counters());
		statistics.add(this.adHocCounters);
		return List.copyOf(statistics);
	}

	@Override
	public List<OperationErrors> errors() {
		List<MappingCounters> counters = new ArrayList<>(this.declared.counters());
		counters.add(this.adHocCounters);
		return MappingCounters.errors(counters);
	}

	@Override
	public List<MappingLeak> leaks() {
		this.leakDetector.drain();
		return this.leakReporter.latest();
	}

	@Override
	public List<MappingPreload> preloads() {
		return this.preloads.all();
	}

	@Override
	public List<MappingWarning> warnings() {
		this.housekeeping.warningsWanted();
		this.flushes.checkLate(this.declared.all(), this.adHocMappings.flushed());
		return this.warnings.all();
	}

	@Override
	public ProcessMemory process() {
		this.sampling.request();
		return this.sampling.process();
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
		this.lifecycle.close();
		// Again if called again: what was in use the first time may not be any more
		synchronized (this.shutdownLock) {
			try {
				this.preloads.close();
				this.leakDetector.count();
				new Shutdown(newDrain(), this.leakDetector, this.leakReporter, this.settings.isLeakDetectionEnabled())
					.unmap(this.declared.all(), this.retired, this.adHocMappings.all());
			}
			finally {
				this.worker.close();
				this.mapper.close();
				this.leakDetector.announce();
			}
		}
	}

}
