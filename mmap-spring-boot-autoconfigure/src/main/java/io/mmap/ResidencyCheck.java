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

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.CacheStatus;
import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Finds out how much of a range is in memory, by the first of the ways that can tell.
 */
final class ResidencyCheck {

	private final SystemCalls calls;

	private final Probes probes;

	private final MappingSpec spec;

	private final @Nullable BackingFile file;

	private final boolean sample;

	private final long maxScan;

	/**
	 * Create a check.
	 * @param maxScan how many bytes to look at page by page, where there is no other way:
	 * what the others cost depends on what is in memory only. With a limit this is one of
	 * many samples, for which not too many files are kept open.
	 */
	ResidencyCheck(SystemCalls calls, Probes probes, MappingSpec spec, @Nullable BackingFile file, long maxScan) {
		this.maxScan = maxScan;
		this.sample = maxScan != Long.MAX_VALUE;
		this.calls = calls;
		this.probes = probes;
		this.spec = spec;
		this.file = file;
	}

	/**
	 * Check a range that need not start and end at pages. Those of which it has a part
	 * only are asked for by themselves, or what they count for would be a guess.
	 * @param address of the page in which it starts
	 * @param fileOffset of that page in the file
	 * @param lead how many bytes of that page precede the range
	 * @param length the length of the range
	 */
	Residency ofParts(long address, long fileOffset, long lead, long length) {
		long page = this.calls.pageSize();
		long end = lead + length;
		Residency sum = null;
		long from = lead;
		while (from < end) {
			long start = from & -page;
			long to = (from > start || end - start < page) ? Math.min(start + page, end) : end & -page;
			Residency part = of(address + start, to - start, fileOffset + start, to - from);
			sum = (sum != null) ? sum(sum, part) : part;
			from = to;
		}
		return (sum != null) ? sum : Residency.unknown("the range is empty");
	}

	private static Residency sum(Residency one, Residency other) {
		Long resident = one.resident();
		Long more = other.resident();
		if (resident == null || more == null) {
			return Residency.unknown((resident == null) ? one.reason() : other.reason());
		}
		Long dirty = one.dirty();
		Long moreDirty = other.dirty();
		return new Residency(resident + more, (dirty != null && moreDirty != null) ? dirty + moreDirty : null,
				one.reason());
	}

	/**
	 * Check whole pages.
	 * @param address where they start
	 * @param span their length
	 * @param fileOffset where they start in the file
	 * @param length the length of the range that they contain
	 */
	Residency of(long address, long span, long fileOffset, long length) {
		return (this.spec.isShared() && this.file != null) ? ofFile(address, span, fileOffset, length, this.file)
				: ofPageTables(address, span, length);
	}

	private Residency ofFile(long address, long span, long fileOffset, long length, BackingFile file) {
		String why = whyNoCachestat(file);
		if (why == null) {
			try {
				int descriptor = (this.sample) ? file.descriptorForSamples() : file.descriptor();
				if (descriptor >= 0 && !file.hasPagesElsewhere(descriptor)) {
					return ofCachestat(descriptor, span, fileOffset, length);
				}
				why = (descriptor >= 0) ? "the pages are those of a file system below this one"
						: "too many files would have to be kept open";
			}
			catch (SystemCallException ex) {
				why = describe(ex);
			}
		}
		if (!file.isOurs()) {
			return Residency.unknown("cachestat cannot tell (" + why
					+ "), and mincore tells the truth only to who owns the file or may write it");
		}
		return ofMincore(address, span, length, "mincore: what of the file is in the page cache");
	}

	private @Nullable String whyNoCachestat(BackingFile file) {
		if (!file.isRegularFile()) {
			return "it is for regular files";
		}
		return (this.probes.isAvailable("cachestat")) ? null : this.probes.reason("cachestat");
	}

	private Residency ofCachestat(int descriptor, long span, long fileOffset, long length) throws SystemCallException {
		CacheStatus status = this.calls.cachestat(descriptor, fileOffset, span);
		// Of what exists in memory only nothing is ever to be written
		Long dirty = (this.spec.source() instanceof MappingSource.InMemoryFile) ? null
				: Long.valueOf(bytes(status.dirty() + status.writeback(), length));
		return new Residency(bytes(status.cached(), length), dirty, "cachestat: what of the file is in the page cache");
	}

	private Residency ofPageTables(long address, long span, long length) {
		boolean fileBehind = this.file != null && !this.spec.pages().copy();
		if (!this.spec.isShared() && this.probes.isAvailable("pagemap-scan")) {
			try {
				return new Residency(bytes(presentPages(this.calls, address, span), length), null,
						"pagemap: what is in the page tables of this process");
			}
			catch (SystemCallException ex) {
				return Residency.unknown(describe(ex));
			}
		}
		if (fileBehind) {
			return Residency
				.unknown("private pages are counted in the page tables, and " + this.probes.reason("pagemap-scan"));
		}
		return ofMincore(address, span, length, "mincore: what is in memory");
	}

	/**
	 * Count the pages that are in the page tables of this process.
	 */
	static long presentPages(SystemCalls calls, long address, long span) throws SystemCallException {
		long page = calls.pageSize();
		int pagemap = calls.open(UserfaultfdTracker.PAGEMAP, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
		try {
			return calls.countPages(pagemap, address, (address + span + page - 1) & -page, Linux.PAGE_IS_PRESENT,
					Linux.PAGE_IS_PFNZERO);
		}
		finally {
			calls.close(pagemap);
		}
	}

	private Residency ofMincore(long address, long span, long length, String source) {
		if (span > this.maxScan) {
			return Residency.unknown("only mincore can tell, which looks at each page: too many for a description."
					+ " MappedRange.residency takes the time");
		}
		try {
			return new Residency(bytes(this.calls.mincore(address, span), length), null, source);
		}
		catch (SystemCallException ex) {
			return Residency.unknown(describe(ex));
		}
	}

	/**
	 * Count no more bytes than the range has, of which the last page need not be full.
	 */
	private long bytes(long pages, long length) {
		return Math.min(pages * this.calls.pageSize(), length);
	}

	/**
	 * Say what failed, without paths: who asks may not be meant to know them.
	 */
	private static String describe(SystemCallException ex) {
		return (ex.call().equals("open") && ex.errno() == Errno.ENOENT) ? "the file is no longer at its path"
				: ex.call() + " failed with " + Errno.describe(ex.errno());
	}

}
