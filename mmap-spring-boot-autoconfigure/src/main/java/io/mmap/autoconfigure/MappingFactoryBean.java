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

import org.jspecify.annotations.Nullable;

import io.mmap.MappingRegistry;
import io.mmap.MemoryMapping;

import org.springframework.beans.factory.FactoryBean;

/**
 * Makes a declared mapping a bean. A factory, so that the container does not take the
 * mapping for one of its own and close it. What is optional and missing is no candidate
 * for injection.
 */
class MappingFactoryBean implements FactoryBean<MemoryMapping> {

	private final String name;

	private final boolean optional;

	private final MappingRegistry registry;

	MappingFactoryBean(String name, MappingRegistry registry, boolean optional) {
		this.name = name;
		this.optional = optional;
		this.registry = registry;
	}

	@Override
	public @Nullable MemoryMapping getObject() {
		return (this.optional) ? this.registry.find(this.name).orElse(null) : this.registry.get(this.name);
	}

	@Override
	public Class<?> getObjectType() {
		return MemoryMapping.class;
	}

}
