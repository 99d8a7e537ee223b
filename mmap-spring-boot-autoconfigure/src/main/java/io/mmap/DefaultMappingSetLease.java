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
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * The lease on a set that applications get.
 */
final class DefaultMappingSetLease implements MappingSetLease {

	private final String name;

	private final MappingGroup.Mapped mapped;

	private final int stripe;

	private final @Nullable Holder holder;

	private final AtomicBoolean closed = new AtomicBoolean();

	private DefaultMappingSetLease(String name, MappingGroup.Mapped mapped, int stripe, @Nullable Holder holder) {
		this.name = name;
		this.mapped = mapped;
		this.stripe = stripe;
		this.holder = holder;
	}

	/**
	 * Acquire a lease on what is mapped.
	 * @return the lease, or {@code null} if the memory is gone or being taken
	 */
	static @Nullable DefaultMappingSetLease acquire(String name, MappingGroup.Mapped mapped, @Nullable Holder holder) {
		Leases leases = mapped.arena().leases();
		int stripe = leases.enter();
		if (stripe == Leases.NONE) {
			return null;
		}
		if (holder != null) {
			leases.add(holder);
		}
		return new DefaultMappingSetLease(name, mapped, stripe, holder);
	}

	@Override
	public MemorySegment segment(String key) {
		checkOpen();
		MemorySegment segment = this.mapped.segment(key);
		if (segment == null) {
			throw NoSuchMappingException.inSet(this.name, key, this.mapped.members().keySet());
		}
		return segment;
	}

	@Override
	public Map<String, MemorySegment> segments() {
		checkOpen();
		return this.mapped.segments();
	}

	private void checkOpen() {
		if (this.closed.get()) {
			throw new IllegalStateException(
					"The lease on set '" + this.name + "' was closed. Acquire another one from the set.");
		}
	}

	@Override
	public int generation() {
		return this.mapped.number();
	}

	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			Leases leases = this.mapped.arena().leases();
			if (this.holder != null) {
				leases.remove(this.holder);
			}
			leases.exit(this.stripe);
		}
	}

	@Override
	public String toString() {
		return "MappingSetLease on generation " + generation() + " of '" + this.name + "'";
	}

}
