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

import org.jspecify.annotations.Nullable;

/**
 * Builds the spec of the mapping of something that has content already. Not safe for use
 * by several threads.
 *
 * @param <B> the type of this builder
 */
public abstract sealed class ContentMappingBuilder<B extends ContentMappingBuilder<B>> extends MappingBuilder<B>
		permits FileMappingBuilder, ResourceMappingBuilder, DescriptorMappingBuilder {

	private long offset;

	private boolean copy;

	private boolean preload;

	private boolean mapSync;

	private @Nullable Long reserve;

	ContentMappingBuilder(MappingSource source) {
		super(source);
	}

	/**
	 * Set where the mapping starts. Any offset will do: it need not be a multiple of the
	 * page size.
	 * @param offset the offset in bytes, at least 0
	 * @return this builder
	 */
	public B offset(long offset) {
		this.offset = offset;
		return self();
	}

	/**
	 * Set whether to copy the content into private memory instead of mapping the file:
	 * nothing that happens to the file later is seen, truncation included, and the memory
	 * can consist of {@linkplain #hugePages huge pages}. The access cannot be
	 * {@link MappingAccess#READ_WRITE}. Needs native access.
	 * @param copy whether to copy; the default is {@code false}
	 * @return this builder
	 */
	public B copy(boolean copy) {
		this.copy = copy;
		return self();
	}

	/**
	 * Set whether to bring the content into memory in the background, as soon as it is
	 * mapped and whenever it is reloaded. Unlike {@link #populate}, which does that while
	 * it maps, this reports its progress, can be cancelled, and can be limited in its
	 * rate.
	 * @param preload whether to; the default is {@code false}
	 * @return this builder
	 * @see MemoryMapping#preload()
	 */
	public B preload(boolean preload) {
		this.preload = preload;
		return self();
	}

	final boolean isPreload() {
		return this.preload;
	}

	@Override
	LifeOptions life() {
		return LifeOptions.preload(this.preload);
	}

	final void setMapSync(boolean mapSync) {
		this.mapSync = mapSync;
	}

	final void setReserve(long reserve) {
		this.reserve = reserve;
	}

	@Override
	public MappingSpec build() {
		if (this.offset < 0) {
			throw invalid("offset", "offset must not be negative, but is " + this.offset, "Use 0 or more.");
		}
		Long length = length();
		if (length != null && length > 0 && this.offset > Long.MAX_VALUE - length) {
			throw invalid("length",
					"offset + length must not exceed 2^63-1, but offset is " + this.offset + " and length is " + length,
					"Use smaller values.");
		}
		if (this.copy && access() == MappingAccess.READ_WRITE) {
			throw invalid("copy", "copy makes no sense with access read-write, since a copy does not reach the file",
					"Use access read-only, or copy-on-write for changes that stay in memory; or leave out 'copy'.");
		}
		if (this.copy && (this.mapSync || this.reserve != null)) {
			throw invalid("copy", "copy makes no sense with " + (this.mapSync ? "map-sync" : "reserve")
					+ ", which is for a mapped file", "Leave out one of them.");
		}
		if (this.mapSync && access() == MappingAccess.COPY_ON_WRITE) {
			throw invalid("map-sync", "map-sync makes no sense with access copy-on-write, since nothing is written",
					"Set access to read-write, or leave out 'map-sync'.");
		}
		checkReserve(this.reserve);
		return super.build();
	}

	final long offset() {
		return this.offset;
	}

	final boolean isCopy() {
		return this.copy;
	}

	@Override
	final PageOptions pages() {
		return super.pages().withContent(this.copy, this.mapSync, this.reserve);
	}

}
