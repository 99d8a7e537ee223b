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

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.StampedLock;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.SystemCallException;

/**
 * The handle that applications get.
 */
final class DefaultMemoryMapping implements MemoryMapping {

	private final MappingEntry entry;

	private final Arena arena;

	private final MemorySegment segment;

	private final DefaultMappingRegistry registry;

	/**
	 * Held for reading while something uses the pages by address, which the arena cannot
	 * know of, and for writing to unmap.
	 */
	private final StampedLock guard = new StampedLock();

	/**
	 * The stack that closed the arena.
	 */
	private volatile @Nullable Throwable closedBy;

	private volatile boolean unmapped;

	DefaultMemoryMapping(MappingEntry entry, Arena arena, MemorySegment segment, DefaultMappingRegistry registry) {
		this.entry = entry;
		this.arena = arena;
		this.segment = segment;
		this.registry = registry;
	}

	@Override
	public String name() {
		return this.entry.name();
	}

	@Override
	public long address() {
		return segment().address();
	}

	@Override
	public long length() {
		return this.entry.length();
	}

	@Override
	public MemorySegment segment() {
		if (this.closedBy != null) {
			throw closed(this.closedBy);
		}
		return this.segment;
	}

	@Override
	public ByteBuffer asByteBuffer() {
		MemorySegment segment = segment();
		if (segment.byteSize() > Integer.MAX_VALUE) {
			throw new UnsupportedMappingOperationException("Mapping " + this.entry + " is longer than a ByteBuffer can"
					+ " be, 2147483647 bytes. Use segment(), or segment().asSlice(offset, length).asByteBuffer().");
		}
		return segment.asByteBuffer();
	}

	@Override
	public void flush() {
		if (this.entry.access() != MappingAccess.READ_WRITE) {
			throw new UnsupportedMappingOperationException(
					"Mapping " + this.entry + " cannot be flushed: its access is " + Text.of(this.entry.access())
							+ ", so nothing of it is ever written to the file." + " Map it with access read-write.");
		}
		long stamp = this.guard.readLock();
		try {
			this.entry.pages().flush(segment());
		}
		catch (SystemCallException ex) {
			throw new MappingException(
					"Cannot flush mapping " + this.entry + ": " + ex.getMessage()
							+ ". Whatever failed may be lost: look at the system log for errors of the device.",
					ex.errno(), ex);
		}
		catch (IOException ex) {
			throw new MappingException("Cannot flush mapping " + this.entry + ": " + ex
					+ ". Whatever failed may be lost: look at the system log for errors of the device.", ex);
		}
		finally {
			this.guard.unlockRead(stamp);
			// The pages are written by address, which keeps nothing reachable
			Reference.reachabilityFence(this);
			Reference.reachabilityFence(this.segment);
		}
	}

	@Override
	public void unmap() {
		refuseIfDeclared();
		if (!release()) {
			throw closed(this.closedBy);
		}
	}

	@Override
	public void close() {
		refuseIfDeclared();
		release();
	}

	/**
	 * Unmap the memory unless that was done before. Waits for a flush to end.
	 * @return whether this call did it
	 * @throws MemoryInUseException if a native call or channel operation uses it
	 * @throws MappingException if the system refused
	 */
	boolean release() {
		return release(this.guard.writeLock());
	}

	/**
	 * Unmap the memory unless that was done before. Waits for an unmap that is under way,
	 * but not for a flush.
	 * @return whether this call did it
	 * @throws MemoryInUseException if something uses it
	 * @throws MappingException if the system refused
	 */
	boolean tryRelease() {
		long stamp = this.guard.tryWriteLock();
		if (stamp == 0 && !this.guard.isReadLocked()) {
			stamp = this.guard.writeLock();
		}
		if (stamp == 0) {
			throw new MemoryInUseException("Mapping " + this.entry + " is being flushed", null);
		}
		return release(stamp);
	}

	private boolean release(long stamp) {
		long start = System.nanoTime();
		try {
			if (this.unmapped) {
				return false;
			}
			closeArena();
			this.entry.pages().unmap();
			this.unmapped = true;
			this.registry.released(this.entry, System.nanoTime() - start);
		}
		catch (SystemCallException ex) {
			throw new MappingException("Cannot unmap mapping " + this.entry + ": " + ex.getMessage()
					+ ". The memory stays mapped, but cannot be accessed any more; unmapping may be tried again.",
					ex.errno(), ex);
		}
		finally {
			this.guard.unlockWrite(stamp);
			// Not to be taken for a leak, and reclaimed, while being unmapped
			Reference.reachabilityFence(this);
			Reference.reachabilityFence(this.segment);
		}
		this.registry.unmapped(this.entry);
		return true;
	}

	private void closeArena() {
		if (this.closedBy != null) {
			return;
		}
		try {
			this.arena.close();
		}
		catch (IllegalStateException ex) {
			throw new MemoryInUseException(
					"Mapping " + this.entry + " cannot be unmapped now: a native call or channel"
							+ " operation is using its memory (" + ex.getMessage() + "). Unmap it when that has ended.",
					ex);
		}
		this.closedBy = new Throwable("Unmapped by thread '" + Thread.currentThread().getName() + "'");
	}

	boolean isOpen() {
		return this.closedBy == null;
	}

	/**
	 * Return whether the memory is mapped still, also when it cannot be accessed any more
	 * since unmapping it failed half-way.
	 */
	boolean isMapped() {
		return !this.unmapped;
	}

	MappingEntry entry() {
		return this.entry;
	}

	private void refuseIfDeclared() {
		if (this.entry.declared() && isOpen()) {
			throw new IllegalStateException("Mapping " + this.entry + " is a declared one: its registry unmaps it when"
					+ " the registry, or the application context, is closed. Do not close it.");
		}
	}

	private MappingClosedException closed(@Nullable Throwable closedBy) {
		return new MappingClosedException("Mapping " + this.entry + " was unmapped", closedBy);
	}

	@Override
	public String toString() {
		return "MemoryMapping " + this.entry + (isOpen() ? "" : " (unmapped)");
	}

}
