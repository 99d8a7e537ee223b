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
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Bytes of a file that are mapped by {@code mmap(2)} or by the JDK, without a registry,
 * and what guards them.
 */
final class GuardedMapping implements AutoCloseable {

	private static final SystemCalls CALLS = new LinuxSystemCalls();

	private final Path file;

	private final long offset;

	private final Arena arena = Arena.ofShared();

	private final MemorySegment segment;

	private final long unmapped;

	private TruncationGuard.@Nullable Hold hold;

	private GuardedMapping(MapperType mapper, Path file, long offset, long length, boolean writable) {
		this.file = file;
		this.offset = offset;
		long lead = offset % CALLS.pageSize();
		try {
			if (mapper == MapperType.JDK) {
				this.segment = mapByJdk(offset, length, writable);
				this.unmapped = 0;
			}
			else {
				int descriptor = CALLS.open(file, ((writable) ? Linux.O_RDWR : Linux.O_RDONLY) | Linux.O_CLOEXEC, 0);
				long address = CALLS.mmap(0, lead + length,
						(writable) ? Linux.PROT_READ | Linux.PROT_WRITE : Linux.PROT_READ, Linux.MAP_SHARED_VALIDATE,
						descriptor, offset - lead);
				CALLS.close(descriptor);
				MemorySegment writableSegment = CALLS.segment(address + lead, length, this.arena);
				this.segment = (writable) ? writableSegment : writableSegment.asReadOnly();
				this.unmapped = lead + length;
			}
		}
		catch (SystemCallException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private MemorySegment mapByJdk(long offset, long length, boolean writable) throws IOException {
		try (FileChannel channel = (writable)
				? FileChannel.open(this.file, StandardOpenOption.READ, StandardOpenOption.WRITE)
				: FileChannel.open(this.file)) {
			return channel.map((writable) ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.READ_ONLY, offset,
					length, this.arena);
		}
	}

	static GuardedMapping readOnly(MapperType mapper, Path file, long offset, long length) {
		return new GuardedMapping(mapper, file, offset, length, false);
	}

	static GuardedMapping writable(MapperType mapper, Path file, long length) {
		return new GuardedMapping(mapper, file, 0, length, true);
	}

	static FileIdentity identity(Path file) {
		FileStatus status = Objects.requireNonNull(PathStatus.of(file));
		return Objects.requireNonNull(FileIdentity.of(status));
	}

	GuardedMapping guardedBy(TruncationGuard guard, Runnable onDetached) {
		this.hold = guard.guard("file '" + this.file + "'", this.file, identity(this.file), this.offset,
				this.segment.address(), this.segment.byteSize(), onDetached::run);
		return this;
	}

	GuardedMapping guardedBy(TruncationGuard guard) {
		return guardedBy(guard, () -> {
		});
	}

	TruncationGuard.Hold hold() {
		return Objects.requireNonNull(this.hold);
	}

	MemorySegment segment() {
		return this.segment;
	}

	/**
	 * Unmap the bytes, whatever guards them.
	 */
	void unmap() throws SystemCallException {
		this.arena.close();
		if (this.unmapped > 0) {
			CALLS.munmap(this.segment.address() & -CALLS.pageSize(), this.unmapped);
		}
	}

	@Override
	public void close() throws SystemCallException {
		if (this.hold != null) {
			this.hold.whileNotSaving(this::unmap);
		}
		else {
			unmap();
		}
	}

}
