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

import java.util.Set;

/**
 * Builds the spec of anonymous memory. Its label, or else its name, is shown in
 * {@code /proc/self/maps} by kernels that can do that. Not safe for use by several
 * threads.
 */
public final class AnonymousMappingBuilder extends AllocatedMappingBuilder<AnonymousMappingBuilder> {

	private boolean shared;

	AnonymousMappingBuilder(long length) {
		super(new MappingSource.Anonymous(), length);
	}

	/**
	 * Set whether processes that are forked share the memory instead of getting a copy.
	 * @param shared whether they do; the default is {@code false}
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2),
	 * MAP_SHARED</a>
	 */
	public AnonymousMappingBuilder shared(boolean shared) {
		this.shared = shared;
		return this;
	}

	@Override
	AnonymousMappingBuilder self() {
		return this;
	}

	@Override
	boolean isPrivateAnonymous() {
		return !this.shared;
	}

	@Override
	boolean isShared() {
		return this.shared;
	}

	@Override
	Set<Seal> seals() {
		return Set.of();
	}

}
