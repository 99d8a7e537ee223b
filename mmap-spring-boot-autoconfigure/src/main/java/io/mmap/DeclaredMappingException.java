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
 * A declared mapping could not be made. The cause says why.
 */
public class DeclaredMappingException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** The declared name. */
	private final String name;

	DeclaredMappingException(String name, RuntimeException cause) {
		super("Mapping '" + name + "' could not be made: " + PlainText.of(cause.getMessage()), cause);
		this.name = name;
	}

	/**
	 * Return the name of the mapping.
	 * @return the declared name
	 */
	public String name() {
		return this.name;
	}

}
