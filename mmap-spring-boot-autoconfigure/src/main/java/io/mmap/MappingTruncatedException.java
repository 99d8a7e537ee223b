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
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Memory could not be read since its file was truncated.
 */
public class MappingTruncatedException extends MappingException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** The length of the mapping in bytes. */
	private final long mappedLength;

	/** The length of the file in bytes. */
	private final long fileLength;

	private MappingTruncatedException(MappingEntry mapping, long fileLength, long freeSpace, Throwable cause) {
		super("Cannot access mapping " + mapping,
				"its file was truncated: " + mapping.length() + " bytes from offset " + mapping.offset()
						+ " are mapped, and the file has " + fileLength + " bytes now ("
						+ ((freeSpace >= 0) ? freeSpace + " bytes are free on its file system"
								: "how much is free on its file system is not known")
						+ ")",
				"Replace files instead of changing them: write a new one beside it, and rename that. 'truncation: guard'"
						+ " saves the content of a file that others truncate.",
				0, cause);
		this.mappedLength = mapping.length();
		this.fileLength = fileLength;
	}

	/**
	 * Return an exception if the file of a mapping was truncated.
	 */
	static @Nullable MappingTruncatedException of(MappingEntry mapping, Throwable cause) {
		FileLook look = FileLook.at(mapping);
		Path path = mapping.path();
		if (path == null || look.lostBytes() == 0) {
			return null;
		}
		return new MappingTruncatedException(mapping, look.length(), freeSpace(path), cause);
	}

	private static long freeSpace(Path path) {
		try {
			return Files.getFileStore(path).getUsableSpace();
		}
		catch (IOException ex) {
			return -1;
		}
	}

	/**
	 * Return how much is mapped.
	 * @return the length in bytes
	 */
	public long mappedLength() {
		return this.mappedLength;
	}

	/**
	 * Return how long the file was when that was looked at, right after the failure.
	 * @return the length in bytes
	 */
	public long fileLength() {
		return this.fileLength;
	}

}
