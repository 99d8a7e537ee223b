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
import io.mmap.DescriptorMappingBuilder;
import io.mmap.FileMappingBuilder;
import io.mmap.InMemoryFileMappingBuilder;
import io.mmap.MappingAccess;
import io.mmap.MappingBuilder;
import io.mmap.Protection;
import io.mmap.ResourceMappingBuilder;
import io.mmap.Seal;

/**
 * Hands the options of a declared mapping on to the builder of its spec, each one in one
 * place: below what it makes sense for.
 */
final class DeclaredOptions {

	private DeclaredOptions() {
	}

	static void apply(MappingProperties mapping, MappingBuilder<?> builder) {
		builder.lazy(mapping.isLazy())
			.writableAndExecutable(mapping.isWritableAndExecutable())
			.advice(mapping.getAdvice().toArray(Advice[]::new))
			.locked(mapping.isLocked())
			.dontDump(mapping.isDontDump())
			.dontFork(mapping.isDontFork())
			.noReserve(mapping.isNoReserve())
			.map32Bit(mapping.isMap32Bit())
			.populate(mapping.isPopulate())
			.flags(mapping.getFlags())
			.protectionBits(mapping.getProtectionBits());
		if (mapping.getLength() != null) {
			builder.length(mapping.getLength().toBytes());
		}
		if (mapping.getLabel() != null) {
			builder.label(mapping.getLabel());
		}
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
		builder.offset(mapping.getOffset().toBytes()).preload(mapping.isPreload()).copy(mapping.isCopy());
		switch (builder) {
			case FileMappingBuilder file -> applyToFile(mapping, file);
			case ResourceMappingBuilder resource -> applyToResource(mapping, resource);
			case DescriptorMappingBuilder descriptor ->
				throw new IllegalStateException("No declaration leads to " + descriptor);
		}
	}

	private static void applyToFile(MappingProperties mapping, FileMappingBuilder builder) {
		builder.create(mapping.isCreate())
			.mapSync(mapping.isMapSync())
			.reloadOnUpdate(mapping.isReloadOnUpdate())
			.flushInterval(mapping.getFlushInterval());
		if (mapping.getAccess() != null) {
			builder.access(mapping.getAccess());
		}
		if (mapping.getExclusive() != null) {
			builder.exclusive(mapping.getExclusive());
		}
		if (mapping.getReserve() != null) {
			builder.reserve(mapping.getReserve().toBytes());
		}
		if (mapping.getTruncation() != null) {
			builder.truncation(mapping.getTruncation());
		}
		if (mapping.getFlushOnUnmap() != null) {
			builder.flushOnUnmap(mapping.getFlushOnUnmap());
		}
	}

	private static void applyToResource(MappingProperties mapping, ResourceMappingBuilder builder) {
		if (mapping.getAccess() == MappingAccess.COPY_ON_WRITE) {
			builder.copyOnWrite();
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
