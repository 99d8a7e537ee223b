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

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The names under which mappings are declared.
 */
final class DeclaredNames {

	private DeclaredNames() {
	}

	/**
	 * Leave out keys that only spell another one without its hyphens. In the name of a
	 * property {@code ip-country} and {@code ipcountry} are the same, but an environment
	 * variable can only say the latter, and as keys of a map they are two.
	 */
	static Set<String> of(Collection<String> keys) {
		Map<String, String> names = new LinkedHashMap<>();
		for (String key : keys) {
			names.merge(key.replace("-", ""), key, (one, other) -> (one.length() >= other.length()) ? one : other);
		}
		return new LinkedHashSet<>(names.values());
	}

}
