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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Closes descriptors through which nothing was written. Whatever is answered, the
 * descriptor is gone, and who has closed it has other things to give back.
 */
final class Descriptors {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private Descriptors() {
	}

	/**
	 * Close a descriptor.
	 * @param purpose what it was for, as in "Closing the descriptor behind a mapping
	 * failed"
	 */
	static void close(SystemCalls calls, int descriptor, String purpose) {
		try {
			calls.close(descriptor);
		}
		catch (SystemCallException | RuntimeException | Error ex) {
			report(purpose, ex);
		}
	}

	private static void report(String purpose, Throwable failure) {
		try {
			logger.warn("Closing the descriptor " + purpose + " failed", failure);
		}
		catch (RuntimeException | Error ex) {
			// Such as an OutOfMemoryError, again: what comes next matters more
		}
	}

}
