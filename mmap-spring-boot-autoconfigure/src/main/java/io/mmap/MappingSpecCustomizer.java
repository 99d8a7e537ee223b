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
 * Has the last word on mappings that are declared in configuration: for what is known
 * only at run time, such as a length. With Spring Boot every bean of this type is asked,
 * in order, before the registry is made. Such beans are made before the registry.
 */
@FunctionalInterface
public interface MappingSpecCustomizer {

	/**
	 * Change how a mapping is going to be made.
	 * @param name the declared name; for a set it is called once for each member
	 * @param spec what the configuration says: a {@link FileMappingBuilder},
	 * {@link ResourceMappingBuilder}, {@link AnonymousMappingBuilder} or
	 * {@link InMemoryFileMappingBuilder}
	 */
	void customize(String name, MappingBuilder<?> spec);

}
