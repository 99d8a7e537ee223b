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

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Has the system tell of changes of the files that are mapped, so that nobody needs to
 * look from time to time. What is watched is the file that is mapped, wherever its path
 * leads to. A file that cannot be watched has to be looked at.
 */
final class FileWatch {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final @Nullable SystemCalls calls;

	private final Duration interval;

	/**
	 * On file systems that do not tell everything.
	 */
	private final Set<FileIdentity> unwatchable = new HashSet<>();

	/**
	 * What the log has already.
	 */
	private final Set<String> said = new HashSet<>();

	private @Nullable Inotify inotify;

	private boolean closed;

	/**
	 * Create a watch.
	 * @param calls the system calls, if native access is granted
	 * @param interval how often files are looked at that cannot be watched, and at most
	 * those that can
	 */
	FileWatch(@Nullable SystemCalls calls, Duration interval) {
		this.calls = calls;
		this.interval = interval;
	}

	/**
	 * Watch the files of some mappings and no others.
	 * @param changed what to do when one has changed, or may have; on another thread
	 * @return whether all of them are watched now
	 */
	synchronized boolean watch(Collection<MappingEntry> mappings, Runnable changed) {
		SystemCalls calls = this.calls;
		Set<FileIdentity> files = new HashSet<>();
		mappings.forEach((mapping) -> addTo(files, mapping));
		keep(files);
		if (calls == null || this.closed) {
			return mappings.isEmpty();
		}
		try {
			boolean all = true;
			for (MappingEntry mapping : mappings) {
				all &= isWatched(mapping, calls, changed);
			}
			return all;
		}
		catch (SystemCallException ex) {
			say(ex);
			return false;
		}
		finally {
			endIfIdle();
		}
	}

	private static void addTo(Set<FileIdentity> files, MappingEntry mapping) {
		FileVersion file = mapping.file();
		if (file != null) {
			files.add(file.identity());
		}
	}

	/**
	 * Let go of what is no longer mapped.
	 */
	private void keep(Set<FileIdentity> files) {
		this.unwatchable.retainAll(files);
		if (this.inotify != null) {
			this.inotify.retain(files);
			endIfIdle();
		}
	}

	private void endIfIdle() {
		Inotify inotify = this.inotify;
		if (inotify == null || !inotify.isIdle()) {
			return;
		}
		inotify.end();
		this.inotify = null;
		Throwable failure = inotify.failure();
		if (failure != null) {
			this.closed = true;
			logger.warn("Waiting for changes of mapped files has failed, so they are looked at every " + this.interval
					+ " from now on", failure);
		}
	}

	/**
	 * Return whether a file is watched, or does not have to be.
	 * @throws SystemCallException if no more files can be watched
	 */
	private boolean isWatched(MappingEntry mapping, SystemCalls calls, Runnable changed) throws SystemCallException {
		FileVersion file = mapping.file();
		Path path = mapping.path();
		if (file == null || path == null) {
			// Of which nothing could be said anyway
			return true;
		}
		Inotify inotify = this.inotify;
		if (inotify != null && inotify.isWatched(file.identity())) {
			return true;
		}
		if (this.unwatchable.contains(file.identity()) || path.getFileSystem() != FileSystems.getDefault()) {
			return false;
		}
		if (inotify == null) {
			inotify = new Inotify(calls, changed, Worker.nanos(this.interval));
			this.inotify = inotify;
		}
		return add(mapping, file.identity(), path, calls, inotify);
	}

	private boolean add(MappingEntry mapping, FileIdentity file, Path path, SystemCalls calls, Inotify inotify)
			throws SystemCallException {
		int descriptor;
		try {
			// In this way closing it leaves the process the POSIX locks that it has on
			// the file
			descriptor = calls.open(path, Linux.O_PATH | Linux.O_CLOEXEC, 0);
		}
		catch (SystemCallException ex) {
			logger.debug("The file of mapping " + mapping + " cannot be found to be watched", ex);
			return false;
		}
		try {
			return add(mapping, file, descriptor, calls, inotify);
		}
		finally {
			Descriptors.close(calls, descriptor, "of a file that is to be watched");
		}
	}

	private boolean add(MappingEntry mapping, FileIdentity file, int descriptor, SystemCalls calls, Inotify inotify)
			throws SystemCallException {
		if (!file.equals(FileIdentity.of(calls.fstat(descriptor)))) {
			return false;
		}
		long type = calls.fileSystemType(descriptor);
		if (!Linux.isToldOfChanges(type)) {
			this.unwatchable.add(file);
			say("file system " + type, "the system does not tell of all changes on a file system of type 0x"
					+ Long.toHexString(type) + ", as that of mapping " + mapping);
			return false;
		}
		try {
			return inotify.add(file, pathOf(descriptor));
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EACCES && ex.errno() != Errno.ENOENT) {
				throw ex;
			}
			logger.debug("The file of mapping " + mapping + " cannot be watched", ex);
			return false;
		}
	}

	/**
	 * Return a path to what a descriptor is open on, whatever has become of its path.
	 */
	static Path pathOf(int descriptor) {
		return Path.of("/proc/self/fd/" + descriptor);
	}

	private void say(SystemCallException failure) {
		say("error " + failure.errno(), failure.getMessage() + switch (failure.errno()) {
			case Errno.EMFILE -> ". Raise the limit of what tells of changes with 'sysctl"
					+ " fs.inotify.max_user_instances=…', which all processes of the user share, or that of open files"
					+ " with 'ulimit -n'";
			case Errno.ENOSPC -> ". Raise the limit of watched files with 'sysctl fs.inotify.max_user_watches=…', which"
					+ " all processes of the user share";
			default -> "";
		});
	}

	private void say(String kind, String why) {
		if (this.said.add(kind)) {
			logger.info("Files of declared mappings are looked at every " + this.interval
					+ " to find out whether they have changed: " + why + ".");
		}
	}

	/**
	 * Let go of everything, until files are to be watched again.
	 */
	synchronized void release() {
		if (this.inotify != null) {
			this.inotify.end();
			this.inotify = null;
		}
	}

	/**
	 * Let go of everything for good.
	 */
	synchronized void close() {
		this.closed = true;
		release();
	}

}
