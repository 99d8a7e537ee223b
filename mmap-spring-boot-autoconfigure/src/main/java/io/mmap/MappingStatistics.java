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

import org.jspecify.annotations.Nullable;

/**
 * Live figures of one declared mapping, or of all ad hoc mappings together. Reading them
 * costs no system call and touches no mapped memory. Not to be implemented by
 * applications: methods will be added.
 */
public interface MappingStatistics {

	/**
	 * The {@link #name() name} under which ad hoc mappings are counted.
	 */
	String AD_HOC = "ad-hoc";

	/**
	 * Return whose figures these are.
	 * @return a declared name, or {@value #AD_HOC}
	 */
	String name();

	/**
	 * Return how many mappings are open.
	 * @return the number of mappings
	 */
	long mappings();

	/**
	 * Return how much memory is mapped, leaked memory that could not be reclaimed
	 * included.
	 * @return the number of bytes
	 */
	long mappedBytes();

	/**
	 * Return how much of the mapped memory is {@linkplain MappingInfo#isDetached()
	 * detached}, and so private memory of the process.
	 * @return the number of bytes
	 */
	long detachedBytes();

	/**
	 * Return how often memory was mapped.
	 * @return the number of calls that succeeded
	 */
	long mapCount();

	/**
	 * Return how long mapping took, all in all.
	 * @return the time in nanoseconds
	 */
	long mapNanos();

	/**
	 * Return how often what was mapped was validated, whether or not it was refused.
	 * @return the number of times; 0 where there is no {@link MappingValidator}
	 */
	long validateCount();

	/**
	 * Return how long validators took, all in all. What they read has to come into
	 * memory, too.
	 * @return the time in nanoseconds
	 */
	long validateNanos();

	/**
	 * Return how often memory was unmapped.
	 * @return the number of calls that succeeded
	 */
	long unmapCount();

	/**
	 * Return how long unmapping took, all in all.
	 * @return the time in nanoseconds
	 */
	long unmapNanos();

	/**
	 * Return how often changes were written to files, in the background or because
	 * somebody asked for it, of whole mappings or a range.
	 * @return the number of flushes that succeeded
	 */
	long flushCount();

	/**
	 * Return how long flushes took, all in all, without those that failed.
	 * @return the time in nanoseconds
	 */
	long flushNanos();

	/**
	 * Return how many flushes failed.
	 * @return the number of flushes whose changes may not be in the file
	 * @see MappingRegistry#errors()
	 */
	long flushErrors();

	/**
	 * Return how often memory was {@linkplain MemoryMapping#preload() preloaded}.
	 * @return the number of preloads that were completed
	 */
	long preloadCount();

	/**
	 * Return how long preloads took, all in all, without those that were cancelled or
	 * failed. Time in which one is held back for the sake of a rate limit counts, time in
	 * the queue does not.
	 * @return the time in nanoseconds
	 */
	long preloadNanos();

	/**
	 * Return how many mappings leaked.
	 * @param cause how
	 * @return the number of leaks
	 */
	long leaks(LeakCause cause);

	/**
	 * Return how much memory leaked, reclaimed or not.
	 * @param cause how
	 * @return the number of bytes
	 */
	long leakedBytes(LeakCause cause);

	/**
	 * Return how often what is mapped was replaced, or should have been.
	 * @param outcome with which outcome
	 * @return the number of reloads
	 */
	long reloads(ReloadOutcome outcome);

	/**
	 * Return how many leases are held, operations on pages that are under way included. A
	 * lease on a member of a set is one on all of it.
	 * @return the number of leases, exact when none is acquired or closed meanwhile
	 */
	long leases();

	/**
	 * Return for how long a lease has been held that is held now, at least, and the one
	 * that is held for longest. Known only where a
	 * {@linkplain MappingRegistry.Builder#leaseHoldThreshold threshold} is set, and as
	 * exactly as half of it.
	 * @return the time in nanoseconds; 0 if none is held or that is not known
	 */
	long longestHoldNanos();

	/**
	 * Return when what is mapped was replaced last.
	 * @return the time of the last reload that has succeeded, or {@code null} if there
	 * was none
	 */
	@Nullable Instant lastReload();

	/**
	 * Return how much of the mapped memory was in memory when that was found out last,
	 * which {@link MappingRegistry#statistics()} has done from time to time.
	 * @return the number of bytes, or {@code null} if that is not known of all of it, or
	 * nothing is mapped
	 * @see Residency#resident()
	 */
	@Nullable Long residentBytes();

	/**
	 * Return how much of the mapped memory was to be written to files when that was found
	 * out last.
	 * @return the number of bytes, or {@code null} if that is not known of all of it, or
	 * nothing is mapped
	 * @see Residency#dirty()
	 */
	@Nullable Long dirtyBytes();

	/**
	 * Return how much of declared mappings was lost by truncation of their files, when
	 * that was found out last together with {@link #residentBytes()}.
	 * @return the number of bytes
	 * @see MappingInfo#lostBytes()
	 */
	long truncatedBytes();

}
