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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Finds exceptions among the causes of a failed start-up.
 */
final class Failure {

	private Failure() {
	}

	/**
	 * Return the first cause that is of exactly that type.
	 */
	static Throwable of(Class<? extends Throwable> type, Throwable failure) {
		Throwable cause = failure;
		while (cause.getCause() != null && cause.getClass() != type) {
			cause = cause.getCause();
		}
		assertThat(cause).as("cause of " + failure).isExactlyInstanceOf(type);
		return cause;
	}

}
