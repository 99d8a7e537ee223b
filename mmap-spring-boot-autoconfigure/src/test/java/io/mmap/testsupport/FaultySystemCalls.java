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

package io.mmap.testsupport;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * The real system calls, of which some fail when a test wants that.
 */
public final class FaultySystemCalls implements SystemCalls {

	private final SystemCalls calls = new LinuxSystemCalls();

	private final Map<String, Integer> faults = new HashMap<>();

	private volatile CountDownLatch slowFlush = new CountDownLatch(0);

	/**
	 * Have the next call of a kind fail.
	 * @param call the name of the system call
	 * @param errno the error number
	 */
	public synchronized void failOnce(String call, int errno) {
		this.faults.put(call, errno);
	}

	/**
	 * Have flushes take a while.
	 * @param latch what they wait for
	 */
	public void flushesWaitFor(CountDownLatch latch) {
		this.slowFlush = latch;
	}

	@Override
	public long mmap(long length, int protection, int flags, int descriptor, long offset) throws SystemCallException {
		failIfWanted("mmap");
		return this.calls.mmap(length, protection, flags, descriptor, offset);
	}

	@Override
	public void munmap(long address, long length) throws SystemCallException {
		failIfWanted("munmap");
		this.calls.munmap(address, length);
	}

	@Override
	public void msync(long address, long length, int flags) throws SystemCallException {
		failIfWanted("msync");
		try {
			this.slowFlush.await();
		}
		catch (InterruptedException ex) {
			throw new SystemCallException("msync", Errno.EINTR);
		}
		this.calls.msync(address, length, flags);
	}

	@Override
	public int open(Path path, int flags, int mode) throws SystemCallException {
		failIfWanted("open");
		return this.calls.open(path, flags, mode);
	}

	@Override
	public int openWithoutLinks(Path path, int flags, int mode) throws SystemCallException {
		failIfWanted("openWithoutLinks");
		return this.calls.openWithoutLinks(path, flags, mode);
	}

	@Override
	public void lock(int descriptor) throws SystemCallException {
		failIfWanted("lock");
		this.calls.lock(descriptor);
	}

	@Override
	public void close(int descriptor) throws SystemCallException {
		// As with the real one, the descriptor is gone whatever is answered
		this.calls.close(descriptor);
		failIfWanted("close");
	}

	@Override
	public FileStatus fstat(int descriptor) throws SystemCallException {
		failIfWanted("fstat");
		return this.calls.fstat(descriptor);
	}

	@Override
	public void allocate(int descriptor, long offset, long length) throws SystemCallException {
		failIfWanted("allocate");
		this.calls.allocate(descriptor, offset, length);
	}

	@Override
	public long pageSize() {
		return this.calls.pageSize();
	}

	@Override
	public MemorySegment segment(long address, long length, Arena arena) {
		return this.calls.segment(address, length, arena);
	}

	private synchronized void failIfWanted(String call) throws SystemCallException {
		Integer errno = this.faults.remove(call);
		if (errno != null) {
			throw new SystemCallException(call, errno);
		}
	}

}
