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

package io.mmap.internal;

import java.util.Locale;

/**
 * How the constants of enumerations are written wherever users meet them: in
 * configuration, in the tags of meters, in what the endpoint and health show, and in
 * messages.
 */
public final class ConstantName {

	private ConstantName() {
	}

	/**
	 * Return the name of a constant.
	 * @param constant the constant
	 * @return its name in lower case, with hyphens
	 */
	public static String of(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
