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

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * What is behind mapped pages: its lock, and a descriptor once something needs one. A
 * file that was opened by its path is opened again for that, so that most mappings cost
 * no descriptor. Shared by the generations that take over the same pages.
 */
final class BackingFile {

	private static final Log logger = LogFactory.getLog(BackingFile.class);

	private static final int MAX_OPENED_FOR_SAMPLES = 1000;

	/**
	 * How many of the descriptors that the process may have can be taken to look at
	 * files: the others are for what the application does.
	 */
	private static final int SHARE_FOR_SAMPLES = 8;

	/**
	 * How many files of this process are open again.
	 */
	private static final AtomicInteger opened = new AtomicInteger();

	private final SystemCalls calls;

	private final @Nullable Path path;

	/**
	 * What the file was like when it was opened, if it is a regular one.
	 */
	private final @Nullable FileVersion version;

	private final boolean writable;

	/**
	 * To whom the file belongs.
	 */
	private final int user;

	private final FileLocks.@Nullable Hold hold;

	private final boolean handedOut;

	private int descriptor;

	private volatile @Nullable Boolean pagesElsewhere;

	private boolean closed;

	private BackingFile(SystemCalls calls, @Nullable Path path, FileStatus status, boolean writable,
			FileLocks.@Nullable Hold hold, int descriptor) {
		this.calls = calls;
		this.path = path;
		this.version = FileVersion.of(status);
		this.writable = writable;
		this.user = status.user();
		this.hold = hold;
		this.handedOut = descriptor >= 0;
		this.descriptor = descriptor;
	}

	/**
	 * A file that can be opened again.
	 */
	static BackingFile ofPath(SystemCalls calls, Path path, FileStatus status, boolean writable,
			FileLocks.@Nullable Hold hold) {
		return new BackingFile(calls, path, status, writable, hold, -1);
	}

	/**
	 * What a descriptor is open on, which from now on is closed here.
	 */
	static BackingFile ofDescriptor(SystemCalls calls, int descriptor, FileStatus status, boolean writable) {
		return new BackingFile(calls, null, status, writable, null, descriptor);
	}

	/**
	 * Return whether the system tells this process the truth about its pages.
	 */
	boolean isOurs() {
		return this.writable || isOwner();
	}

	private boolean isOwner() {
		int user = this.calls.effectiveUser();
		return user == 0 || user == this.user;
	}

	/**
	 * Return whether this is a regular file, of which the system keeps pages.
	 */
	boolean isRegularFile() {
		return this.version != null;
	}

	/**
	 * Return what the file was like when it was opened, or {@code null} if it is no
	 * regular file.
	 */
	@Nullable FileVersion version() {
		return this.version;
	}

	/**
	 * Return whether the descriptor was there from the start, for others to have.
	 */
	boolean isHandedOut() {
		return this.handedOut;
	}

	/**
	 * Return a descriptor, which stays open until the pages are unmapped.
	 * @throws SystemCallException if the file cannot be opened again; {@code ENOENT} also
	 * if another one is in its place
	 */
	synchronized int descriptor() throws SystemCallException {
		if (this.descriptor < 0 && !this.closed) {
			if (this.path == null) {
				throw new SystemCallException("open", Errno.EBADF);
			}
			if (isElsewhere(this.path)) {
				throw notAtItsPath();
			}
			int reopened = this.calls.open(this.path, flags(), 0);
			try {
				FileIdentity found = FileIdentity.of(this.calls.fstat(reopened));
				if (this.version == null) {
					throw new SystemCallException("open(a device, which cannot be told from another one)",
							Errno.ENODEV);
				}
				if (!this.version.identity().equals(found)) {
					throw notAtItsPath();
				}
			}
			catch (SystemCallException | RuntimeException | Error ex) {
				close(reopened);
				throw ex;
			}
			this.descriptor = reopened;
			opened.incrementAndGet();
		}
		return this.descriptor;
	}

	private int flags() {
		return Linux.O_CLOEXEC | Linux.O_NONBLOCK | ((this.writable) ? Linux.O_RDWR : Linux.O_RDONLY);
	}

	/**
	 * Return whether another file is at the path, which had better not be opened: to
	 * close it again would take the POSIX locks that this process has on it.
	 */
	private boolean isElsewhere(Path path) {
		FileVersion version = this.version;
		FileStatus found = (version != null) ? PathStatus.of(path) : null;
		return version != null && found != null && !version.identity().equals(FileIdentity.of(found));
	}

	private static SystemCallException notAtItsPath() {
		return new SystemCallException("open(the file that is mapped, which is no longer at its path)", Errno.ENOENT);
	}

	/**
	 * Return a descriptor to look at the file from time to time, unless there would be
	 * too many of them. It stays open, too: whenever a process closes one, it loses the
	 * POSIX locks that it has on the file.
	 * @return the descriptor, or -1
	 * @throws SystemCallException if the file cannot be opened again
	 */
	synchronized int descriptorForSamples() throws SystemCallException {
		return (this.descriptor >= 0 || opened.get() < MaxForSamples.OF_PROCESS) ? descriptor() : -1;
	}

	/**
	 * Return whether the system does not find the pages of the file by its descriptor.
	 * @param descriptor one of the file
	 */
	boolean hasPagesElsewhere(int descriptor) throws SystemCallException {
		Boolean elsewhere = this.pagesElsewhere;
		if (elsewhere == null) {
			elsewhere = Linux.hasPagesElsewhere(this.calls.fileSystemType(descriptor));
			this.pagesElsewhere = elsewhere;
		}
		return elsewhere;
	}

	/**
	 * Return how many files may be opened to look at them.
	 * @param limit how many descriptors the process may have, if that is known
	 */
	static long maxForSamples(OptionalLong limit) {
		return Math.min(limit.orElse(MAX_OPENED_FOR_SAMPLES) / SHARE_FOR_SAMPLES, MAX_OPENED_FOR_SAMPLES);
	}

	/**
	 * Look at the file, whatever its path leads to now.
	 * @param open whether to open it again for that, if nothing has needed that so far
	 * @return what it is like, or {@code null} if it cannot be looked at
	 */
	synchronized @Nullable FileStatus status(boolean open) {
		if (this.closed || (this.descriptor < 0 && !open)) {
			return null;
		}
		try {
			return this.calls.fstat(descriptor());
		}
		catch (SystemCallException ex) {
			logger.debug("The file behind a mapping cannot be looked at", ex);
			return null;
		}
	}

	/**
	 * Close the descriptor and let go of the lock. Has no effect when it is called again.
	 */
	synchronized void close() {
		this.closed = true;
		if (this.descriptor >= 0) {
			int descriptor = this.descriptor;
			this.descriptor = -1;
			close(descriptor);
			if (!this.handedOut) {
				opened.decrementAndGet();
			}
		}
		if (this.hold != null) {
			this.hold.release();
		}
	}

	private void close(int descriptor) {
		Descriptors.close(this.calls, descriptor, "behind a mapping");
	}

	/**
	 * Found out when it is needed first, as the JVM has raised the limit by then.
	 */
	private static final class MaxForSamples {

		private static final long OF_PROCESS = maxForSamples(new ProcessLimits().descriptorLimit());

	}

}
