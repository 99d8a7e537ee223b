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

import org.jspecify.annotations.Nullable;

/**
 * How much of a range is in memory: of a file mapping what of the file is in the page
 * cache, whoever brought it there; of anonymous and private memory what is in the page
 * tables of this process. What cannot be told is {@code null}, never a guess.
 *
 * @param resident the number of bytes in memory, whole pages of the range, or
 * {@code null} if it is unknown
 * @param dirty the number of those bytes that are not written to the file yet, with their
 * neighbours in pages that the kernel handles as one, or {@code null} if it is unknown or
 * there is no file that is ever written
 * @param reason where the figures come from or, if nothing is known, why
 */
public record Residency(@Nullable Long resident, @Nullable Long dirty, String reason) {

	static Residency unknown(String reason) {
		return new Residency(null, null, reason);
	}

}
