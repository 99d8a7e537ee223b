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

package io.mmap.internal.ffi;

import java.io.Serial;

/**
 * A system call failed.
 */
public class SystemCallException extends Exception {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String call;

	private final int errno;

	/**
	 * Create an exception.
	 * @param call the call with its arguments in readable form, such as
	 * {@code munmap(4096 bytes)}
	 * @param errno the error number
	 */
	public SystemCallException(String call, int errno) {
		super(call + " failed with " + Errno.describe(errno));
		this.call = call;
		this.errno = errno;
	}

	/**
	 * Return the name of the system call.
	 * @return such as {@code munmap}
	 */
	public String call() {
		int arguments = this.call.indexOf('(');
		return (arguments >= 0) ? this.call.substring(0, arguments) : this.call;
	}

	/**
	 * Return the error number.
	 * @return the error number, positive
	 */
	public int errno() {
		return this.errno;
	}

}
