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

import io.mmap.internal.PlainText;

/**
 * A mapping was described in a way that can never work: an option has a value that is
 * never valid, contradicts another one, or makes no sense for what is to be mapped.
 * Nothing was opened or mapped. The message names the option, the value, what was
 * expected, and what to do.
 */
public class InvalidMappingException extends IllegalArgumentException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** The option that is wrong. */
	private final String option;

	/** What is wrong with it. */
	private final String problem;

	/** What to do about it. */
	private final String remedy;

	InvalidMappingException(String subject, String option, String problem, String remedy) {
		super(PlainText.of("Invalid " + subject + ": " + problem + ". " + remedy));
		this.option = option;
		this.problem = PlainText.of(problem);
		this.remedy = PlainText.of(remedy);
	}

	/**
	 * Return what is not valid.
	 * @return the option as it is called in configuration, such as {@code length}, or
	 * {@code name}
	 */
	public String option() {
		return this.option;
	}

	/**
	 * Return what is wrong with it.
	 * @return a clause without a full stop
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * Return what to do about it.
	 * @return a sentence
	 */
	public String remedy() {
		return this.remedy;
	}

}
