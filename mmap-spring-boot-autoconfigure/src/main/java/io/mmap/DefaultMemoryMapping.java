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

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * The handle that applications get.
 */
final class DefaultMemoryMapping implements MemoryMapping {

	private final Origin origin;

	private final DefaultMappingRegistry registry;

	/**
	 * Where it is to be mapped if others share the arena.
	 */
	private final @Nullable MappingArena sharedArena;

	/**
	 * What is mapped now, or {@code null} if that waits for the first use. Changed only
	 * under the lock of the registry, and by one thread at a time that holds the monitor
	 * of this handle.
	 */
	private volatile @Nullable Generation generation;

	DefaultMemoryMapping(Origin origin, DefaultMappingRegistry registry, @Nullable MappingArena sharedArena) {
		this.origin = origin;
		this.registry = registry;
		this.sharedArena = sharedArena;
	}

	@Override
	public String name() {
		return this.origin.name();
	}

	@Override
	public long address() {
		return segment().address();
	}

	@Override
	public long length() {
		return mapped().entry().length();
	}

	@Override
	public MemorySegment segment() {
		while (true) {
			Generation generation = mapped();
			try {
				return generation.segment();
			}
			catch (MappingClosedException ex) {
				if (generation == this.generation) {
					throw ex;
				}
				// Reloaded in between
			}
		}
	}

	private Generation mapped() {
		Generation generation = this.generation;
		return (generation != null) ? generation : this.registry.mapOnFirstUse(this);
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
	public void flush() {
		if (this.origin.spec().access() != MappingAccess.READ_WRITE) {
			throw new UnsupportedMappingOperationException("Mapping " + description()
					+ " cannot be flushed: its access is " + Text.of(this.origin.spec().access())
					+ ", so nothing of it is ever written to the file. Map it with access read-write.");
		}
		Generation generation = this.generation;
		if (generation != null) {
			generation.flush();
		}
	}

	@Override
	public void unmap() {
		refuseIfDeclared();
		if (!release()) {
			throw mapped().closed();
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
		Generation generation = this.generation;
		return generation != null && generation.release() && released(generation);
	}

	/**
	 * As {@link #release()}, but does not wait for a flush.
	 * @throws MemoryInUseException if something uses the memory
	 */
	boolean tryRelease() {
		Generation generation = this.generation;
		return generation != null && generation.tryRelease() && released(generation);
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
	}

	Origin origin() {
		return this.origin;
	}

	@Nullable MappingArena sharedArena() {
		return this.sharedArena;
	}

	/**
	 * Return whether the memory can be accessed, or could be if somebody tried.
	 */
	boolean isOpen() {
		Generation generation = this.generation;
		while (generation != null && !generation.isOpen()) {
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

}
