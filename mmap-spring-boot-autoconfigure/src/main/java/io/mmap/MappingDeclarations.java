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

import java.util.Map;
import java.util.function.Supplier;

/**
 * Takes the declarations of a registry that is being built. Not safe for use by several
 * threads. Not to be implemented by applications: methods will be added.
 */
public interface MappingDeclarations {

	/**
	 * Declare a mapping that the registry makes when it is built, unless the mapping is
	 * {@linkplain MappingBuilder#lazy(boolean) lazy}, and owns.
	 * @param name the name: lower-case letters, digits and hyphens, not starting with a
	 * hyphen; {@code ad-hoc} and names that start with {@code ad-hoc-} are reserved
	 * @param spec what to map
	 * @return this
	 * @throws InvalidMappingException if the name is malformed, reserved or declared
	 * before, or the mapping is {@linkplain MappingBuilder#confined(boolean) confined} to
	 * a thread
	 */
	MappingDeclarations declare(String name, MappingSpec spec);

	/**
	 * Declare mappings that are made and unmapped together.
	 * @param name the name, as for {@link #declare(String, MappingSpec)}
	 * @param specs what to map, by the keys under which {@link MappingSet#get(String)}
	 * finds it, in this order; may be empty
	 * @return this
	 * @throws InvalidMappingException if the name is malformed, reserved or declared
	 * before, or one of the mappings is {@linkplain MappingBuilder#confined(boolean)
	 * confined} to a thread
	 */
	MappingDeclarations declareSet(String name, Map<String, MappingSpec> specs);

	/**
	 * Declare mappings that are made, replaced and unmapped together, and that may become
	 * others: what there is to map is asked for now, and again at each
	 * {@linkplain MappingRegistry#reload(String) reload}.
	 * @param name the name, as for {@link #declare(String, MappingSpec)}
	 * @param specs finds what to map, by key; called by one thread at a time. What it
	 * throws lets the reload fail, as does a mapping that is
	 * {@linkplain MappingBuilder#confined(boolean) confined} to a thread
	 * @return this
	 * @throws InvalidMappingException if the name is malformed, reserved or declared
	 * before
	 */
	MappingDeclarations declareSet(String name, Supplier<Map<String, MappingSpec>> specs);

}
