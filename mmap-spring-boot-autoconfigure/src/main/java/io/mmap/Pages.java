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

import java.io.IOException;
import java.lang.foreign.MemorySegment;

import io.mmap.internal.ffi.SystemCallException;

/**
 * The pages of a mapping. Knows where they are, but does not keep their segment or its
 * scope reachable: the leak detector holds on to this while it waits for them to go.
 */
interface Pages {

	/**
	 * Write dirty pages to the file, and wait. The caller makes sure that the pages stay
	 * mapped meanwhile.
	 */
	void flush(MemorySegment segment) throws SystemCallException, IOException;

	/**
	 * Unmap the pages if closing the arena has not done that already. To be called after
	 * the arena was closed; may be repeated if it fails.
	 */
	void unmap() throws SystemCallException;

	/**
	 * Unmap pages whose arena was never closed. To be called when their scope has become
	 * unreachable.
	 * @return whether they were unmapped; {@code false} if there is no way to
	 */
	boolean reclaim() throws SystemCallException;

}
