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

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;

import io.mmap.internal.ffi.SystemCallException;

/**
 * Describes what is not mapped really.
 */
final class MappingEntries {

	private MappingEntries() {
	}

	static MappingEntry any() {
		return of("words", new Nothing());
	}

	/**
	 * Return an entry of a mapping of 8 bytes.
	 * @param name its name
	 * @param pages what is done when it is unmapped
	 */
	static MappingEntry of(String name, Pages pages) {
		return of(name, pages, new Leases());
	}

	static MappingEntry of(String name, Pages pages, Leases leases) {
		Origin origin = new Origin(name, false, MappingSpec.anonymous(8).build(), null, null,
				new MappingCounters(name));
		MemorySegment segment = MemorySegment.ofArray(new long[] { 1 }).asSlice(0, ValueLayout.JAVA_LONG.byteSize());
		return new MappingEntry(origin, 1,
				new MappedMemory(segment, pages, null, EnumSet.of(Protection.READ, Protection.WRITE)), leases);
	}

	/**
	 * Pages that are nowhere.
	 */
	static class Nothing implements Pages {

		@Override
		public void flush(MemorySegment segment, long offset, long length) {
			// Nothing to be written
		}

		@Override
		public void unmap() throws SystemCallException {
			// Nothing to be unmapped
		}

		@Override
		public boolean reclaim() throws SystemCallException {
			return true;
		}

	}

}
