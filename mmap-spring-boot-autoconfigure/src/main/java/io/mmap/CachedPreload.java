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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.mmap.internal.ffi.SystemCallException;

/**
 * Preloads the pieces of a mapping that are in the page cache already, for as long as
 * that is faster than to populate them. Remembers, from one preload of the mapping to the
 * next, what was seen of the kernel.
 */
final class CachedPreload {

	private static final Log logger = LogFactory.getLog(NativeMapper.class);

	/**
	 * Whether the kernel was seen to map pages around one that is touched.
	 */
	private volatile boolean mapsAround;

	/**
	 * How many pieces from the start are preloaded by populating them.
	 */
	private volatile int populatedPieces;

	/**
	 * Return whether to populate a piece, whatever is in the page cache.
	 * @param number which piece from the start; a preload begins with 0
	 */
	boolean isToBePopulated(int number) {
		if (number == 0 && this.populatedPieces != Integer.MAX_VALUE) {
			// A preload begins, of what may be in the page cache by now
			this.populatedPieces = 0;
		}
		return number < this.populatedPieces;
	}

	/**
	 * Bring a piece into the page tables that is in the page cache.
	 * @param number which piece from the start
	 * @param memory its memory
	 * @return whether that was done
	 */
	boolean touch(int number, MemorySegment memory, CachedPiece piece) {
		try {
			if (!piece.isCached()) {
				this.populatedPieces = number + CachedPiece.READ_AHEAD_PIECES;
				return false;
			}
			piece.touch(memory);
			// Asked again: what a lost page has thrown may arrive with the next call
			if (piece.isCached() && (this.mapsAround || piece.isMapped())) {
				this.mapsAround = true;
				return true;
			}
		}
		catch (SystemCallException ex) {
			logger.debug("Pages are preloaded without a look at the page cache", ex);
		}
		catch (InternalError ex) {
			logger.debug("The file was truncated meanwhile, which populating its pages will tell", ex);
		}
		this.populatedPieces = Integer.MAX_VALUE;
		return false;
	}

}
