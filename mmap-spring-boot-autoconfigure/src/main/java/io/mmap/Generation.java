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
	private final StampedLock guard;

	private final boolean readable;

	private volatile boolean unmapped;

	/**
	 * Whether the next generation has taken the pages over, which then are its own to
	 * unmap.
	 */
	private volatile boolean superseded;

	Generation(MappingEntry entry, MappingArena arena, MemorySegment segment, Generations owner) {
		this(entry, arena, segment, owner, new StampedLock());
	}

	private Generation(MappingEntry entry, MappingArena arena, MemorySegment segment, Generations owner,
			StampedLock guard) {
		this.entry = entry;
		this.arena = arena;
		this.segment = segment;
		this.owner = owner;
		this.guard = guard;
		this.readable = entry.protection().contains(Protection.READ);
	}

	/**
	 * Create the generation that takes over the pages of this one, and share the guard.
	 */
	Generation next(MappingEntry entry, MappingArena arena, MemorySegment segment) {
		return new Generation(entry, arena, segment, this.owner, this.guard);
	}

	MappingEntry entry() {
		return this.entry;
	}

	MappingArena arena() {
		return this.arena;
	}

	/**
	 * Return the memory if it may be handed out.
	 * @throws MappingClosedException if it was unmapped
	 * @throws UnsupportedMappingOperationException if it may not be read
	 */
	MemorySegment segment() {
		checkOpen();
		if (!this.readable) {
			throw new UnsupportedMappingOperationException(
					"Mapping " + this.entry + " has no segment, since its pages may not be read: their protection is "
							+ Text.of(this.entry.protection()) + ". Add read with protect.");
		}
		return this.segment;
	}

	private void checkOpen() {
		Throwable closedBy = this.arena.closedBy();
		if (closedBy != null || this.superseded) {
			throw closed(closedBy);
		}
	}

	/**
	 * Do something with the pages by address, and keep them mapped meanwhile.
	 * @param name what it is called, as in "Cannot … mapping"
	 * @param range what it is for
	 */
	<T> T operate(String name, PageRange range, Operation<T> operation) {
		long stamp = this.guard.readLock();
		try {
			checkOpen();
			return operation.on(this.entry.pages(), this.segment, range.within(this.entry.length()));
		}
		catch (SystemCallException ex) {
			throw failed(name, (range.length() > 0) ? range.length() : this.entry.length(), ex);
		}
		catch (IOException ex) {
			throw new MappingException("Cannot " + name + " mapping " + this.entry, ex.toString(), lostRemedy(name), 0,
					ex);
		}
		finally {
			this.guard.unlockRead(stamp);
			// The pages are reached by address, which keeps nothing reachable
			Reference.reachabilityFence(this);
			Reference.reachabilityFence(this.segment);
		}
	}

	/**
	 * Replace this generation by one that takes over its pages, while nobody uses them by
	 * address. Nothing is changed if that throws before it has {@linkplain #closeArena
	 * ended the access}.
	 */
	void replace(Replacement replacement) {
		long stamp = this.guard.writeLock();
		try {
			checkOpen();
			replacement.run();
		}
		finally {
			this.guard.unlockWrite(stamp);
			Reference.reachabilityFence(this);
			Reference.reachabilityFence(this.segment);
		}
	}

	/**
	 * Wait for a replacement that is under way, which may have ended the access already
	 * but not have published what can be accessed instead.
	 */
	void awaitReplacement() {
		this.guard.unlockRead(this.guard.readLock());
	}

	/**
	 * The next generation has taken the pages over. To be called from a replacement.
	 */
	void superseded(Pages next) {
		this.superseded = true;
		this.entry.pages().supersededBy(next);
	}

	MappingException failed(String name, SystemCallException ex) {
		return failed(name, this.entry.length(), ex);
	}

	private MappingException failed(String name, long length, SystemCallException ex) {
		String remedy = Failures.remedy(this.entry.spec(), this.entry.protection(), length, ex);
		return new MappingException("Cannot " + name + " mapping " + this.entry, String.valueOf(ex.getMessage()),
				(remedy.isEmpty() || name.equals("flush")) ? lostRemedy(name) : remedy, ex.errno(), ex);
	}

	private static String lostRemedy(String name) {
		return (name.equals("flush")) ? "Whatever failed may be lost: look at the system log for errors of the device."
				: "";
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
			throw new MemoryInUseException("Mapping " + this.entry + " is being flushed, or otherwise worked on", null);
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
			if (this.unmapped || this.superseded) {
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

	/**
	 * End the access to the memory.
	 * @throws MemoryInUseException if a native call or channel operation uses it
	 */
	void closeArena() {
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
		return !this.unmapped && !this.superseded;
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

	/**
	 * Does something with pages.
	 *
	 * @param <T> what it finds out
	 */
	@FunctionalInterface
	interface Operation<T> {

		T on(Pages pages, MemorySegment segment, PageRange range) throws SystemCallException, IOException;

	}

	/**
	 * Replaces a generation.
	 */
	@FunctionalInterface
	interface Replacement {

		void run();

	}

}
