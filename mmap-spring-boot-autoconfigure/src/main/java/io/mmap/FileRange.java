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

import io.mmap.internal.ffi.FileStatus;

/**
 * The range of a file that a spec comes down to, once the length of the file is known.
 *
 * @param offset where it starts, in bytes
 * @param length its length in bytes; 0 only when the spec says "to the end" and nothing
 * is there
 */
record FileRange(long offset, long length) {

	/**
	 * Return the range of what a spec maps, or refuse what cannot be mapped.
	 */
	static FileRange of(MappingSpec spec, FileStatus status) {
		if (status.isDirectory()) {
			throw Failures.directory(spec);
		}
		if (status.isPipeOrSocket()) {
			throw Failures.pipeOrSocket(spec);
		}
		if (!status.isRegularFile() && spec.length() == null) {
			throw Failures.deviceWithoutLength(spec);
		}
		return of(spec, status.size(), status.isRegularFile());
	}

	/**
	 * Return the range, or refuse it if it goes beyond the end of a regular file that may
	 * not grow: such pages can be mapped, but the first access to them ends the JVM.
	 */
	static FileRange of(MappingSpec spec, long size, boolean regularFile) {
		Long length = spec.length();
		if (length == null) {
			if (spec.offset() > size) {
				throw Failures.beyondEnd(spec, size);
			}
			return new FileRange(spec.offset(), size - spec.offset());
		}
		if (regularFile && !spec.create() && spec.offset() + length > size) {
			throw Failures.beyondEnd(spec, size);
		}
		return new FileRange(spec.offset(), length);
	}

	long end() {
		return this.offset + this.length;
	}

}
