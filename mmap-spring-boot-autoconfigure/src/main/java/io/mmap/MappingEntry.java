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

import java.lang.ref.WeakReference;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ObservedMapping;
import io.mmap.internal.ffi.SystemCallException;

/**
 * What the registry and the leak detector keep of a mapping. From here neither the handle
 * nor the memory's scope can be reached, or no leak would ever be found.
 */
final class MappingEntry implements MappingInfo, ObservedMapping {

	private final Origin origin;

	private final String name;

	private final boolean declared;

	private final MappingSpec spec;

	private final @Nullable String label;

	private final int generation;

	private final long length;

	private final long address;

	private final Pages pages;

	private final Set<Protection> protection;

	private final @Nullable FileVersion file;

	private final @Nullable CallSite callSite;

	private final MappingCounters counters;

	private final FlushHistory flushes;

	private final Leases leases;

	private final Instant mappedAt = Instant.now();

	private volatile @Nullable WeakReference<DefaultMemoryMapping> handle;

	private volatile LeakDetector.@Nullable Tracker tracker;

	private volatile boolean released;

	private volatile boolean left;

	private volatile boolean detached;

	private volatile TruncationGuard.@Nullable Hold guard;

	private volatile @Nullable ResidencySample residencySample;

	private final AtomicBoolean reported = new AtomicBoolean();

	private volatile @Nullable LeakCause leakCause;

	MappingEntry(Origin origin, int generation, MappedMemory memory, Leases leases) {
		this.origin = origin;
		this.name = origin.name();
		this.declared = origin.declared();
		this.spec = origin.spec();
		this.label = origin.label();
		this.generation = generation;
		this.length = memory.segment().byteSize();
		this.address = memory.segment().address();
		this.pages = memory.pages();
		this.protection = memory.protection();
		this.file = memory.file();
		this.callSite = origin.callSite();
		this.counters = origin.counters();
		this.flushes = origin.flushes();
		this.leases = leases;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public @Nullable String label() {
		return this.label;
	}

	@Override
	public boolean declared() {
		return this.declared;
	}

	@Override
	public @Nullable Path path() {
		return (this.spec.source() instanceof MappingSource.File file) ? file.path() : null;
	}

	@Override
	public @Nullable URL resource() {
		return (this.spec.source() instanceof MappingSource.Resource resource) ? resource.url() : null;
	}

	@Override
	public int generation() {
		return this.generation;
	}

	@Override
	public MappingAccess access() {
		return this.spec.access();
	}

	@Override
	public long offset() {
		return this.spec.offset();
	}

	@Override
	public long length() {
		return this.length;
	}

	@Override
	public long address() {
		return this.address;
	}

	@Override
	public Instant mappedAt() {
		return this.mappedAt;
	}

	@Override
	public @Nullable Instant lastFlush() {
		return this.flushes.last();
	}

	@Override
	public @Nullable String createdBy() {
		return (this.callSite != null) ? this.callSite.place() : null;
	}

	@Override
	public FileState fileState() {
		return FileLook.at(this).state();
	}

	@Override
	public long lostBytes() {
		return FileLook.at(this).lostBytes();
	}

	@Override
	public long leases() {
		return this.leases.count();
	}

	/**
	 * The memory is mapped, and leases on it count.
	 */
	void countLeases() {
		this.counters.add(this.leases);
	}

	/**
	 * The memory is gone, or no longer this entry's.
	 */
	void forgetLeases() {
		this.counters.remove(this.leases);
	}

	/**
	 * The memory is gone.
	 */
	void forgetDetached() {
		if (this.detached) {
			this.counters.detached(-this.length);
		}
	}

	@Override
	public Set<Protection> protection() {
		return this.protection;
	}

	@Override
	public String source() {
		return switch (this.spec.source()) {
			case MappingSource.File file -> "file";
			case MappingSource.Resource resource -> "resource";
			case MappingSource.Descriptor descriptor -> "descriptor";
			case MappingSource.Anonymous anonymous -> "anonymous";
			case MappingSource.InMemoryFile file -> "in-memory-file";
		};
	}

	@Override
	public List<String> leaseHolders() {
		return holders().stream().map(Holder::toString).toList();
	}

	/**
	 * Return those who hold leases and are known.
	 */
	List<Holder> holders() {
		return this.leases.holders();
	}

	@Override
	public String group() {
		return this.counters.name();
	}

	@Override
	public boolean isReplaced() {
		return this.leases.closing() == Leases.Closing.RETIRED;
	}

	@Override
	public List<Advice> advice() {
		return this.spec.pages().advice();
	}

	@Override
	public boolean isReloadedOnUpdate() {
		return this.spec.life().reloadOnUpdate();
	}

	@Override
	public TruncationPolicy truncationPolicy() {
		return this.spec.life().truncation();
	}

	@Override
	public @Nullable Duration flushInterval() {
		return this.spec.life().flushInterval();
	}

	@Override
	public boolean isFlushedOnUnmap() {
		return this.spec.life().flushOnUnmap();
	}

	@Override
	public boolean isConfined() {
		return this.spec.confined();
	}

	@Override
	public @Nullable ResidencySample residencySample() {
		return this.residencySample;
	}

	void residencySample(ResidencySample sample) {
		this.residencySample = sample;
	}

	@Override
	public Residency residency() {
		return new ResidencyLook(this).whole();
	}

	@Override
	public ResidencyMap residencyMap(int maxParts) {
		return new ResidencyLook(this).parts(maxParts);
	}

	Origin origin() {
		return this.origin;
	}

	MappingSpec spec() {
		return this.spec;
	}

	@Nullable FileVersion file() {
		return this.file;
	}

	Pages pages() {
		return this.pages;
	}

	MappingCounters counters() {
		return this.counters;
	}

	FlushHistory flushes() {
		return this.flushes;
	}

	@Override
	public List<String> creationStack() {
		Throwable stack = creation();
		return (stack != null) ? Stream.of(stack.getStackTrace()).map(StackTraceElement::toString).toList() : List.of();
	}

	@Override
	public @Nullable Throwable creation() {
		return (this.callSite != null) ? this.callSite.stack() : null;
	}

	/**
	 * Return the handle if anybody still has it.
	 */
	@Nullable DefaultMemoryMapping handle() {
		WeakReference<DefaultMemoryMapping> handle = this.handle;
		return (handle != null) ? handle.get() : null;
	}

	/**
	 * Return whether this is what its handle stands for now.
	 */
	boolean isCurrent() {
		DefaultMemoryMapping handle = handle();
		Generation generation = (handle != null) ? handle.generation() : null;
		return generation != null && generation.entry() == this;
	}

	void handle(DefaultMemoryMapping handle) {
		this.handle = new WeakReference<>(handle);
	}

	LeakDetector.@Nullable Tracker tracker() {
		return this.tracker;
	}

	void tracker(LeakDetector.Tracker tracker) {
		this.tracker = tracker;
	}

	@Override
	public boolean isDetached() {
		return this.detached;
	}

	void markDetached() {
		this.detached = true;
		this.counters.detached(this.length);
	}

	@Override
	public boolean isGuarded() {
		TruncationGuard.Hold guard = this.guard;
		return guard != null && guard.isGuarding();
	}

	void guard(TruncationGuard.Hold guard) {
		this.guard = guard;
	}

	/**
	 * Unmap pages that nobody can reach any more, while nobody else exchanges them.
	 * @return whether they were unmapped; {@code false} if there is no way to
	 */
	boolean reclaim() throws SystemCallException {
		TruncationGuard.Hold guard = this.guard;
		if (guard == null) {
			return this.pages.reclaim();
		}
		AtomicBoolean reclaimed = new AtomicBoolean();
		guard.whileNotSaving(() -> reclaimed.set(this.pages.reclaim()));
		return reclaimed.get();
	}

	TruncationGuard.@Nullable Hold guard() {
		return this.guard;
	}

	/**
	 * Return whether the memory was unmapped as it should be.
	 */
	boolean released() {
		return this.released;
	}

	void markReleased() {
		this.released = true;
		forgetLeases();
	}

	/**
	 * Note that this was in use when its registry was closed.
	 */
	void markLeft() {
		this.left = true;
	}

	boolean isLeft() {
		return this.left;
	}

	/**
	 * Claim the right to report this as a leak, which is done at most once.
	 */
	boolean claimReport() {
		return this.reported.compareAndSet(false, true);
	}

	void markLeaked(LeakCause cause) {
		this.leakCause = cause;
	}

	@Override
	public @Nullable LeakCause leakCause() {
		return this.leakCause;
	}

	@Override
	public MappingInfo info() {
		return this;
	}

	@Override
	public boolean isMapped() {
		return !this.released;
	}

	/**
	 * Describe the mapping for a log or an exception.
	 */
	@Override
	public String toString() {
		String label = label();
		return "'" + this.name + "'" + ((label != null) ? " (" + label + ")" : "") + " of " + this.length + " bytes of "
				+ this.spec.source();
	}

}
