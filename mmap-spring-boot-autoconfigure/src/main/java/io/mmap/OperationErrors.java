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

import java.util.Objects;

/**
 * How often an operation has failed for one reason.
 *
 * @param operation which one: {@code map} (a reload maps), {@code unmap}, {@code flush},
 * {@code start-flush}, {@code preload}, {@code prefault}, {@code advise},
 * {@code discard}, {@code lock}, {@code unlock}, {@code protect}, {@code resize},
 * {@code seal}, {@code track-changes}, {@code find-changes} or {@code guard}; there may
 * be more in other versions
 * @param errno the name of the error number, such as {@code ENOMEM}, {@value #NO_ERRNO}
 * if no system call failed or the JDK hid it, or {@code other} for a number without a
 * name
 * @param count how often, at least 1
 * @see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">errno(3)</a>
 */
public record OperationErrors(String operation, String errno, long count) {

	/**
	 * The {@link #errno() errno} of what failed without an error number.
	 */
	public static final String NO_ERRNO = "none";

	/**
	 * Create an instance.
	 */
	public OperationErrors {
		Objects.requireNonNull(operation, "operation");
		Objects.requireNonNull(errno, "errno");
	}

}
