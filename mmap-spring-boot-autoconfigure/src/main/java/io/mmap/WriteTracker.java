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

import io.mmap.internal.ffi.PageRegion;
import io.mmap.internal.ffi.SystemCallException;

/**
 * Notes written pages, by address. Closed together with the pages, at the latest.
 */
interface WriteTracker {

	/**
	 * Return the pages that were written.
	 * @param mark whether to start anew in the same step
	 */
	List<PageRegion> written(boolean mark) throws SystemCallException;

	boolean isClosed();

	void close();

}
