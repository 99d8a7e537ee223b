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
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.SystemCallException;

/**
 * The pages of a mapping. Knows where they are, but does not keep their segment or its
 * scope reachable: the leak detector holds on to this while it waits for them to go.
 * <p>
 * Operations work by address, on ranges that were checked: the caller makes sure that the
 * pages stay mapped meanwhile. What a mapper does not offer is refused.
 */
interface Pages {

	/**
	 * Write dirty pages to the file, and wait.
	 */
	void flush(MemorySegment segment, long offset, long length) throws SystemCallException, IOException;

	/**
	 * Unmap the pages if closing the arena has not done that already. To be called after
	 * the arena was closed; may be repeated if it fails.
	 */
	void unmap() throws SystemCallException;

	/**
	 * Unmap pages whose arena was never closed. To be called when their scope has become
	 * unreachable.
	 * @return whether they were unmapped; {@code false} if there is no way to
	 */
	boolean reclaim() throws SystemCallException;

	/**
	 * Keep memory that is to take the place of pages out of core dumps and forked
	 * processes, if the spec wants that.
	 */
	default void withhold(long address, long length) throws SystemCallException {
	}

	/**
	 * Do again what the spec wants done with pages, after others have taken their place.
	 */
	default void moved() throws SystemCallException {
	}

	/**
	 * Let go of what belongs to this generation alone, as the next one takes the pages
	 * over, and of the pages, if the next one has described them anew.
	 */
	default void supersededBy(Pages next) {
	}

	default void startFlush(long offset, long length) throws SystemCallException {
		throw unsupported("startFlush");
	}

	default void advise(Advice advice, long offset, long length) throws SystemCallException {
		throw unsupported("advise");
	}

	default void discard(DestructiveAdvice advice, long offset, long length) throws SystemCallException {
		throw unsupported("discard");
	}

	default void lock(long offset, long length, boolean onFault) throws SystemCallException {
		throw unsupported("lock");
	}

	default void unlock(long offset, long length) throws SystemCallException {
		throw unsupported("unlock");
	}

	default void prefault(long offset, long length, boolean forWriting) throws SystemCallException {
		throw unsupported("prefault");
	}

	/**
	 * Bring pages into memory that are going to be read, in one go.
	 */
	default void preload(MemorySegment segment, long offset, long length) throws SystemCallException {
		segment.asSlice(offset, length).load();
	}

	/**
	 * Find out how much is in memory.
	 * @param maxScan how many bytes to look at page by page, where there is no other way:
	 * what the others cost depends on what is in memory only
	 */
	default Residency residency(long offset, long length, long maxScan) {
		return Residency.unknown("the jdk mapper cannot tell. " + Mappers.NATIVE_REMEDY);
	}

	/**
	 * Look at the file behind the pages, whatever its path leads to now.
	 * @param open whether to open it, if nothing has needed that so far
	 * @return what it is like, or {@code null} if there is none or it cannot be looked at
	 */
	default @Nullable FileStatus fileStatus(boolean open) {
		return null;
	}

	default int descriptor() {
		throw unsupported("descriptor");
	}

	default WriteTracker trackWrites() throws SystemCallException {
		throw unsupported("trackChanges");
	}

	default void addSeals(int seals) throws SystemCallException {
		throw unsupported("seal");
	}

	/**
	 * Refuse a change of what the pages permit that is not offered at all.
	 */
	default void prepareProtect() {
		throw unsupported("protect");
	}

	/**
	 * Change what the pages permit. If it fails a part of them may be changed.
	 */
	default void protect(Set<Protection> protection) throws SystemCallException {
		throw unsupported("protect");
	}

	/**
	 * Refuse a change of the length that cannot work, and make the file long enough.
	 * @return whether the pages stay where they are, and the mapping becomes longer
	 */
	default boolean prepareResize(long length) throws SystemCallException {
		throw unsupported("resize");
	}

	/**
	 * Change the length.
	 * @param protection what the pages permit
	 * @return the pages from now on; these are not to be used any more
	 */
	default Pages resize(long length, Set<Protection> protection) throws SystemCallException {
		throw unsupported("resize");
	}

	/**
	 * Seal the file against writing, with a mapping that cannot be written instead of
	 * this one. If that fails this one is as it was, or at least not accessible in ways
	 * that it was not.
	 * @param protection what the pages permit until now
	 * @return the pages from now on; these are not to be used any more
	 */
	default Pages sealWrite(int seals, Set<Protection> protection) throws SystemCallException {
		throw unsupported("seal");
	}

	/**
	 * Return whether the pages can never be written any more.
	 */
	default boolean isWriteSealed() {
		return false;
	}

	/**
	 * Return whether there can be no access to the pages any more, since they could not
	 * be kept out of core dumps and forked processes.
	 */
	default boolean isInaccessible() {
		return false;
	}

	/**
	 * Return a segment over the pages.
	 */
	default MemorySegment segment(MappingArena arena, long length) {
		throw unsupported("protect");
	}

	private static UnsupportedMappingOperationException unsupported(String operation) {
		return new UnsupportedMappingOperationException(
				"The jdk mapper does not offer '" + operation + "'. " + Mappers.NATIVE_REMEDY);
	}

}
