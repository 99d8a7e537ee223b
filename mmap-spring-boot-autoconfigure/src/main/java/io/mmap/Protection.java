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
 * What the pages of a mapping permit. Any combination can be asked for, and none at all.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/mprotect.2.html">mprotect(2)</a>
 */
public enum Protection {

	/**
	 * The memory can be read ({@code PROT_READ}). Without this there is no segment: a
	 * load would end the JVM.
	 */
	READ,

	/**
	 * The memory can be written ({@code PROT_WRITE}). Without this segments are
	 * read-only.
	 */
	WRITE,

	/**
	 * The memory can be executed ({@code PROT_EXEC}).
	 */
	EXECUTE

}
