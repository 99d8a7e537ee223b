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
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.concurrent.locks.StampedLock;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.jfr.FlightRecorder;
import io.mmap.internal.jfr.Timing;

/**
 * What is, or was, mapped under a handle.
 */
final class Generation {

	private final MappingEntry entry;

	private final MappingArena arena;

	private final MemorySegment segment;

	private final Generations owner;

	/**
	 * Held for reading while something uses the pages by address, which the arena cannot
	 * know of, and for writing to unmap.
	 */
	private final StampedLock guard = new StampedLock();

	private volatile boolean unmapped;

	Generation(MappingEntry entry, MappingArena arena, MemorySegment segment, Generations owner) {
		this.entry = entry;
		this.arena = arena;
		this.segment = segment;
		this.owner = owner;
	}

	MappingEntry entry() {
		return this.entry;
	}

	MemorySegment segment() {
		Throwable closedBy = this.arena.closedBy();
		if (closedBy != null) {
			throw closed(closedBy);
		}
		return this.segment;
	}

	void flush() {
		Timing timing = FlightRecorder.flush();
		try {
			writePages();
			timing.succeeded(this.entry.name(), this.entry.length());
		}
		catch (RuntimeException | Error ex) {
			timing.failed(this.entry.name(), this.entry.length(), ex);
			throw ex;
		}
	}

	private void writePages() {
		long stamp = this.guard.readLock();
		try {
			this.entry.pages().flush(segment());
		}
		catch (SystemCallException ex) {
			throw cannotFlush(String.valueOf(ex.getMessage()), ex.errno(), ex);
		}
		catch (IOException ex) {
			throw cannotFlush(ex.toString(), 0, ex);
		}
		finally {
			this.guard.unlockRead(stamp);
			// The pages are written by address, which keeps nothing reachable
			Reference.reachabilityFence(this);
			Reference.reachabilityFence(this.segment);
		}
	}

	private MappingException cannotFlush(String problem, int errno, Exception cause) {
		return new MappingException("Cannot flush mapping " + this.entry, problem,
				"Whatever failed may be lost: look at the system log for errors of the device.", errno, cause);
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
		Timing timing = FlightRecorder.unmap();
		try {
			boolean unmappedNow = unmap(stamp);
			if (unmappedNow) {
				timing.succeeded(this.entry.name(), this.entry.length());
			}
			return unmappedNow;
		}
		catch (RuntimeException | Error ex) {
			timing.failed(this.entry.name(), this.entry.length(), ex);
			throw ex;
		}
	}

	private boolean unmap(long stamp) {
		long start = System.nanoTime();
		try {
			if (this.unmapped) {
				return false;
			}
			closeArena();
			this.entry.pages().unmap();
			this.unmapped = true;
			this.owner.released(this.entry, System.nanoTime() - start);
			return true;
		}
		catch (SystemCallException ex) {
			throw new MappingException("Cannot unmap mapping " + this.entry, String.valueOf(ex.getMessage()),
					"The memory stays mapped, but cannot be accessed any more; unmapping may be tried again.",
					ex.errno(), ex);
		}
		finally {
			this.guard.unlockWrite(stamp);
			// Not to be taken for a leak, and reclaimed, while being unmapped
			Reference.reachabilityFence(this);
			Reference.reachabilityFence(this.segment);
		}
	}

	private void closeArena() {
		try {
			this.arena.close();
		}
		catch (IllegalStateException ex) {
			throw new MemoryInUseException(
					"Mapping " + this.entry + " cannot be unmapped now: a native call or channel"
							+ " operation is using its memory (" + ex.getMessage() + "). Unmap it when that has ended.",
					ex);
		}
	}

	boolean isOpen() {
		return this.arena.closedBy() == null;
	}

	/**
	 * Return whether the memory is mapped still, also when it cannot be accessed any more
	 * since unmapping it failed half-way.
	 */
	boolean isMapped() {
		return !this.unmapped;
	}

	/**
	 * Return what to throw at whoever wants something of memory that was unmapped.
	 */
	MappingClosedException closed() {
		return closed(this.arena.closedBy());
	}

	private MappingClosedException closed(@Nullable Throwable closedBy) {
		return new MappingClosedException("Mapping " + this.entry + " was unmapped, by the code that the cause of"
				+ " this exception shows. Unmap it once, when nobody uses it any more.", closedBy);
	}

}
