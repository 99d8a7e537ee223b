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

import org.jspecify.annotations.Nullable;

import io.mmap.internal.PlainText;

/**
 * What was asked for is not possible with this mapping or mapper. The message says how to
 * get it, if there is a way.
 */
public class UnsupportedMappingOperationException extends UnsupportedOperationException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** The option that asks for it, if one does. */
	private final @Nullable String option;

	/** What cannot be done. */
	private final String problem;

	/** What to do about it. */
	private final String remedy;

	UnsupportedMappingOperationException(String message) {
		this(message, null);
	}

	UnsupportedMappingOperationException(String message, @Nullable Throwable cause) {
		super(message, PlainText.cause(cause));
		this.option = null;
		this.problem = (message.endsWith(".")) ? message.substring(0, message.length() - 1) : message;
		this.remedy = "";
	}

	UnsupportedMappingOperationException(String option, String problem, String remedy) {
		super(problem + ". " + remedy);
		this.option = option;
		this.problem = problem;
		this.remedy = remedy;
	}

	/**
	 * Return the option that is to blame.
	 * @return the option as it is called in configuration, such as {@code locked}, or
	 * {@code null} if it is none
	 */
	public @Nullable String option() {
		return this.option;
	}

	/**
	 * Return what is not possible.
	 * @return text without a full stop at its end
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * Return what to do about it.
	 * @return a sentence, or empty text if there is nothing to do or the problem says it
	 */
	public String remedy() {
		return this.remedy;
	}

}
