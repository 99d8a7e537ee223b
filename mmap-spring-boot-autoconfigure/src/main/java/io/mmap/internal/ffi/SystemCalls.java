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

package io.mmap.internal.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * The system calls that mapping needs, one method each. Constants for flags are those of
 * {@link Linux}. Every method can be called from any thread, and blocks as long as the
 * system does.
 */
public interface SystemCalls {

	/**
	 * Map a file.
	 * @param length the number of bytes, at least 1
	 * @param protection {@code PROT_*}
	 * @param flags {@code MAP_*}
	 * @param descriptor the file descriptor
	 * @param offset a multiple of the page size
	 * @return the address
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2)</a>
	 */
	long mmap(long length, int protection, int flags, int descriptor, long offset) throws SystemCallException;

	/**
	 * Unmap pages.
	 * @param address a multiple of the page size
	 * @param length the number of bytes
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/munmap.2.html">munmap(2)</a>
	 */
	void munmap(long address, long length) throws SystemCallException;

	/**
	 * Write dirty pages to the file, and wait.
	 * @param address a multiple of the page size
	 * @param length the number of bytes
	 * @param flags {@code MS_*}
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/msync.2.html">msync(2)</a>
	 */
	void msync(long address, long length, int flags) throws SystemCallException;

	/**
	 * Open a file. Started again when a signal interrupts it.
	 * @param path the file
	 * @param flags {@code O_*}
	 * @param mode the permissions of a file that is created
	 * @return a descriptor
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/open.2.html">open(2)</a>
	 */
	int open(Path path, int flags, int mode) throws SystemCallException;

	/**
	 * Open a file by a path that contains no symbolic link. Started again when a signal
	 * interrupts it. Where the kernel does not offer that (before 5.6, or blocked by a
	 * container), only the last name of the path is kept from being one.
	 * @param path the file
	 * @param flags {@code O_*}
	 * @param mode the permissions of a file that is created
	 * @return a descriptor
	 * @throws SystemCallException if the call failed; {@code ELOOP} if there is a link
	 * @see <a href="https://man7.org/linux/man-pages/man2/openat2.2.html">openat2(2)</a>
	 */
	int openWithoutLinks(Path path, int flags, int mode) throws SystemCallException;

	/**
	 * Lock a file against other processes, without waiting, until all descriptors of the
	 * same opening are closed.
	 * @param descriptor a descriptor open for writing
	 * @throws SystemCallException if the call failed; {@code EAGAIN} or {@code EACCES} if
	 * somebody else has a lock
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/fcntl_locking.2.html">F_OFD_SETLK</a>
	 */
	void lock(int descriptor) throws SystemCallException;

	/**
	 * Close a descriptor. Never to be called again for the same descriptor, whatever
	 * happened: it may belong to somebody else by then.
	 * @param descriptor the descriptor
	 * @throws SystemCallException if the call failed; the descriptor is closed all the
	 * same
	 * @see <a href="https://man7.org/linux/man-pages/man2/close.2.html">close(2)</a>
	 */
	void close(int descriptor) throws SystemCallException;

	/**
	 * Look at an open file.
	 * @param descriptor the descriptor
	 * @return what it is
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/stat.2.html">fstat(2)</a>
	 */
	FileStatus fstat(int descriptor) throws SystemCallException;

	/**
	 * Allocate disk space, and grow the file if the range goes beyond its end. Started
	 * again when a signal interrupts it.
	 * @param descriptor a descriptor open for writing
	 * @param offset the start of the range in bytes
	 * @param length the number of bytes, at least 1
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man3/posix_fallocate.3.html">posix_fallocate(3)</a>
	 */
	void allocate(int descriptor, long offset, long length) throws SystemCallException;

	/**
	 * Return the size of a page.
	 * @return the size in bytes, a power of two
	 * @see <a href="https://man7.org/linux/man-pages/man3/sysconf.3.html">sysconf(3)</a>
	 */
	long pageSize();

	/**
	 * Make mapped memory accessible. Closing the arena does not unmap it.
	 * @param address where it starts
	 * @param length the number of bytes
	 * @param arena whose scope ends the access
	 * @return a segment that can be written
	 */
	MemorySegment segment(long address, long length, Arena arena);

}
