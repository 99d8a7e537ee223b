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
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What kind of file a path leads to, as far as the JDK can tell before it opens it.
 */
enum FileKind {

	/**
	 * A regular file, or nothing that is known.
	 */
	REGULAR,

	/**
	 * A device.
	 */
	DEVICE,

	/**
	 * A named pipe, which would be waited for, or a socket.
	 */
	PIPE_OR_SOCKET;

	private static final int S_IFMT = 0170000;

	private static final int S_IFCHR = 0020000;

	private static final int S_IFBLK = 0060000;

	private static final int S_IFIFO = 0010000;

	private static final int S_IFSOCK = 0140000;

	static FileKind of(Path path) {
		if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
			return REGULAR;
		}
		try {
			return switch ((int) Files.getAttribute(path, "unix:mode") & S_IFMT) {
				case S_IFCHR, S_IFBLK -> DEVICE;
				case S_IFIFO, S_IFSOCK -> PIPE_OR_SOCKET;
				default -> REGULAR;
			};
		}
		catch (IOException ex) {
			// Opening it will say why
			return REGULAR;
		}
	}

}
