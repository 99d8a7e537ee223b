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

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.Errno;

/**
 * The one place where mappings are counted, so that meters, endpoint and health agree.
 */
final class MappingCounters implements MappingStatistics {

	private final String name;

	private final LongAdder mappings = new LongAdder();

	private final LongAdder mappedBytes = new LongAdder();

	private final LongAdder detachedBytes = new LongAdder();

	private final LongAdder mapCount = new LongAdder();

	private final LongAdder mapNanos = new LongAdder();

	private final LongAdder validateCount = new LongAdder();

	private final LongAdder validateNanos = new LongAdder();

	private final LongAdder unmapCount = new LongAdder();

	private final LongAdder unmapNanos = new LongAdder();

	private final LongAdder flushCount = new LongAdder();

	private final LongAdder flushNanos = new LongAdder();

	private final LongAdder preloadCount = new LongAdder();

	private final LongAdder preloadNanos = new LongAdder();

	/**
	 * What failed, and with which error number.
	 */
	private final Map<Failure, LongAdder> errors = new ConcurrentHashMap<>();

	private final Map<LeakCause, LongAdder> leaks = adders(LeakCause.class);

	private final Map<LeakCause, LongAdder> leakedBytes = adders(LeakCause.class);

	private final Map<ReloadOutcome, LongAdder> reloads = adders(ReloadOutcome.class);

	private volatile long longestHoldNanos;

	private volatile @Nullable Long residentBytes;

	private volatile @Nullable Long dirtyBytes;

	private volatile long truncatedBytes;

	private volatile @Nullable Instant lastReload;

	/**
	 * Those of the memory that is mapped. That of all members of a set is the same.
	 */
	private final Set<Leases> leases = ConcurrentHashMap.newKeySet();

	MappingCounters(String name) {
		this.name = name;
	}

	void mapped(long length, long nanos) {
		this.mappings.increment();
		this.mappedBytes.add(length);
		this.mapCount.increment();
		this.mapNanos.add(nanos);
	}

	void unmapped(long length, long nanos) {
		this.mappings.decrement();
		this.mappedBytes.add(-length);
		this.unmapCount.increment();
		this.unmapNanos.add(nanos);
	}

	void flushed(long nanos) {
		this.flushCount.increment();
		this.flushNanos.add(nanos);
	}

	/**
	 * Something could not be done.
	 * @param errno the error number, or 0
	 */
	void failed(MappingOperation operation, int errno) {
		String name = (errno != 0) ? Errno.name(errno) : OperationErrors.NO_ERRNO;
		this.errors.computeIfAbsent(new Failure(operation, name), (key) -> new LongAdder()).increment();
	}

	void failed(MappingOperation operation, MappingException failure) {
		failed(operation, failure.errno().orElse(0));
	}

	void preloaded(long nanos) {
		this.preloadCount.increment();
		this.preloadNanos.add(nanos);
	}

	/**
	 * Content was validated, whatever came of it.
	 */
	void validated(long nanos) {
		this.validateCount.increment();
		this.validateNanos.add(nanos);
	}

	@Override
	public long validateCount() {
		return this.validateCount.sum();
	}

	@Override
	public long validateNanos() {
		return this.validateNanos.sum();
	}

	void resized(long oldLength, long newLength) {
		this.mappedBytes.add(newLength - oldLength);
	}

	/**
	 * Content was saved from its file, or is gone if the length is negative.
	 */
	void detached(long length) {
		this.detachedBytes.add(length);
	}

	void leaked(LeakCause cause, long length) {
		adder(this.leaks, cause).increment();
		adder(this.leakedBytes, cause).add(length);
	}

	/**
	 * A mapping was given up by its owner.
	 * @param reclaimed whether its memory was unmapped all the same
	 */
	void abandoned(long length, boolean reclaimed) {
		this.mappings.decrement();
		if (reclaimed) {
			this.mappedBytes.add(-length);
		}
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public long mappings() {
		return this.mappings.sum();
	}

	@Override
	public long mappedBytes() {
		return this.mappedBytes.sum();
	}

	@Override
	public long detachedBytes() {
		return this.detachedBytes.sum();
	}

	@Override
	public long mapCount() {
		return this.mapCount.sum();
	}

	@Override
	public long mapNanos() {
		return this.mapNanos.sum();
	}

	@Override
	public long unmapCount() {
		return this.unmapCount.sum();
	}

	@Override
	public long unmapNanos() {
		return this.unmapNanos.sum();
	}

	@Override
	public long flushCount() {
		return this.flushCount.sum();
	}

	@Override
	public long flushNanos() {
		return this.flushNanos.sum();
	}

	@Override
	public long flushErrors() {
		return this.errors.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().operation() == MappingOperation.FLUSH)
			.mapToLong((entry) -> entry.getValue().sum())
			.sum();
	}

	@Override
	public long preloadCount() {
		return this.preloadCount.sum();
	}

	@Override
	public long preloadNanos() {
		return this.preloadNanos.sum();
	}

	@Override
	public long leaks(LeakCause cause) {
		return adder(this.leaks, cause).sum();
	}

	@Override
	public long leakedBytes(LeakCause cause) {
		return adder(this.leakedBytes, cause).sum();
	}

	@Override
	public long reloads(ReloadOutcome outcome) {
		return adder(this.reloads, outcome).sum();
	}

	@Override
	public long leases() {
		return this.leases.stream().mapToLong(Leases::count).sum();
	}

	void add(Leases leases) {
		this.leases.add(leases);
	}

	void remove(Leases leases) {
		this.leases.remove(leases);
	}

	/**
	 * A sample has found out how much is in memory.
	 */
	void sampled(@Nullable Long resident, @Nullable Long dirty, long truncated) {
		this.residentBytes = resident;
		this.dirtyBytes = dirty;
		this.truncatedBytes = truncated;
	}

	@Override
	public @Nullable Long residentBytes() {
		return (mappings() > 0) ? this.residentBytes : null;
	}

	@Override
	public @Nullable Long dirtyBytes() {
		return (mappings() > 0) ? this.dirtyBytes : null;
	}

	@Override
	public long truncatedBytes() {
		return (mappings() > 0) ? this.truncatedBytes : 0;
	}

	@Override
	public @Nullable Instant lastReload() {
		return this.lastReload;
	}

	@Override
	public long longestHoldNanos() {
		return this.longestHoldNanos;
	}

	/**
	 * A scan has found out for how long at least a lease has been held that is held now.
	 */
	void longestHold(long nanos) {
		this.longestHoldNanos = nanos;
	}

	void reloaded(ReloadOutcome outcome) {
		adder(this.reloads, outcome).increment();
		if (outcome == ReloadOutcome.SUCCESS) {
			this.lastReload = Instant.now();
		}
	}

	/**
	 * Return what has failed, whoever's figures it is counted in, in a fixed order.
	 */
	static List<OperationErrors> errors(Collection<MappingCounters> counters) {
		Map<Failure, Long> errors = new TreeMap<>();
		for (MappingCounters each : counters) {
			each.errors.forEach((failure, count) -> errors.merge(failure, count.sum(), Long::sum));
		}
		return errors.entrySet()
			.stream()
			.map((entry) -> new OperationErrors(entry.getKey().operation().id(), entry.getKey().errno(),
					entry.getValue()))
			// Else it is being counted at this moment
			.filter((error) -> error.count() > 0)
			.toList();
	}

	private static <K extends Enum<K>> LongAdder adder(Map<K, LongAdder> adders, K key) {
		LongAdder adder = adders.get(key);
		if (adder == null) {
			throw new IllegalStateException("No counter for " + key);
		}
		return adder;
	}

	private static <K extends Enum<K>> Map<K, LongAdder> adders(Class<K> keys) {
		Map<K, LongAdder> adders = new EnumMap<>(keys);
		for (K key : keys.getEnumConstants()) {
			adders.put(key, new LongAdder());
		}
		return adders;
	}

	/**
	 * What failed.
	 *
	 * @param operation the operation
	 * @param errno the name of the error number
	 */
	private record Failure(MappingOperation operation, String errno) implements Comparable<Failure> {

		private static final Comparator<Failure> ORDER = Comparator.comparing(Failure::operation)
			.thenComparing(Failure::errno);

		@Override
		public int compareTo(Failure other) {
			return ORDER.compare(this, other);
		}

	}

}
