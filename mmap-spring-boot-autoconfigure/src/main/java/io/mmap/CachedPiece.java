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
import java.lang.foreign.ValueLayout;

import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * A piece of a file that may be in the page cache already. To bring such a piece into the
 * page tables {@code MADV_POPULATE_READ} takes longer than it need, as it looks at each
 * page: at an access to one page the kernel maps those around it, too.
 *
 * @param calls the system calls
 * @param file the file
 * @param address of the page in which the piece starts
 * @param fileOffset of that page in the file
 * @param span the length of the piece from the start of that page
 */
record CachedPiece(SystemCalls calls, BackingFile file, long address, long fileOffset, long span) {

	/**
	 * How long a mapping has to be for this to pay, as it needs a descriptor.
	 */
	static final long MIN_LENGTH = 16 << 20;

	/**
	 * How far from a piece that was not in the page cache others may be that only seem to
	 * be, as they are being read ahead.
	 */
	static final int READ_AHEAD_PIECES = 32;

	/**
	 * The length of what the kernel maps at once, at addresses that are multiples of it.
	 */
	private static final long AROUND = 1 << 16;

	/**
	 * So that no compiler leaves an access out.
	 */
	@SuppressWarnings("unused")
	private static volatile byte touched;

	/**
	 * Return whether all of it is in the page cache. Nothing else may be touched: a
	 * thread of Java that waits for a device at an access holds up every safepoint, and
	 * access to what was truncated fails.
	 */
	boolean isCached() throws SystemCallException {
		int descriptor = this.file.descriptorForSamples();
		return descriptor >= 0 && this.calls.cachestat(descriptor, this.fileOffset, this.span).cached() >= pages();
	}

	/**
	 * Touch it here and there.
	 * @param memory its memory
	 */
	void touch(MemorySegment memory) {
		touch(memory, Math.max(AROUND, this.calls.pageSize()));
	}

	/**
	 * Touch memory just before each address that is a multiple, and at its end. What the
	 * kernel maps around the first page of a mapping may reach into what comes next, so
	 * that only the last page there shows whether that is mapped.
	 * @param stride of what, a power of two
	 */
	static void touch(MemorySegment memory, long stride) {
		long first = memory.address();
		long end = memory.byteSize();
		byte sum = 0;
		for (long at = 0; at < end; at++) {
			at = Math.min(((first + at) | (stride - 1)) - first, end - 1);
			sum += memory.get(ValueLayout.JAVA_BYTE, at);
		}
		touched = sum;
	}

	/**
	 * Return whether all of it is in the page tables.
	 */
	boolean isMapped() throws SystemCallException {
		return ResidencyCheck.presentPages(this.calls, this.address, this.span) == pages();
	}

	private long pages() {
		return Math.ceilDiv(this.span, this.calls.pageSize());
	}

}
