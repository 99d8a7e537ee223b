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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.MappingWarning.Kind;
import io.mmap.internal.PlainText;

/**
 * Publishes what is declared: when it is mapped first, and whenever the next generation
 * takes the place of what is mapped.
 */
final class GroupPublisher {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final GroupMapper mapper;

	private final Lifecycle lifecycle;

	private final RetiredGenerations retired;

	private final Warnings warnings;

	private final Listeners listeners;

	private final Preloads preloads;

	private final Runnable published;

	/**
	 * Create an instance.
	 * @param published what to do when there are other files that are mapped
	 */
	GroupPublisher(GroupMapper mapper, Lifecycle lifecycle, RetiredGenerations retired, Warnings warnings,
			Listeners listeners, Preloads preloads, Runnable published) {
		this.mapper = mapper;
		this.lifecycle = lifecycle;
		this.retired = retired;
		this.warnings = warnings;
		this.listeners = listeners;
		this.preloads = preloads;
		this.published = published;
	}

	/**
	 * Return whether anything can be published.
	 */
	boolean isOpen() {
		return this.lifecycle.isOpen();
	}

	/**
	 * Map a group unless that was done before.
	 */
	MappingGroup.Mapped map(MappingGroup group) {
		MappingGroup.Mapped mapped;
		synchronized (group) {
			mapped = group.mapped();
			if (mapped != null) {
				return mapped;
			}
			long start = System.nanoTime();
			mapped = mapNext(group, membersToMap(group), group.nextNumber());
			this.warnings.clear(group.name(), Kind.RELOAD_FAILING);
			if (logger.isInfoEnabled()) {
				logger.info("Mapped " + describe(group, mapped, start));
			}
		}
		mapped.entries().forEach(this.listeners::mapped);
		preload(mapped);
		return mapped;
	}

	/**
	 * Return what to map of a group of which nothing is mapped. Its files may have
	 * changed since it was declared, or unmapped.
	 */
	private static MappingGroup.Members membersToMap(MappingGroup group) {
		boolean first = group.nextNumber() == 1 && !group.isLazy();
		return (group.isSet() && !first) ? group.newMembers() : group.currentMembers();
	}

	/**
	 * Replace what is mapped by what is there now. What was not mapped yet is left to its
	 * first user.
	 * @throws MappingException if that failed; what was mapped before stays
	 * @throws UnsupportedMappingOperationException if it must not be replaced
	 * @throws IllegalStateException if the registry was closed
	 */
	void reload(MappingGroup group) {
		this.lifecycle.checkOpen();
		checkReloadable(group.members().values().stream().map(DefaultMemoryMapping::origin).toList());
		MappingGroup.Mapped next;
		Set<String> previous;
		synchronized (group) {
			if (group.mapped() == null) {
				return;
			}
			previous = group.members().values().stream().map(DefaultMemoryMapping::name).collect(Collectors.toSet());
			try {
				next = replace(group);
			}
			catch (RuntimeException | Error ex) {
				failed(group, ex);
				throw ex;
			}
			// Nobody gets the previous one from now on, so that can be counted
			group.counters().reloaded(ReloadOutcome.SUCCESS);
			this.warnings.clear(group.name(), Kind.RELOAD_FAILING);
			forgetMissing(previous, next);
		}
		try {
			for (MappingEntry entry : next.entries()) {
				if (previous.contains(entry.name())) {
					this.listeners.reloaded(entry);
				}
				else {
					this.listeners.mapped(entry);
				}
			}
			preload(next);
		}
		finally {
			this.retired.unmapUnused();
		}
	}

	/**
	 * Note that the files of a group are those that are mapped, whatever was wrong with
	 * them meanwhile.
	 */
	void settled(MappingGroup group) {
		this.warnings.clear(group.name(), Kind.RELOAD_FAILING);
	}

	/**
	 * Forget members that are gone.
	 */
	private void forgetMissing(Set<String> previous, MappingGroup.Mapped next) {
		Set<String> missing = new HashSet<>(previous);
		next.entries().forEach((entry) -> missing.remove(entry.name()));
		missing.forEach((name) -> {
			this.warnings.clear(name);
			this.preloads.forget(name);
		});
	}

	private void preload(MappingGroup.Mapped mapped) {
		try {
			this.preloads.mapped(mapped.members().values());
		}
		catch (IllegalStateException ex) {
			if (this.lifecycle.isOpen()) {
				throw ex;
			}
			// So that nothing is to be preloaded any more
		}
	}

	/**
	 * Note that a group could not be mapped anew.
	 */
	void failed(MappingGroup group, Throwable failure) {
		if (this.lifecycle.isOpen()) {
			group.counters().reloaded(ReloadOutcome.FAILURE);
			String consequence = (group.mapped() != null)
					? "It could not be reloaded, so that the content before is still in use: "
					: "It could not be mapped again, and will be tried again on the next use: ";
			this.warnings.raise(group.name(), Kind.RELOAD_FAILING, consequence + PlainText.of(failure.getMessage()));
		}
	}

	/**
	 * Map and publish the next generation.
	 */
	private MappingGroup.Mapped replace(MappingGroup group) {
		long start = System.nanoTime();
		MappingGroup.Mapped next;
		if (group.isSet()) {
			MappingGroup.Members members = group.newMembers();
			checkReloadable(members.origins().values());
			next = mapNext(group, members, group.latestNumber() + 1);
		}
		else {
			// The protection of one mapping may be changed meanwhile, which is a next
			// generation, too
			synchronized (group.members().values().iterator().next()) {
				next = mapNext(group, group.currentMembers(), group.latestNumber() + 1);
			}
		}
		logReloaded(group, next, start);
		return next;
	}

	private MappingGroup.Mapped mapNext(MappingGroup group, MappingGroup.Members members, int number) {
		this.lifecycle.checkOpen();
		MappingGroup.Mapped next;
		group.beginMapping();
		try {
			next = this.mapper.map(group, members, number);
		}
		finally {
			group.endMapping();
		}
		boolean published = this.lifecycle.publish(() -> {
			List<Generation> previous = group.generations();
			group.mapped(next);
			// At the same time, so that the end of the registry finds either all of it or
			// none
			this.retired.add(previous);
		});
		if (!published) {
			// Closed meanwhile by another thread, which has not seen this
			this.mapper.discard(next);
			this.lifecycle.checkOpen();
		}
		this.published.run();
		return next;
	}

	private static void logReloaded(MappingGroup group, MappingGroup.Mapped mapped, long start) {
		logger.info("Reloaded " + describe(group, mapped, start) + ", generation " + mapped.number());
	}

	private static String describe(MappingGroup group, MappingGroup.Mapped mapped, long start) {
		List<MappingEntry> entries = mapped.entries();
		String time = ", in " + Text.millis(System.nanoTime() - start);
		if (!group.isSet()) {
			MappingEntry entry = entries.getFirst();
			return entry + ", " + Text.of(entry.access()) + time;
		}
		return group + " of " + Text.count(entries.size(), "file") + ", "
				+ (entries.isEmpty() ? "" : Text.of(entries.getFirst().access()) + ", ") + mapped.length() + " bytes"
				+ time;
	}

	/**
	 * Refuse to reload what would lose something.
	 */
	private static void checkReloadable(Collection<Origin> origins) {
		for (Origin origin : origins) {
			String why = reasonNotToReload(origin.spec());
			if (why != null) {
				throw new UnsupportedMappingOperationException(
						"Mapping '" + origin.name() + "' cannot be reloaded: " + why);
			}
		}
	}

	private static @Nullable String reasonNotToReload(MappingSpec spec) {
		if (spec.access() != MappingAccess.READ_ONLY) {
			return "its access is " + Text.of(spec.access())
					+ ", and what was written to the memory would be lost or torn apart. Map it read-only.";
		}
		return null;
	}

}
