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
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.Errno;
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

	private final MapperInfo info;

	NativeMapper(SystemCalls calls, String reason) {
		this(calls, new Probes(calls), reason);
	}

	NativeMapper(SystemCalls calls, Probes probes, String reason) {
		this.calls = calls;
		this.probes = probes;
		this.maker = new PageMaker(calls, probes);
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
	public void close() {
	}

	@Override
	public MappedMemory map(MappingSpec spec, Path path, Arena arena) {
		if (!spec.create()) {
			return open(spec, path, arena);
		}
		// Or the file might be removed, as it could not be grown, when another thread has
		// mapped it already
		ReentrantLock turn = Turns.of(path);
		turn.lock();
		try {
			return open(spec, path, arena);
		}
		finally {
			turn.unlock();
		}
	}

	private MappedMemory open(MappingSpec spec, Path path, Arena arena) {
		OpenFile file = open(spec, path);
		FileLocks.Hold hold = null;
		try {
			FileStatus status = fstat(spec, file.descriptor());
			FileRange range = range(spec, status);
			FileIdentity identity = FileIdentity.of(status);
			if (spec.exclusive() && identity != null && range.length() > 0) {
				hold = FileLocks.hold(identity, () -> lock(spec, path, file));
			}
			if (spec.create() && status.isRegularFile()) {
				allocate(spec, range, file.descriptor());
			}
			BackingFile backing = BackingFile.ofPath(this.calls, path, status,
					spec.access() == MappingAccess.READ_WRITE, hold);
			return map(spec, range, file.descriptor(), identity, backing, arena);
		}
		catch (RuntimeException | Error ex) {
			if (file.created()) {
				FileCreation.undo(spec, path, ex);
			}
			if (hold != null) {
				hold.release();
			}
			throw ex;
		}
		finally {
			file.close();
		}
	}

	private static FileRange range(MappingSpec spec, FileStatus status) {
		if (status.isDirectory()) {
			throw Failures.directory(spec);
		}
		if (status.isPipeOrSocket()) {
			throw Failures.pipeOrSocket(spec);
		}
		if (!status.isRegularFile() && spec.length() == null) {
			throw Failures.deviceWithoutLength(spec);
		}
		return FileRange.of(spec, status.size(), status.isRegularFile());
	}

	private MappedMemory map(MappingSpec spec, FileRange range, int descriptor, @Nullable FileIdentity identity,
			BackingFile backing, Arena arena) {
		try {
			PageArea area = this.maker.map(spec, range, descriptor);
			return memory(spec, new NativePages(this.maker, spec, area, backing, false), identity, arena);
		}
		catch (SystemCallException ex) {
			throw Failures.call(spec, ex);
		}
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
				PageArea area = this.maker.map(spec, range(spec, status), ours);
				BackingFile file = BackingFile.ofDescriptor(this.calls, ours, status,
						spec.access() == MappingAccess.READ_WRITE);
				return memory(spec, new NativePages(this.maker, spec, area, file, false), FileIdentity.of(status),
						arena);
			});
		}
		catch (SystemCallException ex) {
			throw Failures.call(spec, ex);
		}
	}

	private MappedMemory mapAnonymous(MappingSpec spec, String name, Arena arena) {
		try {
			PageArea area = withHugePages(spec, (hugePageSize) -> this.maker.mapNew(spec, -1, hugePageSize));
			name(area, (spec.label() != null) ? spec.label() : name);
			return memory(spec, new NativePages(this.maker, spec, area, null, false), null, arena);
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
			PageArea area = this.maker.mapNew(spec, descriptor, hugePageSize);
			NativePages pages = new NativePages(this.maker, spec, area,
					BackingFile.ofDescriptor(this.calls, descriptor, this.calls.fstat(descriptor), true), false);
			try {
				seal(descriptor, spec);
			}
			catch (SystemCallException | RuntimeException | Error ex) {
				unmap(pages, ex);
				throw ex;
			}
			return memory(spec, pages, null, arena);
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
			close(descriptor);
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
	 * Lock the file through the descriptor, which then stays open for that.
	 */
	private FileLocks.Lock lock(MappingSpec spec, Path path, OpenFile file) {
		try {
			this.calls.lock(file.descriptor());
		}
		catch (SystemCallException ex) {
			throw switch (ex.errno()) {
				case Errno.EAGAIN, Errno.EACCES -> Failures.locked(spec, path, ex.errno(), ex);
				default -> Failures.cannotLock(spec, String.valueOf(ex.getMessage()), ex.errno(), ex);
			};
		}
		int descriptor = file.handOver();
		return () -> close(descriptor);
	}

	/**
	 * Make pages accessible, or unmap them.
	 */
	private MappedMemory memory(MappingSpec spec, NativePages pages, @Nullable FileIdentity identity, Arena arena) {
		try {
			PageArea area = pages.area();
			MemorySegment segment = this.calls.segment(area.first(), area.usable(), arena);
			return MappedMemory.of(segment, pages, identity, spec.protection());
		}
		catch (RuntimeException | Error ex) {
			unmap(pages, ex);
			throw ex;
		}
	}

	private static void unmap(NativePages pages, Throwable failure) {
		try {
			pages.unmap();
		}
		catch (SystemCallException ex) {
			failure.addSuppressed(ex);
		}
	}

	private OpenFile open(MappingSpec spec, Path path) {
		int flags = Linux.O_CLOEXEC | ((spec.access() == MappingAccess.READ_WRITE) ? Linux.O_RDWR : Linux.O_RDONLY);
		try {
			if (!spec.create()) {
				return new OpenFile(openExisting((more) -> this.calls.open(path, flags | more, 0)), false);
			}
			FileCreation.createParentDirectories(spec, path);
			try {
				return new OpenFile(
						this.calls.openWithoutLinks(path, flags | Linux.O_CREAT | Linux.O_EXCL, FileCreation.MODE),
						true);
			}
			catch (SystemCallException ex) {
				if (ex.errno() != Errno.EEXIST) {
					throw ex;
				}
				return new OpenFile(openExisting((more) -> this.calls.openWithoutLinks(path, flags | more, 0)), false);
			}
		}
		catch (SystemCallException ex) {
			throw switch (ex.errno()) {
				case Errno.ENOENT -> Failures.missing(spec, ex.errno(), ex);
				case Errno.ENOTDIR -> Failures.notADirectory(spec, path, ex.errno(), ex);
				case Errno.EACCES -> Failures.denied(spec, path, Files.isReadable(path), ex.errno(), ex);
				case Errno.EISDIR -> Failures.directory(spec);
				default -> Failures.call(spec, ex);
			};
		}
	}

	private static int openExisting(Opening opening) throws SystemCallException {
		try {
			// Or opening a named pipe waits for somebody at its other end
			return opening.open(Linux.O_NONBLOCK);
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EAGAIN) {
				throw ex;
			}
			// Somebody has a lease on the file, and is asked to give it up
			return opening.open(0);
		}
	}

	private FileStatus fstat(MappingSpec spec, int descriptor) {
		try {
			return this.calls.fstat(descriptor);
		}
		catch (SystemCallException ex) {
			throw Failures.call(spec, ex);
		}
	}

	private void allocate(MappingSpec spec, FileRange range, int descriptor) {
		try {
			this.calls.allocate(descriptor, range.offset(), range.length());
		}
		catch (SystemCallException ex) {
			throw Failures.cannotAllocate(spec, range.end(), ex.errno(), ex);
		}
	}

	private void close(int descriptor) {
		try {
			this.calls.close(descriptor);
		}
		catch (SystemCallException ex) {
			// The descriptor is gone, nothing was written through it, and no mapping
			// needs it
			logger.warn("Closing the descriptor behind a mapping failed", ex);
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

	/**
	 * Opens a file with more flags.
	 */
	@FunctionalInterface
	private interface Opening {

		int open(int flags) throws SystemCallException;

	}

	/**
	 * An open file.
	 */
	private final class OpenFile {

		private final int descriptor;

		private final boolean created;

		private boolean handedOver;

		private OpenFile(int descriptor, boolean created) {
			this.descriptor = descriptor;
			this.created = created;
		}

		private int descriptor() {
			return this.descriptor;
		}

		/**
		 * Return whether the file did not exist before.
		 */
		private boolean created() {
			return this.created;
		}

		/**
		 * Leave it to somebody else to close the file.
		 */
		private int handOver() {
			this.handedOver = true;
			return this.descriptor;
		}

		private void close() {
			if (!this.handedOver) {
				NativeMapper.this.close(this.descriptor);
			}
		}

	}

}
