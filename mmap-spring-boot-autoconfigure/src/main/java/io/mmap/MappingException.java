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

import io.mmap.internal.PlainText;

/**
 * Memory could not be mapped or unmapped, or something could not be done with it. The
 * message says which file and option, what was expected, and what to do. Subclasses tell
 * apart what a caller may want to react to.
 */
public class MappingException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** What went wrong. */
	private final String problem;

	/** What to do about it. */
	private final String remedy;

	/** The error number of the system, or 0. */
	private final int errno;

	/**
	 * Create an exception.
	 * @param subject what was tried, such as "Cannot map file 'words.bin'"
	 * @param problem what went wrong, without a full stop
	 * @param remedy what to do about it, a sentence, or the empty string
	 * @param errno the error number, or 0
	 * @param cause the cause, if any
	 */
	MappingException(String subject, String problem, String remedy, int errno, @Nullable Throwable cause) {
		super(PlainText.of(subject + ": " + problem + "." + (remedy.isEmpty() ? "" : " " + remedy)),
				PlainText.cause(cause));
		this.problem = PlainText.of(subject + ": " + problem);
		this.remedy = PlainText.of(remedy);
		this.errno = errno;
	}

	/**
	 * Return what was tried, and what went wrong.
	 * @return a sentence without a full stop
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * Return what to do about it.
	 * @return one or more sentences; empty if nothing is known that helps
	 */
	public String remedy() {
		return this.remedy;
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
