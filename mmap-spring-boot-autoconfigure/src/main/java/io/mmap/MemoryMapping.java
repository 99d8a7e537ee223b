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
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * A named, stable handle on mapped memory.
 * <p>
 * Memory is read and written through {@link #segment()}, as fast as through any other
 * {@link MemorySegment}. After the mapping was unmapped, segments and buffers obtained
 * from it throw {@link IllegalStateException}. Whoever reads while another thread may
 * unmap or replace the memory acquires a {@linkplain #acquire() lease}, which keeps it.
 * <p>
 * A <em>declared</em> mapping belongs to its registry, which alone may unmap it. An
 * <em>ad hoc</em> mapping, one made with {@link MappingRegistry#map(MappingSpec)},
 * belongs to the code that asked for it and is best used in a {@code try} statement:
 * <pre class="code">
 * try (MemoryMapping mapping = registry.map(MappingSpec.file(path).build())) {
 *     long first = mapping.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
 * }</pre>
 * <p>
 * What can be done with the pages of a mapping can be done with a
 * {@linkplain #range(long, long) range} of it, too. All methods may be called from any
 * thread. If the mapping is {@linkplain MappingBuilder#confined(boolean) confined} to the
 * thread that has mapped it, another thread may call {@link #name()}, {@link #length()},
 * {@link #protection()} and {@link #range(long, long)} only: all others throw
 * {@link WrongThreadException} there, before anything is changed, unless they cannot be
 * done with the mapping in any thread. What the registry tells of it can be asked from
 * any thread. Not to be implemented by applications: methods will be added.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2)</a>
 */
public interface MemoryMapping extends MappedRange, AutoCloseable {

	/**
	 * Return the declared name or, for an ad hoc mapping, the id that the registry made.
	 * @return the name or id, unique in its registry
	 */
	String name();

	/**
	 * Return the address of the first mapped byte that was asked for. When the offset was
	 * not a multiple of the page size, neither is the address.
	 * @return the address; 0 when the mapping is empty
	 * @throws MappingClosedException if the mapping was unmapped
	 */
	long address();

	/**
	 * Return the number of bytes mapped, as asked for: not rounded to pages.
	 * @return the length in bytes
	 */
	@Override
	long length();

	/**
	 * Return the mapped memory. Read-only mappings give a read-only segment. Calling this
	 * is cheap, but a loop should keep the segment in a local variable.
	 * {@link MemorySegment#force()}, {@code load()} and {@code isLoaded()} need not work
	 * on it: use {@link #flush()}.
	 * @return a segment of {@link #length()} bytes, accessible from any thread, or the
	 * one to which the mapping is confined, until the mapping is unmapped, or shortened,
	 * moved or deprived of a permission
	 * @throws MappingClosedException if the mapping was unmapped
	 * @throws UnsupportedMappingOperationException if the pages may not be
	 * {@linkplain Protection#READ read}
	 */
	MemorySegment segment();

	/**
	 * Acquire the right to use the memory that is mapped now, until the lease is closed.
	 * Costs some nanoseconds. Waits for another thread that is about to change the
	 * length, protection or seals, at most for the drain timeout; that one waits for
	 * leases in turn, so a thread had better acquire one only.
	 * @return the lease
	 * @throws MappingClosedException if the mapping was unmapped, or is being so
	 */
	MappingLease acquire();

	/**
	 * Acquire the right to use the memory that is mapped now, until the lease is closed.
	 * Costs more than {@link #acquire()} does, as the lease is made known.
	 * @param owner who wants it, to be named, together with the thread, to whoever waits
	 * for the lease
	 * @return the lease
	 * @throws MappingClosedException if the mapping was unmapped, or is being so
	 */
	MappingLease acquire(String owner);

	/**
	 * Return a new buffer over the mapped memory: nothing is copied. Its byte order is
	 * big-endian, as that of every new buffer. It may be a
	 * {@link java.nio.MappedByteBuffer}, whose {@code force()} need not have an effect:
	 * use {@link #flush()}.
	 * @return a buffer at position 0 with a limit of {@link #length()}
	 * @throws MappingClosedException if the mapping was unmapped
	 * @throws UnsupportedMappingOperationException if the mapping is longer than a buffer
	 * can be, {@link Integer#MAX_VALUE} bytes
	 */
	ByteBuffer asByteBuffer();

	/**
	 * Start to bring the content into memory, in the background and in pieces of at most
	 * 1 MiB, after other preloads of the registry. One of this mapping that is under way
	 * is cancelled. A preload is cancelled, too, when the mapping is unmapped, reloaded,
	 * resized or given another protection, and with the registry. Other than
	 * {@link #prefault()} it does not keep the mapping from being unmapped, and may be
	 * limited in its {@linkplain MappingRegistry.Builder#preloadRateLimit rate}. Progress
	 * is logged when it takes longer than a second, and told to
	 * {@linkplain MappingListener#preloading listeners}.
	 * @return the preload
	 * @throws MappingClosedException if the mapping was unmapped
	 * @throws IllegalStateException if the registry was closed
	 * @throws UnsupportedMappingOperationException if the mapping is confined to a thread
	 */
	MappingPreload preload();

	/**
	 * Return a range of the mapping, to do something with its pages only.
	 * @param offset where it starts, in bytes from the first mapped one
	 * @param length the number of bytes
	 * @return the range, a handle that stays valid for as long as the mapping is long
	 * enough
	 * @throws IndexOutOfBoundsException if the range does not lie within the mapping
	 */
	MappedRange range(long offset, long length);

	/**
	 * Return what the pages permit now.
	 * @return the protection
	 */
	Set<Protection> protection();

	/**
	 * Change what the pages permit. The next generation of the mapping is published. If
	 * permissions are only added, segments and buffers that were handed out stay valid
	 * and permit what they did; otherwise they throw {@link IllegalStateException} from
	 * now on. Waits for leases and operations on the pages. If the system refuses
	 * half-way, the mapping permits what is sure to be permitted by all of its pages.
	 * @param protection any combination that the {@link MappingAccess access} allows;
	 * none to forbid everything
	 * @throws InvalidMappingException if the access does not allow it, or it contains
	 * both {@link Protection#WRITE} and {@link Protection#EXECUTE} without that having
	 * been {@linkplain MappingBuilder#writableAndExecutable asked for}
	 * @throws IllegalStateException if a lease is held for longer than the drain timeout,
	 * or a native call or channel operation uses the memory at this moment; nothing is
	 * changed then
	 * @throws UnsupportedMappingOperationException if the mapping is a member of a set,
	 * the file is sealed against writing, or the mapper does not offer it
	 * @throws MappingException if the system refused
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/mprotect.2.html">mprotect(2)</a>
	 */
	void protect(Protection... protection);

	/**
	 * Change the length. The next generation of the mapping is published. If it grows
	 * within what was {@linkplain AllocatedMappingBuilder#reserve reserved}, segments and
	 * buffers that were handed out stay valid; otherwise they throw
	 * {@link IllegalStateException} from now on, and the address may change. A file is
	 * made long enough if the mapping was made with {@linkplain FileMappingBuilder#create
	 * create}, and so is an in-memory file; none is ever made shorter. What was cut off
	 * within the last page, or is still in the file, is there again when the mapping
	 * grows. Waits for leases and operations on the pages.
	 * @param length the length in bytes, at least 1
	 * @throws InvalidMappingException if the length is not positive, or goes beyond what
	 * was reserved
	 * @throws MappedRangeException if it goes beyond the end of the file
	 * @throws IllegalStateException if a lease is held for longer than the drain timeout,
	 * or a native call or channel operation uses the memory at this moment; nothing is
	 * changed then, except that the file may be longer
	 * @throws UnsupportedMappingOperationException if the mapping is a member of a set, a
	 * copy, empty, of required huge pages or those from the pool, is to grow and shares
	 * anonymous memory or a device, or the mapper does not offer it
	 * @throws MappingException if the system refused; the length is as it was, but
	 * segments and buffers that were handed out may throw
	 * @see <a href="https://man7.org/linux/man-pages/man2/mremap.2.html">mremap(2)</a>
	 */
	void resize(long length);

	/**
	 * Seal an in-memory file, for good. With {@link Seal#WRITE} the mapping itself cannot
	 * be written any more: the next generation is published, and segments and buffers
	 * that were handed out throw {@link IllegalStateException}.
	 * @param seals the seals
	 * @throws IllegalStateException if a lease is held for longer than the drain timeout,
	 * or a native call or channel operation uses the memory at this moment; nothing is
	 * changed then
	 * @throws UnsupportedMappingOperationException if no in-memory file is mapped, or the
	 * mapper does not offer it
	 * @throws MappingException if the system refused, such as for the sake of another
	 * mapping of the file that can be written; protection and content are as they were,
	 * but segments and buffers that were handed out throw all the same
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/F_ADD_SEALS.2const.html">F_ADD_SEALS</a>
	 */
	void seal(Seal... seals);

	/**
	 * Return the descriptor of the in-memory file that is mapped, or another one of what
	 * the mapping of a descriptor was made from. It is open until the mapping is
	 * unmapped; do not close it. Another process of the same user can open
	 * {@code /proc/PID/fd/N} meanwhile.
	 * @return the descriptor
	 * @throws MappingClosedException if the mapping was unmapped
	 * @throws UnsupportedMappingOperationException if something else is mapped
	 */
	int descriptor();

	/**
	 * Start to note which pages are written through this mapping, one tracking at a time.
	 * Needs Linux 6.7, and a container whose profile lets {@code userfaultfd(2)} through.
	 * @return what notes them, until it is closed
	 * @throws MappingClosedException if the mapping was unmapped
	 * @throws UnsupportedMappingOperationException if the mapping cannot be written, is
	 * tracked already, or this is not available here
	 * @throws MappingException if the system refused
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/userfaultfd.2.html">userfaultfd(2)</a>
	 */
	ChangeTracking trackChanges();

	/**
	 * Unmap the memory, after leases and operations that are under way. Segments and
	 * buffers of this mapping throw from now on.
	 * @throws MappingClosedException if the mapping was unmapped before; its cause is the
	 * stack that did so
	 * @throws IllegalStateException if the mapping is a declared one, if a lease is held
	 * for longer than the {@linkplain MappingRegistry.Builder#drainTimeout drain
	 * timeout}, with its owner in the message, or if a native call or channel operation
	 * uses the memory at this moment; in all cases it stays mapped, and can be used
	 * @throws MappingException if the system refused; the call may be repeated
	 */
	void unmap();

	/**
	 * Unmap the memory unless that was done before.
	 * @throws IllegalStateException as for {@link #unmap()}, except that closing twice
	 * has no effect
	 * @throws MappingException if the system refused; the call may be repeated
	 */
	@Override
	void close();

}
