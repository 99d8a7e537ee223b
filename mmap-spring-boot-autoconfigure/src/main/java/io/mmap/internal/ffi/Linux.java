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

/**
 * Constants of the Linux system call interface and, per platform, the layouts that
 * differ. These are the same on x86-64 and aarch64 unless said otherwise.
 */
public final class Linux {

	/** Pages may be read. */
	public static final int PROT_READ = 0x1;

	/** Pages may be written. */
	public static final int PROT_WRITE = 0x2;

	/** Changes are private. */
	public static final int MAP_PRIVATE = 0x02;

	/** Changes are shared, and unknown flags are refused instead of ignored. */
	public static final int MAP_SHARED_VALIDATE = 0x03;

	/** Wait until the pages are written. */
	public static final int MS_SYNC = 4;

	/** Open for reading. */
	public static final int O_RDONLY = 0;

	/** Open for reading and writing. */
	public static final int O_RDWR = 2;

	/** Create the file. */
	public static final int O_CREAT = 0100;

	/** Fail if the file exists. */
	public static final int O_EXCL = 0200;

	/** Do not wait. */
	public static final int O_NONBLOCK = 04000;

	/** Not inherited by programs that this process starts. */
	public static final int O_CLOEXEC = 02000000;

	static final int SC_PAGESIZE = 30;

	static final int F_OFD_SETLK = 37;

	static final short F_WRLCK = 1;

	/** The same number on all platforms that are supported. */
	static final long SYS_OPENAT2 = 437;

	static final int AT_FDCWD = -100;

	static final long RESOLVE_NO_SYMLINKS = 0x04;

	private Linux() {
	}

	/**
	 * Return the flag not to follow a symbolic link.
	 */
	static int noFollow() {
		return (StatLayout.ofThisPlatform() == StatLayout.AARCH64) ? 0100000 : 0400000;
	}

	/**
	 * Where the fields of {@code struct stat} are, and the version by which old C
	 * libraries know it.
	 */
	record StatLayout(int version, long byteSize, long device, long inode, long mode, long size) {

		static final StatLayout X86_64 = new StatLayout(1, 144, 0, 8, 24, 48);

		static final StatLayout AARCH64 = new StatLayout(0, 128, 0, 8, 16, 48);

		static StatLayout ofThisPlatform() {
			return switch (System.getProperty("os.arch")) {
				case "amd64", "x86_64" -> X86_64;
				case "aarch64" -> AARCH64;
				default -> throw new IllegalStateException("No layout for " + System.getProperty("os.arch"));
			};
		}

	}

}
