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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The options of a spec that concern its pages.
 *
 * @param protection what the pages permit at first, or {@code null} for what the access
 * says
 * @param writableAndExecutable whether both at once was asked for twice
 * @param advice how the memory is going to be used
 * @param locked whether it is kept in memory
 * @param dontDump whether it is left out of core dumps
 * @param dontFork whether forked processes do without it
 * @param noReserve whether no swap space is set aside
 * @param map32Bit whether it has a low address
 * @param populate whether it is brought into memory as far as that goes
 * @param hugePages whether it consists of transparent huge pages, or {@code null} for
 * what the system does
 * @param hugeTlb whether it consists of reserved huge pages
 * @param hugePageSize the size of these, or {@code null} for the default
 * @param shared whether anonymous memory is shared
 * @param copy whether the content is copied
 * @param mapSync whether a store that reached the cache is durable
 * @param reserve how long it may become without moving, or {@code null} for no more than
 * it is
 * @param seals what is ruled out for the in-memory file
 * @param flags further {@code MAP_*} by number
 * @param protectionBits further {@code PROT_*} by number
 */
record PageOptions(@Nullable Set<Protection> protection, boolean writableAndExecutable, List<Advice> advice,
		boolean locked, boolean dontDump, boolean dontFork, boolean noReserve, boolean map32Bit, boolean populate,
		@Nullable HugePages hugePages, HugePages hugeTlb, @Nullable Long hugePageSize, boolean shared, boolean copy,
		boolean mapSync, @Nullable Long reserve, Set<Seal> seals, int flags, int protectionBits) {

	static final PageOptions NONE = new PageOptions(null, false, List.of(), false, false, false, false, false, false,
			null, HugePages.NEVER, null, false, false, false, null, Set.of(), 0, 0);

	/**
	 * Return the same with the options of what has content already.
	 */
	PageOptions withContent(boolean copy, boolean mapSync, @Nullable Long reserve) {
		return new PageOptions(this.protection, this.writableAndExecutable, this.advice, this.locked, this.dontDump,
				this.dontFork, this.noReserve, this.map32Bit, this.populate, this.hugePages, this.hugeTlb,
				this.hugePageSize, this.shared, copy, mapSync, reserve, this.seals, this.flags, this.protectionBits);
	}

	/**
	 * Return the same with the options of new memory.
	 */
	PageOptions withNewMemory(HugePages hugeTlb, @Nullable Long hugePageSize, boolean shared, @Nullable Long reserve,
			Set<Seal> seals) {
		return new PageOptions(this.protection, this.writableAndExecutable, this.advice, this.locked, this.dontDump,
				this.dontFork, this.noReserve, this.map32Bit, this.populate, this.hugePages, hugeTlb, hugePageSize,
				shared, this.copy, this.mapSync, reserve, seals, this.flags, this.protectionBits);
	}

	/**
	 * Return the same, which specs without any option have in common.
	 */
	PageOptions canonical() {
		return equals(NONE) ? NONE : this;
	}

	boolean wantsHugePages() {
		return this.hugePages == HugePages.TRY || this.hugePages == HugePages.REQUIRE;
	}

	/**
	 * Return whether there is advice that has to come before the pages are in memory.
	 */
	boolean needsTuning() {
		return this.hugePages != null || !this.advice.isEmpty() || this.dontDump || this.dontFork;
	}

	/**
	 * Return the option that advice would undo, or {@code null} if it undoes none.
	 */
	@Nullable String undoneBy(Advice advice) {
		return (this.dontDump && advice.equals(Advice.DO_DUMP)) ? "dont-dump"
				: (this.dontFork && advice.equals(Advice.DO_FORK)) ? "dont-fork" : null;
	}

	/**
	 * Return the first option that only the native mapper knows and that cannot be left
	 * out, or {@code null} if there is none.
	 */
	@Nullable String needingNativeMapper() {
		Map<String, Boolean> options = new LinkedHashMap<>();
		options.put("protection", this.protection != null);
		options.put("locked", this.locked);
		options.put("dont-dump", this.dontDump);
		options.put("dont-fork", this.dontFork);
		options.put("no-reserve", this.noReserve);
		options.put("map-32bit", this.map32Bit);
		options.put("huge-pages: require", this.hugePages == HugePages.REQUIRE);
		options.put("copy", this.copy);
		options.put("map-sync", this.mapSync);
		options.put("reserve", this.reserve != null);
		options.put("flags", this.flags != 0);
		options.put("protection-bits", this.protectionBits != 0);
		return options.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).findFirst().orElse(null);
	}

	/**
	 * Return the options that make no difference to what can be done with the memory, and
	 * so are left out where they are not to be had.
	 */
	List<String> leftOutByJdkMapper() {
		List<String> options = new ArrayList<>();
		if (!this.advice.isEmpty()) {
			options.add("advice");
		}
		if (this.populate) {
			options.add("populate");
		}
		if (this.hugePages == HugePages.TRY || this.hugePages == HugePages.NEVER) {
			options.add("huge-pages");
		}
		return options;
	}

}
