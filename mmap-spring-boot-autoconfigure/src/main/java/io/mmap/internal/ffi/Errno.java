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

import java.util.Map;

/**
 * Error numbers of Linux, the same on x86-64 and aarch64.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">errno(3)</a>
 */
public final class Errno {

	/** Operation not permitted. */
	public static final int EPERM = 1;

	/** No such file or directory. */
	public static final int ENOENT = 2;

	/** Interrupted by a signal. */
	public static final int EINTR = 4;

	/** Input/output error. */
	public static final int EIO = 5;

	/** Bad descriptor. */
	public static final int EBADF = 9;

	/** Temporarily not possible. */
	public static final int EAGAIN = 11;

	/** Out of memory or of memory regions. */
	public static final int ENOMEM = 12;

	/** Permission denied. */
	public static final int EACCES = 13;

	/** File exists. */
	public static final int EEXIST = 17;

	/** Not a thing that can be mapped. */
	public static final int ENODEV = 19;

	/** Not a directory. */
	public static final int ENOTDIR = 20;

	/** Is a directory. */
	public static final int EISDIR = 21;

	/** Invalid argument. */
	public static final int EINVAL = 22;

	/** Too many open files in the system. */
	public static final int ENFILE = 23;

	/** Too many open files in the process. */
	public static final int EMFILE = 24;

	/** File too large. */
	public static final int EFBIG = 27;

	/** No space left on the device. */
	public static final int ENOSPC = 28;

	/** Read-only file system. */
	public static final int EROFS = 30;

	/** No locks available. */
	public static final int ENOLCK = 37;

	/** No such system call. */
	public static final int ENOSYS = 38;

	/** Too many symbolic links. */
	public static final int ELOOP = 40;

	/** Value too large. */
	public static final int EOVERFLOW = 75;

	/** Operation not supported. */
	public static final int EOPNOTSUPP = 95;

	/** Disk quota exceeded. */
	public static final int EDQUOT = 122;

	private static final Map<Integer, String> DESCRIPTIONS = Map.ofEntries(
			Map.entry(EPERM, "EPERM, operation not permitted"), Map.entry(ENOENT, "ENOENT, no such file or directory"),
			Map.entry(EINTR, "EINTR, interrupted by a signal"), Map.entry(EIO, "EIO, input/output error"),
			Map.entry(EBADF, "EBADF, bad file descriptor"), Map.entry(EAGAIN, "EAGAIN, temporarily not possible"),
			Map.entry(ENOMEM, "ENOMEM, out of memory or of memory regions"),
			Map.entry(EACCES, "EACCES, permission denied"), Map.entry(EEXIST, "EEXIST, file exists"),
			Map.entry(ENODEV, "ENODEV, cannot be mapped"), Map.entry(ENOTDIR, "ENOTDIR, not a directory"),
			Map.entry(EISDIR, "EISDIR, is a directory"), Map.entry(EINVAL, "EINVAL, invalid argument"),
			Map.entry(ENFILE, "ENFILE, too many open files in the system"),
			Map.entry(EMFILE, "EMFILE, too many open files in this process"), Map.entry(EFBIG, "EFBIG, file too large"),
			Map.entry(ENOSPC, "ENOSPC, no space left on the device"), Map.entry(EROFS, "EROFS, read-only file system"),
			Map.entry(ENOLCK, "ENOLCK, no locks available"), Map.entry(ENOSYS, "ENOSYS, no such system call"),
			Map.entry(ELOOP, "ELOOP, too many symbolic links"), Map.entry(EOVERFLOW, "EOVERFLOW, value too large"),
			Map.entry(EOPNOTSUPP, "EOPNOTSUPP, operation not supported"),
			Map.entry(EDQUOT, "EDQUOT, disk quota exceeded"));

	private Errno() {
	}

	/**
	 * Describe an error number.
	 * @param errno the number
	 * @return such as {@code errno 12 (ENOMEM, …)}
	 */
	public static String describe(int errno) {
		String description = DESCRIPTIONS.get(errno);
		return "errno " + errno + ((description != null) ? " (" + description + ")" : "");
	}

}
