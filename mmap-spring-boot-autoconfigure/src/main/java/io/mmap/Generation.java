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
import java.util.function.Function;
import java.util.function.Supplier;

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

	private final boolean readable;

	private volatile boolean unmapped;

	/**
	 * Whether the next generation has taken the pages over, which then are its own to
	 * unmap.
	 */
	private volatile boolean superseded;

	Generation(MappingEntry entry, MappingArena arena, MemorySegment segment, Generations owner) {
		this.entry = entry;
		this.arena = arena;
		this.segment = segment;
		this.owner = owner;
		this.readable = entry.protection().contains(Protection.READ);
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
	 * @throws WrongThreadException if it is confined to another thread
	 * @throws UnsupportedMappingOperationException if it may not be read
	 */
	MemorySegment segment() {
		this.arena.checkThread(this.entry);
		checkOpen();
		return readable();
	}

	/**
	 * Return the memory to whoever holds a lease.
	 * @throws UnsupportedMappingOperationException if it may not be read
	 */
	MemorySegment readable() {
		if (!this.readable) {
			throw new UnsupportedMappingOperationException(
					"Mapping " + this.entry + " has no segment, since its pages may not be read: their protection is "
							+ Text.of(this.entry.protection()) + ". Add read with protect.");
		}
		return this.segment;
	}

	boolean isReadable() {
		return this.readable;
	}

	/**
	 * Acquire a lease.
	 * @param holder who wants it, or {@code null} if that need not be known
	 * @return the lease, or {@code null} if the memory is gone or being taken
	 * @throws WrongThreadException if it is confined to another thread
	 */
	@Nullable DefaultMappingLease acquire(@Nullable Holder holder) {
		this.arena.checkThread(this.entry);
		int stripe = enter();
		if (stripe == Leases.NONE) {
			return null;
		}
		if (holder != null) {
			this.arena.leases().add(holder);
		}
		return new DefaultMappingLease(this, stripe, holder);
	}

	/**
	 * Begin to use the memory.
	 * @return what to {@linkplain #exit exit} with, or {@link Leases#NONE} if the memory
	 * is gone or being taken
	 */
	private int enter() {
		Leases leases = this.arena.leases();
		int stripe = leases.enter();
		if (stripe != Leases.NONE && this.superseded) {
			// The arena went on with the next generation
			leases.exit(stripe);
			return Leases.NONE;
		}
		return stripe;
	}

	void exit(int stripe, @Nullable Holder holder) {
		if (holder != null) {
			this.arena.leases().remove(holder);
		}
		this.arena.leases().exit(stripe);
	}

	private void checkOpen() {
		if (!this.arena.isOpen() || this.superseded) {
			throw closed();
		}
	}

	/**
	 * Do something with the pages by address, and keep them mapped meanwhile.
	 * @param kind what it is, to be counted as that if it fails
	 * @param range what it is for
	 * @throws MappingClosedException if the memory is gone or being taken
	 * @throws WrongThreadException if it is confined to another thread
	 */
	<T> T operate(MappingOperation kind, PageRange range, Operation<T> operation) {
		this.arena.checkThread(this.entry);
		int stripe = enter();
		if (stripe == Leases.NONE) {
			throw unavailable();
		}
		try {
			return operation.on(this.entry.pages(), this.segment, range.within(this.entry.length()));
		}
		catch (SystemCallException ex) {
			throw failed(kind, (range.length() > 0) ? range.length() : this.entry.length(), ex);
		}
		catch (IOException ex) {
			count(kind, 0);
			throw new MappingException("Cannot " + kind.verb() + " mapping " + this.entry, ex.toString(),
					lostRemedy(kind), 0, ex);
		}
		finally {
			exit(stripe, null);
			// The pages are reached by address, which keeps nothing reachable
			Reference.reachabilityFence(this);
			Reference.reachabilityFence(this.segment);
		}
	}

	/**
	 * Look at the pages by address, and keep them mapped meanwhile, which does not count
	 * as a use of the memory.
	 * @return what was found, or {@code null} if the memory is gone or being taken
	 */
	<T> @Nullable T look(Function<Pages, T> look) {
		try {
			return this.arena.whileNotTaken(() -> (this.superseded) ? null : look.apply(this.entry.pages()));
		}
		finally {
			Reference.reachabilityFence(this);
			Reference.reachabilityFence(this.segment);
		}
	}

	/**
	 * Replace this generation by one that takes over its pages, while nobody uses them.
	 * Nothing is changed if that throws before it has {@linkplain #closeArena ended the
	 * access}.
	 * @param drain how long to wait for those who do
	 * @throws MemoryInUseException if they do for longer
	 * @throws WrongThreadException if the memory is confined to another thread
	 */
	void replace(Drain drain, Replacement replacement) {
		this.arena.checkThread(this.entry);
		whileUnused(drain, Leases.Closing.REPLACED, () -> {
			checkOpen();
			replacement.run();
			return true;
		});
	}

	/**
	 * Do something while nobody else uses the memory.
	 * @throws MemoryInUseException if others use it for longer
	 */
	boolean whileUnused(Drain drain, Leases.Closing closing, Supplier<Boolean> action) {
		try {
			return this.arena.whileUnused(drain, closing, this.entry, action);
		}
		finally {
			// Not to be taken for a leak, and reclaimed, meanwhile
			Reference.reachabilityFence(this);
			Reference.reachabilityFence(this.segment);
		}
	}

	/**
	 * Wait for a replacement that is under way, which may have ended the access already
	 * but not have published what can be accessed instead. A thread that unmaps the
	 * memory is not waited for.
	 */
	void awaitReplacement() {
		if (this.arena.leases().closing() != Leases.Closing.UNMAPPED) {
			this.arena.awaitTaken();
		}
	}

	/**
	 * Keep those away who want to use the memory from now on, as there is a newer
	 * generation.
	 */
	void retire() {
		this.arena.leases().retire();
	}

	/**
	 * The next generation has taken the pages over. To be called from a replacement.
	 */
	void superseded(Pages next) {
		this.superseded = true;
		this.entry.pages().supersededBy(next);
	}

	/**
	 * An operation has failed, which is counted here.
	 */
	MappingException failed(MappingOperation kind, SystemCallException ex) {
		return failed(kind, this.entry.length(), ex);
	}

	/**
	 * An operation has failed that was for so many bytes.
	 */
	MappingException failed(MappingOperation kind, long length, SystemCallException ex) {
		count(kind, ex.errno());
		String remedy = Failures.remedy(this.entry.spec(), this.entry.protection(), length, ex);
		return new MappingException("Cannot " + kind.verb() + " mapping " + this.entry, String.valueOf(ex.getMessage()),
				(remedy.isEmpty() || kind == MappingOperation.FLUSH) ? lostRemedy(kind) : remedy, ex.errno(), ex);
	}

	private void count(MappingOperation kind, int errno) {
		// Flushes and preloads have more ways to fail, and are counted by who knows all
		if (kind != MappingOperation.FLUSH && kind != MappingOperation.PRELOAD) {
			this.entry.counters().failed(kind, errno);
		}
	}

	private static String lostRemedy(MappingOperation kind) {
		return (kind == MappingOperation.FLUSH)
				? "Whatever failed may be lost: look at the system log for errors of the device." : "";
	}

	/**
	 * Unmap the memory unless that was done before.
	 * @param drain how long to wait for leases and operations
	 * @return whether this call did it
	 * @throws MemoryInUseException if they last longer, or a native call or channel
	 * operation uses the memory
	 * @throws MappingException if the system refused
	 * @throws WrongThreadException if it is confined to another thread
	 */
	boolean release(Drain drain) {
		if (!isMapped()) {
			return false;
		}
		this.arena.checkThread(this.entry);
		Timing timing = FlightRecorder.unmap();
		try {
			boolean unmappedNow = whileUnused(drain, Leases.Closing.UNMAPPED, this::unmap);
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

	/**
	 * Unmap the memory, which nobody got, after a failure.
	 */
	void discard(Throwable failure) {
		try {
			release(Drain.NONE);
		}
		catch (RuntimeException | Error ex) {
			Suppressed.add(failure, ex);
		}
	}

	private boolean unmap() {
		long start = System.nanoTime();
		if (!isMapped()) {
			return false;
		}
		if (isOpen()) {
			Flushes.beforeUnmapping(this, this.segment);
		}
		closeArena();
		try {
			this.entry.pages().unmap();
		}
		catch (SystemCallException ex) {
			count(MappingOperation.UNMAP, ex.errno());
			throw new MappingException("Cannot unmap mapping " + this.entry, String.valueOf(ex.getMessage()),
					"The memory stays mapped, but cannot be accessed any more; unmapping may be tried again.",
					ex.errno(), ex);
		}
		this.unmapped = true;
		this.owner.released(this.entry, System.nanoTime() - start);
		return true;
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
		return this.arena.isOpen();
	}

	/**
	 * Return whether the memory is mapped still, also when it cannot be accessed any more
	 * since unmapping it failed half-way.
	 */
	boolean isMapped() {
		return !this.unmapped && !this.superseded;
	}

	boolean isUnmapped() {
		return this.unmapped;
	}

	/**
	 * Return what to throw at whoever wants something of memory that was unmapped.
	 */
	MappingClosedException closed() {
		return closed(this.arena.closedBy());
	}

	/**
	 * Return what to throw at whoever wants to use memory that is gone or being taken.
	 */
	MappingClosedException unavailable() {
		if (this.arena.isOpen() && this.arena.leases().closing() == Leases.Closing.UNMAPPED) {
			return new MappingClosedException("Mapping " + this.entry + " is being unmapped at this moment", null);
		}
		return closed();
	}

	/**
	 * Return whether the memory can be used, or will be after a replacement.
	 */
	boolean isToBeAvailable() {
		Leases.Closing closing = this.arena.leases().closing();
		return this.arena.isOpen() && !this.superseded && (closing == null || closing == Leases.Closing.REPLACED);
	}

	private MappingClosedException closed(@Nullable Throwable closedBy) {
		if (this.arena.leases().closing() == Leases.Closing.RETIRED) {
			return new MappingClosedException("Mapping " + this.entry
					+ " was replaced by a reload, or its file was not found when its set was reloaded. Ask the registry"
					+ " or set for what is there now.", closedBy);
		}
		boolean recorded = closedBy == null || closedBy.getStackTrace().length > 0;
		return new MappingClosedException("Mapping " + this.entry + " was unmapped, "
				+ ((recorded) ? "by the code that the cause of this exception shows"
						: "as the cause of this exception says")
				+ ". Unmap it once, when nobody uses it any more.", closedBy);
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
