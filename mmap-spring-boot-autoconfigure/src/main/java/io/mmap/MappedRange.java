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

/**
 * A range of a mapping, or all of it, and what can be done with its pages. Offsets and
 * lengths count from the first mapped byte, in bytes, and need not be multiples of the
 * page size: what is done is done to every page that the range touches, except where
 * content would be lost.
 * <p>
 * All of this holds on to the memory while it is at work: unmapping waits for it. All
 * methods may be called from any thread. Unless said otherwise they throw
 * <ul>
 * <li>{@link MappingClosedException} if the mapping was unmapped,</li>
 * <li>{@link IndexOutOfBoundsException} if the mapping has become shorter than the
 * range,</li>
 * <li>{@link UnsupportedMappingOperationException} if the {@linkplain MapperType mapper}
 * does not offer the operation, or it makes no sense for what is mapped,</li>
 * <li>{@link MappingException} with the error number if the system refuses, or does not
 * have the operation.</li>
 * </ul>
 * Not to be implemented by applications: methods will be added.
 */
public interface MappedRange {

	/**
	 * Return the number of bytes in the range.
	 * @return the length in bytes
	 */
	long length();

	/**
	 * Say how the pages are going to be used. Given again by {@link MemoryMapping#seal
	 * sealing} against writing, and to what a {@link MemoryMapping#resize resize} within
	 * a reserve adds, is only the advice of the spec.
	 * @param advice the advice
	 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2)</a>
	 */
	void advise(Advice advice);

	/**
	 * Give up the content of the pages. The range has to consist of whole pages. Refused
	 * where content would be lost that nobody asked to lose: changes of a copy-on-write
	 * mapping, and copies.
	 * @param advice how
	 * @throws InvalidMappingException if the range does not start and end at a page
	 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2)</a>
	 */
	void discard(DestructiveAdvice advice);

	/**
	 * Bring the pages into memory and keep them there, until they are unlocked, unmapped,
	 * or mapped anew by {@link MemoryMapping#seal sealing} them against writing. What
	 * {@link MemoryMapping#resize} adds within a reserve is locked only if the spec says
	 * so.
	 * @see <a href="https://man7.org/linux/man-pages/man2/mlock.2.html">mlock(2)</a>
	 */
	void lock();

	/**
	 * Keep those pages in memory that are there, and each other one once it is accessed.
	 * Linux 4.4.
	 * @see <a href="https://man7.org/linux/man-pages/man2/mlock.2.html">mlock2(2),
	 * MLOCK_ONFAULT</a>
	 */
	void lockOnFault();

	/**
	 * Let the pages be evicted again.
	 * @see <a href="https://man7.org/linux/man-pages/man2/mlock.2.html">munlock(2)</a>
	 */
	void unlock();

	/**
	 * Write dirty pages to the file and wait until the device has them.
	 * @throws UnsupportedMappingOperationException if the mapping is not
	 * {@link MappingAccess#READ_WRITE read-write}, or is anonymous: it has no pages that
	 * could be written
	 * @see <a href="https://man7.org/linux/man-pages/man2/msync.2.html">msync(2)</a>
	 */
	void flush();

	/**
	 * Start to write dirty pages to the file, without waiting. Nothing is durable before
	 * {@link #flush()} returned; but there is less left for it to do.
	 * @throws UnsupportedMappingOperationException as for {@link #flush()}
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/sync_file_range.2.html">sync_file_range(2),
	 * SYNC_FILE_RANGE_WRITE</a>
	 */
	void startFlush();

	/**
	 * Bring the pages into memory for reading, and wait. Fails if that is not possible
	 * for each of them, such as those beyond the end of a file that was truncated: what
	 * was prefaulted can be handed to native code. Linux 5.14.
	 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2),
	 * MADV_POPULATE_READ</a>
	 */
	void prefault();

	/**
	 * Bring the pages into memory for writing, and wait: anonymous memory is allocated,
	 * pages that are copied on write are copied, and a file gets disk space for its
	 * holes. The content stays as it is. Linux 5.14.
	 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2),
	 * MADV_POPULATE_WRITE</a>
	 */
	void prefaultForWriting();

	/**
	 * Look how much of the range is in memory. Brings nothing into memory. Costs a few
	 * system calls whose time grows with what is resident; takes a descriptor that stays
	 * open until the mapping is unmapped.
	 * @return what is known; what is not, is said with the reason instead of being thrown
	 */
	Residency residency();

}
