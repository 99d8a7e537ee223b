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

import java.util.Objects;

/**
 * The range of a mapping that an operation is for.
 *
 * @param offset where it starts, in bytes from the first mapped one
 * @param length the number of bytes
 */
record PageRange(long offset, long length) {

	/**
	 * All of the mapping, however long it is when the operation comes to it.
	 */
	static final PageRange WHOLE = new PageRange(0, -1);

	/**
	 * No bytes of it: for what concerns the mapping rather than its pages.
	 */
	static final PageRange NONE = new PageRange(0, 0);

	/**
	 * Return the range of a mapping whose length is known.
	 * @throws IndexOutOfBoundsException if the mapping is too short for it
	 */
	PageRange within(long mappingLength) {
		if (this.length < 0) {
			return new PageRange(0, mappingLength);
		}
		Objects.checkFromIndexSize(this.offset, this.length, mappingLength);
		return this;
	}

	/**
	 * Return whether another range is a part of this one. Both lengths have to be known.
	 */
	boolean contains(PageRange other) {
		return other.offset >= this.offset && other.end() <= end();
	}

	/**
	 * Return the shortest range that contains both. Both lengths have to be known.
	 */
	PageRange union(PageRange other) {
		long first = Math.min(this.offset, other.offset);
		return new PageRange(first, Math.max(end(), other.end()) - first);
	}

	private long end() {
		return this.offset + this.length;
	}

}
