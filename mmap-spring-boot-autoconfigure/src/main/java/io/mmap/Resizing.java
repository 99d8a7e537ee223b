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
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Refuses a change of the length that cannot work, and has the file contain what is to be
 * mapped.
 */
final class Resizing {

	private Resizing() {
	}

	/**
	 * Refuse a length that what is mapped cannot get.
	 */
	static void check(MappingSpec spec, PageArea area, @Nullable BackingFile file, long length) {
		if (spec.pages().copy() || spec.source() instanceof MappingSource.Resource) {
			throw new UnsupportedMappingOperationException("A copy of " + spec.source() + " cannot be resized");
		}
		if (area.hugePageSize() > 0 || area.length() == 0) {
			throw new UnsupportedMappingOperationException("A mapping "
					+ ((area.length() == 0) ? "of no bytes" : "of huge pages from the pool") + " cannot be resized");
		}
		Long reserve = spec.pages().reserve();
		if (reserve != null && length > reserve) {
			throw new InvalidMappingException("length of a mapping of " + spec.source(), "reserve",
					"length " + length + " goes beyond what is reserved, " + reserve + " bytes",
					"Reserve more when it is mapped, or leave out 'reserve' to have it moved.");
		}
		if (file == null && length > MappingBuilder.MAX_LENGTH) {
			throw new InvalidMappingException("length of a mapping of " + spec.source(), "length",
					"length must be at most 2^62, but is " + length, "Use a smaller one.");
		}
		if (spec.pages().hugePages() == HugePages.REQUIRE) {
			throw new UnsupportedMappingOperationException(
					"A mapping that requires huge pages cannot be resized. Use 'try' for one that is to be.");
		}
		boolean longer = length > area.usable();
		if (longer && spec.isShared() && file != null && !file.isRegularFile()) {
			// As with anonymous memory
			throw new UnsupportedMappingOperationException("A shared mapping of a device cannot grow");
		}
		if (longer && reserve == null && spec.source() instanceof MappingSource.Anonymous && spec.isShared()) {
			// The system would do it, and end whoever accesses what was added
			throw new UnsupportedMappingOperationException("Shared anonymous memory cannot grow, unless within a"
					+ " 'reserve'. Reserve more when it is mapped, or use an in-memory file.");
		}
	}

	/**
	 * Have the file contain what is to be mapped.
	 */
	static void extendFile(MappingSpec spec, @Nullable BackingFile file, long length, SystemCalls calls)
			throws SystemCallException {
		if (file == null || !file.isRegularFile()) {
			return;
		}
		int descriptor = file.descriptor();
		FileStatus status = calls.fstat(descriptor);
		if (length > Long.MAX_VALUE - spec.offset()) {
			throw new InvalidMappingException("length of a mapping of " + spec.source(), "length",
					"offset + length must not exceed 2^63-1, but offset is " + spec.offset() + " and length is "
							+ length,
					"Use smaller values.");
		}
		long end = spec.offset() + length;
		if (end <= status.size()) {
			return;
		}
		if (spec.source() instanceof MappingSource.InMemoryFile) {
			calls.ftruncate(descriptor, end);
		}
		else if (spec.create()) {
			calls.allocate(descriptor, status.size(), end - status.size());
		}
		else {
			throw new MappedRangeException("Cannot resize the mapping of " + spec.source(),
					"offset " + spec.offset() + " + length " + length + " goes beyond the end of the file, which has "
							+ status.size() + " bytes",
					"Use a length of at most " + (status.size() - spec.offset())
							+ ", or map it with 'create' to have the file grown.",
					0, null);
		}
	}

}
