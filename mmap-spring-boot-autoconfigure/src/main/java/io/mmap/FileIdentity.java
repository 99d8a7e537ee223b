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

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.FileStatus;

/**
 * Tells a file from the one that took its name.
 *
 * @param device the device that holds the file
 * @param inode its number there
 */
record FileIdentity(long device, long inode) {

	/**
	 * Return the identity of a regular file, or {@code null} for anything else: its
	 * length means nothing, so it cannot be truncated.
	 */
	static @Nullable FileIdentity of(@Nullable FileStatus status) {
		return (status != null && status.isRegularFile()) ? new FileIdentity(status.device(), status.inode()) : null;
	}

}
