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
 * Builds the spec of the mapping of a resource: read-only, unless its pages are
 * {@linkplain #copyOnWrite() copied on write}. Not safe for use by several threads.
 */
public final class ResourceMappingBuilder extends ContentMappingBuilder<ResourceMappingBuilder> {

	ResourceMappingBuilder(MappingSource source) {
		super(source);
	}

	/**
	 * Let the memory be written; nobody else sees the changes.
	 * @return this builder
	 */
	public ResourceMappingBuilder copyOnWrite() {
		setAccess(MappingAccess.COPY_ON_WRITE);
		return this;
	}

	@Override
	ResourceMappingBuilder self() {
		return this;
	}

	@Override
	MappingSpec spec() {
		return new MappingSpec(this, offset(), false, false);
	}

}
