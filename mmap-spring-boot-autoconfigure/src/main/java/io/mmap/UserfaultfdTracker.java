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
import java.util.List;

import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.PageRegion;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Notes written pages with {@code userfaultfd(2)}, and finds them in the page map.
 */
final class UserfaultfdTracker implements WriteTracker {

	static final Path PAGEMAP = Path.of("/proc/self/pagemap");

	private final SystemCalls calls;

	private final PageArea area;

	private final int userfaultfd;

	private final int pagemap;

	private boolean closed;

	private UserfaultfdTracker(SystemCalls calls, PageArea area, int userfaultfd, int pagemap) {
		this.calls = calls;
		this.area = area;
		this.userfaultfd = userfaultfd;
		this.pagemap = pagemap;
	}

	static UserfaultfdTracker start(SystemCalls calls, PageArea area) throws SystemCallException {
		int userfaultfd = calls.userfaultfd();
		try {
			calls.trackWrites(userfaultfd, area.address(), wholePages(area));
			return start(calls, area, userfaultfd, calls.open(PAGEMAP, Linux.O_RDONLY | Linux.O_CLOEXEC, 0));
		}
		catch (SystemCallException | RuntimeException | Error ex) {
			close(calls, userfaultfd);
			throw ex;
		}
	}

	private static UserfaultfdTracker start(SystemCalls calls, PageArea area, int userfaultfd, int pagemap) {
		try {
			return new UserfaultfdTracker(calls, area, userfaultfd, pagemap);
		}
		catch (Error ex) {
			close(calls, pagemap);
			throw ex;
		}
	}

	private static long wholePages(PageArea area) {
		return (area.length() + area.pageSize() - 1) & -area.pageSize();
	}

	@Override
	public synchronized List<PageRegion> written(boolean mark) throws SystemCallException {
		return this.calls.scanPages(this.pagemap, this.area.address(), this.area.address() + wholePages(this.area),
				Linux.PAGE_IS_WRITTEN, 0, Linux.PM_SCAN_CHECK_WPASYNC | ((mark) ? Linux.PM_SCAN_WP_MATCHING : 0));
	}

	@Override
	public synchronized boolean isClosed() {
		return this.closed;
	}

	@Override
	public synchronized void close() {
		if (!this.closed) {
			this.closed = true;
			close(this.calls, this.pagemap);
			close(this.calls, this.userfaultfd);
		}
	}

	private static void close(SystemCalls calls, int descriptor) {
		Descriptors.close(calls, descriptor, "behind a tracking of changes");
	}

}
