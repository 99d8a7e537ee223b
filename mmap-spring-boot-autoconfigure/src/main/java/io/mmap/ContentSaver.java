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

import java.io.EOFException;
import java.io.IOException;

import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Puts a private copy of a file's content in the place of the pages that map it. Who
 * reads them meanwhile sees no difference.
 */
final class ContentSaver {

	/** Read at once. No safepoint waits for that: the thread is in native code. */
	private static final long PIECE = 4 << 20;

	private final SystemCalls calls;

	ContentSaver(SystemCalls calls) {
		this.calls = calls;
	}

	/**
	 * Save the content. It is read from the file and not through the pages: where there
	 * is nothing to read any more, that is an error instead of a signal.
	 * @param descriptor the file, which nobody truncates meanwhile
	 * @param offset where in the file the content starts
	 * @param address where it is mapped
	 * @param length the number of bytes
	 * @param listener told of the memory before anything is in it
	 * @throws SystemCallException if a call failed; the pages are as they were
	 * @throws IOException if the file is too short; the pages are as they were
	 */
	void save(int descriptor, long offset, long address, long length, TruncationGuard.Listener listener)
			throws SystemCallException, IOException {
		long pageSize = this.calls.pageSize();
		long lead = address & (pageSize - 1);
		long pages = (lead + length + pageSize - 1) & -pageSize;
		long copy = this.calls.mmap(0, pages, Linux.PROT_READ | Linux.PROT_WRITE,
				Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0);
		try {
			listener.saving(copy, pages);
			read(descriptor, offset - lead, copy, pages, lead + length);
			this.calls.mprotect(copy, pages, Linux.PROT_READ);
			this.calls.moveOver(copy, pages, address - lead);
		}
		catch (SystemCallException | IOException | RuntimeException | Error ex) {
			unmap(copy, pages, ex);
			throw ex;
		}
	}

	/**
	 * Read whole pages, of which the last may go beyond the end of the file: the rest of
	 * it is zeros, as in a mapping.
	 */
	private void read(int descriptor, long offset, long address, long length, long needed)
			throws SystemCallException, IOException {
		long done = 0;
		while (done < length) {
			long count = this.calls.pread(descriptor, address + done, Math.min(length - done, PIECE), offset + done);
			if (count == 0 && done < needed) {
				throw new EOFException("The file ends at " + (offset + done) + " and not at " + (offset + needed));
			}
			if (count == 0) {
				return;
			}
			done += count;
		}
	}

	private void unmap(long address, long length, Throwable failure) {
		try {
			this.calls.munmap(address, length);
		}
		catch (SystemCallException ex) {
			failure.addSuppressed(ex);
		}
	}

}
