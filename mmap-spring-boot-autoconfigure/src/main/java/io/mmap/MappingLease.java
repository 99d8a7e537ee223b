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

import org.jspecify.annotations.Nullable;

/**
 * The right to use one generation of a mapping for a while: until the lease is closed
 * that memory is neither unmapped nor changed in length or protection, whatever becomes
 * of the mapping. A mapping that is reloaded meanwhile gives its new memory to those who
 * ask from then on, and this lease keeps the old. <pre class="code">
 * try (MappingLease lease = mapping.acquire()) {
 *     long first = lease.segment().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
 * }</pre>
 * <p>
 * A lease may be used and closed on any thread. Hold it as briefly as a request takes:
 * whoever wants to unmap the mapping waits for it, though not for ever. Not to be
 * implemented by applications: methods will be added.
 */
public interface MappingLease extends AutoCloseable {

	/**
	 * Return the memory.
	 * @return the segment, the same one each time
	 * @throws IllegalStateException if the lease was closed
	 * @throws UnsupportedMappingOperationException if the pages may not be
	 * {@linkplain Protection#READ read}
	 */
	MemorySegment segment();

	/**
	 * Return which generation of the mapping this is.
	 * @return 1 for what was mapped first
	 */
	int generation();

	/**
	 * Read the memory, and have what can go wrong with it told apart from everything
	 * else: a page that cannot be read any more is an {@link InternalError} otherwise,
	 * and memory that was unmapped an {@link IllegalStateException} that does not say who
	 * did it. What else the reader throws is thrown as it is.
	 * @param reader reads
	 * @param <T> what it finds
	 * @param <E> what it may throw
	 * @return what it has found
	 * @throws E if the reader does
	 * @throws MappingTruncatedException if the file was truncated, so that a page is gone
	 * @throws MappingClosedException if the lease was closed while it was read, and the
	 * memory unmapped
	 * @throws IllegalStateException if the lease was closed before
	 */
	<T extends @Nullable Object, E extends Exception> T read(SegmentReader<T, E> reader) throws E;

	/**
	 * Give the lease back. Has no effect when it is called again.
	 */
	@Override
	void close();

}
