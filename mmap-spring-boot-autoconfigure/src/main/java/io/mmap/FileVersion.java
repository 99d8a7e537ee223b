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

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.FileStatus;

/**
 * What a file was like at one time.
 *
 * @param device the device that holds the file
 * @param inode its number there
 * @param size how long it was, in bytes
 * @param modifiedSeconds when it was changed last, in seconds of the epoch
 * @param modifiedNanos the nanoseconds of that second
 */
record FileVersion(long device, long inode, long size, long modifiedSeconds, int modifiedNanos) {

	FileVersion(FileIdentity identity, long size, Instant modified) {
		this(identity.device(), identity.inode(), size, modified.getEpochSecond(), modified.getNano());
	}

	/**
	 * Return which file it is.
	 */
	FileIdentity identity() {
		return new FileIdentity(this.device, this.inode);
	}

	/**
	 * Return what a regular file is like, or {@code null} for anything else.
	 */
	static @Nullable FileVersion of(@Nullable FileStatus status) {
		FileIdentity identity = FileIdentity.of(status);
		return (identity != null && status != null) ? new FileVersion(identity, status.size(), status.modified())
				: null;
	}

}
