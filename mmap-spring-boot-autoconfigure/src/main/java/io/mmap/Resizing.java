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

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Gives pages another length: refuses one that cannot work, has the file contain what is
 * to be mapped, and then moves the end of the pages, or all of them.
 */
final class Resizing {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final SystemCalls calls;

	private final PageTuning tuning;

	private final long pageSize;

	Resizing(SystemCalls calls, PageTuning tuning) {
		this.calls = calls;
		this.tuning = tuning;
		this.pageSize = calls.pageSize();
	}

	/**
	 * Refuse a length that what is mapped cannot get.
	 */
	void check(MappingSpec spec, PageArea area, @Nullable BackingFile file, long length) {
		if (spec.pages().copy() || spec.source() instanceof MappingSource.Resource) {
			throw new UnsupportedMappingOperationException("A copy of " + spec.source() + " cannot be resized");
		}
		if (area.hugePageSize() > 0 || area.length() == 0) {
			throw new UnsupportedMappingOperationException("A mapping "
					+ ((area.length() == 0) ? "of no bytes" : "of huge pages from the pool") + " cannot be resized");
		}
		Long reserve = spec.pages().reserve();
		if (reserve != null && length > reserve) {
			throw new InvalidMappingException("length of a mapping of " + spec.source(), "reserve",
					"length " + length + " goes beyond what is reserved, " + reserve + " bytes",
					"Reserve more when it is mapped, or leave out 'reserve' to have it moved.");
		}
		if (file == null && length > MappingBuilder.MAX_LENGTH) {
			throw new InvalidMappingException("length of a mapping of " + spec.source(), "length",
					"length must be at most 2^62, but is " + length, "Use a smaller one.");
		}
		if (spec.pages().hugePages() == HugePages.REQUIRE) {
			throw new UnsupportedMappingOperationException(
					"A mapping that requires huge pages cannot be resized. Use 'try' for one that is to be.");
		}
		boolean longer = length > area.usable();
		if (longer && spec.isShared() && file != null && !file.isRegularFile()) {
			// As with anonymous memory
			throw new UnsupportedMappingOperationException("A shared mapping of a device cannot grow");
		}
		if (longer && reserve == null && spec.source() instanceof MappingSource.Anonymous && spec.isShared()) {
			// The system would do it, and end whoever accesses what was added
			throw new UnsupportedMappingOperationException("Shared anonymous memory cannot grow, unless within a"
					+ " 'reserve'. Reserve more when it is mapped, or use an in-memory file.");
		}
	}

	/**
	 * Have the file contain what is to be mapped.
	 */
	void extendFile(MappingSpec spec, @Nullable BackingFile file, long length) throws SystemCallException {
		if (file == null || !file.isRegularFile()) {
			return;
		}
		int descriptor = file.descriptor();
		FileStatus status = this.calls.fstat(descriptor);
		if (length > Long.MAX_VALUE - spec.offset()) {
			throw new InvalidMappingException("length of a mapping of " + spec.source(), "length",
					"offset + length must not exceed 2^63-1, but offset is " + spec.offset() + " and length is "
							+ length,
					"Use smaller values.");
		}
		long end = spec.offset() + length;
		if (end <= status.size()) {
			return;
		}
		if (spec.source() instanceof MappingSource.InMemoryFile) {
			this.calls.ftruncate(descriptor, end);
		}
		else if (spec.create()) {
			this.calls.allocate(descriptor, status.size(), end - status.size());
		}
		else {
			throw new MappedRangeException("Cannot resize the mapping of " + spec.source(),
					"offset " + spec.offset() + " + length " + length + " goes beyond the end of the file, which has "
							+ status.size() + " bytes",
					"Use a length of at most " + (status.size() - spec.offset())
							+ ", or map it with 'create' to have the file grown.",
					0, null);
		}
	}

	/**
	 * Describe pages that are to get another length, before they get it: afterwards there
	 * may be no heap to do so.
	 */
	PageArea resized(MappingSpec spec, PageArea area, long usable) {
		long length = area.lead() + usable;
		if (spec.pages().reserve() != null) {
			return new PageArea(area.address(), area.lead(), usable, length, area.reserved(), area.pageSize(), 0);
		}
		if (spec.source() instanceof MappingSource.Anonymous && spec.pages().wantsHugePages()) {
			length = PageMaker.roundUp(length, PageSize.transparentHuge().orElse(this.pageSize));
		}
		return new PageArea(area.address(), area.lead(), usable, length, length, area.pageSize(), 0);
	}

	/**
	 * Give pages another length.
	 * @param next describes them afterwards, also where they are
	 */
	void resize(MappingSpec spec, PageArea area, PageArea next, int protection, @Nullable BackingFile file)
			throws SystemCallException {
		if (spec.pages().reserve() == null) {
			// Where it would move to, nobody knows
			int flags = (spec.pages().map32Bit()) ? 0 : Linux.MREMAP_MAYMOVE;
			next.movedTo(this.calls.mremap(area.address(), area.length(), next.length(), flags));
			return;
		}
		long page = this.pageSize;
		long oldEnd = PageMaker.roundUp(area.length(), page);
		long newEnd = PageMaker.roundUp(next.length(), page);
		if (newEnd > oldEnd) {
			extend(spec, area.address() + oldEnd, newEnd - oldEnd, protection, spec.offset() - area.lead() + oldEnd,
					file);
		}
		else if (newEnd < oldEnd) {
			this.calls.mmap(area.address() + newEnd, oldEnd - newEnd, Linux.PROT_NONE,
					PageMaker.reservationFlags() | Linux.MAP_FIXED, -1, 0);
		}
	}

	/**
	 * Bring what was added to pages that may have moved into memory, which need not be
	 * done.
	 */
	void populateAdded(MappingSpec spec, PageArea area, PageArea next) {
		long oldEnd = PageMaker.roundUp(area.length(), this.pageSize);
		if (next.length() <= oldEnd) {
			return;
		}
		try {
			this.tuning.populate(spec, next.address() + oldEnd, next.length() - oldEnd);
		}
		catch (RuntimeException | Error ex) {
			logger.debug("What was added to mapping " + spec + " is brought into memory by those who use it", ex);
		}
	}

	private void extend(MappingSpec spec, long address, long length, int protection, long offset,
			@Nullable BackingFile file) throws SystemCallException {
		int descriptor = (file != null) ? file.descriptor() : -1;
		int flags = (PageMaker.flags(spec, descriptor, 0) & ~Linux.MAP_32BIT) | Linux.MAP_FIXED;
		try {
			this.calls.mmap(address, length, protection, flags, descriptor, (descriptor >= 0) ? offset : 0);
		}
		catch (SystemCallException | Error ex) {
			// Kernels before 6.12 may have unmapped what was there
			setAside(address, length, Linux.MAP_FIXED_NOREPLACE, ex);
			throw ex;
		}
		try {
			this.tuning.tune(spec, new PageArea(address, 0, length, length, length, this.pageSize, 0));
		}
		catch (SystemCallException | RuntimeException | Error ex) {
			setAside(address, length, Linux.MAP_FIXED, ex);
			throw ex;
		}
	}

	/**
	 * Set addresses aside again, after a system call that failed half-way.
	 */
	private void setAside(long address, long length, int flag, Throwable failure) {
		try {
			this.calls.mmap(address, length, Linux.PROT_NONE, PageMaker.reservationFlags() | flag, -1, 0);
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EEXIST) {
				failure.addSuppressed(ex);
			}
		}
		catch (Error ex) {
			Suppressed.add(failure, ex);
		}
	}

}
