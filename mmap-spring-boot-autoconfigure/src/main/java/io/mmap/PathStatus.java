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
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.FileStatus;

/**
 * Looks at files by path, as {@code stat(2)} does.
 */
final class PathStatus {

	private PathStatus() {
	}

	/**
	 * Return what a path leads to now, or {@code null} if the platform cannot tell or the
	 * file is out of reach, which says nothing of what is mapped.
	 */
	static @Nullable FileStatus of(Path path) {
		if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
			return null;
		}
		try {
			Map<String, Object> attributes = Files.readAttributes(path,
					"unix:dev,ino,nlink,mode,uid,size,lastModifiedTime");
			Instant modified = (attributes.get("lastModifiedTime") instanceof FileTime time) ? time.toInstant()
					: Instant.EPOCH;
			return new FileStatus(number(attributes, "dev"), number(attributes, "ino"), number(attributes, "nlink"),
					(int) number(attributes, "mode"), (int) number(attributes, "uid"), number(attributes, "size"), 0,
					modified);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Return whether a file that exists is on a file system that is mounted read-only.
	 */
	static boolean isOnReadOnlyFileSystem(Path path) {
		try {
			return Files.getFileStore(path).isReadOnly();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static long number(Map<String, Object> attributes, String name) {
		return (attributes.get(name) instanceof Number number) ? number.longValue() : 0;
	}

}
