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

/**
 * The tracking of changes that applications get.
 */
final class DefaultChangeTracking implements ChangeTracking {

	private final Generation generation;

	private final WriteTracker tracker;

	DefaultChangeTracking(Generation generation, WriteTracker tracker) {
		this.generation = generation;
		this.tracker = tracker;
	}

	@Override
	public void mark() {
		written(true);
	}

	@Override
	public List<ChangedRange> changes() {
		return written(false);
	}

	@Override
	public List<ChangedRange> changesAndMark() {
		return written(true);
	}

	private List<ChangedRange> written(boolean mark) {
		long address = this.generation.entry().address();
		long end = address + this.generation.entry().length();
		if (this.tracker.isClosed()) {
			throw ended();
		}
		return this.generation.operate(MappingOperation.FIND_CHANGES, PageRange.NONE, (pages, segment, none) -> {
			// Not to be closed meanwhile, when its descriptors might be somebody else's
			synchronized (this.tracker) {
				if (this.tracker.isClosed()) {
					throw ended();
				}
				return this.tracker.written(mark).stream().map((region) -> range(region, address, end)).toList();
			}
		});
	}

	private MappingClosedException ended() {
		return new MappingClosedException("The tracking of changes of mapping " + this.generation.entry()
				+ " has ended, since it was closed, or the mapping was unmapped, resized, sealed or given another"
				+ " protection. Start another one with trackChanges.", null);
	}

	private static ChangedRange range(PageRegion region, long address, long end) {
		long start = Math.max(region.start(), address);
		return new ChangedRange(start - address, Math.min(region.end(), end) - start);
	}

	@Override
	public void close() {
		this.tracker.close();
	}

}
