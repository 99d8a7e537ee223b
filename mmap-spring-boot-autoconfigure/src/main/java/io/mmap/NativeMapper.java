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

import java.lang.foreign.Arena;
import java.nio.file.Path;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Maps with {@code mmap(2)}.
 */
final class NativeMapper implements Mapper {

	private static final Log logger = LogFactory.getLog(NativeMapper.class);

	private final SystemCalls calls;

	private final Probes probes;

	private final PageMaker maker;

	private final NativeFiles files;

	private final MapperInfo info;

	NativeMapper(SystemCalls calls, String reason) {
		this(calls, new Probes(calls), reason);
	}

	NativeMapper(SystemCalls calls, Probes probes, String reason) {
		this.calls = calls;
		this.probes = probes;
		this.maker = new PageMaker(calls, probes);
		this.files = new NativeFiles(calls, this.maker);
		this.info = new MapperInfo(MapperType.NATIVE, reason);
	}

	@Override
	public Capabilities capabilities() {
		return this.probes.all(this.info);
	}

	@Override
	public MapperInfo info() {
		return this.info;
	}

	@Override
	public SystemCalls calls() {
		return this.calls;
	}

	@Override
	public void close() {
	}

	@Override
	public MappedMemory map(MappingSpec spec, Path path, Arena arena) {
		return this.files.map(spec, path, arena);
	}

	@Override
	public MappedMemory map(MappingSpec spec, String name, Arena arena) {
		return switch (spec.source()) {
			case MappingSource.Descriptor descriptor -> mapDescriptor(spec, descriptor.number(), arena);
			case MappingSource.Anonymous anonymous -> mapAnonymous(spec, name, arena);
			case MappingSource.InMemoryFile file -> mapInMemoryFile(spec, file.name(), arena);
			default -> throw new IllegalArgumentException(spec + " has a path");
		};
	}

	private MappedMemory mapDescriptor(MappingSpec spec, int descriptor, Arena arena) {
		try {
			int ours = this.calls.duplicate(descriptor);
			return owning(ours, () -> {
				FileStatus status = this.calls.fstat(ours);
				BackingFile file = BackingFile.ofDescriptor(this.calls, ours, status,
						spec.access() == MappingAccess.READ_WRITE);
				KernelFiles.refuse(spec, this.calls, ours, status);
				FileRange range = FileRange.of(spec, status);
				try {
					PageArea area = this.maker.map(spec, range, ours, status);
					return this.maker.pages(spec, area, file).accessible(file.version(), arena);
				}
				catch (SystemCallException ex) {
					throw KernelFiles.failure(spec, this.calls, ours, ex);
				}
			});
		}
		catch (SystemCallException ex) {
			throw Failures.call(spec, ex);
		}
	}

	private MappedMemory mapAnonymous(MappingSpec spec, String name, Arena arena) {
		try {
			PageArea area = withHugePages(spec, (hugePageSize) -> this.maker.mapNew(spec, -1, hugePageSize));
			NativePages pages = this.maker.pages(spec, area, null);
			try {
				name(area, (spec.label() != null) ? spec.label() : name);
			}
			catch (RuntimeException | Error ex) {
				pages.discard(ex);
				throw ex;
			}
			return pages.accessible(null, arena);
		}
		catch (SystemCallException ex) {
			throw Failures.call(spec, ex);
		}
	}

	private MappedMemory mapInMemoryFile(MappingSpec spec, String name, Arena arena) {
		try {
			return withHugePages(spec, (hugePageSize) -> mapInMemoryFile(spec, name, hugePageSize, arena));
		}
		catch (SystemCallException ex) {
			throw Failures.call(spec, ex);
		}
	}

	private MappedMemory mapInMemoryFile(MappingSpec spec, String name, long hugePageSize, Arena arena)
			throws SystemCallException {
		int flags = Linux.MFD_CLOEXEC | Linux.MFD_ALLOW_SEALING;
		if (hugePageSize > 0) {
			flags |= Linux.MFD_HUGETLB | (Long.numberOfTrailingZeros(hugePageSize) << Linux.MAP_HUGE_SHIFT);
		}
		int descriptor = this.calls.memfdCreate(name, flags);
		return owning(descriptor, () -> {
			long length = (spec.length() != null) ? spec.length() : 0;
			this.calls.ftruncate(descriptor, (hugePageSize > 0) ? (length + hugePageSize - 1) & -hugePageSize : length);
			FileStatus status = this.calls.fstat(descriptor);
			BackingFile file = BackingFile.ofDescriptor(this.calls, descriptor, status, true);
			NativePages pages = this.maker.pages(spec, this.maker.mapNew(spec, descriptor, hugePageSize), file);
			try {
				seal(descriptor, spec);
			}
			catch (SystemCallException | RuntimeException | Error ex) {
				pages.discard(ex);
				throw ex;
			}
			return pages.accessible(null, arena);
		});
	}

	private void seal(int descriptor, MappingSpec spec) throws SystemCallException {
		int seals = spec.pages().seals().stream().mapToInt(Seal::bits).reduce(0, (one, other) -> one | other);
		if (seals != 0) {
			this.calls.addSeals(descriptor, seals);
		}
	}

	/**
	 * Map with huge pages from the pool if the spec asks for them, and without if it only
	 * tries.
	 */
	private static <T> T withHugePages(MappingSpec spec, SizedMapping<T> mapping) throws SystemCallException {
		HugePages wanted = spec.pages().hugeTlb();
		if (wanted == HugePages.NEVER) {
			return mapping.map(0);
		}
		long size = PageMaker.hugePageSize(spec);
		if (size > 0) {
			try {
				return mapping.map(size);
			}
			catch (SystemCallException ex) {
				if (wanted == HugePages.REQUIRE) {
					throw ex;
				}
				PageMaker.logWithoutPool(spec, ex);
			}
		}
		else if (wanted == HugePages.REQUIRE) {
			throw new UnsupportedMappingOperationException("Cannot map " + spec
					+ ": huge-tlb is required, and this kernel has no pool of huge pages. Use 'try'.");
		}
		return mapping.map(0);
	}

	/**
	 * Do something that takes a descriptor over, or close it.
	 */
	private <T> T owning(int descriptor, Work<T> work) throws SystemCallException {
		try {
			return work.get();
		}
		catch (SystemCallException | RuntimeException | Error ex) {
			Descriptors.close(this.calls, descriptor, "behind a mapping");
			throw ex;
		}
	}

	/**
	 * Name anonymous memory where the kernel can do that. It is only to be seen.
	 */
	private void name(PageArea area, String name) {
		if (!this.probes.isAvailable("memory-names")) {
			return;
		}
		String plain = name.replaceAll("[^\\x20-\\x7e]|[\\[\\]\\\\$`]", "_");
		try {
			this.calls.nameMemory(area.address(), area.length(), plain.substring(0, Math.min(plain.length(), 79)));
		}
		catch (SystemCallException ex) {
			logger.debug("Anonymous memory stays without a name", ex);
		}
	}

	/**
	 * Maps memory of huge pages.
	 *
	 * @param <T> what comes of it
	 */
	@FunctionalInterface
	private interface SizedMapping<T> {

		T map(long hugePageSize) throws SystemCallException;

	}

	/**
	 * Makes something of an open file.
	 *
	 * @param <T> what comes of it
	 */
	@FunctionalInterface
	private interface Work<T> {

		T get() throws SystemCallException;

	}

}
