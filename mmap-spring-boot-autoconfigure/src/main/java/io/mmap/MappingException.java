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

import java.io.Serial;
import java.util.OptionalInt;

import org.jspecify.annotations.Nullable;

/**
 * Memory could not be mapped, unmapped or flushed. The message says which file and
 * option, what was expected, and what to do.
 */
public class MappingException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final int errno;

	/**
	 * Create an exception.
	 * @param message what failed, and what to do
	 * @param cause the cause, if any
	 */
	public MappingException(String message, @Nullable Throwable cause) {
		this(message, 0, cause);
	}

	MappingException(String message, int errno, @Nullable Throwable cause) {
		super(message, cause);
		this.errno = errno;
	}

	/**
	 * Return the error number of the system call that failed.
	 * @return the error number; empty if no system call failed, or the JDK hid it
	 * @see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">errno(3)</a>
	 */
	public OptionalInt errno() {
		return (this.errno != 0) ? OptionalInt.of(this.errno) : OptionalInt.empty();
	}

}
