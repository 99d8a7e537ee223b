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

import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Builds the spec of new memory. Not safe for use by several threads.
 *
 * @param <B> the type of this builder
 */
public abstract sealed class AllocatedMappingBuilder<B extends AllocatedMappingBuilder<B>> extends MappingBuilder<B>
		permits AnonymousMappingBuilder, InMemoryFileMappingBuilder {

	private HugePages hugeTlb = HugePages.NEVER;

	private @Nullable Long hugePageSize;

	private @Nullable Long reserve;

	AllocatedMappingBuilder(MappingSource source, long length) {
		super(source);
		setAccess(MappingAccess.READ_WRITE);
		length(length);
	}

	/**
	 * Set whether the memory is to be taken from the pool of huge pages that the
	 * administrator has reserved ({@code vm.nr_hugepages}).
	 * @param hugeTlb whether to; the default is {@link HugePages#NEVER}
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2),
	 * MAP_HUGETLB</a>
	 */
	public B hugeTlb(HugePages hugeTlb) {
		this.hugeTlb = Objects.requireNonNull(hugeTlb, "hugeTlb");
		return self();
	}

	/**
	 * Set the size of the huge pages from the pool. If it is not set, the default of the
	 * system.
	 * @param size the size in bytes, one of {@link PageSize#huge()}
	 * @return this builder
	 */
	public B hugePageSize(long size) {
		this.hugePageSize = size;
		return self();
	}

	/**
	 * Set how long the mapping may become without moving: addresses are set aside, which
	 * costs no memory. When it {@linkplain MemoryMapping#resize grows} within them,
	 * segments that were handed out stay valid.
	 * @param reserve the length in bytes, at least that of the mapping
	 * @return this builder
	 */
	public B reserve(long reserve) {
		this.reserve = reserve;
		return self();
	}

	@Override
	public MappingSpec build() {
		Long length = length();
		if (length != null && length > MAX_LENGTH) {
			throw invalid("length", "length must be at most 2^62, but is " + length, "Use a smaller one.");
		}
		Long size = this.hugePageSize;
		if (size != null && (size < PageMaker.SMALLEST_HUGE_PAGE || Long.bitCount(size) != 1)) {
			throw invalid(
					"huge-page-size", "huge-page-size must be a power of two of at least "
							+ PageMaker.SMALLEST_HUGE_PAGE + ", but is " + size,
					"Use one of the sizes in /sys/kernel/mm/hugepages.");
		}
		if (size != null && this.hugeTlb == HugePages.NEVER) {
			throw invalid("huge-page-size", "huge-page-size makes no sense without huge-tlb",
					"Set 'huge-tlb' to try or require, or leave it out.");
		}
		if (this.hugeTlb != HugePages.NEVER && this.reserve != null) {
			throw invalid("reserve", "reserve makes no sense with huge-tlb, which cannot grow",
					"Leave out one of them.");
		}
		if (this.hugeTlb != HugePages.NEVER && isWithoutReserve()) {
			throw invalid("no-reserve",
					"no-reserve makes no sense with huge-tlb: where the pool has no page left, it would be the first access"
							+ " that fails",
					"Leave out one of them.");
		}
		checkReserve(this.reserve);
		return super.build();
	}

	@Override
	final MappingSpec spec() {
		return new MappingSpec(this, 0, false, false);
	}

	abstract boolean isShared();

	abstract Set<Seal> seals();

	@Override
	final PageOptions pages() {
		return super.pages().withNewMemory(this.hugeTlb, this.hugePageSize, isShared(), this.reserve, seals());
	}

}
