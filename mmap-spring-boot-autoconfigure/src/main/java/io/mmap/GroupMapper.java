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

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Maps what is declared, all of a set in one arena, and has it validated. Until that is
 * published it belongs to the calling thread alone.
 */
final class GroupMapper {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	/**
	 * How often files may be replaced while they are being mapped.
	 */
	private static final int MAX_ATTEMPTS = 5;

	private final Generations generations;

	private final List<MappingValidator> validators;

	private final RetiredGenerations retired;

	GroupMapper(Generations generations, List<MappingValidator> validators, RetiredGenerations retired) {
		this.generations = generations;
		this.retired = retired;
		this.validators = List.copyOf(validators);
	}

	/**
	 * Map the members of a group.
	 * @throws MappingException if that failed, or the content was refused; nothing stays
	 * mapped
	 */
	MappingGroup.Mapped map(MappingGroup group, MappingGroup.Members members, int number) {
		for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
			MappingGroup.Mapped mapped = mapOnce(members, number);
			if (!group.isSet() || belongsTogether(mapped)) {
				return validated(group, mapped);
			}
			discard(mapped);
		}
		group.counters().failed(MappingOperation.MAP, 0);
		throw new MappingException("Cannot map " + group,
				"its files were replaced " + MAX_ATTEMPTS + " times while they were being mapped",
				"Replace them less often, all of them at once by the exchange of a symbolic link.", 0, null);
	}

	private MappingGroup.Mapped mapOnce(MappingGroup.Members members, int number) {
		MappingArena arena = MappingArena.shared();
		Map<String, Generation> mapped = new LinkedHashMap<>();
		try {
			members.origins().forEach((key, origin) -> mapped.put(key, this.generations.map(origin, number, arena)));
			return MappingGroup.Mapped.of(number, arena, members.handles(), Collections.unmodifiableMap(mapped));
		}
		catch (RuntimeException | Error ex) {
			discard(arena, mapped, ex);
			throw ex;
		}
	}

	/**
	 * Return whether the paths of all members lead to what is mapped. If not, some may be
	 * of what was there before, and others of what came then.
	 */
	private static boolean belongsTogether(MappingGroup.Mapped mapped) {
		for (MappingEntry entry : mapped.entries()) {
			Path path = entry.path();
			FileVersion found = (path != null) ? FileVersion.of(PathStatus.of(path)) : null;
			if (path != null && !Objects.equals(identity(found), identity(entry.file()))) {
				return false;
			}
		}
		return true;
	}

	private static @Nullable FileIdentity identity(@Nullable FileVersion version) {
		return (version != null) ? version.identity() : null;
	}

	private MappingGroup.Mapped validated(MappingGroup group, MappingGroup.Mapped mapped) {
		try {
			timeValidation(group, mapped);
			return mapped;
		}
		catch (RuntimeException | Error ex) {
			discard(mapped.arena(), mapped.generations(), ex);
			throw ex;
		}
	}

	private void timeValidation(MappingGroup group, MappingGroup.Mapped mapped) {
		if (this.validators.isEmpty()) {
			return;
		}
		long start = System.nanoTime();
		try {
			validate(group, mapped);
		}
		finally {
			group.counters().validated(System.nanoTime() - start);
		}
	}

	private void validate(MappingGroup group, MappingGroup.Mapped mapped) {
		MappingCandidate candidate = new Candidate(group, mapped);
		for (MappingValidator validator : this.validators) {
			try {
				validator.validate(candidate);
			}
			catch (Exception ex) {
				if (ex instanceof InterruptedException) {
					Thread.currentThread().interrupt();
				}
				throw new MappingRefusedException(
						"generation " + mapped.number() + " of " + group + " of " + mapped.length() + " bytes",
						validator, ex);
			}
		}
	}

	/**
	 * Unmap what nobody is going to get.
	 */
	void discard(MappingGroup.Mapped mapped) {
		discard(mapped.arena(), mapped.generations(), null);
	}

	/**
	 * Unmap what nobody is going to get. What is in use, by what a validator has left
	 * behind, is unmapped when that has ended.
	 */
	private void discard(MappingArena arena, Map<String, Generation> mapped, @Nullable Throwable failure) {
		List<Generation> left = new ArrayList<>();
		for (Generation generation : new ArrayList<>(mapped.values()).reversed()) {
			try {
				generation.release(Drain.NONE);
			}
			catch (RuntimeException | Error ex) {
				left.add(generation);
				report(ex, failure);
			}
		}
		if (left.isEmpty()) {
			// If nothing was mapped in it
			arena.close();
		}
		this.retired.add(left);
		this.retired.unmapUnused();
	}

	private static void report(Throwable problem, @Nullable Throwable failure) {
		if (failure != null) {
			failure.addSuppressed(problem);
		}
		else {
			logger.error(problem.getMessage(), problem);
		}
	}

	/**
	 * What a validator sees.
	 *
	 * @param group what was mapped
	 * @param mapped its memory
	 */
	private record Candidate(MappingGroup group, MappingGroup.Mapped mapped) implements MappingCandidate {

		@Override
		public String name() {
			return this.group.name();
		}

		@Override
		public int generation() {
			return this.mapped.number();
		}

		@Override
		public MemorySegment segment() {
			MemorySegment segment = (this.group.isSet()) ? null : this.mapped.segment(name());
			if (segment == null) {
				throw new UnsupportedMappingOperationException(
						"Set '" + name() + "' has a segment for each member. Use segments().");
			}
			return segment;
		}

		@Override
		public Map<String, MemorySegment> segments() {
			return this.mapped.segments();
		}

		@Override
		public String toString() {
			return "Generation " + generation() + " of " + this.group;
		}

	}

}
