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
 * What has become of a file since it was mapped.
 */
public enum FileState {

	/**
	 * Nothing is mapped of which that could be said: memory without a file, a device, a
	 * copy, or a file that cannot be looked at.
	 */
	UNKNOWN,

	/**
	 * It is as it was. The file of a mapping that can be written is so also when it was
	 * changed, which is what it is for.
	 */
	UNCHANGED,

	/**
	 * It was changed in place: its length or the time of its last change is another one.
	 * Readers may have seen a part of the change.
	 */
	MODIFIED,

	/**
	 * It is so short that a part of the mapping is lost.
	 */
	TRUNCATED,

	/**
	 * Its path leads to another file. The mapping still has the old content.
	 */
	REPLACED,

	/**
	 * Its path leads nowhere. The mapping still has the content.
	 */
	DELETED

}
