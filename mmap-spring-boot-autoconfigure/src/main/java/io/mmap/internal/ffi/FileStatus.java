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

import java.time.Instant;

/**
 * What {@code fstat(2)} says of a file.
 *
 * @param device the device that holds the file
 * @param inode its number there
 * @param links how many names it has; 0 when it was deleted
 * @param mode type and permissions
 * @param user the owner
 * @param size the length in bytes
 * @param blockSize what the file system likes to read at once, in bytes, or 0 if that is
 * not known
 * @param modified when the content was changed last
 */
public record FileStatus(long device, long inode, long links, int mode, int user, long size, long blockSize,
		Instant modified) {

	private static final int S_IFMT = 0170000;

	private static final int S_IFDIR = 0040000;

	private static final int S_IFIFO = 0010000;

	private static final int S_IFSOCK = 0140000;

	private static final int S_IFREG = 0100000;

	/**
	 * Return whether this is a directory.
	 * @return whether it is
	 */
	public boolean isDirectory() {
		return (this.mode & S_IFMT) == S_IFDIR;
	}

	/**
	 * Return whether this is a named pipe or a socket, which cannot be mapped.
	 * @return whether it is
	 */
	public boolean isPipeOrSocket() {
		return (this.mode & S_IFMT) == S_IFIFO || (this.mode & S_IFMT) == S_IFSOCK;
	}

	/**
	 * Return whether this is a regular file, the only kind whose size means something.
	 * @return whether it is
	 */
	public boolean isRegularFile() {
		return (this.mode & S_IFMT) == S_IFREG;
	}

}
