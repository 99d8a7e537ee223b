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

/**
 * A {@link MappingValidator} has refused what was mapped. The cause is what it has
 * thrown.
 */
public class MappingRefusedException extends MappingException {

	@Serial
	private static final long serialVersionUID = 1L;

	MappingRefusedException(String description, MappingValidator validator, Exception cause) {
		super("Cannot use " + description,
				describe(validator.getClass()) + " has refused its content: "
						+ ((cause.getMessage() != null) ? cause.getMessage() : cause),
				"Put content there that it accepts.", 0, cause);
	}

	/**
	 * Return the name of a class, for a lambda that of the class that has it.
	 */
	private static String describe(Class<?> type) {
		String name = type.getName();
		int lambda = name.indexOf("$$Lambda");
		return (lambda > 0) ? "A validator in " + name.substring(0, lambda) : name;
	}

}
