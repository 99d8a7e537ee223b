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

import java.lang.foreign.MemorySegment;

/**
 * Tells apart what can go wrong when mapped memory is accessed: the JVM has one error for
 * every page that cannot be read, and one exception for all memory that is gone.
 */
final class AccessFailures {

	private AccessFailures() {
	}

	/**
	 * Return what to throw instead of an error, or the error itself if a truncated file
	 * is not what it is about.
	 */
	static Error translate(InternalError error, MappingEntry entry) {
		if (isPageFault(error)) {
			MappingTruncatedException truncated = MappingTruncatedException.of(entry, error);
			if (truncated != null) {
				throw truncated;
			}
		}
		return error;
	}

	/**
	 * Return what to throw instead of an exception, or the exception itself if memory
	 * that was unmapped is not what it is about.
	 */
	static IllegalStateException translate(IllegalStateException exception, MemorySegment segment,
			Generation generation) {
		boolean aboutMemory = !segment.scope().isAlive() && exception.getClass() == IllegalStateException.class
				&& isThrownByJdk(exception);
		if (!aboutMemory) {
			return exception;
		}
		MappingClosedException closed = generation.closed();
		closed.addSuppressed(exception);
		return closed;
	}

	private static boolean isPageFault(InternalError error) {
		String message = error.getMessage();
		return message != null && message.contains("unsafe memory access");
	}

	private static boolean isThrownByJdk(Throwable exception) {
		StackTraceElement[] stack = exception.getStackTrace();
		return stack.length == 0 || "java.base".equals(stack[0].getModuleName());
	}

}
