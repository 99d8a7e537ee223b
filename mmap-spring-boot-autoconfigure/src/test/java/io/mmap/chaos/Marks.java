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

package io.mmap.chaos;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What stands in memory, so that a reader can tell whose it is: a mark at the beginning
 * and at the end of each page.
 */
final class Marks {

	static final int PAGE = 4096;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

	private Marks() {
	}

	/**
	 * Mark memory.
	 * @param owner whose memory it is
	 */
	static void write(MemorySegment segment, long owner) {
		for (long page = 0; page < segment.byteSize() / PAGE; page++) {
			segment.set(LONG, page * PAGE, mark(owner, page));
			segment.set(LONG, page * PAGE + PAGE - Long.BYTES, mark(owner, page));
		}
	}

	/**
	 * Read all marks.
	 * @param growing whether pages after the first one may have none yet
	 */
	static void verify(MemorySegment segment, long owner, boolean growing) {
		for (long page = 0; page < segment.byteSize() / PAGE; page++) {
			verify(segment, owner, page, page * PAGE, growing);
			verify(segment, owner, page, page * PAGE + PAGE - Long.BYTES, growing);
		}
	}

	private static void verify(MemorySegment segment, long owner, long page, long position, boolean growing) {
		long found = segment.get(LONG, position);
		if (found != mark(owner, page) && !(growing && page > 0 && found == 0)) {
			throw new AssertionError("Page %d of %d of the memory of %d has 0x%x instead of 0x%x at byte %d"
				.formatted(page, segment.byteSize() / PAGE, owner, found, mark(owner, page), position));
		}
	}

	/**
	 * Return whose memory it is, by its first mark.
	 */
	static long owner(MemorySegment segment) {
		return segment.get(LONG, 0);
	}

	private static long mark(long owner, long page) {
		return owner + page * 0x9E37_79B9_7F4A_7C15L;
	}

}
