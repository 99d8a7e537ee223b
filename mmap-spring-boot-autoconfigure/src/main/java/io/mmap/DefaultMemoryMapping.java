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
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.SystemCallException;

/**
 * The handle that applications get.
 */
final class DefaultMemoryMapping implements MemoryMapping {

	/**
	 * Changed only when what is mapped is.
	 */
	private volatile Origin origin;

	private final DefaultMappingRegistry registry;

	/**
	 * What it was declared with, if it was.
	 */
	private final @Nullable MappingGroup group;

	private final @Nullable PeriodicFlush periodicFlush;

	/**
	 * What is mapped now, or {@code null} if that waits for the first use. Changed only
	 * under the lock of the registry, and by one thread at a time that holds the monitor
	 * of this handle.
	 */
	private volatile @Nullable Generation generation;

	DefaultMemoryMapping(Origin origin, DefaultMappingRegistry registry, @Nullable MappingGroup group) {
		this.origin = origin;
		this.registry = registry;
		this.group = group;
		this.periodicFlush = PeriodicFlush.of(this, registry.flushes());
	}

	@Override
	public String name() {
		return this.origin.name();
	}

	@Override
	public long address() {
		return operate(MappingOperation.USE, PageRange.NONE, (pages, segment, none) -> segment.address());
	}

	@Override
	public long length() {
		return mapped().entry().length();
	}

	@Override
	public MemorySegment segment() {
		return onGeneration(Generation::segment);
	}

	@Override
	public MappingLease acquire() {
		return acquire(this.registry.anonymousHolder());
	}

	@Override
	public MappingLease acquire(String owner) {
		return acquire(new Holder(Objects.requireNonNull(owner, "owner")));
	}

	private MappingLease acquire(@Nullable Holder holder) {
		while (true) {
			Generation generation = mapped();
			MappingLease lease = generation.acquire(holder);
			if (lease != null) {
				return lease;
			}
			awaitNext(generation, generation.unavailable());
		}
	}

	/**
	 * Wait for what comes after a generation, which may be on its way.
	 * @param gone what to throw if nothing comes
	 */
	private void awaitNext(Generation generation, MappingClosedException gone) {
		if (generation == this.generation) {
			generation.awaitReplacement();
			if (generation == this.generation && !generation.isToBeAvailable()) {
				throw gone;
			}
		}
	}

	/**
	 * Return what is mapped now, and map it if that was left to the first user.
	 */
	Generation mapped() {
		Generation generation = this.generation;
		while (generation == null && this.group != null) {
			this.registry.mapOnFirstUse(this.group);
			generation = this.generation;
		}
		return Objects.requireNonNull(generation, "An ad hoc mapping is mapped at once");
	}

	@Override
	public ByteBuffer asByteBuffer() {
		MemorySegment segment = segment();
		if (segment.byteSize() > Integer.MAX_VALUE) {
			throw new UnsupportedMappingOperationException("Mapping " + description()
					+ " is longer than a ByteBuffer can"
					+ " be, 2147483647 bytes. Use segment(), or segment().asSlice(offset, length).asByteBuffer().");
		}
		return segment.asByteBuffer();
	}

	@Override
	public MappedRange range(long offset, long length) {
		Objects.checkFromIndexSize(offset, length, length());
		return new HandleRange(this, new PageRange(offset, length));
	}

	@Override
	public void advise(Advice advice) {
		whole().advise(advice);
	}

	@Override
	public void discard(DestructiveAdvice advice) {
		whole().discard(advice);
	}

	@Override
	public void lock() {
		whole().lock();
	}

	@Override
	public void lockOnFault() {
		whole().lockOnFault();
	}

	@Override
	public void unlock() {
		whole().unlock();
	}

	@Override
	public void flush() {
		checkFlushable();
		if (this.generation != null) {
			whole().flush();
		}
	}

	@Override
	public void startFlush() {
		checkFlushable();
		if (this.generation != null) {
			whole().startFlush();
		}
	}

	@Override
	public void prefault() {
		whole().prefault();
	}

	@Override
	public void prefaultForWriting() {
		whole().prefaultForWriting();
	}

	@Override
	public Residency residency() {
		return whole().residency();
	}

	private HandleRange whole() {
		return new HandleRange(this, PageRange.WHOLE);
	}

	Flushes flushes() {
		return this.registry.flushes();
	}

	/**
	 * Refuse to flush what can have no dirty pages.
	 */
	void checkFlushable() {
		MappingSpec spec = this.origin.spec();
		if (spec.source() instanceof MappingSource.Anonymous) {
			throw new UnsupportedMappingOperationException(
					"Mapping " + description() + " cannot be flushed: no file is behind it.");
		}
		if (spec.access() != MappingAccess.READ_WRITE) {
			throw new UnsupportedMappingOperationException(
					"Mapping " + description() + " cannot be flushed: its access is " + Text.of(spec.access())
							+ ", so nothing of it is ever written to the file. Map it with access read-write.");
		}
	}

	/**
	 * Warn if it should have been flushed long ago.
	 */
	void checkFlushes() {
		if (this.periodicFlush != null) {
			this.periodicFlush.checkLate();
		}
	}

	@Override
	public MappingPreload preload() {
		return this.registry.preload(this);
	}

	/**
	 * Bring a piece of the memory into memory.
	 * @param number of which generation
	 * @return whether that is the one that is mapped still
	 */
	boolean preload(int number, long offset, long length) {
		Generation generation = this.generation;
		if (generation == null || generation.entry().generation() != number) {
			return false;
		}
		generation.operate(MappingOperation.PRELOAD, new PageRange(offset, length), (pages, segment, part) -> {
			// Pages that may not be read must not be touched, which would end the JVM
			pages.preload(generation.readable(), part.offset(), part.length());
			return part.length();
		});
		return true;
	}

	/**
	 * Do something with the pages that are mapped now that gives no result.
	 * @return for how many bytes it was done
	 */
	long run(MappingOperation kind, PageRange range, PageWork work) {
		return operate(kind, range, (pages, segment, part) -> {
			work.on(pages, segment, part);
			return part.length();
		});
	}

	/**
	 * Do something with the pages that are mapped now, by address.
	 */
	<T> T operate(MappingOperation kind, PageRange range, Generation.Operation<T> operation) {
		return onGeneration((generation) -> generation.operate(kind, range, operation));
	}

	/**
	 * Do something with what is mapped now, and again if that was replaced in between.
	 */
	<T> T onGeneration(Function<Generation, T> work) {
		while (true) {
			Generation generation = mapped();
			try {
				return work.apply(generation);
			}
			catch (MappingClosedException ex) {
				awaitNext(generation, ex);
			}
		}
	}

	@Override
	public Set<Protection> protection() {
		return onGeneration((generation) -> generation.entry().protection());
	}

	@Override
	public void protect(Protection... protection) {
		Set<Protection> set = EnumSet.noneOf(Protection.class);
		Collections.addAll(set, protection);
		this.origin.spec().checkProtection(set);
		this.registry.replacements().protect(this, set);
	}

	@Override
	public void resize(long length) {
		if (length <= 0) {
			throw new InvalidMappingException("length of mapping " + description(), "length",
					"length must be positive, but is " + length, "Use at least 1, or unmap it.");
		}
		this.registry.replacements().resize(this, length);
	}

	@Override
	public void seal(Seal... seals) {
		int bits = 0;
		for (Seal seal : seals) {
			bits |= seal.bits();
		}
		if (bits != 0) {
			this.registry.replacements().seal(this, bits);
		}
	}

	@Override
	public int descriptor() {
		return operate(MappingOperation.USE, PageRange.NONE, (pages, segment, none) -> pages.descriptor());
	}

	@Override
	public ChangeTracking trackChanges() {
		return onGeneration((generation) -> generation.operate(MappingOperation.TRACK_CHANGES, PageRange.NONE,
				(pages, segment, none) -> new DefaultChangeTracking(generation, pages.trackWrites())));
	}

	@Override
	public void unmap() {
		refuseIfDeclared();
		if (!release(this.registry.newDrain())) {
			throw mapped().closed();
		}
	}

	@Override
	public void close() {
		refuseIfDeclared();
		release(this.registry.newDrain());
	}

	/**
	 * Unmap the memory unless that was done before.
	 * @param drain how long to wait for leases and operations
	 * @return whether this call did it
	 * @throws MemoryInUseException if they last longer, or a native call or channel
	 * operation uses the memory
	 * @throws MappingException if the system refused
	 */
	boolean release(Drain drain) {
		Generation generation = this.generation;
		while (generation != null) {
			if (generation.release(drain)) {
				return released(generation);
			}
			// Its pages may have been handed over to one that is not published yet
			generation.awaitReplacement();
			Generation next = this.generation;
			if (next == generation) {
				return false;
			}
			// Replaced in between
			generation = next;
		}
		return false;
	}

	private boolean released(Generation generation) {
		this.registry.unmapped(generation.entry());
		return true;
	}

	/**
	 * Return what is mapped now, if anything.
	 */
	@Nullable Generation generation() {
		return this.generation;
	}

	void generation(Generation generation) {
		generation.entry().handle(this);
		this.generation = generation;
		if (this.periodicFlush != null) {
			this.periodicFlush.start();
		}
	}

	/**
	 * It was unmapped, and is mapped again when it is used.
	 */
	void unmapped() {
		this.generation = null;
	}

	Origin origin() {
		return this.origin;
	}

	void origin(Origin origin) {
		this.origin = origin;
	}

	/**
	 * Return whether its memory belongs together with that of others.
	 */
	boolean isMember() {
		return this.group != null && this.group.isSet();
	}

	/**
	 * Return whether the memory can be accessed, or could be if somebody tried.
	 */
	boolean isOpen() {
		Generation generation = this.generation;
		while (generation != null && !generation.isOpen()) {
			generation.awaitReplacement();
			Generation next = this.generation;
			if (next == generation) {
				return false;
			}
			// Reloaded in between
			generation = next;
		}
		return true;
	}

	private void refuseIfDeclared() {
		if (this.origin.declared() && isOpen()) {
			throw new IllegalStateException("Mapping " + description() + " is a declared one: its registry unmaps it"
					+ " when the registry, or the application context, is closed. Do not close it.");
		}
	}

	/**
	 * Describe the mapping for a log or an exception.
	 */
	String description() {
		Generation generation = this.generation;
		return (generation != null) ? generation.entry().toString() : this.origin.toString();
	}

	@Override
	public String toString() {
		Generation generation = this.generation;
		return "MemoryMapping " + description()
				+ ((generation == null) ? " (not mapped yet)" : generation.isOpen() ? "" : " (unmapped)");
	}

	/**
	 * Does something with pages that gives no result.
	 */
	@FunctionalInterface
	interface PageWork {

		void on(Pages pages, MemorySegment segment, PageRange range) throws SystemCallException, IOException;

	}

}
