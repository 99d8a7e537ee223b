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
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Saves the content of mapped files from whoever truncates or writes them. An access to
 * pages that a file has lost is an error at best, and ends the JVM where it is made by
 * native code or an intrinsic of the compiler.
 * <p>
 * Each file gets a {@linkplain FileLease read lease}. When somebody wants to break it,
 * the system holds that one back while a thread puts a private copy of the content in the
 * place of the mapped pages. The mapping is detached then: it is as it was, for ever, but
 * no longer the file's. The thread runs while something is guarded.
 */
final class TruncationGuard implements AutoCloseable {

	private final SystemCalls calls;

	private final GuardLimits limits;

	private final ContentSaver saver;

	private final List<GuardedContent> guarded = new CopyOnWriteArrayList<>();

	private @Nullable LeaseWatcher watcher;

	/** How many are about to be guarded, which need the thread, too. */
	private int beginning;

	private volatile boolean closed;

	/**
	 * Create a guard.
	 * @param calls the system calls
	 * @param maxSize how many bytes of one mapping are saved at most
	 */
	TruncationGuard(SystemCalls calls, long maxSize) {
		this(calls, maxSize, new ProcessLimits());
	}

	/**
	 * Create a guard that is told of memory and time.
	 */
	TruncationGuard(SystemCalls calls, long maxSize, ProcessLimits limits) {
		this.calls = calls;
		this.limits = new GuardLimits(maxSize, limits);
		this.saver = new ContentSaver(calls);
	}

	/**
	 * Guard what is mapped of a file, whichever way it was mapped, for reading only. Can
	 * be called from any thread.
	 * @param description what is mapped, for messages
	 * @param path where the file is
	 * @param identity which file it is
	 * @param offset where in the file the mapped bytes start
	 * @param address where they are in memory
	 * @param length the number of bytes, at least 1
	 * @param listener told what becomes of the content, maybe before this method returns;
	 * on the thread that saves other content, too, and while the content is guarded by
	 * its lock, so it must not wait for anything
	 * @return keeps the content guarded; to be closed before the pages are unmapped or
	 * changed
	 * @throws GuardRefusedException if the content could not be saved when it comes to it
	 */
	Hold guard(String description, Path path, FileIdentity identity, long offset, long address, long length,
			Listener listener) {
		if (length <= 0) {
			throw new GuardRefusedException(description, "it is empty, so there is nothing to save",
					"Leave it unguarded.", 0, null);
		}
		this.limits.check(description, length, guardedLength(identity));
		int thread = beginGuarding(description);
		GuardedContent content = null;
		try {
			FileLease lease = FileLease.take(this.calls, description, path, identity, offset + length, thread);
			content = content(description, identity, lease, offset, address, length, listener);
		}
		finally {
			endGuarding(content);
		}
		try {
			if (this.closed) {
				throw closed();
			}
			if (content.isBroken()) {
				// The signal may have come before there was anything to look at
				wake();
			}
			return content;
		}
		catch (RuntimeException | Error ex) {
			content.close();
			throw ex;
		}
	}

	private GuardedContent content(String description, FileIdentity identity, FileLease lease, long offset,
			long address, long length, Listener listener) {
		try {
			return new GuardedContent(this, description, identity, lease, offset, address, length, listener);
		}
		catch (Error ex) {
			lease.giveUp();
			throw ex;
		}
	}

	private synchronized int beginGuarding(String description) {
		if (this.closed) {
			throw closed();
		}
		if (this.watcher == null) {
			try {
				this.watcher = LeaseWatcher.start(this.calls, () -> this.guarded.forEach(GuardedContent::look));
			}
			catch (SystemCallException ex) {
				throw FileLease.blocked(description, ex);
			}
		}
		this.beginning++;
		return this.watcher.thread();
	}

	private synchronized void endGuarding(@Nullable GuardedContent content) {
		this.beginning--;
		try {
			if (content != null) {
				this.guarded.add(content);
			}
		}
		catch (Error ex) {
			// Nobody else knows it
			content.close();
			throw ex;
		}
		finally {
			endIfIdle();
		}
	}

	private static IllegalStateException closed() {
		return new IllegalStateException("The guard is closed");
	}

	private long guardedLength(FileIdentity identity) {
		return this.guarded.stream()
			.filter((content) -> content.identity().equals(identity))
			.mapToLong(GuardedContent::length)
			.sum();
	}

	/**
	 * Save content. Called by the thread that watches.
	 */
	void save(FileLease lease, long offset, long address, long length, Listener listener)
			throws SystemCallException, IOException {
		String shortage = this.limits.shortage(length);
		if (shortage != null) {
			throw new IOException("To copy " + length + " bytes, " + shortage);
		}
		this.saver.save(lease.descriptor(), offset, address, length, listener);
	}

	/**
	 * Forget what is not guarded any more.
	 */
	synchronized void remove(GuardedContent content) {
		this.guarded.remove(content);
		endIfIdle();
	}

	private void endIfIdle() {
		LeaseWatcher watcher = this.watcher;
		if (watcher != null && this.beginning == 0 && this.guarded.isEmpty()) {
			this.watcher = null;
			watcher.end();
		}
	}

	/**
	 * Have everything looked at.
	 */
	synchronized void wake() {
		if (this.watcher != null) {
			this.watcher.wake();
		}
	}

	/**
	 * Give up all leases, and end the thread. Waits for content that is being saved. Has
	 * no effect when it is called again.
	 */
	@Override
	public void close() {
		synchronized (this) {
			this.closed = true;
		}
		this.guarded.forEach(GuardedContent::close);
	}

	/**
	 * Keeps content guarded. Methods can be called from any thread.
	 */
	interface Hold extends AutoCloseable {

		/**
		 * Return whether the content will be saved when that is necessary. It is not if
		 * it was saved already, or that has failed.
		 */
		boolean isGuarding();

		/**
		 * Return whether the content was saved: the memory is private now.
		 */
		boolean isDetached();

		/**
		 * Keep the content from being saved, until {@link #goOn} is called by the same
		 * thread. To be used for several holds at a time.
		 */
		void pause();

		/**
		 * End a {@linkplain #pause pause}.
		 * @param gone whether the pages are gone, so that the hold is closed
		 */
		void goOn(boolean gone);

		/**
		 * Do something that unmaps the pages, while they are not being saved. If it
		 * succeeds, the hold is closed: nothing is saved any more. If it fails, the guard
		 * goes on.
		 * @param action what to do
		 * @param <E> what it throws
		 * @throws E what it has thrown
		 */
		<E extends Exception> void whileNotSaving(Action<E> action) throws E;

		/**
		 * Give the lease up. Waits for content that is being saved. Has no effect when it
		 * is called again.
		 */
		@Override
		void close();

	}

	/**
	 * Told what becomes of guarded content.
	 */
	interface Listener {

		/**
		 * The content is about to be saved.
		 * @param address of the memory that it will be in, whole pages
		 * @param length the number of bytes
		 * @throws SystemCallException if it must not be saved there
		 */
		default void saving(long address, long length) throws SystemCallException {
		}

		/**
		 * The content was saved, and who wants to write is about to go on.
		 */
		void detached();

		/**
		 * The content is not guarded any more, or not what it was.
		 * @param why in a sentence or more
		 * @param errno the error number of what failed, or 0
		 */
		default void lost(String why, int errno) {
		}

	}

	/**
	 * Something that can fail.
	 *
	 * @param <E> the exception
	 */
	@FunctionalInterface
	interface Action<E extends Exception> {

		void run() throws E;

	}

}
