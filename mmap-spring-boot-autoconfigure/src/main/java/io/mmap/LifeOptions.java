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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What is to be done for a mapping while it is mapped.
 *
 * @param preload whether to bring the content into memory in the background
 * @param reloadOnUpdate whether to reload it when another file takes the place of its own
 * @param truncation what to do about truncation
 * @param flushInterval how often to write changes to the file, if at all
 * @param flushOnUnmap whether to write changes to the file before it is unmapped
 */
record LifeOptions(boolean preload, boolean reloadOnUpdate, TruncationPolicy truncation,
		@Nullable Duration flushInterval, boolean flushOnUnmap) {

	static final LifeOptions NONE = new LifeOptions(false, false, TruncationPolicy.DETECT, null, false);

	/**
	 * Return the first option that has another thread do something with the memory, or
	 * {@code null} if there is none.
	 */
	@Nullable String needingOtherThreads() {
		return (this.preload) ? "preload"
				: (this.reloadOnUpdate) ? "reload-on-update" : (this.truncation == TruncationPolicy.GUARD)
						? "truncation guard" : (this.flushInterval != null) ? "flush-interval" : null;
	}

	/**
	 * Return the same, which specs without any option have in common.
	 */
	LifeOptions canonical() {
		return equals(NONE) ? NONE : this;
	}

	static LifeOptions preload(boolean preload) {
		return new LifeOptions(preload, false, TruncationPolicy.DETECT, null, false);
	}

}
