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

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

import io.mmap.AskedMapping.Option;
import io.mmap.AskedMapping.Source;

/**
 * What the documentation of the options says is refused. Knows nothing of how that is
 * checked.
 */
final class ExpectedRefusals {

	private static final long LARGEST = 1L << 62;

	/** No disk has that much. */
	private static final long TOO_LARGE_FOR_A_DISK = 1L << 45;

	private final AskedMapping asked;

	private final Set<String> names = new TreeSet<>();

	private ExpectedRefusals(AskedMapping asked) {
		this.asked = asked;
	}

	/**
	 * Return the names of the options for which a mapping has to be refused. The refusal
	 * must name one of them.
	 * @return none if it has to be mapped, unless the machine cannot
	 */
	static Set<String> of(AskedMapping asked) {
		ExpectedRefusals expected = new ExpectedRefusals(asked);
		expected.ranges();
		expected.access();
		expected.pages();
		expected.life();
		expected.allocated();
		if (asked.mapper() == MapperType.JDK) {
			expected.jdkMapper();
		}
		return expected.names;
	}

	/**
	 * Return whether it depends on the machine whether it can be mapped.
	 */
	static boolean dependOnTheMachine(AskedMapping asked) {
		Long reserve = asked.number(Option.RESERVE);
		return asked.is(Option.LOCKED) || asked.is(Option.MAP_SYNC) || asked.is(Option.MAP_32_BIT)
				|| asked.has(Option.HUGE_PAGES, HugePages.REQUIRE) || asked.has(Option.HUGE_TLB, HugePages.REQUIRE)
				|| asked.has(Option.HUGE_PAGE_SIZE) || (asked.has(Option.FLAGS) && !asked.has(Option.FLAGS, 0))
				|| asked.protection().contains(Protection.EXECUTE) || (reserve != null && reserve > 1L << 40)
				|| (asked.isAllocated() && asked.length(1) > 1L << 30);
	}

	private void refusedIf(boolean condition, String... names) {
		if (condition) {
			this.names.addAll(Set.of(names));
		}
	}

	private void ranges() {
		long offset = this.asked.offset();
		boolean hasLength = this.asked.has(Option.LENGTH);
		long length = this.asked.length(0);
		refusedIf(offset < 0, "offset");
		refusedIf(hasLength && length <= 0, "length");
		boolean overflows = offset > 0 && length > 0 && offset + length < 0;
		refusedIf(overflows, "length");
		if (this.asked.isAllocated() || offset < 0 || length < 0 || overflows) {
			return;
		}
		if (this.asked.is(Option.CREATE)) {
			refusedIf(offset + length > TOO_LARGE_FOR_A_DISK, "length");
			return;
		}
		refusedIf(this.asked.source() == Source.MISSING_FILE, "file");
		refusedIf(hasLength && offset + length > AskedMapping.SIZE, "length");
		refusedIf(offset > AskedMapping.SIZE, "offset");
	}

	private void access() {
		boolean readWrite = this.asked.access() == MappingAccess.READ_WRITE;
		refusedIf(this.asked.is(Option.CREATE) && (!readWrite || !this.asked.has(Option.LENGTH)), "create");
		refusedIf(this.asked.is(Option.EXCLUSIVE) && !readWrite, "exclusive");
		refusedIf(this.asked.is(Option.COPY)
				&& (readWrite || this.asked.is(Option.MAP_SYNC) || this.asked.has(Option.RESERVE)), "copy");
		refusedIf(this.asked.is(Option.MAP_SYNC) && this.asked.access() == MappingAccess.COPY_ON_WRITE, "map-sync");
		Set<Protection> protection = this.asked.protection();
		boolean write = protection.contains(Protection.WRITE);
		refusedIf(write && this.asked.access() == MappingAccess.READ_ONLY, "protection");
		refusedIf(write && protection.contains(Protection.EXECUTE) && !this.asked.is(Option.WRITABLE_AND_EXECUTABLE),
				"protection");
		refusedIf(
				protection.isEmpty()
						&& (this.asked.is(Option.LOCKED) || this.asked.has(Option.HUGE_PAGES, HugePages.REQUIRE)),
				"protection");
	}

	private void pages() {
		Long reserve = this.asked.number(Option.RESERVE);
		boolean withoutLength = !this.asked.isAllocated() && !this.asked.has(Option.LENGTH);
		refusedIf(reserve != null && (withoutLength || reserve > LARGEST || reserve < this.asked.length(4096)),
				"reserve");
		boolean privateAnonymous = this.asked.source() == Source.ANONYMOUS && !this.asked.is(Option.SHARED);
		refusedIf(this.asked.has(Option.ADVICE, Advice.WIPE_ON_FORK) && !privateAnonymous, "advice");
		refusedIf(this.asked.has(Option.FLAGS) && !this.asked.has(Option.FLAGS, 0)
				&& !this.asked.has(Option.FLAGS, 0x20000), "flags");
		refusedIf(this.asked.has(Option.PROTECTION_BITS) && !this.asked.has(Option.PROTECTION_BITS, 0),
				"protection-bits");
		refusedIf(
				this.asked.has(Option.LABEL, "a\nb") || this.asked.has(Option.LABEL, "\u2028")
						|| (this.asked.options().get(Option.LABEL) instanceof String label && label.length() > 200),
				"label");
	}

	private void life() {
		boolean readOnly = this.asked.access() == MappingAccess.READ_ONLY;
		boolean readWrite = this.asked.access() == MappingAccess.READ_WRITE;
		boolean guard = this.asked.has(Option.TRUNCATION, TruncationPolicy.GUARD);
		refusedIf(this.asked.is(Option.LAZY), "lazy");
		refusedIf(this.asked.is(Option.RELOAD_ON_UPDATE) && !readOnly, "reload-on-update");
		refusedIf(guard && (!readOnly || this.asked.is(Option.COPY)), "truncation");
		refusedIf(this.asked.options().get(Option.FLUSH_INTERVAL) instanceof Duration interval
				&& (!readWrite || interval.toNanos() < 1_000_000), "flush-interval");
		refusedIf(this.asked.is(Option.FLUSH_ON_UNMAP) && !readWrite, "flush-on-unmap");
		refusedIf(
				this.asked.is(Option.CONFINED) && (guard || this.asked.is(Option.LAZY) || this.asked.is(Option.PRELOAD)
						|| this.asked.is(Option.RELOAD_ON_UPDATE) || this.asked.has(Option.FLUSH_INTERVAL)),
				"confined");
	}

	private void allocated() {
		boolean pool = this.asked.has(Option.HUGE_TLB) && !this.asked.has(Option.HUGE_TLB, HugePages.NEVER);
		Long pageSize = this.asked.number(Option.HUGE_PAGE_SIZE);
		refusedIf(this.asked.isAllocated() && this.asked.length(0) > LARGEST, "length");
		refusedIf(pageSize != null && (!pool || Long.bitCount(pageSize) != 1 || pageSize < 4096), "huge-page-size");
		refusedIf(pool && this.asked.has(Option.RESERVE), "reserve");
		refusedIf(pool && this.asked.is(Option.NO_RESERVE), "no-reserve");
		refusedIf(this.asked.has(Option.SEALS, Seal.WRITE), "seals");
	}

	private void jdkMapper() {
		refusedIf(this.asked.isAllocated() || this.asked.source() == Source.DESCRIPTOR, "source");
		refusedIf(this.asked.has(Option.PROTECTION), "protection");
		refusedIf(this.asked.is(Option.LOCKED), "locked");
		refusedIf(this.asked.is(Option.NO_RESERVE), "no-reserve");
		refusedIf(this.asked.is(Option.MAP_32_BIT), "map-32bit");
		refusedIf(this.asked.is(Option.COPY), "copy");
		refusedIf(this.asked.is(Option.MAP_SYNC), "map-sync");
		refusedIf(this.asked.is(Option.CONFINED), "confined");
		refusedIf(this.asked.has(Option.RESERVE), "reserve");
		refusedIf(this.asked.has(Option.HUGE_PAGES, HugePages.REQUIRE), "huge-pages");
		refusedIf(this.asked.has(Option.FLAGS, 0x20000), "flags");
	}

}
