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
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Grows a file with the means of the JDK, which has disk space allocated only by writing
 * zeros. Since these must not hit what another thread or process has written there
 * meanwhile, one at a time grows, and looks at the length again when it is its turn.
 */
final class FileGrowth {

	private static final int ZEROS = 1 << 20;

	/**
	 * A file lock holds off other processes, but not other threads.
	 */
	private static final ReentrantLock GROWING = new ReentrantLock();

	private FileGrowth() {
	}

	static void grow(MappingSpec spec, FileRange range, FileChannel channel) throws IOException {
		GROWING.lock();
		try {
			FileLock lock = lock(channel);
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

	private static @Nullable FileLock lock(FileChannel channel) throws IOException {
		try {
			return channel.lock();
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
