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

import java.util.List;

/**
 * Notes which pages of a mapping are written, by this process and through this mapping,
 * without slowing down who writes them. Exact to the page. It ends with the generation
 * that is mapped: when the mapping is unmapped, resized, or gets another protection.
 * <p>
 * All methods may be called from any thread. They throw {@link MappingClosedException}
 * when the tracking has ended. Not to be implemented by applications.
 *
 * @see <a href=
 * "https://docs.kernel.org/admin-guide/mm/pagemap.html#pagemap-scan-ioctl">PAGEMAP_SCAN</a>
 */
public interface ChangeTracking extends AutoCloseable {

	/**
	 * Forget what was written until now: start to note anew.
	 */
	void mark();

	/**
	 * Return what was written since the last mark or, without one, since the tracking
	 * began.
	 * @return ranges of whole pages, cut to the mapping, in order
	 */
	List<ChangedRange> changes();

	/**
	 * Return what was written since the last mark, and start to note anew, in one step:
	 * no write falls in between.
	 * @return ranges of whole pages, cut to the mapping, in order
	 */
	List<ChangedRange> changesAndMark();

	/**
	 * End the tracking. Has no effect when it has ended.
	 */
	@Override
	void close();

	/**
	 * A range that was written.
	 *
	 * @param offset where it starts, in bytes from the first mapped one
	 * @param length the number of bytes
	 */
	record ChangedRange(long offset, long length) {

	}

}
