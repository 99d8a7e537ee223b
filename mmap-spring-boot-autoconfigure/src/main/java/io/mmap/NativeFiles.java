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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Opens, creates and locks files by their paths, and has them mapped.
 */
final class NativeFiles {

	private final SystemCalls calls;

	private final PageMaker maker;

	NativeFiles(SystemCalls calls, PageMaker maker) {
		this.calls = calls;
		this.maker = maker;
	}

	/**
	 * Map a file.
	 */
	MappedMemory map(MappingSpec spec, Path path, Arena arena) {
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
		// First, as there may be no heap to remember what is open
		OpenFile file = new OpenFile();
		FileLocks.Hold hold = null;
		try {
			open(spec, path, file);
			FileStatus status = fstat(spec, file.descriptor());
			refuseKernelFile(spec, file.descriptor(), status);
			FileRange range = FileRange.of(spec, status);
			FileIdentity identity = FileIdentity.of(status);
			if (spec.exclusive() && identity != null && range.length() > 0) {
				hold = FileLocks.hold(identity, () -> lock(spec, path, file));
			}
			if (spec.create() && status.isRegularFile()) {
				allocate(spec, range, file.descriptor());
			}
			BackingFile backing = BackingFile.ofPath(this.calls, path, status,
					spec.access() == MappingAccess.READ_WRITE, hold);
			return map(spec, range, file.descriptor(), status, backing, arena);
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

	private MappedMemory map(MappingSpec spec, FileRange range, int descriptor, FileStatus status, BackingFile backing,
			Arena arena) {
		try {
			PageArea area = this.maker.map(spec, range, descriptor, status);
			return this.maker.pages(spec, area, backing).accessible(backing.version(), arena);
		}
		catch (SystemCallException ex) {
			throw KernelFiles.failure(spec, this.calls, descriptor, ex);
		}
	}

	/**
	 * Lock the file through the descriptor, which then stays open for that.
	 */
	private FileLocks.Lock lock(MappingSpec spec, Path path, OpenFile file) {
		int descriptor = file.descriptor();
		FileLocks.Lock lock = () -> close(descriptor);
		try {
			this.calls.lock(file.descriptor());
		}
		catch (SystemCallException ex) {
			throw switch (ex.errno()) {
				case Errno.EAGAIN, Errno.EACCES -> Failures.locked(spec, path, ex.errno(), ex);
				default -> Failures.cannotLock(spec, String.valueOf(ex.getMessage()), ex.errno(), ex);
			};
		}
		file.handOver();
		return lock;
	}

	private void open(MappingSpec spec, Path path, OpenFile file) {
		int flags = Linux.O_CLOEXEC | ((spec.access() == MappingAccess.READ_WRITE) ? Linux.O_RDWR : Linux.O_RDONLY);
		try {
			if (!spec.create()) {
				file.opened(openExisting((more) -> this.calls.open(path, flags | more, 0)), false);
				return;
			}
			FileCreation.createParentDirectories(spec, path);
			try {
				file.opened(this.calls.openWithoutLinks(path, flags | Linux.O_CREAT | Linux.O_EXCL, FileCreation.MODE),
						true);
			}
			catch (SystemCallException ex) {
				if (ex.errno() != Errno.EEXIST) {
					throw ex;
				}
				file.opened(openExisting((more) -> this.calls.openWithoutLinks(path, flags | more, 0)), false);
			}
		}
		catch (SystemCallException ex) {
			throw switch (ex.errno()) {
				case Errno.ENOENT -> Failures.missing(spec, ex.errno(), ex);
				case Errno.ENOTDIR -> Failures.notADirectory(spec, path, ex.errno(), ex);
				case Errno.EACCES -> Failures.denied(spec, path, Files.isReadable(path), ex.errno(), ex);
				case Errno.EISDIR -> Failures.directory(spec);
				case Errno.ENXIO -> noPeer(spec, path, ex);
				default -> Failures.call(spec, ex);
			};
		}
	}

	/**
	 * Tell a socket, which cannot even be opened, from a device that is not there.
	 */
	private static MappingException noPeer(MappingSpec spec, Path path, SystemCallException ex) {
		FileStatus status = PathStatus.of(path);
		return (status != null && status.isPipeOrSocket()) ? Failures.pipeOrSocket(spec) : Failures.call(spec, ex);
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

	private void refuseKernelFile(MappingSpec spec, int descriptor, FileStatus status) {
		try {
			KernelFiles.refuse(spec, this.calls, descriptor, status);
		}
		catch (SystemCallException ex) {
			throw Failures.call(spec, ex);
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
		Descriptors.close(this.calls, descriptor, "behind a mapping");
	}

	/**
	 * Opens a file with more flags.
	 */
	@FunctionalInterface
	private interface Opening {

		int open(int flags) throws SystemCallException;

	}

	/**
	 * A file that is open, or to be opened.
	 */
	private final class OpenFile {

		private int descriptor = -1;

		private boolean created;

		private boolean handedOver;

		private void opened(int descriptor, boolean created) {
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
		private void handOver() {
			this.handedOver = true;
		}

		private void close() {
			if (this.descriptor >= 0 && !this.handedOver) {
				NativeFiles.this.close(this.descriptor);
			}
		}

	}

}
