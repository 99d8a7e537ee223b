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

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Pages that {@code mmap(2)} has mapped.
 */
final class NativePages implements Pages {

	private final PageMaker maker;

	private final MappingSpec spec;

	/**
	 * Where the pages are. Follows them if they move, also when those who describe them
	 * from then on cannot be published: whoever unmaps these must not unmap what is there
	 * by then.
	 */
	private PageArea area;

	private final @Nullable BackingFile file;

	private volatile boolean writeSealed;

	/**
	 * Whether there is no access to the pages, as they could not be withheld.
	 */
	private volatile boolean inaccessible;

	/**
	 * Made with the first preload.
	 */
	private volatile @Nullable CachedPreload cachedPreload;

	/**
	 * Whether the pages were unmapped, or are described by others now.
	 */
	private boolean gone;

	private volatile @Nullable WriteTracker tracker;

	/**
	 * Create pages.
	 * @param maker maps more of them
	 * @param spec what was asked for
	 * @param area where they are
	 * @param file what is behind them, if anything
	 * @param writeSealed whether they can never be written any more
	 */
	NativePages(PageMaker maker, MappingSpec spec, PageArea area, @Nullable BackingFile file, boolean writeSealed) {
		this.maker = maker;
		this.spec = spec;
		this.area = area;
		this.file = file;
		this.writeSealed = writeSealed;
	}

	PageArea area() {
		return this.area;
	}

	private SystemCalls calls() {
		return this.maker.calls();
	}

	/**
	 * Make the pages accessible, or unmap them. What is behind them is left to whoever
	 * has opened it, if that fails.
	 */
	MappedMemory accessible(@Nullable FileVersion version, Arena arena) {
		try {
			MemorySegment segment = calls().segment(this.area.first(), this.area.usable(), arena);
			return MappedMemory.of(segment, this, version, this.spec.protection());
		}
		catch (RuntimeException | Error ex) {
			discard(ex);
			throw ex;
		}
	}

	/**
	 * Unmap the pages after a failure, and leave what is behind them to whoever has
	 * opened it.
	 */
	void discard(Throwable failure) {
		this.maker.discard(this.area, failure);
	}

	@Override
	public MemorySegment segment(MappingArena arena, long length) {
		return calls().segment(this.area.first(), length, arena.arena());
	}

	@Override
	public void flush(MemorySegment segment, long offset, long length) throws SystemCallException {
		if (length > 0) {
			calls().msync(start(offset), span(offset, length), Linux.MS_SYNC);
		}
	}

	@Override
	public void startFlush(long offset, long length) throws SystemCallException {
		if (length > 0 && this.file != null) {
			calls().startWriting(this.file.descriptor(), fileOffset(offset), span(offset, length));
		}
	}

	@Override
	public void advise(Advice advice, long offset, long length) throws SystemCallException {
		String undone = this.spec.pages().undoneBy(advice);
		if (undone != null) {
			throw new UnsupportedMappingOperationException("Advice " + advice + " is refused, as " + this.spec
					+ " is mapped with option '" + undone + "'. Map it without that option.");
		}
		if (length > 0) {
			calls().madvise(start(offset), span(offset, length), advice.number());
		}
	}

	@Override
	public void discard(DestructiveAdvice advice, long offset, long length) throws SystemCallException {
		Discarding.check(this.spec, advice, this.area, offset, length);
		if (advice == DestructiveAdvice.REMOVE && this.writeSealed) {
			throw new UnsupportedMappingOperationException(
					"Nothing can be removed from " + this.spec.source() + ", which is sealed against writing");
		}
		if (advice == DestructiveAdvice.REMOVE && this.file != null) {
			Discarding.checkEnd(this.spec, this.area, offset, length, calls().fstat(this.file.descriptor()).size());
		}
		if (length > 0) {
			calls().madvise(start(offset), span(offset, length), advice.number());
		}
	}

	@Override
	public void lock(long offset, long length, boolean onFault) throws SystemCallException {
		if (length == 0) {
			return;
		}
		if (onFault) {
			calls().mlock2(start(offset), span(offset, length), Linux.MLOCK_ONFAULT);
		}
		else {
			calls().mlock(start(offset), span(offset, length));
		}
	}

	@Override
	public void unlock(long offset, long length) throws SystemCallException {
		if (length > 0) {
			calls().munlock(start(offset), span(offset, length));
		}
	}

	@Override
	public void prefault(long offset, long length, boolean forWriting) throws SystemCallException {
		if (length > 0) {
			calls().madvise(start(offset), span(offset, length),
					(forWriting) ? Linux.MADV_POPULATE_WRITE : Linux.MADV_POPULATE_READ);
		}
	}

	@Override
	public void preload(MemorySegment segment, long offset, long length) throws SystemCallException {
		if (length == 0 || touchIfCached(segment.asSlice(offset, length), offset)) {
			return;
		}
		try {
			prefault(offset, length, false);
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EINVAL) {
				throw ex;
			}
			// Before Linux 5.14
			CachedPiece.touch(segment.asSlice(offset, length), PageSize.base());
		}
	}

	/**
	 * Bring a piece into the page tables that is in the page cache.
	 * @return whether that was done
	 */
	private boolean touchIfCached(MemorySegment memory, long offset) {
		int number = (int) (offset / Preloader.PIECE_LENGTH);
		CachedPreload preload = cachedPreload();
		BackingFile file = this.file;
		if (preload.isToBePopulated(number) || file == null || !canBeTouched()) {
			return false;
		}
		return preload.touch(number, memory,
				new CachedPiece(calls(), file, start(offset), fileOffset(offset), span(offset, memory.byteSize())));
	}

	private CachedPreload cachedPreload() {
		CachedPreload preload = this.cachedPreload;
		if (preload == null) {
			preload = new CachedPreload();
			this.cachedPreload = preload;
		}
		return preload;
	}

	private boolean canBeTouched() {
		// Private pages may be on a swap device, and tracked ones are mapped one by one
		return this.area.usable() >= CachedPiece.MIN_LENGTH && this.area.hugePageSize() == 0 && this.spec.isShared()
				&& this.tracker == null && this.maker.probes().isAvailable("cachestat")
				&& this.maker.probes().isAvailable("pagemap-scan");
	}

	@Override
	public Residency residency(long offset, long length, long maxScan) {
		if (length == 0) {
			return new Residency(0L, null, "the range is empty");
		}
		ResidencyCheck check = new ResidencyCheck(calls(), this.maker.probes(), this.spec, this.file, maxScan);
		long lead = this.area.first() + offset - start(offset);
		return (this.area.hugePageSize() > 0)
				? check.of(start(offset), span(offset, length), fileOffset(offset), length)
				: check.ofParts(start(offset), fileOffset(offset), lead, length);
	}

	@Override
	public @Nullable FileStatus fileStatus(boolean open) {
		return (this.file != null) ? this.file.status(open) : null;
	}

	@Override
	public int descriptor() {
		if (this.file == null || !this.file.isHandedOut()) {
			throw new UnsupportedMappingOperationException("A mapping of " + this.spec.source()
					+ " has no descriptor to hand out, only one of an in-memory file or of a descriptor has");
		}
		try {
			return this.file.descriptor();
		}
		catch (SystemCallException ex) {
			throw new IllegalStateException("It is open for as long as the pages are mapped", ex);
		}
	}

	@Override
	public synchronized WriteTracker trackWrites() throws SystemCallException {
		if (this.spec.access() == MappingAccess.READ_ONLY || this.area.length() == 0) {
			throw new UnsupportedMappingOperationException(
					"A mapping that cannot be written has no changes that could be tracked. Map it with access"
							+ " read-write or copy-on-write.");
		}
		this.maker.probes().require("change-tracking");
		WriteTracker former = this.tracker;
		if (former != null && !former.isClosed()) {
			throw new UnsupportedMappingOperationException(
					"A mapping of " + this.spec.source() + " is tracked already. Close that tracking first.");
		}
		WriteTracker tracker = UserfaultfdTracker.start(calls(), this.area);
		this.tracker = tracker;
		return tracker;
	}

	@Override
	public void addSeals(int seals) throws SystemCallException {
		calls().addSeals(descriptor(), seals);
	}

	@Override
	public void prepareProtect() {
	}

	@Override
	public void protect(Set<Protection> protection) throws SystemCallException {
		if (this.area.length() > 0) {
			calls().mprotect(this.area.address(), this.area.length(), bits(protection));
		}
	}

	@Override
	public boolean prepareResize(long length) throws SystemCallException {
		this.maker.resizing().check(this.spec, this.area, this.file, length);
		boolean longer = length > this.area.usable();
		if (longer) {
			this.maker.resizing().extendFile(this.spec, this.file, length);
		}
		return longer && this.spec.pages().reserve() != null;
	}

	@Override
	public synchronized Pages resize(long length, Set<Protection> protection) throws SystemCallException {
		// First, as there may be no heap for it when the pages have moved
		PageArea previous = this.area;
		PageArea resized = this.maker.resizing().resized(this.spec, previous, length);
		NativePages next = new NativePages(this.maker, this.spec, resized, this.file, this.writeSealed);
		next.inaccessible = this.inaccessible;
		this.maker.resizing().resize(this.spec, previous, resized, bits(protection), this.file);
		if (this.spec.pages().reserve() == null) {
			this.area = resized;
			this.maker.resizing().populateAdded(this.spec, previous, resized);
		}
		return next;
	}

	@Override
	public Pages sealWrite(int seals, Set<Protection> protection) throws SystemCallException {
		int descriptor = descriptor();
		int readable = bits(protection) & ~Linux.PROT_WRITE;
		NativePages sealed = new NativePages(this.maker, this.spec, this.area, this.file, true);
		try {
			// A private mapping does not count as one that can be written, and its pages
			// are those of the file as long as nobody writes, so that none is needed from
			// the pool
			remap(readable, Linux.MAP_PRIVATE | Linux.MAP_NORESERVE, descriptor);
			calls().addSeals(descriptor, seals);
		}
		catch (SystemCallException ex) {
			try {
				remap(bits(protection), Linux.MAP_SHARED_VALIDATE, descriptor);
			}
			catch (SystemCallException again) {
				// So nobody may write, who would find pages that cannot be written
				this.writeSealed = true;
				ex.addSuppressed(again);
			}
			throw ex;
		}
		return sealed;
	}

	/**
	 * Map anew what is mapped, and do again what the spec wants done after that. What is
	 * to be withheld is accessible only when it is.
	 */
	private void remap(int protection, int flags, int descriptor) throws SystemCallException {
		boolean withheld = this.spec.pages().dontDump() || this.spec.pages().dontFork();
		calls().mmap(this.area.address(), this.area.length(), (withheld) ? Linux.PROT_NONE : protection,
				flags | Linux.MAP_FIXED, descriptor, 0);
		if (withheld) {
			this.inaccessible = true;
			this.maker.tuning().withhold(this.spec, this.area.address(), this.area.length());
			calls().mprotect(this.area.address(), this.area.length(), protection);
			this.inaccessible = false;
		}
		this.maker.tuning().renew(this.spec, this.area);
	}

	@Override
	public void withhold(long address, long length) throws SystemCallException {
		this.maker.tuning().withhold(this.spec, address, length);
	}

	@Override
	public void moved() throws SystemCallException {
		this.maker.tuning().renew(this.spec, this.area);
	}

	@Override
	public boolean isWriteSealed() {
		return this.writeSealed;
	}

	@Override
	public boolean isInaccessible() {
		return this.inaccessible;
	}

	@Override
	public synchronized void supersededBy(Pages next) {
		closeTracker();
		if (next != this) {
			this.gone = true;
		}
	}

	private void closeTracker() {
		WriteTracker tracker = this.tracker;
		if (tracker != null) {
			tracker.close();
			this.tracker = null;
		}
	}

	@Override
	public synchronized void unmap() throws SystemCallException {
		if (this.gone) {
			return;
		}
		closeTracker();
		if (this.area.reserved() > 0) {
			calls().munmap(this.area.address(), this.area.reserved());
		}
		this.gone = true;
		if (this.file != null) {
			this.file.close();
		}
	}

	@Override
	public boolean reclaim() throws SystemCallException {
		unmap();
		return true;
	}

	private int bits(Set<Protection> protection) {
		return PageMaker.bits(protection) | this.spec.pages().protectionBits();
	}

	private long start(long offset) {
		return this.area.pageOf(offset);
	}

	/**
	 * Return the length of the pages that a range touches.
	 */
	private long span(long offset, long length) {
		long span = this.area.first() + offset + length - start(offset);
		long huge = this.area.hugePageSize();
		// Of what comes from the pool the system takes no part
		return (huge > 0) ? (span + huge - 1) & -huge : span;
	}

	private long fileOffset(long offset) {
		return this.spec.offset() - this.area.lead() + (start(offset) - this.area.address());
	}

}
