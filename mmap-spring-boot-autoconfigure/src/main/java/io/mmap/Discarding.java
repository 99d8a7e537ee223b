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

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.SystemCallException;

/**
 * Refuses to give up content that nobody asked to lose.
 */
final class Discarding {

	private Discarding() {
	}

	static void check(MappingSpec spec, DestructiveAdvice advice, PageArea area, long offset, long length)
			throws SystemCallException {
		boolean anonymous = spec.source() instanceof MappingSource.Anonymous;
		if (!spec.isShared() && !anonymous) {
			throw new UnsupportedMappingOperationException("Discarding pages of " + spec + " is refused: "
					+ (spec.pages().copy() ? "the copy would read as zeros"
							: "changes that were made to them would be lost without a word"));
		}
		if (advice == DestructiveAdvice.FREE && (spec.isShared() || !anonymous)) {
			throw new UnsupportedMappingOperationException(
					"Advice free is for private anonymous memory, and this is " + spec + ". Use dont-need, or remove");
		}
		long page = area.unit();
		boolean startsAtPage = (area.lead() + offset) % page == 0;
		boolean endsAtPage = (area.lead() + offset + length) % page == 0 || offset + length == area.usable();
		if (!startsAtPage || !endsAtPage) {
			throw partsOfPages(spec, area, offset, length);
		}
		if (advice == DestructiveAdvice.REMOVE && spec.access() == MappingAccess.READ_ONLY) {
			throw new SystemCallException("madvise(" + length + " bytes, MADV_REMOVE)", Errno.EACCES);
		}
	}

	/**
	 * Refuse to remove what of the last page follows the mapping in the file.
	 */
	static void checkEnd(MappingSpec spec, PageArea area, long offset, long length, long fileSize) {
		boolean endsAtPage = (area.lead() + offset + length) % area.unit() == 0;
		if (!endsAtPage && spec.offset() + offset + length < fileSize) {
			throw partsOfPages(spec, area, offset, length);
		}
	}

	private static InvalidMappingException partsOfPages(MappingSpec spec, PageArea area, long offset, long length) {
		return new InvalidMappingException("range of " + spec, "offset",
				"the range from " + offset + " of " + length + " bytes contains parts of pages, whose other parts"
						+ " would be lost, too",
				"Let it start and end at multiples of " + area.unit() + " bytes"
						+ ((area.lead() > 0) ? ", counted from " + area.lead() + " bytes before the mapping" : "")
						+ ".");
	}

}
