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

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.FileStatus;

/**
 * What is found when the file of a mapping is looked at.
 *
 * @param state what has become of it
 * @param length how long it is, in bytes, or -1 if that is not known
 * @param lostBytes how much of the mapping is lost
 */
record FileLook(FileState state, long length, long lostBytes) {

	private static final FileLook UNKNOWN = new FileLook(FileState.UNKNOWN, -1, 0);

	/**
	 * Look at the file of a mapping.
	 */
	static FileLook at(MappingEntry entry) {
		FileLook look = lookAt(entry);
		// Its content may have been saved meanwhile, before which nobody truncates it
		return (entry.isDetached()) ? UNKNOWN : look;
	}

	private static FileLook lookAt(MappingEntry entry) {
		FileVersion mapped = entry.file();
		Path path = entry.path();
		if (mapped == null || entry.spec().pages().copy()) {
			return UNKNOWN;
		}
		FileStatus atPath = (path != null) ? PathStatus.of(path) : null;
		FileVersion found = FileVersion.of(atPath);
		if (found != null && found.identity().equals(mapped.identity())) {
			return of(entry, mapped, found, FileState.UNCHANGED);
		}
		// Only a descriptor leads to it, if there is one
		FileStatus behind = entry.pages().fileStatus(false);
		FileVersion version = FileVersion.of(behind);
		FileState state = state(path, atPath, behind);
		return (version != null) ? of(entry, mapped, version, state) : new FileLook(state, -1, 0);
	}

	private static FileState state(@Nullable Path path, @Nullable FileStatus atPath, @Nullable FileStatus behind) {
		if (path != null) {
			return (atPath != null) ? FileState.REPLACED : FileState.DELETED;
		}
		return (behind == null) ? FileState.UNKNOWN : (behind.links() > 0) ? FileState.UNCHANGED : FileState.DELETED;
	}

	private static FileLook of(MappingEntry entry, FileVersion mapped, FileVersion now, FileState state) {
		long lost = Math.clamp(entry.offset() + entry.length() - now.size(), 0, entry.length());
		if (lost > 0) {
			return new FileLook(FileState.TRUNCATED, now.size(), lost);
		}
		boolean modified = entry.access() == MappingAccess.READ_ONLY && !now.equals(mapped);
		return new FileLook((modified && state == FileState.UNCHANGED) ? FileState.MODIFIED : state, now.size(), 0);
	}

}
