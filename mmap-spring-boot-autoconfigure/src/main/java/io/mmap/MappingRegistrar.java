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
 * Declares mappings by code, for what cannot be written in configuration. With Spring
 * Boot every bean of this type is asked, in order, after the declarations in the
 * configuration were read. Such beans are made before the registry.
 * <p>
 * What is declared here is found in the {@link MappingRegistry}; unlike what is declared
 * in the configuration, it does not become a bean of its own.
 */
@FunctionalInterface
public interface MappingRegistrar {

	/**
	 * Declare mappings.
	 * @param declarations where to declare them
	 */
	void declareMappings(MappingDeclarations declarations);

}
