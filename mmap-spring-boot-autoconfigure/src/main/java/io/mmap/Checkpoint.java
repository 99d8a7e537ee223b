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

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.crac.CheckpointParticipant;

/**
 * Unmaps what is declared and comes from files before a checkpoint of the process is
 * taken, as neither open nor mapped files nor their locks can be in its image, and maps
 * it again afterwards. Memory that no file is behind stays.
 */
final class Checkpoint implements CheckpointParticipant {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final DefaultMappingRegistry registry;

	private final DeclaredMappings declared;

	private final AdHocMappings adHocMappings;

	private final RetiredGenerations retired;

	private final GroupPublisher publisher;

	private final Housekeeping housekeeping;

	private final Lifecycle lifecycle;

	/**
	 * What was unmapped, in the order of declaration.
	 */
	private final List<MappingGroup> unmapped = new ArrayList<>();

	Checkpoint(DefaultMappingRegistry registry, DeclaredMappings declared, AdHocMappings adHocMappings,
			RetiredGenerations retired, GroupPublisher publisher, Housekeeping housekeeping, Lifecycle lifecycle) {
		this.registry = registry;
		this.declared = declared;
		this.adHocMappings = adHocMappings;
		this.retired = retired;
		this.publisher = publisher;
		this.housekeeping = housekeeping;
		this.lifecycle = lifecycle;
	}

	@Override
	public synchronized void beforeCheckpoint() {
		if (this.lifecycle.isClosed()) {
			return;
		}
		// First, so that nothing is mapped behind our back
		this.lifecycle.suspend();
		List<MappingEntry> entries = new ArrayList<>();
		RuntimeException failure = null;
		try {
			unmapFiles(entries);
			this.housekeeping.release();
			logger.info("Unmapped " + Text.count(entries.size(), "mapping")
					+ " for a checkpoint of the process, to be mapped again afterwards");
		}
		catch (RuntimeException ex) {
			failure = ex;
		}
		entries.forEach(this.registry::unmapped);
		if (failure != null) {
			RuntimeException another = resume();
			if (another != null) {
				failure.addSuppressed(another);
			}
			throw failure;
		}
	}

	@Override
	public synchronized void afterRestore() {
		RuntimeException failure = resume();
		if (failure != null) {
			throw failure;
		}
	}

	/**
	 * Map again what was unmapped, unless it is left to its first user.
	 * @return what went wrong, if anything did
	 */
	private @Nullable RuntimeException resume() {
		this.lifecycle.resume();
		List<MappingGroup> groups = List.copyOf(this.unmapped);
		this.unmapped.clear();
		RuntimeException failure = null;
		for (MappingGroup group : groups) {
			try {
				if (!group.isLazy() && !this.lifecycle.isClosed()) {
					this.publisher.map(group);
				}
			}
			catch (RuntimeException ex) {
				this.publisher.failed(group, ex);
				DeclaredMappingException another = new DeclaredMappingException(group.name(), ex);
				if (failure == null) {
					failure = another;
				}
				else {
					failure.addSuppressed(another);
				}
			}
		}
		return failure;
	}

	/**
	 * Unmap all files, or none unless the system refuses.
	 * @param entries gets what was unmapped
	 */
	private void unmapFiles(List<MappingEntry> entries) {
		Drain drain = this.registry.newDrain();
		refuseAdHocMappings();
		refuseRetired(drain);
		List<MappingGroup> groups = new ArrayList<>();
		for (MappingGroup group : this.declared.groups()) {
			if (group.mapped() != null && group.members().values().stream().anyMatch(Checkpoint::hasFile)) {
				group.members().values().forEach(Checkpoint::refuseIfLost);
				groups.add(group);
			}
		}
		groups.forEach(this::flush);
		whileUnused(groups.iterator(), drain, () -> groups.reversed().forEach((group) -> unmap(group, drain, entries)));
	}

	private void refuseAdHocMappings() {
		String open = this.adHocMappings.all()
			.stream()
			.filter((entry) -> !entry.released() && hasFile(entry.spec()))
			.map((entry) -> entry + ", mapped by "
					+ ((entry.createdBy() != null) ? entry.createdBy()
							: "code that is not known, since leak detection is disabled"))
			.collect(Collectors.joining("; "));
		if (!open.isEmpty()) {
			throw new IllegalStateException("No checkpoint can be taken while files are mapped that were not declared: "
					+ open + ". Unmap them before, or declare them.");
		}
	}

	private void refuseRetired(Drain drain) {
		this.retired.unmap(drain);
		for (MappingEntry entry : this.retired.all()) {
			throw new IllegalStateException("No checkpoint can be taken while generation " + entry.generation()
					+ " of mapping " + entry + ", which was replaced by a reload, is in use. Close its leases before.");
		}
	}

	/**
	 * Refuse what would not be the same when it is mapped again.
	 */
	private static void refuseIfLost(DefaultMemoryMapping mapping) {
		MappingSpec spec = mapping.origin().spec();
		String why = (spec.access() == MappingAccess.COPY_ON_WRITE) ? "its changes are private, and would be lost"
				: (spec.source() instanceof MappingSource.Descriptor)
						? "what its descriptor is open on could not be opened again" : (!hasFile(mapping))
								? "its content is in memory only, and it is a member of a set with files" : null;
		if (why != null) {
			throw new IllegalStateException("No checkpoint can be taken while mapping " + mapping.description()
					+ " is mapped: " + why + ". Map it ad hoc, and unmap it before.");
		}
	}

	private static boolean hasFile(DefaultMemoryMapping mapping) {
		return hasFile(mapping.origin().spec());
	}

	private static boolean hasFile(MappingSpec spec) {
		return !(spec.source() instanceof MappingSource.Anonymous)
				&& !(spec.source() instanceof MappingSource.InMemoryFile);
	}

	/**
	 * Write changes first, since whatever the image is restored on need not have the
	 * pages that this system has in memory.
	 */
	private void flush(MappingGroup group) {
		for (DefaultMemoryMapping member : group.members().values()) {
			Generation generation = member.generation();
			if (generation != null && member.origin().spec().access() == MappingAccess.READ_WRITE) {
				new HandleRange(member, PageRange.WHOLE).flush(generation);
			}
		}
	}

	/**
	 * Do something once nobody uses any of the groups, and while nobody can begin to.
	 */
	private void whileUnused(Iterator<MappingGroup> groups, Drain drain, Runnable action) {
		if (!groups.hasNext()) {
			action.run();
			return;
		}
		MappingGroup group = groups.next();
		synchronized (group) {
			// All members have the same arena
			DefaultMemoryMapping member = group.members().values().iterator().next();
			synchronized (member) {
				Generation generation = member.generation();
				if (generation == null) {
					whileUnused(groups, drain, action);
					return;
				}
				generation.whileUnused(drain, Leases.Closing.REPLACED, () -> {
					whileUnused(groups, drain, action);
					return true;
				});
			}
		}
	}

	private void unmap(MappingGroup group, Drain drain, List<MappingEntry> entries) {
		for (DefaultMemoryMapping member : List.copyOf(group.members().values()).reversed()) {
			Generation generation = member.generation();
			if (generation != null && generation.release(drain)) {
				entries.add(generation.entry());
			}
		}
		this.lifecycle.publishAlways(() -> {
			// Else its handles have to say that they were unmapped
			if (!this.lifecycle.isClosed()) {
				group.unmapped();
				this.unmapped.addFirst(group);
			}
		});
	}

}
