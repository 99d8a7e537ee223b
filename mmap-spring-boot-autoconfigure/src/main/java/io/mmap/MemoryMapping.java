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

/**
 * A named, stable handle on mapped memory.
 * <p>
 * Memory is read and written through {@link #segment()}, as fast as through any other
 * {@link MemorySegment}. After the mapping was unmapped, segments and buffers obtained
 * from it throw {@link IllegalStateException}; none of them reaches memory that is no
 * longer the mapping's.
 * <p>
 * A <em>declared</em> mapping belongs to its registry, which alone may unmap it. An
 * <em>ad hoc</em> mapping, one made with {@link MappingRegistry#map(MappingSpec)},
 * belongs to the code that asked for it and is best used in a {@code try} statement:
 * <pre class="code">
 * try (MemoryMapping mapping = registry.map(MappingSpec.file(path).build())) {
 *     long first = mapping.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
 * }</pre>
 * <p>
 * All methods may be called from any thread. Not to be implemented by applications:
 * methods will be added.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2)</a>
 */
public interface MemoryMapping extends AutoCloseable {

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
	long length();

	/**
	 * Return the mapped memory. Read-only mappings give a read-only segment. Calling this
	 * is cheap, but a loop should keep the segment in a local variable.
	 * {@link MemorySegment#force()}, {@code load()} and {@code isLoaded()} need not work
	 * on it: use {@link #flush()}.
	 * @return a segment of {@link #length()} bytes, accessible from any thread until the
	 * mapping is unmapped
	 * @throws MappingClosedException if the mapping was unmapped
	 */
	MemorySegment segment();

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
	 * Write all dirty pages to the file and wait until the device has them.
	 * @throws MappingClosedException if the mapping was unmapped
	 * @throws UnsupportedMappingOperationException if the mapping is not
	 * {@link MappingAccess#READ_WRITE read-write}: it has no pages that could be written
	 * @throws MappingException if the write failed
	 * @see <a href="https://man7.org/linux/man-pages/man2/msync.2.html">msync(2)</a>
	 */
	void flush();

	/**
	 * Unmap the memory, after a flush that is under way. Segments and buffers of this
	 * mapping throw from now on.
	 * @throws MappingClosedException if the mapping was unmapped before; its cause is the
	 * stack that did so
	 * @throws IllegalStateException if the mapping is a declared one, or if a native call
	 * or channel operation uses the memory at this moment; in both cases it stays mapped
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
