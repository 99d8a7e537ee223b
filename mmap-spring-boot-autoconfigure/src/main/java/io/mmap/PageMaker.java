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

import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Makes pages of what is open, with the options of a spec. Each method leaves nothing
 * mapped when it fails.
 */
final class PageMaker {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	/** How much is copied between two points at which the JVM can collect garbage. */
	private static final long COPY_PIECE = 1 << 20;

	/** No processor has smaller ones. */
	static final long SMALLEST_HUGE_PAGE = 1 << 16;

	private final SystemCalls calls;

	private final Probes probes;

	private final PageTuning tuning;

	private final Resizing resizing;

	private final long pageSize;

	PageMaker(SystemCalls calls, Probes probes) {
		this.calls = calls;
		this.pageSize = calls.pageSize();
		this.probes = probes;
		this.tuning = new PageTuning(calls, probes);
		this.resizing = new Resizing(calls, this.tuning);
	}

	PageTuning tuning() {
		return this.tuning;
	}

	Resizing resizing() {
		return this.resizing;
	}

	SystemCalls calls() {
		return this.calls;
	}

	Probes probes() {
		return this.probes;
	}

	static int bits(Set<Protection> protection) {
		// Without an iterator, as each mapping comes along here
		int bits = (protection.contains(Protection.READ)) ? Linux.PROT_READ : Linux.PROT_NONE;
		bits |= (protection.contains(Protection.WRITE)) ? Linux.PROT_WRITE : Linux.PROT_NONE;
		return bits | ((protection.contains(Protection.EXECUTE)) ? Linux.PROT_EXEC : Linux.PROT_NONE);
	}

	/**
	 * Map a range of what a descriptor is open on, or copy it.
	 * @param status what that is
	 */
	PageArea map(MappingSpec spec, FileRange range, int descriptor, FileStatus status) throws SystemCallException {
		if (range.length() == 0) {
			return new PageArea(0, 0, 0, 0, 0, this.pageSize, 0);
		}
		if (spec.pages().copy()) {
			return copy(spec, range, descriptor);
		}
		long hugePageSize = (status.blockSize() >= SMALLEST_HUGE_PAGE) ? this.calls.hugePageSize(descriptor) : 0;
		if (hugePageSize > 0 && spec.pages().reserve() != null) {
			throw new UnsupportedMappingOperationException(
					"Cannot map " + spec + ": a file of huge pages from the pool cannot grow. Leave out 'reserve'.");
		}
		long lead = range.offset() & (Math.max(hugePageSize, this.pageSize) - 1);
		return map(spec, lead, range.length(), descriptor, range.offset() - lead, hugePageSize,
				!status.isRegularFile());
	}

	/**
	 * Map new memory.
	 * @param descriptor of the in-memory file, or -1 for anonymous memory
	 * @param hugePageSize the size of the huge pages from the pool, or 0 for others
	 */
	PageArea mapNew(MappingSpec spec, int descriptor, long hugePageSize) throws SystemCallException {
		long length = (spec.length() != null) ? spec.length() : 0;
		return map(spec, 0, length, descriptor, 0, hugePageSize, false);
	}

	private PageArea map(MappingSpec spec, long lead, long usable, int descriptor, long offset, long hugePageSize,
			boolean device) throws SystemCallException {
		PageOptions options = spec.pages();
		checkPlatform(spec);
		int protection = bits(spec.protection()) | options.protectionBits();
		int flags = flags(spec, descriptor, hugePageSize);
		long length = (hugePageSize > 0) ? roundUp(lead + usable, hugePageSize) : lead + usable;
		PageArea area;
		if (options.reserve() != null) {
			area = inReservation(lead, usable, options.reserve(), protection, flags, descriptor, offset);
		}
		else if (descriptor < 0 && hugePageSize == 0 && options.wantsHugePages()) {
			area = aligned(usable, protection, flags);
		}
		else {
			long address = this.calls.mmap(0, length, protection, flags, descriptor, offset);
			area = area(address, lead, usable, length, length, hugePageSize);
		}
		try {
			this.tuning.tune(spec, area);
			if (device && spec.protection().contains(Protection.READ)) {
				checkBehind(spec, area);
			}
		}
		catch (SystemCallException | RuntimeException | Error ex) {
			discard(area, ex);
			throw ex;
		}
		return area;
	}

	/**
	 * Describe what was just mapped, or unmap it, as there may be no heap to describe it.
	 */
	private PageArea area(long address, long lead, long usable, long length, long reserved, long hugePageSize) {
		try {
			return new PageArea(address, lead, usable, length, reserved, this.pageSize, hugePageSize);
		}
		catch (Error ex) {
			unmap(address, reserved, ex);
			throw ex;
		}
	}

	/**
	 * Make pages of what was just mapped, or unmap it.
	 */
	NativePages pages(MappingSpec spec, PageArea area, @Nullable BackingFile file) {
		try {
			return new NativePages(this, spec, area, file, false);
		}
		catch (Error ex) {
			discard(area, ex);
			throw ex;
		}
	}

	/**
	 * Refuse a range that a device does not have, as {@code /dev/zero} at an offset if it
	 * is shared: that can be mapped, but the first access may end the JVM.
	 */
	private void checkBehind(MappingSpec spec, PageArea area) throws SystemCallException {
		try {
			long page = this.pageSize;
			this.calls.madvise(area.address(), page, Linux.MADV_POPULATE_READ);
			this.calls.madvise(area.address() + roundUp(area.length(), page) - page, page, Linux.MADV_POPULATE_READ);
		}
		catch (SystemCallException ex) {
			if (ex.errno() == Errno.EFAULT) {
				throw new MappedRangeException("Cannot map " + spec,
						"offset " + spec.offset() + " + length " + area.usable() + " goes beyond what the device has",
						"Use a smaller offset or length.", ex.errno(), ex);
			}
			// Else the kernel or the device does not know this way to ask
		}
	}

	private static void checkPlatform(MappingSpec spec) {
		if (spec.pages().map32Bit() && !Linux.hasMap32Bit()) {
			throw new UnsupportedMappingOperationException("Cannot map " + spec
					+ ": option 'map-32bit' exists on x86-64 only, and this is " + System.getProperty("os.arch"));
		}
	}

	static int flags(MappingSpec spec, int descriptor, long hugePageSize) {
		PageOptions options = spec.pages();
		int flags = (!spec.isShared()) ? Linux.MAP_PRIVATE
				: (descriptor < 0) ? Linux.MAP_SHARED : Linux.MAP_SHARED_VALIDATE;
		flags |= (descriptor < 0) ? Linux.MAP_ANONYMOUS : 0;
		if (!options.needsTuning()) {
			// Or it would be in memory before it is known how
			flags |= (options.locked()) ? Linux.MAP_LOCKED : 0;
			flags |= (options.populate()) ? Linux.MAP_POPULATE : 0;
		}
		flags |= (options.noReserve()) ? Linux.MAP_NORESERVE : 0;
		flags |= (options.map32Bit()) ? Linux.MAP_32BIT : 0;
		flags |= (options.mapSync()) ? Linux.MAP_SYNC : 0;
		if (hugePageSize > 0 && descriptor < 0) {
			flags |= Linux.MAP_HUGETLB | (Long.numberOfTrailingZeros(hugePageSize) << Linux.MAP_HUGE_SHIFT);
		}
		return flags | options.flags();
	}

	private PageArea inReservation(long lead, long usable, long reserve, int protection, int flags, int descriptor,
			long offset) throws SystemCallException {
		long reserved = roundUp(lead + reserve, this.pageSize);
		long address = this.calls.mmap(0, reserved, Linux.PROT_NONE, reservationFlags() | (flags & Linux.MAP_32BIT), -1,
				0);
		PageArea area = area(address, lead, usable, lead + usable, reserved, 0);
		try {
			this.calls.mmap(address, lead + usable, protection, (flags & ~Linux.MAP_32BIT) | Linux.MAP_FIXED,
					descriptor, offset);
			return area;
		}
		catch (SystemCallException | RuntimeException | Error ex) {
			discard(area, ex);
			throw ex;
		}
	}

	static int reservationFlags() {
		return Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_NORESERVE;
	}

	/**
	 * Map whole huge pages of anonymous memory, where they can be huge.
	 */
	private PageArea aligned(long usable, int protection, int flags) throws SystemCallException {
		long huge = PageSize.transparentHuge().orElse(this.pageSize);
		long length = roundUp(usable, huge);
		long address = this.calls.mmap(0, length + huge, protection, flags, -1, 0);
		long start = roundUp(address, huge);
		PageArea all = area(address, 0, usable, length + huge, length + huge, 0);
		try {
			if (start > address) {
				this.calls.munmap(address, start - address);
			}
			all = new PageArea(start, 0, usable, length, address + huge + length - start, this.pageSize, 0);
			if (all.reserved() > length) {
				this.calls.munmap(start + length, all.reserved() - length);
			}
			return new PageArea(start, 0, usable, length, length, this.pageSize, 0);
		}
		catch (SystemCallException | RuntimeException | Error ex) {
			discard(all, ex);
			throw ex;
		}
	}

	/**
	 * Copy a range of a file into private memory.
	 */
	private PageArea copy(MappingSpec spec, FileRange range, int descriptor) throws SystemCallException {
		PageOptions options = spec.pages();
		checkPlatform(spec);
		int writable = Linux.PROT_READ | Linux.PROT_WRITE;
		int flags = flags(spec, -1, 0) & ~(Linux.MAP_LOCKED | Linux.MAP_POPULATE);
		PageArea area;
		if (options.wantsHugePages()) {
			area = aligned(range.length(), writable, flags);
		}
		else {
			long address = this.calls.mmap(0, range.length(), writable, flags, -1, 0);
			area = area(address, 0, range.length(), range.length(), range.length(), 0);
		}
		try {
			this.tuning.withhold(spec, area.address(), area.length());
			this.tuning.prefer(spec, area.address(), area.length());
			fill(spec, area, range, descriptor);
			this.tuning.requireAndLock(spec, area);
			int protection = bits(spec.protection()) | options.protectionBits();
			if (protection != writable) {
				this.calls.mprotect(area.address(), area.length(), protection);
			}
			return area;
		}
		catch (SystemCallException | RuntimeException | Error ex) {
			discard(area, ex);
			throw ex;
		}
	}

	private void fill(MappingSpec spec, PageArea area, FileRange range, int descriptor) throws SystemCallException {
		long done = 0;
		while (done < range.length()) {
			long read = this.calls.pread(descriptor, area.address() + done, Math.min(COPY_PIECE, range.length() - done),
					range.offset() + done);
			if (read == 0) {
				throw new MappedRangeException("Cannot map " + spec,
						"the file was truncated to " + (range.offset() + done) + " bytes while it was being copied",
						"Replace files by renaming a new one over them.", 0, null);
			}
			done += read;
		}
	}

	/**
	 * Return the size of huge pages from the pool that a spec asks for.
	 */
	static long hugePageSize(MappingSpec spec) {
		Long size = spec.pages().hugePageSize();
		return (size != null) ? size : DefaultHugePage.SIZE;
	}

	/**
	 * Unmap pages after a failure.
	 */
	void discard(PageArea area, Throwable failure) {
		if (area.reserved() > 0) {
			unmap(area.address(), area.reserved(), failure);
		}
	}

	private void unmap(long address, long length, Throwable failure) {
		try {
			this.calls.munmap(address, length);
		}
		catch (SystemCallException ex) {
			failure.addSuppressed(ex);
		}
	}

	static long roundUp(long value, long multiple) {
		return (value + multiple - 1) & -multiple;
	}

	/**
	 * The default of the system, read when it is needed.
	 */
	private static final class DefaultHugePage {

		static final long SIZE = new ProcessLimits().defaultHugePageSize().orElse(0);

		private DefaultHugePage() {
		}

	}

	/**
	 * Return what is to be said when huge pages were only tried.
	 */
	static void logWithoutPool(MappingSpec spec, SystemCallException failure) {
		logger.info("Mapping " + spec + " without huge pages from the pool"
				+ ((failure.errno() == Errno.ENOMEM) ? ", which has not enough of them: " : ": ")
				+ failure.getMessage());
	}

}
