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

import io.mmap.internal.ffi.Linux;

/**
 * Advice that gives up the content of pages. Kept apart from {@link Advice}, and refused
 * where the content would be lost without that being what is asked for.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2)</a>
 */
public enum DestructiveAdvice {

	/**
	 * Take the pages out of this process at once ({@code MADV_DONTNEED}). Private
	 * anonymous memory reads as zeros afterwards; nothing of what is shared is lost.
	 */
	DONT_NEED(Linux.MADV_DONTNEED),

	/**
	 * Let the system take the pages when memory is short ({@code MADV_FREE}). They read
	 * as before or as zeros until they are written again. For private anonymous memory
	 * only.
	 */
	FREE(Linux.MADV_FREE),

	/**
	 * Take the pages out of memory and out of the file ({@code MADV_REMOVE}), which then
	 * has a hole that reads as zeros. For shared mappings that can be written.
	 */
	REMOVE(Linux.MADV_REMOVE);

	private final int number;

	DestructiveAdvice(int number) {
		this.number = number;
	}

	int number() {
		return this.number;
	}

}
