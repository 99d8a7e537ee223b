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

package io.mmap.internal;

import org.jspecify.annotations.Nullable;

import io.mmap.LeakCause;
import io.mmap.MappingInfo;

/**
 * What becomes of a mapping, for who was told that it was made. Holding on to it keeps
 * nothing mapped, and does not hide a leak. Safe for use by any thread.
 */
public interface ObservedMapping {

	/**
	 * Describe the mapping.
	 * @return what is known of it
	 */
	MappingInfo info();

	/**
	 * Return whether nobody has unmapped it. One that the collector found stays so, even
	 * if its memory was given back.
	 * @return whether it is mapped
	 */
	boolean isMapped();

	/**
	 * Return how it leaked.
	 * @return the cause, or {@code null} if no leak was found until now
	 */
	@Nullable LeakCause leakCause();

	/**
	 * Return the stack of the code that asked for it.
	 * @return the stack, or {@code null} if it was not recorded
	 */
	@Nullable Throwable creation();

}
