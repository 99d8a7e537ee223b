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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Grows a file with the means of the JDK, which has disk space allocated only by writing
 * zeros. Since these must not hit what another thread or process has written there
 * meanwhile, one at a time grows, and looks at the length again when it is its turn.
 * Other processes are held off by a file lock, which the system takes away when this
 * process closes the same file elsewhere.
 */
final class FileGrowth {

	private static final int ZEROS = 1 << 20;

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final long RETRY_MILLIS = 10;

	/**
	 * A file lock holds off other processes, but not other threads.
	 */
	private static final ReentrantLock GROWING = new ReentrantLock();

	private FileGrowth() {
	}

	/**
	 * Grow the file to the end of the range if it is shorter.
	 * @param locked whether other processes are held off already
	 */
	static void grow(MappingSpec spec, FileRange range, FileChannel channel, boolean locked) throws IOException {
		GROWING.lock();
		try {
			FileLock lock = (!locked) ? lock(spec, channel) : null;
			try {
				growLocked(spec, range, channel);
			}
			finally {
				if (lock != null) {
					lock.close();
				}
			}
		}
		finally {
			GROWING.unlock();
		}
	}

	private static @Nullable FileLock lock(MappingSpec spec, FileChannel channel) throws IOException {
		long start = System.nanoTime();
		try {
			FileLock lock = channel.tryLock();
			while (lock == null) {
				if (System.nanoTime() - start > PATIENCE.toNanos()) {
					throw Failures.failure(
							spec, "the file has to grow, but another process has kept it locked for "
									+ PATIENCE.toSeconds() + " seconds",
							"Let that process end, or release its lock.", 0, null);
				}
				Thread.sleep(RETRY_MILLIS);
				lock = channel.tryLock();
			}
			return lock;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException("Nobody interrupts a thread of " + MappingThreads.class, ex);
		}
		catch (OverlappingFileLockException ex) {
			// The application itself has locked the file, so other processes are held off
			return null;
		}
	}

	private static void growLocked(MappingSpec spec, FileRange range, FileChannel channel) throws IOException {
		long size = channel.size();
		if (size >= range.end()) {
			return;
		}
		try {
			ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(ZEROS, range.length()));
			long position = Math.max(size, range.offset());
			while (position < range.end()) {
				zeros.clear().limit((int) Math.min(zeros.capacity(), range.end() - position));
				position += channel.write(zeros, position);
			}
		}
		catch (IOException ex) {
			// Not shrunk again: somebody may have mapped what was added
			throw Failures.cannotAllocate(spec, range.end(), 0, ex);
		}
	}

}
