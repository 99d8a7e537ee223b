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

/**
 * Tells an uncaught-exception handler of a leak. Its cause is the stack that asked for
 * the mapping when that was {@linkplain LeakDetectionLevel#DETAILED recorded}.
 *
 * @see LeakPolicy#THROW
 */
public class MappingLeakException extends IllegalStateException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient MappingLeak leak;

	MappingLeakException(String message, MappingLeak leak, @Nullable Throwable createdBy) {
		super(message, createdBy);
		this.leak = leak;
	}

	/**
	 * Return the leak.
	 * @return the leak
	 */
	public MappingLeak leak() {
		return this.leak;
	}

}
