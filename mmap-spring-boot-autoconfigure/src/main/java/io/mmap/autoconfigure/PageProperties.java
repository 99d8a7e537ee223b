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

import io.mmap.Advice;
import io.mmap.AllocatedMappingBuilder;
import io.mmap.AnonymousMappingBuilder;
import io.mmap.ContentMappingBuilder;
import io.mmap.FileMappingBuilder;
import io.mmap.InMemoryFileMappingBuilder;
import io.mmap.MappingBuilder;
import io.mmap.Protection;
import io.mmap.Seal;

/**
 * Hands the properties that concern the pages of a mapping on to its spec.
 */
final class PageProperties {

	private PageProperties() {
	}

	static void apply(MappingProperties mapping, MappingBuilder<?> builder) {
		builder.writableAndExecutable(mapping.isWritableAndExecutable())
			.advice(mapping.getAdvice().toArray(Advice[]::new))
			.locked(mapping.isLocked())
			.dontDump(mapping.isDontDump())
			.dontFork(mapping.isDontFork())
			.noReserve(mapping.isNoReserve())
			.map32Bit(mapping.isMap32Bit())
			.populate(mapping.isPopulate())
			.flags(mapping.getFlags())
			.protectionBits(mapping.getProtectionBits());
		if (mapping.getProtection() != null) {
			builder.protection(mapping.getProtection().toArray(Protection[]::new));
		}
		if (mapping.getHugePages() != null) {
			builder.hugePages(mapping.getHugePages());
		}
		switch (builder) {
			case ContentMappingBuilder<?> content -> applyToContent(mapping, content);
			case AllocatedMappingBuilder<?> allocated -> applyToNewMemory(mapping, allocated);
		}
	}

	private static void applyToContent(MappingProperties mapping, ContentMappingBuilder<?> builder) {
		builder.copy(mapping.isCopy());
		if (builder instanceof FileMappingBuilder file) {
			file.mapSync(mapping.isMapSync());
			if (mapping.getReserve() != null) {
				file.reserve(mapping.getReserve().toBytes());
			}
		}
	}

	private static void applyToNewMemory(MappingProperties mapping, AllocatedMappingBuilder<?> builder) {
		builder.hugeTlb(mapping.getHugeTlb());
		if (mapping.getHugePageSize() != null) {
			builder.hugePageSize(mapping.getHugePageSize().toBytes());
		}
		if (mapping.getReserve() != null) {
			builder.reserve(mapping.getReserve().toBytes());
		}
		switch (builder) {
			case AnonymousMappingBuilder anonymous -> anonymous.shared(mapping.isShared());
			case InMemoryFileMappingBuilder file -> file.seals(mapping.getSeals().toArray(Seal[]::new));
		}
	}

}
