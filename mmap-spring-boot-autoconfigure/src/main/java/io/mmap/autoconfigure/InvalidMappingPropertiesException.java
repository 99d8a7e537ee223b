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

package io.mmap.autoconfigure;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.PlainText;

/**
 * A mapping is declared in a way that can never work.
 */
class InvalidMappingPropertiesException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String name;

	private final String option;

	private final String problem;

	private final String remedy;

	InvalidMappingPropertiesException(String name, String option, String problem, String remedy,
			@Nullable Throwable cause) {
		super(PlainText.of("Mapping 'mmap.mappings." + name + "' is not valid: " + problem + ". " + remedy),
				PlainText.cause(cause));
		this.name = name;
		this.option = option;
		this.problem = PlainText.of(problem);
		this.remedy = PlainText.of(remedy);
	}

	/**
	 * Return the declared name.
	 */
	String getName() {
		return this.name;
	}

	/**
	 * Return which option is wrong, as it is called below the name; {@code name} if that
	 * is.
	 */
	String getOption() {
		return this.option;
	}

	String getProblem() {
		return this.problem;
	}

	String getRemedy() {
		return this.remedy;
	}

}
