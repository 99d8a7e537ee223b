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

/**
 * What is done about a file that is truncated while it is mapped.
 */
public enum TruncationPolicy {

	/**
	 * Notice it, and say which bytes were lost.
	 */
	DETECT,

	/**
	 * Save the content before whoever truncates the file may go on. The mapping is
	 * <em>detached</em> from then on: its content stays as it was, in private memory,
	 * until it is reloaded. Where that is not possible this is as {@link #DETECT}, and a
	 * warning says why.
	 */
	GUARD

}
