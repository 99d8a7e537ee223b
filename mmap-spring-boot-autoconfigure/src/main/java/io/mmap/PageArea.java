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

/**
 * Where mapped pages are. Each mapping has one, so it holds nothing that follows from the
 * rest.
 *
 * @param first the address of the first byte that was asked for
 * @param usable how many bytes were asked for
 * @param length how many bytes are mapped, from the address; not rounded to pages unless
 * the system insists
 * @param reserved how many bytes are to be unmapped in the end: the length, or more
 * @param pageBits the binary logarithm of the size of a page of the system
 * @param hugePageBits the binary logarithm of the size of the huge pages from the pool,
 * or 0
 */
record PageArea(long first, long usable, long length, long reserved, byte pageBits, byte hugePageBits) {

	/**
	 * Create an area.
	 * @param address of the first page
	 * @param lead how many bytes of the first page precede the first one that was asked
	 * for
	 * @param pageSize the size of a page of the system
	 * @param hugePageSize the size of the huge pages from the pool, or 0
	 */
	PageArea(long address, long lead, long usable, long length, long reserved, long pageSize, long hugePageSize) {
		this(address + lead, usable, length, reserved, (byte) Long.numberOfTrailingZeros(pageSize),
				(byte) ((hugePageSize > 0) ? Long.numberOfTrailingZeros(hugePageSize) : 0));
	}

	/**
	 * Return the size of the huge pages from the pool, or 0.
	 */
	long hugePageSize() {
		return (this.hugePageBits > 0) ? 1L << this.hugePageBits : 0;
	}

	/**
	 * Return the size of a page of the system.
	 */
	long pageSize() {
		return 1L << this.pageBits;
	}

	/**
	 * Return the address of the first page.
	 */
	long address() {
		return this.first & -unit();
	}

	/**
	 * Return how many bytes of the first page precede the first one that was asked for.
	 */
	long lead() {
		return this.first - address();
	}

	/**
	 * Return the size of the pages that the mapping consists of.
	 */
	long unit() {
		return 1L << ((this.hugePageBits > 0) ? this.hugePageBits : this.pageBits);
	}

	/**
	 * Return the address of the page that contains a byte.
	 */
	long pageOf(long offset) {
		return (this.first + offset) & -unit();
	}

}
