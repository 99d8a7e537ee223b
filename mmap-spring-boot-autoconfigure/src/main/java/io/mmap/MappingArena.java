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

import java.io.Serial;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.PlainText;

/**
 * The arena of a generation, or of all the mappings of a set, and who uses its memory:
 * closing it ends the access to all of that memory in one handshake with the threads of
 * the JVM, or with none if the memory is confined to one thread.
 */
final class MappingArena {

	private static final long MIN_PAUSE = 10_000;

	private static final long MAX_PAUSE = 1_000_000;

	private final Arena arena;

	/**
	 * Who alone may use the memory, or {@code null} if everybody may.
	 */
	private final @Nullable Thread owner;

	private final Leases leases = new Leases();

	/**
	 * Held by the one thread that takes the memory from the others. Made by the first
	 * one, since most mappings that are open have not met any.
	 */
	private volatile @Nullable ReentrantLock taking;

	/**
	 * What keeps the content of the memory guarded. Guarded by this.
	 */
	private List<TruncationGuard.Hold> guards = List.of();

	/**
	 * Whether to record the stack that closes the arena. It costs next to nothing beside
	 * a handshake with all threads, and more than everything else without one.
	 */
	private final boolean recordsStack;

	private volatile boolean closed;

	private volatile @Nullable Throwable closedBy;

	private MappingArena(Arena arena, @Nullable Thread owner, boolean recordsStack) {
		this.arena = arena;
		this.owner = owner;
		this.recordsStack = recordsStack;
	}

	/**
	 * Return an arena for memory that all threads may use.
	 */
	static MappingArena shared() {
		return new MappingArena(Arena.ofShared(), null, true);
	}

	/**
	 * Return an arena for memory that the calling thread alone may use.
	 * @param recordsStack whether to record the stack that closes it
	 */
	static MappingArena confined(boolean recordsStack) {
		return new MappingArena(Arena.ofConfined(), Thread.currentThread(), recordsStack);
	}

	/**
	 * Return an arena for the same threads. To be called by one of them.
	 */
	MappingArena another() {
		return (this.owner != null) ? confined(this.recordsStack) : shared();
	}

	Arena arena() {
		return this.arena;
	}

	/**
	 * Refuse a thread that may not use the memory, unless nobody can any more: what to
	 * say then is up to others.
	 * @param mapping describes the memory
	 * @throws WrongThreadException if another thread owns it
	 */
	void checkThread(Object mapping) {
		Thread owner = this.owner;
		if (owner != null && owner != Thread.currentThread() && isOpen()) {
			throw new WrongThreadException("Mapping " + mapping + " is confined to " + describe(owner)
					+ ", and was to be used by " + describe(Thread.currentThread()) + ". "
					+ ((owner.isAlive()) ? "Only the thread that has mapped it may use, change and unmap it."
							: "That thread has ended without unmapping it, so that nobody can: its memory is given back"
									+ " when nothing refers to the mapping any more.")
					+ " Map it without 'confined' if others are to do so, too.");
		}
	}

	Leases leases() {
		return this.leases;
	}

	private static String describe(Thread thread) {
		// Virtual threads have none
		String name = thread.getName();
		return (name.isEmpty()) ? "thread #" + thread.threadId() : "thread '" + PlainText.of(name) + "'";
	}

	/**
	 * Do something while nobody else uses the memory. If that does not end the access to
	 * it, others may use it again afterwards.
	 * @param drain how long to wait
	 * @param closing what is about to happen
	 * @param description describes the memory, for the exception
	 * @param action what to do
	 * @throws MemoryInUseException if others use it for longer
	 */
	<T> T whileUnused(Drain drain, Leases.Closing closing, Object description, Supplier<T> action) {
		// Whoever has it does not wait for ever, either
		ReentrantLock taking = taking();
		taking.lock();
		try {
			this.leases.close(closing);
			awaitUnused(drain, description);
			return action.get();
		}
		finally {
			if (isOpen()) {
				this.leases.reopen();
			}
			taking.unlock();
		}
	}

	/**
	 * Look at the memory while nobody takes it from the others. Is no use of it: who
	 * wants to take it waits for as long as that lasts, also with a drain timeout of 0.
	 * @param look what to do, briefly
	 * @return what that has found, or {@code null} if the memory is gone or being taken
	 */
	<T> @Nullable T whileNotTaken(Supplier<@Nullable T> look) {
		ReentrantLock taking = taking();
		while (!taking.tryLock()) {
			if (this.leases.closing() != null) {
				// Who takes it may have to wait for leases
				return null;
			}
			// Somebody else is looking
			LockSupport.parkNanos(this, MIN_PAUSE);
		}
		try {
			return (isOpen() && this.leases.closing() == null) ? look.get() : null;
		}
		finally {
			taking.unlock();
		}
	}

	private ReentrantLock taking() {
		ReentrantLock taking = this.taking;
		return (taking != null) ? taking : makeTaking();
	}

	private ReentrantLock makeTaking() {
		// Not the monitor of this, which is held for as long as it takes to close
		synchronized (this.leases) {
			ReentrantLock taking = this.taking;
			if (taking == null) {
				taking = new ReentrantLock();
				this.taking = taking;
			}
			return taking;
		}
	}

	private void awaitUnused(Drain drain, Object description) {
		if (!isOpen() || !this.leases.wereUsed()) {
			return;
		}
		Leases.Drainage drainage = this.leases.drainage();
		long pause = MIN_PAUSE;
		boolean interrupted = false;
		try {
			while (!drainage.isComplete()) {
				if (drain.isOver()) {
					throw inUse(description);
				}
				LockSupport.parkNanos(this, pause);
				pause = Math.min(2 * pause, MAX_PAUSE);
				// Or it would not be a pause
				interrupted |= Thread.interrupted();
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private MemoryInUseException inUse(Object description) {
		return new MemoryInUseException("Mapping " + description + " is in use: it is held by " + holders(), null);
	}

	/**
	 * Describe who uses the memory.
	 */
	String holders() {
		List<Holder> known = this.leases.holders();
		long others = this.leases.count() - known.size();
		String names = known.stream().map(Holder::toString).sorted().collect(Collectors.joining(", "));
		if (others <= 0 && !known.isEmpty()) {
			return names;
		}
		// Whoever it was may have gone meanwhile
		return (known.isEmpty() ? "" : names + " and by ")
				+ Text.count(Math.max(1, others), "lease or operation", "leases or operations")
				+ " without an owner's name";
	}

	/**
	 * Wait for a thread that takes the memory from others.
	 */
	void awaitTaken() {
		ReentrantLock taking = this.taking;
		if (taking != null) {
			taking.lock();
			taking.unlock();
		}
	}

	/**
	 * End the access to the memory, unless that was done before.
	 * @throws IllegalStateException if a native call or channel operation uses it
	 */
	synchronized void close() {
		if (!this.closed) {
			int paused = 0;
			Throwable failure = null;
			try {
				// All of them, since the memory of all members of a set may be unmapped
				// here, and be somebody else's when a guard comes to exchange it
				for (TruncationGuard.Hold guard : this.guards) {
					guard.pause();
					paused++;
				}
				this.arena.close();
				noteClosed();
			}
			catch (RuntimeException | Error ex) {
				failure = ex;
			}
			goOn(paused, failure);
			this.guards = List.of();
		}
	}

	private void noteClosed() {
		try {
			if (this.recordsStack) {
				this.closedBy = new Throwable(
						"Unmapped by thread '" + PlainText.of(Thread.currentThread().getName()) + "'");
			}
		}
		finally {
			// Also without any heap for the stack: it cannot be closed again
			this.closed = true;
		}
	}

	/**
	 * Have guards go on, all of which must, and throw what has failed.
	 */
	private void goOn(int paused, @Nullable Throwable before) {
		Throwable failure = before;
		for (int i = 0; i < paused; i++) {
			try {
				this.guards.get(i).goOn(this.closed);
			}
			catch (RuntimeException | Error ex) {
				failure = both(failure, ex);
			}
		}
		switch (failure) {
			case RuntimeException ex -> throw ex;
			case Error ex -> throw ex;
			case null, default -> {
			}
		}
	}

	private static Throwable both(@Nullable Throwable first, Throwable next) {
		if (first == null) {
			return next;
		}
		try {
			Suppressed.add(first, next);
		}
		catch (OutOfMemoryError ex) {
			// Without heap the first has to do, since the other guards must not wait
		}
		return first;
	}

	/**
	 * Have content no longer exchanged when the access to it has ended.
	 */
	synchronized void add(TruncationGuard.Hold guard) {
		// Few mappings have any
		if (this.guards.isEmpty()) {
			this.guards = new ArrayList<>();
		}
		this.guards.add(guard);
	}

	/**
	 * Return the stack that closed the arena, without any frames if it was not recorded,
	 * or {@code null} if the arena is open.
	 */
	@Nullable Throwable closedBy() {
		Thread owner = this.owner;
		return (this.closedBy == null && this.closed && owner != null) ? new Unrecorded(owner) : this.closedBy;
	}

	boolean isOpen() {
		return !this.closed;
	}

	/**
	 * Says which thread has closed an arena, as only one can.
	 */
	private static final class Unrecorded extends Throwable {

		@Serial
		private static final long serialVersionUID = 1L;

		private Unrecorded(Thread owner) {
			super("Unmapped by " + describe(owner)
					+ "; with leak detection of level 'detailed' its stack would be here", null, false, false);
		}

	}

}
