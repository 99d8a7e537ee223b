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

/**
 * Looks at what was mapped before anybody gets it: a declared mapping or set, the first
 * time and each time that it is mapped anew. If a validator throws, a reload fails and
 * what was mapped before stays, and so does the start of an application.
 * <p>
 * Called on the thread that maps, which for {@code reload-on-update} is the one that does
 * everything in the background: a validator that takes long holds up the others. It must
 * not use mappings of the registry, which other threads may be about to map. With Spring
 * Boot every bean of this type is asked, in order. Such beans are made before the
 * registry.
 */
@FunctionalInterface
public interface MappingValidator {

	/**
	 * Refuse content by throwing any exception, whose message says what is wrong with it.
	 * Whatever is of no concern to this validator is to be let pass.
	 * @param candidate what was mapped; not to be kept
	 * @throws Exception if it is not to be used
	 */
	void validate(MappingCandidate candidate) throws Exception;

}
