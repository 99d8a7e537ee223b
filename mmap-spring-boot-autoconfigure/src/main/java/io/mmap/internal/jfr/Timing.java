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

package io.mmap.internal.jfr;

/**
 * An operation that has begun, and is recorded, with the time that it took, when one of
 * these methods is called.
 */
public interface Timing {

	/**
	 * The operation has succeeded.
	 * @param name the name of the mapping
	 * @param bytes how much was mapped, unmapped, written or loaded, in bytes
	 */
	void succeeded(String name, long bytes);

	/**
	 * The operation has failed.
	 * @param name the name of the mapping
	 * @param bytes how much it was about, in bytes; 0 if that is not known
	 * @param failure what the caller will see
	 */
	void failed(String name, long bytes, Throwable failure);

	/**
	 * The operation was cancelled.
	 * @param name the name of the mapping
	 * @param bytes how much was done until then, in bytes
	 */
	void cancelled(String name, long bytes);

}
