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
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Tells a file from the one that took its name.
 *
 * @param device the device that holds the file
 * @param inode its number there
 */
record FileIdentity(long device, long inode) {

	/**
	 * Return the identity of the file at a path, or {@code null} if the platform has no
	 * such thing or the file cannot be looked at.
	 */
	static @Nullable FileIdentity of(Path path) {
		State state = State.of(path);
		return (state != null) ? state.identity() : null;
	}

	/**
	 * Return by how much the file at the path falls short of a length; 0 if it is long
	 * enough, is another file, or cannot be looked at.
	 */
	long shortfall(Path path, long length) {
		State state = State.of(path);
		return (state != null && equals(state.identity())) ? Math.max(0, length - state.size()) : 0;
	}

	/**
	 * What a path leads to now.
	 *
	 * @param identity which file
	 * @param size its length in bytes
	 */
	private record State(FileIdentity identity, long size) {

		static @Nullable State of(Path path) {
			if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
				return null;
			}
			try {
				Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino,size");
				return new State(new FileIdentity(number(attributes, "dev"), number(attributes, "ino")),
						number(attributes, "size"));
			}
			catch (IOException ex) {
				// Deleted or out of reach: neither says anything of what is mapped
				return null;
			}
		}

		private static long number(Map<String, Object> attributes, String name) {
			return (attributes.get(name) instanceof Number number) ? number.longValue() : 0;
		}

	}

}
