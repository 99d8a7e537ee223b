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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.FileEvent;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * A thread that waits until the system tells of a change of one of some files. It has one
 * descriptor, whatever the number of files, and lives from the first file to the last:
 * that a watch was removed is told, too, which is how it is woken to end.
 */
final class Inotify {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	/**
	 * Stores into memory that somebody else has mapped are not told of before that is
	 * unmapped.
	 */
	private static final int EVENTS = Linux.IN_MODIFY | Linux.IN_ATTRIB | Linux.IN_CLOSE_WRITE | Linux.IN_MOVE_SELF;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final SystemCalls calls;

	private final int descriptor;

	private final Runnable changed;

	private final long pause;

	private final Map<FileIdentity, Integer> watches = new HashMap<>();

	private @Nullable Thread thread;

	private boolean ended;

	private @Nullable Throwable failure;

	/**
	 * Create what can watch files, and has to be ended.
	 * @param changed what to do when something has changed, or may have
	 * @param pause how long not to wait for further changes after one, in nanoseconds:
	 * all of them are one then
	 * @throws SystemCallException if the system does not offer that, or no more of it
	 */
	Inotify(SystemCalls calls, Runnable changed, long pause) throws SystemCallException {
		this.calls = calls;
		this.changed = changed;
		this.pause = pause;
		this.descriptor = calls.inotify();
	}

	/**
	 * Return whether a file is watched.
	 */
	synchronized boolean isWatched(FileIdentity file) {
		return this.watches.containsKey(file);
	}

	/**
	 * Watch a file.
	 * @param path leads to the file
	 * @return whether it is watched; {@code false} if this has ended meanwhile
	 * @throws SystemCallException if it cannot be watched
	 */
	synchronized boolean add(FileIdentity file, Path path) throws SystemCallException {
		if (this.ended) {
			return false;
		}
		int watch = this.calls.addWatch(this.descriptor, path, EVENTS);
		if (this.thread == null) {
			// Not before there is a watch, or nothing could wake it
			Thread thread = Threads.factory("mmap-watch").newThread(this::run);
			thread.start();
			this.thread = thread;
		}
		this.watches.put(file, watch);
		return true;
	}

	/**
	 * Watch no files but these.
	 */
	synchronized void retain(Set<FileIdentity> files) {
		this.watches.entrySet().removeIf((watch) -> {
			boolean remove = !files.contains(watch.getKey());
			if (remove) {
				remove(watch.getValue());
			}
			return remove;
		});
	}

	private void remove(int watch) {
		try {
			this.calls.removeWatch(this.descriptor, watch);
		}
		catch (SystemCallException ex) {
			logger.debug("It was gone already, as is its file", ex);
		}
	}

	/**
	 * Return whether this has ended, or nothing is left to wait for.
	 */
	synchronized boolean isIdle() {
		return this.ended || this.watches.isEmpty();
	}

	/**
	 * Return what went wrong while waiting, which ended it.
	 */
	synchronized @Nullable Throwable failure() {
		return this.failure;
	}

	/**
	 * End. The descriptor is closed when this returns. Has no effect when it is called
	 * again.
	 */
	void end() {
		Thread thread;
		synchronized (this) {
			thread = this.thread;
			if (!this.ended) {
				this.ended = true;
				notifyAll();
				retain(Set.of());
				if (thread == null) {
					close();
				}
			}
		}
		if (thread != null) {
			join(thread);
		}
	}

	private static void join(Thread thread) {
		boolean interrupted = false;
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (thread.isAlive() && System.nanoTime() < end) {
			try {
				thread.join(PATIENCE);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (thread.isAlive()) {
			logger.warn("The thread 'mmap-watch' has not ended, and keeps a descriptor of inotify open");
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void run() {
		Throwable failure = null;
		try {
			while (!hasEnded()) {
				List<FileEvent> events = this.calls.awaitEvents(this.descriptor);
				if (isAnyOfAFile(events)) {
					this.changed.run();
					pause();
				}
			}
		}
		catch (SystemCallException | RuntimeException | Error ex) {
			failure = ex;
		}
		synchronized (this) {
			this.ended = true;
			this.failure = failure;
			this.watches.clear();
			close();
		}
		if (failure != null) {
			this.changed.run();
		}
	}

	private synchronized boolean hasEnded() {
		return this.ended;
	}

	/**
	 * Return whether files are to be looked at, and not only a watch was removed.
	 */
	private synchronized boolean isAnyOfAFile(List<FileEvent> events) {
		boolean any = false;
		for (FileEvent event : events) {
			if (event.is(Linux.IN_Q_OVERFLOW)) {
				// What was lost may say that a watch was removed, so that nobody knows
				// what is watched: another one is to begin anew
				this.ended = true;
				return true;
			}
			any |= this.watches.containsValue(event.watch());
			if (event.is(Linux.IN_IGNORED)) {
				// The file is gone for good: another one may get its number
				this.watches.values().remove(event.watch());
			}
		}
		if (this.watches.isEmpty()) {
			// Nothing would wake the thread any more
			this.ended = true;
		}
		return any;
	}

	/**
	 * Let changes come together.
	 */
	private synchronized void pause() {
		long end = System.nanoTime() + this.pause;
		long left = this.pause;
		while (!this.ended && left > 0) {
			try {
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
			catch (InterruptedException ex) {
				logger.debug("Interrupted by somebody who is not known; files are watched on");
			}
			left = end - System.nanoTime();
		}
	}

	private void close() {
		Descriptors.close(this.calls, this.descriptor, "that tells of changes of files");
	}

}
