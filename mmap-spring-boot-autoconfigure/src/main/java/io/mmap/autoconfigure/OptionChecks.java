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

package io.mmap.autoconfigure;

import io.mmap.HugePages;
import io.mmap.MappingAccess;
import io.mmap.TruncationPolicy;
import io.mmap.autoconfigure.MappingProperties.Source;
import io.mmap.internal.ConstantName;

/**
 * Refuses options that make no sense for what is mapped.
 */
final class OptionChecks {

	private static final String LEAVE_OUT = "Leave it out.";

	private final String name;

	private final MappingProperties mapping;

	private final String what;

	private OptionChecks(String name, MappingProperties mapping, String what) {
		this.name = name;
		this.mapping = mapping;
		this.what = what;
	}

	/**
	 * Check the options of a mapping against its source.
	 */
	static void check(String name, MappingProperties mapping) {
		Source source = mapping.getSource();
		OptionChecks checks = new OptionChecks(name, mapping, "with source " + ConstantName.of(source) + ", since ");
		switch (source) {
			case FILE -> checks.checkContent();
			case ANONYMOUS -> {
				checks.checkNewMemory();
				checks.refuse(!mapping.getSeals().isEmpty(), "seals", "seals", "only a file in memory can be sealed",
						"Set 'source' to in-memory-file, or leave it out.");
			}
			case IN_MEMORY_FILE -> {
				checks.checkNewMemory();
				checks.refuse(mapping.isShared(), "shared", "shared", "an in-memory file always is", LEAVE_OUT);
			}
		}
	}

	/**
	 * Check the options of a mapping against its location, which leads to a resource.
	 */
	static void checkResource(String name, MappingProperties mapping) {
		OptionChecks checks = new OptionChecks(name, mapping, "for '" + mapping.getLocation() + "', since ");
		String why = "what is on the class path cannot be written";
		String remedy = "Leave it out. Or map a file.";
		checks.refuse(mapping.getAccess() == MappingAccess.READ_WRITE, "access", "access read-write", why,
				"Use access read-only, or copy-on-write for changes that stay in memory. Or map a file.");
		checks.refuse(mapping.isCreate(), "create", "create", why, remedy);
		checks.refuse(Boolean.TRUE.equals(mapping.getExclusive()), "exclusive", "exclusive", why, remedy);
		checks.refuse(mapping.isMapSync(), "map-sync", "map-sync", why, remedy);
		checks.refuse(mapping.getReserve() != null, "reserve", "reserve", "what is on the class path does not grow",
				remedy);
		checks.refuse(mapping.getFlushInterval() != null, "flush-interval", "flush-interval", why, remedy);
		checks.refuse(Boolean.TRUE.equals(mapping.getFlushOnUnmap()), "flush-on-unmap", "flush-on-unmap", why, remedy);
		String notReplaced = "what is on the class path is not to change while the application runs";
		checks.refuse(mapping.isReloadOnUpdate(), "reload-on-update", "reload-on-update", notReplaced, remedy);
		checks.refuse(mapping.getTruncation() == TruncationPolicy.GUARD, "truncation", "truncation guard", notReplaced,
				remedy);
	}

	/**
	 * Check the options of a mapping against its location, which is a pattern.
	 */
	static void checkPattern(String name, MappingProperties mapping) {
		OptionChecks checks = new OptionChecks(name, mapping,
				"for the pattern '" + Location.of(String.valueOf(mapping.getLocation())) + "', ");
		checks.refuse(mapping.isCreate(), "create", "create", "which finds only what exists",
				"Leave out 'create', or give the path of one file.");
		checks.refuse(mapping.getReserve() != null, "reserve", "reserve", "whose mappings cannot be resized",
				"Leave out 'reserve', or give the path of one file.");
	}

	private void checkContent() {
		refuse(this.mapping.isShared(), "shared", "shared", "the access says whether a file is",
				"Set access to read-write for writes that reach the file, or leave it out.");
		refuse(!this.mapping.getSeals().isEmpty(), "seals", "seals", "only a file in memory can be sealed",
				"Set 'source' to in-memory-file, or leave it out.");
		String why = "only new memory is taken from the pool of huge pages";
		String remedy = "Leave it out, and use 'huge-pages', with 'copy' where the file system has none.";
		refuse(this.mapping.getHugeTlb() != HugePages.NEVER, "huge-tlb",
				"huge-tlb " + ConstantName.of(this.mapping.getHugeTlb()), why, remedy);
		if (this.mapping.getHugePageSize() != null) {
			refuse(true, "huge-page-size", "huge-page-size " + this.mapping.getHugePageSize().toBytes(), why, remedy);
		}
	}

	private void checkNewMemory() {
		String location = this.mapping.getLocation();
		refuse(location != null && !location.isBlank(), "location", "location '" + location + "'",
				"new memory comes from nowhere", "Leave it out, or set 'source' to file.");
		MappingAccess access = this.mapping.getAccess();
		if (access != null) {
			refuse(access != MappingAccess.READ_WRITE, "access", "access " + ConstantName.of(access),
					"new memory can be read and written",
					"Leave it out; 'protection' says what is permitted at first.");
		}
		refuse(this.mapping.getOffset().toBytes() != 0, "offset", "offset " + this.mapping.getOffset().toBytes(),
				"new memory has no content to start in", LEAVE_OUT);
		refuse(this.mapping.isCreate(), "create", "create", "new memory is always created", LEAVE_OUT);
		refuse(Boolean.TRUE.equals(this.mapping.getExclusive()), "exclusive", "exclusive",
				"no other process can declare the same memory", LEAVE_OUT);
		refuse(this.mapping.isCopy(), "copy", "copy", "new memory has no content to copy", LEAVE_OUT);
		refuse(this.mapping.isMapSync(), "map-sync", "map-sync", "new memory is not durable", LEAVE_OUT);
		checkNewLife();
		if (this.mapping.getLength() == null) {
			throw new InvalidMappingPropertiesException(this.name, "length",
					"length is missing, and new memory has no end up to which it could be mapped",
					"Set 'length', such as 64MB.", null);
		}
	}

	private void checkNewLife() {
		String why = "no file is behind new memory";
		refuse(this.mapping.isPreload(), "preload", "preload", "new memory has no content to bring in",
				"Leave it out, and use 'populate' to have the memory there from the start.");
		refuse(this.mapping.isReloadOnUpdate(), "reload-on-update", "reload-on-update", why, LEAVE_OUT);
		refuse(this.mapping.getTruncation() != null, "truncation", "truncation", why, LEAVE_OUT);
		refuse(this.mapping.getFlushInterval() != null, "flush-interval", "flush-interval", why, LEAVE_OUT);
		refuse(this.mapping.getFlushOnUnmap() != null, "flush-on-unmap", "flush-on-unmap", why, LEAVE_OUT);
	}

	private void refuse(boolean given, String option, String optionAndValue, String why, String remedy) {
		if (given) {
			throw new InvalidMappingPropertiesException(this.name, option,
					optionAndValue + " makes no sense " + this.what + why, remedy, null);
		}
	}

}
