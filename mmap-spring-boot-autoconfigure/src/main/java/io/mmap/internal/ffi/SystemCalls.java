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
import java.util.List;

/**
 * The system calls that mapping needs, one method each. Constants for flags are those of
 * {@link Linux}. Every method can be called from any thread, and blocks as long as the
 * system does.
 */
public interface SystemCalls {

	/**
	 * Map pages.
	 * @param address where, with {@code MAP_FIXED}; 0 to leave that to the system
	 * @param length the number of bytes, at least 1
	 * @param protection {@code PROT_*}
	 * @param flags {@code MAP_*}
	 * @param descriptor the file descriptor, or -1 for anonymous memory
	 * @param offset a multiple of the page size
	 * @return the address
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2)</a>
	 */
	long mmap(long address, long length, int protection, int flags, int descriptor, long offset)
			throws SystemCallException;

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
	 * Change what may be done with pages.
	 * @param address a multiple of the page size
	 * @param length the number of bytes
	 * @param protection {@code PROT_*}
	 * @throws SystemCallException if the call failed; a part of the pages may be changed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/mprotect.2.html">mprotect(2)</a>
	 */
	void mprotect(long address, long length, int protection) throws SystemCallException;

	/**
	 * Grow or shrink a mapping.
	 * @param address a multiple of the page size
	 * @param oldLength the number of bytes until now
	 * @param newLength the number of bytes to be
	 * @param flags {@code MREMAP_*}
	 * @return the address from now on
	 * @throws SystemCallException if the call failed; the pages are as they were
	 * @see <a href="https://man7.org/linux/man-pages/man2/mremap.2.html">mremap(2)</a>
	 */
	long mremap(long address, long oldLength, long newLength, int flags) throws SystemCallException;

	/**
	 * Move pages to where others are, which are unmapped.
	 * @param address a multiple of the page size
	 * @param length the number of bytes
	 * @param target where to, a multiple of the page size
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/mremap.2.html">mremap(2)</a>
	 */
	void moveOver(long address, long length, long target) throws SystemCallException;

	/**
	 * Say how pages are going to be used.
	 * @param address a multiple of the page size
	 * @param length the number of bytes
	 * @param advice {@code MADV_*}
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2)</a>
	 */
	void madvise(long address, long length, int advice) throws SystemCallException;

	/**
	 * Bring pages into memory and keep them there.
	 * @param address a multiple of the page size
	 * @param length the number of bytes
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/mlock.2.html">mlock(2)</a>
	 */
	void mlock(long address, long length) throws SystemCallException;

	/**
	 * Keep pages in memory.
	 * @param address a multiple of the page size
	 * @param length the number of bytes
	 * @param flags {@code MLOCK_*}
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/mlock.2.html">mlock2(2)</a>
	 */
	void mlock2(long address, long length, int flags) throws SystemCallException;

	/**
	 * Let pages be evicted again.
	 * @param address a multiple of the page size
	 * @param length the number of bytes
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/mlock.2.html">munlock(2)</a>
	 */
	void munlock(long address, long length) throws SystemCallException;

	/**
	 * Count the pages that are in memory, with a buffer whose size is bounded.
	 * @param address a multiple of the page size
	 * @param length the number of bytes
	 * @return the number of pages
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/mincore.2.html">mincore(2)</a>
	 */
	long mincore(long address, long length) throws SystemCallException;

	/**
	 * Give anonymous memory a name, which {@code /proc/PID/maps} shows.
	 * @param address a multiple of the page size
	 * @param length the number of bytes
	 * @param name at most 79 printable ASCII characters without any of {@code []\$`}
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/PR_SET_VMA.2const.html">PR_SET_VMA</a>
	 */
	void nameMemory(long address, long length, String name) throws SystemCallException;

	/**
	 * Create a file that exists in memory only.
	 * @param name what {@code /proc/PID/fd} shows, at most 249 bytes
	 * @param flags {@code MFD_*}
	 * @return a descriptor
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/memfd_create.2.html">memfd_create(2)</a>
	 */
	int memfdCreate(String name, int flags) throws SystemCallException;

	/**
	 * Set the length of a file.
	 * @param descriptor a descriptor open for writing
	 * @param length the number of bytes
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/truncate.2.html">ftruncate(2)</a>
	 */
	void ftruncate(int descriptor, long length) throws SystemCallException;

	/**
	 * Read from a file.
	 * @param descriptor a descriptor open for reading
	 * @param address where to
	 * @param length the number of bytes at most
	 * @param offset where in the file
	 * @return the number of bytes read, 0 at the end of the file
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/pread.2.html">pread(2)</a>
	 */
	long pread(int descriptor, long address, long length, long offset) throws SystemCallException;

	/**
	 * Return another descriptor for what is open already.
	 * @param descriptor the descriptor
	 * @return one that programs that this process starts do not inherit
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/fcntl.2.html">F_DUPFD_CLOEXEC</a>
	 */
	int duplicate(int descriptor) throws SystemCallException;

	/**
	 * Seal a file in memory.
	 * @param descriptor a descriptor open for writing
	 * @param seals {@code F_SEAL_*}
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/F_ADD_SEALS.2const.html">F_ADD_SEALS</a>
	 */
	void addSeals(int descriptor, int seals) throws SystemCallException;

	/**
	 * Return the seals of a file in memory.
	 * @param descriptor a descriptor
	 * @return {@code F_SEAL_*}
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/F_GET_SEALS.2const.html">F_GET_SEALS</a>
	 */
	int seals(int descriptor) throws SystemCallException;

	/**
	 * Return how much of a range of a file is in the page cache.
	 * @param descriptor a descriptor
	 * @param offset the start of the range in bytes
	 * @param length the number of bytes
	 * @return the pages
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://docs.kernel.org/userspace-api/index.html">cachestat(2)</a>
	 */
	CacheStatus cachestat(int descriptor, long offset, long length) throws SystemCallException;

	/**
	 * Start to write a range of a file to its device.
	 * @param descriptor a descriptor
	 * @param offset the start of the range in bytes
	 * @param length the number of bytes
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/sync_file_range.2.html">sync_file_range(2)</a>
	 */
	void startWriting(int descriptor, long offset, long length) throws SystemCallException;

	/**
	 * Create what notes the pages that are written, without stopping who writes them.
	 * @return a descriptor
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/userfaultfd.2.html">userfaultfd(2)</a>
	 */
	int userfaultfd() throws SystemCallException;

	/**
	 * Have written pages noted.
	 * @param userfaultfd the descriptor
	 * @param address a multiple of the page size
	 * @param length the number of bytes
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/UFFDIO_REGISTER.2const.html">UFFDIO_REGISTER</a>
	 */
	void trackWrites(int userfaultfd, long address, long length) throws SystemCallException;

	/**
	 * Find pages of some kind.
	 * @param pagemap a descriptor of {@code /proc/self/pagemap}
	 * @param start the first address, a multiple of the page size
	 * @param end the address after the last
	 * @param category what the pages are, {@code PAGE_IS_*}
	 * @param without what they are not, {@code PAGE_IS_*} or 0
	 * @param flags {@code PM_SCAN_*}
	 * @return the pages, in the order of their addresses
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://docs.kernel.org/admin-guide/mm/pagemap.html#pagemap-scan-ioctl">PAGEMAP_SCAN</a>
	 */
	List<PageRegion> scanPages(int pagemap, long start, long end, long category, long without, long flags)
			throws SystemCallException;

	/**
	 * Count pages of some kind, of whatever length the range is.
	 * @param pagemap a descriptor of {@code /proc/self/pagemap}
	 * @param start the first address, a multiple of the page size
	 * @param end the address after the last
	 * @param category what the pages are, {@code PAGE_IS_*}
	 * @param without what they are not, {@code PAGE_IS_*} or 0
	 * @return the number of pages
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://docs.kernel.org/admin-guide/mm/pagemap.html#pagemap-scan-ioctl">PAGEMAP_SCAN</a>
	 */
	long countPages(int pagemap, long start, long end, long category, long without) throws SystemCallException;

	/**
	 * Return the user in whose name this process acts.
	 * @return the number of the user
	 * @see <a href="https://man7.org/linux/man-pages/man2/geteuid.2.html">geteuid(2)</a>
	 */
	int effectiveUser();

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
	 * Take a lease on a file, or give it up. Whoever breaks it waits until it is given
	 * up, but no longer than {@code /proc/sys/fs/lease-break-time}. Say first with
	 * {@link #signalThreadOn} who is told of that: otherwise the process gets
	 * {@code SIGIO}, which ends it.
	 * @param descriptor a descriptor open for reading only
	 * @param type {@code F_RDLCK}, {@code F_WRLCK} or {@code F_UNLCK}
	 * @throws SystemCallException if the call failed; {@code EAGAIN} if the file is open
	 * in a way that the lease excludes, or if there is no lease to give up
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/F_GETLEASE.2const.html">F_SETLEASE</a>
	 */
	void setLease(int descriptor, int type) throws SystemCallException;

	/**
	 * Return the lease on a file.
	 * @param descriptor the descriptor through which it was taken
	 * @return {@code F_RDLCK}, {@code F_WRLCK} or {@code F_UNLCK}; of a lease that is
	 * being broken, what it has to become
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/F_GETLEASE.2const.html">F_GETLEASE</a>
	 */
	int lease(int descriptor) throws SystemCallException;

	/**
	 * Have a thread get a signal when something happens to an open file.
	 * @param descriptor the descriptor
	 * @param thread the number of the thread
	 * @param signal the signal
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/F_GETSIG.2const.html">F_SETOWN_EX,
	 * F_SETSIG</a>
	 */
	void signalThreadOn(int descriptor, int thread, int signal) throws SystemCallException;

	/**
	 * Have a signal wait until the calling thread asks for it.
	 * @param signal the signal
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/sigprocmask.2.html">rt_sigprocmask(2)</a>
	 */
	void blockSignal(int signal) throws SystemCallException;

	/**
	 * Wait for a signal that the calling thread has blocked.
	 * @param signal the signal
	 * @param timeout how long to wait, in nanoseconds
	 * @return whether it came; if not, the wait may have been shorter
	 * @throws SystemCallException if the call failed
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/sigtimedwait.2.html">rt_sigtimedwait(2)</a>
	 */
	boolean awaitSignal(int signal, long timeout) throws SystemCallException;

	/**
	 * Return the number that the system has for the calling thread.
	 * @return the number
	 * @see <a href="https://man7.org/linux/man-pages/man2/gettid.2.html">gettid(2)</a>
	 */
	int threadId();

	/**
	 * Send a signal to a thread of this process.
	 * @param thread the number of the thread
	 * @param signal the signal
	 * @throws SystemCallException if the call failed; {@code ESRCH} if it has ended
	 * @see <a href="https://man7.org/linux/man-pages/man2/tgkill.2.html">tgkill(2)</a>
	 */
	void signal(int thread, int signal) throws SystemCallException;

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
	 * Return the size of the pages from the pool of huge ones that a file consists of.
	 * @param descriptor the descriptor
	 * @return the size in bytes, or 0 if the file has other pages
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/statfs.2.html">fstatfs(2)</a>
	 */
	long hugePageSize(int descriptor) throws SystemCallException;

	/**
	 * Return the type of the file system that a file is on.
	 * @param descriptor the descriptor, which may be {@code O_PATH}
	 * @return the magic number of the type
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/statfs.2.html">fstatfs(2)</a>
	 */
	long fileSystemType(int descriptor) throws SystemCallException;

	/**
	 * Create what tells of changes of files.
	 * @return a descriptor
	 * @throws SystemCallException if the call failed; {@code EMFILE} also if the user has
	 * too many of them
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/inotify_init.2.html">inotify_init1(2)</a>
	 */
	int inotify() throws SystemCallException;

	/**
	 * Have changes of a file told of, or of other ones if that was done before.
	 * @param inotify the descriptor
	 * @param path the file, which must be readable
	 * @param events {@code IN_*}
	 * @return the number of the watch; the same for each path to the same file
	 * @throws SystemCallException if the call failed; {@code ENOSPC} if the user has too
	 * many watches
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/inotify_add_watch.2.html">inotify_add_watch(2)</a>
	 */
	int addWatch(int inotify, Path path, int events) throws SystemCallException;

	/**
	 * Have changes of a file told of no more. That itself is told, as {@code IN_IGNORED}.
	 * @param inotify the descriptor
	 * @param watch the number of the watch
	 * @throws SystemCallException if the call failed; {@code EINVAL} if there is no such
	 * watch any more
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/inotify_rm_watch.2.html">inotify_rm_watch(2)</a>
	 */
	void removeWatch(int inotify, int watch) throws SystemCallException;

	/**
	 * Wait until something is told. Started again when a signal interrupts it. Closing
	 * the descriptor does not end the wait, removing a watch does.
	 * @param inotify the descriptor
	 * @return what is told, of files and not of what is in directories: at most
	 * {@link FileEvent#MAX}
	 * @throws SystemCallException if the call failed
	 * @see <a href="https://man7.org/linux/man-pages/man7/inotify.7.html">inotify(7)</a>
	 */
	List<FileEvent> awaitEvents(int inotify) throws SystemCallException;

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
