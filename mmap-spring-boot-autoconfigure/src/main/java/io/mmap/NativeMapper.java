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

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Maps with {@code mmap(2)}.
 */
final class NativeMapper implements Mapper {

	private final SystemCalls calls;

	private final MapperInfo info;

	NativeMapper(SystemCalls calls, String reason) {
		this.calls = calls;
		this.info = new MapperInfo(MapperType.NATIVE, reason);
	}

	@Override
	public MapperInfo info() {
		return this.info;
	}

	@Override
	public MappedMemory map(MappingSpec spec, Arena arena) {
		OpenFile file = open(spec);
		try {
			return map(spec, file, arena);
		}
		finally {
			close(file.descriptor());
		}
	}

	private MappedMemory map(MappingSpec spec, OpenFile file, Arena arena) {
		FileStatus status = fstat(spec, file.descriptor());
		if (status.isDirectory()) {
			throw Failures.directory(spec);
		}
		FileRange range = FileRange.of(spec, status.size(), status.isRegularFile());
		if (spec.create() && status.isRegularFile()) {
			allocate(spec, range, file, status.size());
		}
		MemorySegment segment;
		NativePages pages;
		if (range.length() == 0) {
			segment = this.calls.segment(0, 0, arena);
			pages = new NativePages(this.calls, 0, 0);
		}
		else {
			long lead = range.offset() & (this.calls.pageSize() - 1);
			pages = mmap(spec, range.offset() - lead, lead + range.length(), file.descriptor());
			segment = this.calls.segment(pages.address() + lead, range.length(), arena);
		}
		return new MappedMemory((spec.access() == MappingAccess.READ_ONLY) ? segment.asReadOnly() : segment, pages,
				new FileIdentity(status.device(), status.inode()));
	}

	private NativePages mmap(MappingSpec spec, long offset, long length, int descriptor) {
		int protection = (spec.access() == MappingAccess.READ_ONLY) ? Linux.PROT_READ
				: Linux.PROT_READ | Linux.PROT_WRITE;
		int flags = (spec.access() == MappingAccess.COPY_ON_WRITE) ? Linux.MAP_PRIVATE : Linux.MAP_SHARED_VALIDATE;
		try {
			return new NativePages(this.calls, this.calls.mmap(length, protection, flags, descriptor, offset), length);
		}
		catch (SystemCallException ex) {
			throw Failures.call(spec, ex);
		}
	}

	private OpenFile open(MappingSpec spec) {
		int flags = Linux.O_CLOEXEC | ((spec.access() == MappingAccess.READ_WRITE) ? Linux.O_RDWR : Linux.O_RDONLY);
		try {
			if (spec.create()) {
				FileCreation.createParentDirectories(spec);
				try {
					int descriptor = this.calls.open(spec.path(), flags | Linux.O_CREAT | Linux.O_EXCL,
							FileCreation.MODE);
					return new OpenFile(descriptor, true);
				}
				catch (SystemCallException ex) {
					if (ex.errno() != Errno.EEXIST) {
						throw ex;
					}
				}
			}
			return new OpenFile(this.calls.open(spec.path(), flags, 0), false);
		}
		catch (SystemCallException ex) {
			throw switch (ex.errno()) {
				case Errno.ENOENT -> Failures.missing(spec, ex.errno(), ex);
				case Errno.EACCES -> Failures.denied(spec, ex.errno(), ex);
				case Errno.EISDIR -> Failures.directory(spec);
				default -> Failures.call(spec, ex);
			};
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

	private void allocate(MappingSpec spec, FileRange range, OpenFile file, long size) {
		try {
			this.calls.allocate(file.descriptor(), range.offset(), range.length());
		}
		catch (SystemCallException ex) {
			MappingException failure = Failures.cannotAllocate(spec, range.end(), ex.errno(), ex);
			undo(spec.path(), file, size, failure);
			throw failure;
		}
	}

	/**
	 * Take back what a failed allocation may have done in part.
	 */
	private void undo(Path path, OpenFile file, long size, MappingException failure) {
		try {
			if (file.created()) {
				Files.deleteIfExists(path);
			}
			else if (this.calls.fstat(file.descriptor()).size() > size) {
				this.calls.ftruncate(file.descriptor(), size);
			}
		}
		catch (IOException | SystemCallException ex) {
			failure.addSuppressed(ex);
		}
	}

	private void close(int descriptor) {
		try {
			this.calls.close(descriptor);
		}
		catch (SystemCallException ex) {
			// The descriptor is gone, the mapping does not need it, and nothing was
			// written
			// through it: only worth a line
			System.getLogger(NativeMapper.class.getName())
				.log(System.Logger.Level.WARNING, "Closing the descriptor behind a mapping failed", ex);
		}
	}

	/**
	 * An open file.
	 *
	 * @param descriptor the descriptor
	 * @param created whether it did not exist before
	 */
	private record OpenFile(int descriptor, boolean created) {

	}

	/**
	 * Pages by address.
	 *
	 * @param calls the system calls
	 * @param address a multiple of the page size
	 * @param length the length in bytes; 0 if there are no pages
	 */
	private record NativePages(SystemCalls calls, long address, long length) implements Pages {

		@Override
		public void flush(MemorySegment segment) throws SystemCallException {
			if (this.length > 0) {
				this.calls.msync(this.address, this.length, Linux.MS_SYNC);
			}
		}

		@Override
		public void unmap() throws SystemCallException {
			if (this.length > 0) {
				this.calls.munmap(this.address, this.length);
			}
		}

		@Override
		public boolean reclaim() throws SystemCallException {
			unmap();
			return true;
		}

	}

}
