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
 * Whether a mapping is to consist of huge pages.
 */
public enum HugePages {

	/**
	 * Small pages, even where the system would take huge ones.
	 */
	NEVER,

	/**
	 * Huge pages if there are any; else small ones, and a line in the log.
	 */
	TRY,

	/**
	 * Huge pages, or mapping fails.
	 */
	REQUIRE

}
