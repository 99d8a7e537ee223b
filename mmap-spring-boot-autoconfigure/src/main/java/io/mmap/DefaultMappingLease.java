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
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;

import org.jspecify.annotations.Nullable;

/**
 * The lease that applications get.
 */
final class DefaultMappingLease implements MappingLease {

	private static final VarHandle OPEN;

	static {
		try {
			OPEN = MethodHandles.lookup().findVarHandle(DefaultMappingLease.class, "open", boolean.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final Generation generation;

	private final int stripe;

	private final @Nullable Holder holder;

	/**
	 * Cleared by whoever comes first, since to leave twice would unmap the memory under
	 * somebody else.
	 */
	private boolean open = true;

	DefaultMappingLease(Generation generation, int stripe, @Nullable Holder holder) {
		this.generation = generation;
		this.stripe = stripe;
		this.holder = holder;
	}

	@Override
	public MemorySegment segment() {
		if (!(boolean) OPEN.getOpaque(this)) {
			throw new IllegalStateException("The lease on mapping " + this.generation.entry()
					+ " was closed. Acquire another one from the mapping.");
		}
		return this.generation.readable();
	}

	@Override
	public int generation() {
		return this.generation.entry().generation();
	}

	@Override
	public <T extends @Nullable Object, E extends Exception> T read(SegmentReader<T, E> reader) throws E {
		MemorySegment segment = segment();
		try {
			return reader.read(segment);
		}
		catch (InternalError ex) {
			throw AccessFailures.translate(ex, this.generation.entry());
		}
		catch (IllegalStateException ex) {
			throw AccessFailures.translate(ex, segment, this.generation);
		}
		finally {
			Reference.reachabilityFence(this.generation);
		}
	}

	@Override
	public void close() {
		if (OPEN.compareAndSet(this, true, false)) {
			this.generation.exit(this.stripe, this.holder);
		}
	}

	@Override
	public String toString() {
		return "MappingLease on generation " + generation() + " of " + this.generation.entry();
	}

}
