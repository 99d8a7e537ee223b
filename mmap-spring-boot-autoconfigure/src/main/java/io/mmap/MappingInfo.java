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

import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a mapping. Holding on to it keeps nothing mapped, and does not hide a
 * leak. Not to be implemented by applications: methods will be added.
 */
public interface MappingInfo {

	/**
	 * Return the declared name, or the id of a member of a set or an ad hoc mapping.
	 * @return the name or id
	 */
	String name();

	/**
	 * Return what the code that asked for the mapping calls it.
	 * @return the label, or {@code null} if it has none
	 */
	@Nullable String label();

	/**
	 * Return whether the mapping was declared, and so belongs to its registry.
	 * @return {@code false} for an ad hoc mapping
	 */
	boolean declared();

	/**
	 * Return the mapped file.
	 * @return the path as it was asked for, or {@code null} if no file is mapped
	 */
	@Nullable Path path();

	/**
	 * Return the resource of which a copy is mapped.
	 * @return where it is, or {@code null} if no resource is mapped
	 */
	@Nullable URL resource();

	/**
	 * Return how often this was mapped anew, resized, sealed or given another protection.
	 * @return 1 for what was mapped first
	 */
	int generation();

	/**
	 * Return how the memory is mapped.
	 * @return the access
	 */
	MappingAccess access();

	/**
	 * Return what kind of thing is mapped.
	 * @return {@code file}, {@code resource}, {@code descriptor}, {@code anonymous} or
	 * {@code in-memory-file}
	 */
	String source();

	/**
	 * Return what the pages permit.
	 * @return the protection
	 */
	Set<Protection> protection();

	/**
	 * Return where in the file the mapping starts.
	 * @return the offset in bytes
	 */
	long offset();

	/**
	 * Return the number of bytes mapped.
	 * @return the length in bytes, not rounded to pages
	 */
	long length();

	/**
	 * Return where the memory was mapped.
	 * @return the address; 0 when the mapping is empty
	 */
	long address();

	/**
	 * Return when the memory was mapped.
	 * @return the time
	 */
	Instant mappedAt();

	/**
	 * Return when all changes were written to the file: what was written to the memory
	 * before is there. Whether somebody called {@link MemoryMapping#flush()}, or it was
	 * done in the background, makes no difference.
	 * @return when the last flush of the whole mapping began that has succeeded, or
	 * {@code null} if none has
	 */
	@Nullable Instant lastFlush();

	/**
	 * Return the line of code that asked for the mapping.
	 * @return {@code class.method(file:line)}, or {@code null} when
	 * {@linkplain LeakDetectionLevel#DISABLED leak detection is disabled} or the mapping
	 * was declared
	 */
	@Nullable String createdBy();

	/**
	 * Return what has become of the file since it was mapped. Looks at the file (one or
	 * two {@code stat}), and never at the memory.
	 * @return the state
	 */
	FileState fileState();

	/**
	 * Return whether the content was saved from a truncation or another change of the
	 * file, so that it is in private memory now and no longer that of the file.
	 * @return whether it is detached
	 */
	boolean isDetached();

	/**
	 * Return whether the content will be {@linkplain TruncationPolicy#GUARD saved} before
	 * somebody truncates the file. It is not any more once it was.
	 * @return whether it is guarded
	 */
	boolean isGuarded();

	/**
	 * Return how many leases are held on the memory, operations on its pages that are
	 * under way included. Those on a member of a set are held on all of it.
	 * @return the number of leases, exact when none is acquired or closed meanwhile
	 */
	long leases();

	/**
	 * Return how many bytes at the end of the mapping are no longer backed, since the
	 * file was truncated. Access to these bytes fails, and may end the JVM; those within
	 * the last page read as zeros. Looks at the file (one or two {@code stat}), and never
	 * at the memory. A file that was replaced or deleted has not lost anything for a
	 * mapping of the old one.
	 * @return the number of bytes lost; 0 in good weather and when the file cannot be
	 * looked at
	 */
	long lostBytes();

	/**
	 * Return under which name the mapping is counted.
	 * @return the declared name, which members of a set have in common, or
	 * {@value MappingStatistics#AD_HOC}
	 * @see MappingRegistry#statistics()
	 */
	String group();

	/**
	 * Return whether another generation has taken the place of this one, which stays
	 * mapped until those who use it have finished.
	 * @return whether it is on its way out
	 */
	boolean isReplaced();

	/**
	 * Return what the system was advised when the memory was mapped.
	 * @return the advice, in the order in which it was given
	 */
	List<Advice> advice();

	/**
	 * Return whether it is reloaded when another file takes the place of its own.
	 * @return whether its file is watched
	 */
	boolean isReloadedOnUpdate();

	/**
	 * Return what was asked for against truncation. Whether the content is guarded now
	 * says {@link #isGuarded()}.
	 * @return the policy
	 */
	TruncationPolicy truncationPolicy();

	/**
	 * Return how often changes are written to the file in the background.
	 * @return the time, or {@code null} if they are not
	 */
	@Nullable Duration flushInterval();

	/**
	 * Return whether changes are written to the file before the memory is unmapped.
	 * @return whether they are
	 */
	boolean isFlushedOnUnmap();

	/**
	 * Return whether only the thread that has mapped the memory may use and unmap it.
	 * @return whether it is {@linkplain MappingBuilder#confined(boolean) confined}
	 */
	boolean isConfined();

	/**
	 * Return who holds leases on the memory, as far as that is known: those who have
	 * named themselves and, with a {@linkplain MappingRegistry.Builder#leaseHoldThreshold
	 * threshold}, all.
	 * @return a description of each
	 */
	List<String> leaseHolders();

	/**
	 * Return the call stack that asked for the mapping.
	 * @return the frames, the innermost first; empty unless it was recorded, at
	 * {@link LeakDetectionLevel#DETAILED}
	 */
	List<String> creationStack();

	/**
	 * Return how much was in memory when that was found out last, for
	 * {@link MappingRegistry#statistics()} or {@link MappingRegistry#process()}.
	 * @return the sample, or {@code null} if there is none yet
	 */
	@Nullable ResidencySample residencySample();

	/**
	 * Find out how much is in memory now. Never touches the memory, and never fails: what
	 * cannot be told, or not without looking at each page of some gigabytes, is unknown.
	 * {@link MappedRange#residency()} knows no such limit.
	 * @return how much is in memory
	 */
	Residency residency();

	/**
	 * Find out which parts are in memory now, as {@link #residency()} does.
	 * @param maxParts into how many parts to divide the mapping at most
	 * @return the parts
	 * @throws IllegalArgumentException if {@code maxParts} is not positive
	 */
	ResidencyMap residencyMap(int maxParts);

}
