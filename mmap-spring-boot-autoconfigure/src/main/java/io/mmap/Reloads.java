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
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.MappingWarning.Kind;

/**
 * Publishes what is declared: when it is mapped first, and whenever the next generation
 * takes the place of what is mapped.
 */
final class Reloads {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final GroupMapper mapper;

	private final Lifecycle lifecycle;

	private final RetiredGenerations retired;

	private final Warnings warnings;

	private final Listeners listeners;

	private final Preloads preloads;

	Reloads(GroupMapper mapper, Lifecycle lifecycle, RetiredGenerations retired, Warnings warnings, Listeners listeners,
			Preloads preloads) {
		this.mapper = mapper;
		this.lifecycle = lifecycle;
		this.retired = retired;
		this.warnings = warnings;
		this.listeners = listeners;
		this.preloads = preloads;
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
			mapped = mapNext(group, group.members(), group.nextNumber(), List.of());
			logger.info("Mapped " + describe(group, mapped, start));
		}
		mapped.entries().forEach(this.listeners::mapped);
		preload(mapped);
		return mapped;
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
		checkReloadable(group);
		MappingGroup.Mapped next;
		synchronized (group) {
			MappingGroup.Mapped mapped = group.mapped();
			if (mapped == null) {
				return;
			}
			try {
				next = replace(group, mapped);
			}
			catch (RuntimeException | Error ex) {
				failed(group, ex);
				throw ex;
			}
			// Nobody gets the previous one from now on, so that can be counted
			group.counters().reloaded(ReloadOutcome.SUCCESS);
			clearWarnings(group, next);
		}
		try {
			next.entries().forEach(this.listeners::reloaded);
			preload(next);
		}
		finally {
			this.retired.unmapUnused();
		}
	}

	/**
	 * What was wrong with the files before is so no longer.
	 */
	private void clearWarnings(MappingGroup group, MappingGroup.Mapped next) {
		this.warnings.clear(group.name(), Kind.RELOAD_FAILING);
		for (MappingEntry entry : next.entries()) {
			this.warnings.clear(entry.name(), Kind.MODIFIED_IN_PLACE);
			this.warnings.clear(entry.name(), Kind.DETACHED);
		}
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

	private void failed(MappingGroup group, Throwable failure) {
		if (this.lifecycle.isOpen()) {
			group.counters().reloaded(ReloadOutcome.FAILURE);
			this.warnings.raise(group.name(), Kind.RELOAD_FAILING,
					"It could not be reloaded, so that the content before is still in use: " + failure.getMessage());
		}
	}

	/**
	 * Map and publish the next generation.
	 */
	private MappingGroup.Mapped replace(MappingGroup group, MappingGroup.Mapped mapped) {
		long start = System.nanoTime();
		if (group.isSet()) {
			MappingGroup.Mapped next = mapNext(group, group.newMembers(), mapped.number() + 1,
					mapped.generations().values());
			logReloaded(group, next, start);
			return next;
		}
		DefaultMemoryMapping mapping = group.members().values().iterator().next();
		// The protection of one mapping may be changed meanwhile, which is a next
		// generation, too
		synchronized (mapping) {
			Generation generation = mapping.generation();
			int number = (generation != null) ? generation.entry().generation() + 1 : 1;
			MappingGroup.Mapped next = mapNext(group, group.members(), number,
					(generation != null) ? List.of(generation) : List.of());
			logReloaded(group, next, start);
			return next;
		}
	}

	private MappingGroup.Mapped mapNext(MappingGroup group, Map<String, DefaultMemoryMapping> members, int number,
			Collection<Generation> previous) {
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
	private static void checkReloadable(MappingGroup group) {
		for (DefaultMemoryMapping member : group.members().values()) {
			MappingSpec spec = member.origin().spec();
			String why = reasonNotToReload(spec);
			if (why != null) {
				throw new UnsupportedMappingOperationException(
						"Mapping '" + member.name() + "' cannot be reloaded: " + why);
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
