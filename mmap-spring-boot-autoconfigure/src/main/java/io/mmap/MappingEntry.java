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
import io.mmap.internal.PlainText;
import io.mmap.internal.ffi.SystemCallException;

/**
 * What the registry and the leak detector keep of a mapping. From here neither the handle
 * nor the memory's scope can be reached, or no leak would ever be found.
 */
final class MappingEntry implements MappingInfo, ObservedMapping {

	private final Origin origin;

	private final int generation;

	private final long length;

	private final long address;

	private final Pages pages;

	private final Set<Protection> protection;

	private final @Nullable FileVersion file;

	private final Leases leases;

	private final long mappedAtSeconds;

	private final int mappedAtNanos;

	private volatile @Nullable WeakReference<DefaultMemoryMapping> handle;

	private volatile LeakDetector.@Nullable Tracker tracker;

	private volatile boolean released;

	private volatile boolean left;

	private volatile boolean detached;

	private volatile TruncationGuard.@Nullable Hold guard;

	private volatile @Nullable ResidencySample residencySample;

	private boolean reported;

	private volatile @Nullable LeakCause leakCause;

	MappingEntry(Origin origin, int generation, MappedMemory memory, Leases leases) {
		this.origin = origin;
		this.generation = generation;
		this.length = memory.segment().byteSize();
		this.address = memory.segment().address();
		this.pages = memory.pages();
		this.protection = memory.protection();
		this.file = memory.file();
		this.leases = leases;
		Instant now = Instant.now();
		this.mappedAtSeconds = now.getEpochSecond();
		this.mappedAtNanos = now.getNano();
	}

	@Override
	public String name() {
		return this.origin.name();
	}

	@Override
	public @Nullable String label() {
		return this.origin.label();
	}

	@Override
	public boolean declared() {
		return this.origin.declared();
	}

	@Override
	public @Nullable Path path() {
		return (this.origin.spec().source() instanceof MappingSource.File file) ? file.path() : null;
	}

	@Override
	public @Nullable URL resource() {
		return (this.origin.spec().source() instanceof MappingSource.Resource resource) ? resource.url() : null;
	}

	@Override
	public int generation() {
		return this.generation;
	}

	@Override
	public MappingAccess access() {
		return this.origin.spec().access();
	}

	@Override
	public long offset() {
		return this.origin.spec().offset();
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
		return Instant.ofEpochSecond(this.mappedAtSeconds, this.mappedAtNanos);
	}

	@Override
	public @Nullable Instant lastFlush() {
		return this.origin.flushes().last();
	}

	@Override
	public @Nullable String createdBy() {
		CallSite callSite = this.origin.callSite();
		return (callSite != null) ? callSite.place() : null;
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
		this.origin.counters().add(this.leases);
	}

	/**
	 * The memory is gone, or no longer this entry's.
	 */
	void forgetLeases() {
		this.origin.counters().remove(this.leases);
	}

	/**
	 * The memory is gone.
	 */
	void forgetDetached() {
		if (this.detached) {
			this.origin.counters().detached(-this.length);
		}
	}

	@Override
	public Set<Protection> protection() {
		return this.protection;
	}

	@Override
	public String source() {
		return switch (this.origin.spec().source()) {
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
		return this.origin.counters().name();
	}

	@Override
	public boolean isReplaced() {
		return this.leases.closing() == Leases.Closing.RETIRED;
	}

	@Override
	public List<Advice> advice() {
		return this.origin.spec().pages().advice();
	}

	@Override
	public boolean isReloadedOnUpdate() {
		return this.origin.spec().life().reloadOnUpdate();
	}

	@Override
	public TruncationPolicy truncationPolicy() {
		return this.origin.spec().life().truncation();
	}

	@Override
	public @Nullable Duration flushInterval() {
		return this.origin.spec().life().flushInterval();
	}

	@Override
	public boolean isFlushedOnUnmap() {
		return this.origin.spec().life().flushOnUnmap();
	}

	@Override
	public boolean isConfined() {
		return spec().confined();
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
		return this.origin.spec();
	}

	@Nullable FileVersion file() {
		return this.file;
	}

	Pages pages() {
		return this.pages;
	}

	MappingCounters counters() {
		return this.origin.counters();
	}

	FlushHistory flushes() {
		return this.origin.flushes();
	}

	@Override
	public List<String> creationStack() {
		Throwable stack = creation();
		return (stack != null) ? Stream.of(stack.getStackTrace()).map(StackTraceElement::toString).toList() : List.of();
	}

	@Override
	public @Nullable Throwable creation() {
		CallSite callSite = this.origin.callSite();
		return (callSite != null) ? callSite.stack() : null;
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
		this.origin.counters().detached(this.length);
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
	synchronized boolean claimReport() {
		boolean first = !this.reported;
		this.reported = true;
		return first;
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
		return "'" + this.origin.name() + "'" + ((label != null) ? " (" + PlainText.of(label) + ")" : "") + " of "
				+ this.length + " bytes of " + this.origin.spec().source();
	}

}
