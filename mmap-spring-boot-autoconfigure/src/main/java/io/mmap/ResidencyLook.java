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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Finds out how much of a mapping is in memory, as far as that can be done without
 * keeping anybody waiting.
 *
 * @param entry the mapping
 */
record ResidencyLook(MappingEntry entry) {

	/**
	 * How many bytes to look at page by page to describe a mapping, which takes some ten
	 * milliseconds, whatever its length.
	 */
	private static final long MAX_SCAN = 4L << 30;

	Residency whole() {
		return look((pages) -> pages.residency(0, this.entry.length(), MAX_SCAN), Residency::unknown);
	}

	ResidencyMap parts(int maxParts) {
		if (maxParts < 1) {
			throw new IllegalArgumentException("maxParts must be positive, but is " + maxParts);
		}
		long length = this.entry.length();
		long page = PageSize.base();
		long partLength = Math.ceilDiv(Math.max(1, Math.ceilDiv(length, maxParts)), page) * page;
		return look((pages) -> {
			List<Residency> parts = new ArrayList<>();
			for (long offset = 0; offset < length; offset += partLength) {
				parts.add(pages.residency(offset, Math.min(partLength, length - offset), MAX_SCAN / maxParts));
			}
			return new ResidencyMap(partLength, parts);
		}, (reason) -> new ResidencyMap(partLength,
				Collections.nCopies(Math.toIntExact(Math.ceilDiv(length, partLength)), Residency.unknown(reason))));
	}

	/**
	 * Look at the pages while they are kept mapped.
	 * @param unknown what to answer, for a reason, when that cannot be done
	 */
	private <T> T look(Function<Pages, T> look, Function<String, T> unknown) {
		if (this.entry.isDetached()) {
			return unknown.apply("the content is detached from its file, and in private memory");
		}
		DefaultMemoryMapping handle = this.entry.handle();
		Generation generation = (handle != null) ? handle.generation() : null;
		if (generation == null) {
			return unknown.apply("only a slice or buffer of it is in use, by which it cannot be kept mapped meanwhile");
		}
		if (generation.entry() != this.entry) {
			return unknown.apply("it was replaced, and is kept until those who use it have finished");
		}
		T found = generation.look(look);
		return (found != null) ? found : unknown.apply("it is being unmapped or replaced at this moment");
	}

}
