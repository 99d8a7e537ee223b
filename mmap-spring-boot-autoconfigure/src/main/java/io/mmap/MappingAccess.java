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
 * What may be done with mapped memory, and who sees it.
 */
public enum MappingAccess {

	/**
	 * The memory can be read. Changes that others make to the file are seen.
	 */
	READ_ONLY,

	/**
	 * The memory can be read and written. Writes reach the file, and everyone who maps or
	 * reads it.
	 */
	READ_WRITE,

	/**
	 * The memory can be read and written. Writes are private to this mapping, and lost
	 * when it is unmapped.
	 */
	COPY_ON_WRITE

}
