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
 * Builds the spec of the mapping of what a descriptor is open on. A length is needed for
 * what has no end, such as a device. Not safe for use by several threads.
 */
public final class DescriptorMappingBuilder extends ContentMappingBuilder<DescriptorMappingBuilder> {

	DescriptorMappingBuilder(MappingSource source) {
		super(source);
	}

	/**
	 * Set what may be done with the memory. The default is
	 * {@link MappingAccess#READ_ONLY}. {@link MappingAccess#READ_WRITE} needs a
	 * descriptor that is open for reading and writing, the others one that is open for
	 * reading.
	 * @param access the access
	 * @return this builder
	 */
	public DescriptorMappingBuilder access(MappingAccess access) {
		setAccess(access);
		return this;
	}

	/**
	 * Set whether a store is durable once the processor's caches were written back,
	 * without a system call. Needs native access, and a file on persistent memory (a DAX
	 * file system); mapping fails elsewhere.
	 * @param mapSync whether to; the default is {@code false}
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2),
	 * MAP_SYNC</a>
	 */
	public DescriptorMappingBuilder mapSync(boolean mapSync) {
		setMapSync(mapSync);
		return this;
	}

	/**
	 * Set how long the mapping may become without moving: addresses are set aside, which
	 * costs no memory. When it {@linkplain MemoryMapping#resize grows} within them,
	 * segments that were handed out stay valid. Needs native access and a length.
	 * @param reserve the length in bytes, at least that of the mapping
	 * @return this builder
	 */
	public DescriptorMappingBuilder reserve(long reserve) {
		setReserve(reserve);
		return this;
	}

	@Override
	DescriptorMappingBuilder self() {
		return this;
	}

	@Override
	MappingSpec spec() {
		return new MappingSpec(this, offset(), false, false);
	}

}
