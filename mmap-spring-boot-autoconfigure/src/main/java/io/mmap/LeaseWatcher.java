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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * A thread that waits for the signal that somebody wants to break a lease. Several such
 * signals may come as one, so it does not say which lease.
 */
final class LeaseWatcher {

	private static final Log logger = LogFactory.getLog(LeaseWatcher.class);

	/**
	 * The kernel does nothing with this one by default. SIGIO, which it would send
	 * otherwise, ends the process if nobody waits for it.
	 */
	static final int SIGNAL = Linux.SIGURG;

	/** Looked at this often in any case, should a signal get lost. */
	private static final long PATIENCE_NANOS = 5_000_000_000L;

	private static final long POLL_NANOS = 100_000_000;

	private final SystemCalls calls;

	private final Runnable look;

	private final CompletableFuture<Integer> thread = new CompletableFuture<>();

	private volatile boolean ended;

	private LeaseWatcher(SystemCalls calls, Runnable look) {
		this.calls = calls;
		this.look = look;
	}

	/**
	 * Start to wait.
	 * @param look what to do when a signal came, or just might have come
	 * @throws SystemCallException if the thread cannot wait for signals
	 */
	static LeaseWatcher start(SystemCalls calls, Runnable look) throws SystemCallException {
		LeaseWatcher watcher = new LeaseWatcher(calls, look);
		Threads.factory("mmap-guard").newThread(watcher::run).start();
		try {
			watcher.thread.join();
			return watcher;
		}
		catch (CompletionException ex) {
			switch (ex.getCause()) {
				case SystemCallException cause -> throw cause;
				case RuntimeException cause -> throw cause;
				case Error cause -> throw cause;
				case null, default -> throw ex;
			}
		}
	}

	/**
	 * Return the number of the thread that the signals are to be sent to.
	 */
	int thread() {
		return this.thread.join();
	}

	/**
	 * Have the thread look as soon as it can.
	 */
	void wake() {
		try {
			this.calls.signal(thread(), SIGNAL);
		}
		catch (SystemCallException ex) {
			logger.debug("The thread will look when its patience ends", ex);
		}
	}

	/**
	 * Have the thread end as soon as it can.
	 */
	void end() {
		this.ended = true;
		wake();
	}

	private void run() {
		try {
			this.calls.blockSignal(SIGNAL);
			this.calls.awaitSignal(SIGNAL, 0);
			this.thread.complete(this.calls.threadId());
		}
		catch (SystemCallException | RuntimeException | Error ex) {
			this.thread.completeExceptionally(ex);
			return;
		}
		while (!this.ended) {
			try {
				await();
				this.look.run();
			}
			catch (RuntimeException | Error ex) {
				report(ex);
				LockSupport.parkNanos(POLL_NANOS);
			}
		}
	}

	private void await() {
		try {
			this.calls.awaitSignal(SIGNAL, PATIENCE_NANOS);
		}
		catch (SystemCallException ex) {
			logger.debug("Cannot wait for a signal, so leases are looked at now and then", ex);
			LockSupport.parkNanos(POLL_NANOS);
		}
	}

	private static void report(Throwable failure) {
		try {
			logger.error("Looking after guarded mappings has failed, and is tried again", failure);
		}
		catch (RuntimeException | Error ex) {
			// Such as an OutOfMemoryError, again: that the thread goes on matters more
		}
	}

}
