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
 */
final class PageArea {

	/**
	 * The address of the first byte that was asked for. Not final, since there may be no
	 * heap for another area when the system has moved the pages.
	 */
	private long first;

	private final long usable;

	private final long length;

	private final long reserved;

	/** The binary logarithm of the size of a page of the system. */
	private final byte pageBits;

	/**
	 * The binary logarithm of the size of the huge pages from the pool, or 0.
	 */
	private final byte hugePageBits;

	/**
	 * Create an area.
	 * @param address of the first page
	 * @param lead how many bytes of the first page precede the first one that was asked
	 * for
	 * @param usable how many bytes were asked for
	 * @param length how many bytes are mapped, from the address; not rounded to pages
	 * unless the system insists
	 * @param reserved how many bytes are to be unmapped in the end: the length, or more
	 * @param pageSize the size of a page of the system
	 * @param hugePageSize the size of the huge pages from the pool, or 0
	 */
	PageArea(long address, long lead, long usable, long length, long reserved, long pageSize, long hugePageSize) {
		this.first = address + lead;
		this.usable = usable;
		this.length = length;
		this.reserved = reserved;
		this.pageBits = (byte) Long.numberOfTrailingZeros(pageSize);
		this.hugePageBits = (byte) ((hugePageSize > 0) ? Long.numberOfTrailingZeros(hugePageSize) : 0);
	}

	/**
	 * The pages are somewhere else now. To be called before others know this area.
	 * @param address of the first page
	 */
	void movedTo(long address) {
		this.first = address + (this.first & (unit() - 1));
	}

	/**
	 * Return the address of the first byte that was asked for.
	 */
	long first() {
		return this.first;
	}

	/**
	 * Return how many bytes were asked for.
	 */
	long usable() {
		return this.usable;
	}

	/**
	 * Return how many bytes are mapped.
	 */
	long length() {
		return this.length;
	}

	/**
	 * Return how many bytes are to be unmapped in the end.
	 */
	long reserved() {
		return this.reserved;
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
