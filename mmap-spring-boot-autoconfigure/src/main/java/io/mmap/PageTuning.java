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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Does to pages that are mapped what the options of a spec say and {@code mmap(2)} cannot
 * do: in this order, since pages that are in memory do not become huge by advice.
 */
final class PageTuning {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final SystemCalls calls;

	private final Probes probes;

	PageTuning(SystemCalls calls, Probes probes) {
		this.calls = calls;
		this.probes = probes;
	}

	/**
	 * Give advice, bring pages into memory and keep them there, as far as that is asked
	 * for.
	 */
	void tune(MappingSpec spec, PageArea area) throws SystemCallException {
		withhold(spec, area.address(), area.length());
		prefer(spec, area.address(), area.length());
		if (spec.pages().needsTuning()) {
			populate(spec, area.address(), area.length());
		}
		requireAndLock(spec, area);
	}

	/**
	 * Keep the memory out of core dumps and forked processes, if that is asked for.
	 */
	void withhold(MappingSpec spec, long address, long length) throws SystemCallException {
		if (spec.pages().dontDump()) {
			this.calls.madvise(address, length, Linux.MADV_DONTDUMP);
		}
		if (spec.pages().dontFork()) {
			this.calls.madvise(address, length, Linux.MADV_DONTFORK);
		}
	}

	/**
	 * Do what has to work.
	 */
	void requireAndLock(MappingSpec spec, PageArea area) throws SystemCallException {
		if (spec.pages().hugePages() == HugePages.REQUIRE) {
			requireHugePages(spec, area);
		}
		// MAP_LOCKED is silent about pages that could not be brought in
		lock(spec, area);
	}

	/**
	 * Do again what is done to pages, when others have taken their place.
	 */
	void renew(MappingSpec spec, PageArea area) throws SystemCallException {
		prefer(spec, area.address(), area.length());
		lock(spec, area);
	}

	private void lock(MappingSpec spec, PageArea area) throws SystemCallException {
		if (spec.pages().locked()) {
			this.calls.mlock(area.address(), area.length());
		}
	}

	/**
	 * Bring pages into memory, as far as that goes, if that is asked for.
	 */
	void populate(MappingSpec spec, long address, long length) {
		if (spec.pages().populate()) {
			prefer(spec, address, length, populating(spec), "populate");
		}
	}

	private static int populating(MappingSpec spec) {
		return (spec.protection().contains(Protection.WRITE)) ? Linux.MADV_POPULATE_WRITE : Linux.MADV_POPULATE_READ;
	}

	/**
	 * Give advice, which need not be heeded.
	 */
	void prefer(MappingSpec spec, long address, long length) {
		HugePages hugePages = spec.pages().hugePages();
		Capability missing = (hugePages == HugePages.TRY) ? missingHugePages() : null;
		if (missing != null) {
			logger.info("Mapping " + spec + " without huge pages: " + missing.reason());
		}
		else if (hugePages == HugePages.TRY || hugePages == HugePages.REQUIRE) {
			prefer(spec, address, length, Linux.MADV_HUGEPAGE, "huge-pages");
		}
		else if (hugePages == HugePages.NEVER) {
			prefer(spec, address, length, Linux.MADV_NOHUGEPAGE, "huge-pages");
		}
		for (Advice advice : spec.pages().advice()) {
			if (advice.equals(Advice.RANDOM) && spec.isShared()) {
				logger.warn("Mapping " + spec + " with advice random: kernels from 6.4 on evict such pages eagerly."
						+ " Measure whether it is faster than normal");
			}
			prefer(spec, address, length, advice.number(),
					(advice.isNumberOnly()) ? advice.toString() : "advice " + advice);
		}
	}

	private @Nullable Capability missingHugePages() {
		Capability found = this.probes.get("transparent-huge-pages");
		return (found.available()) ? null : found;
	}

	private void prefer(MappingSpec spec, long address, long length, int advice, String option) {
		try {
			this.calls.madvise(address, length, advice);
		}
		catch (SystemCallException ex) {
			logger.info("Mapping " + spec + " without option '" + option + "', which the system refused: "
					+ ex.getMessage());
		}
	}

	private void requireHugePages(MappingSpec spec, PageArea area) throws SystemCallException {
		long huge = PageSize.transparentHuge().orElse(0);
		if (huge == 0) {
			throw new UnsupportedMappingOperationException(
					"Cannot map " + spec + ": huge-pages are required, and this kernel has none. Use 'try'.");
		}
		this.calls.madvise(area.address(), area.length(), Linux.MADV_HUGEPAGE);
		long start = (area.address() + huge - 1) & -huge;
		long end = (area.address() + area.length()) & -huge;
		// What was aligned is rounded up, and would waste most of a huge page
		if (end <= start || area.usable() < huge) {
			throw new InvalidMappingException("mapping of " + spec.source(), "huge-pages",
					"huge-pages are required, but " + area.usable() + " bytes do not fill one of " + huge + " bytes",
					"Use a larger length, or 'try'.");
		}
		this.calls.madvise(start, end - start, (spec.pages().copy()) ? Linux.MADV_POPULATE_WRITE : populating(spec));
		this.calls.madvise(start, end - start, Linux.MADV_COLLAPSE);
	}

}
