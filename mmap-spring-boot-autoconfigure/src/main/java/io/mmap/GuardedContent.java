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
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.mmap.internal.ffi.SystemCallException;

/**
 * What is mapped of a guarded file. Its lock is held while the content is being saved,
 * and while somebody unmaps it.
 */
final class GuardedContent implements TruncationGuard.Hold {

	private static final Log logger = LogFactory.getLog(GuardedContent.class);

	private final TruncationGuard guard;

	private final String description;

	private final FileIdentity identity;

	private final FileLease lease;

	private final long offset;

	private final long address;

	private final long length;

	private final TruncationGuard.Listener listener;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile State state = State.GUARDED;

	GuardedContent(TruncationGuard guard, String description, FileIdentity identity, FileLease lease, long offset,
			long address, long length, TruncationGuard.Listener listener) {
		this.guard = guard;
		this.description = description;
		this.identity = identity;
		this.lease = lease;
		this.offset = offset;
		this.address = address;
		this.length = length;
		this.listener = listener;
	}

	FileIdentity identity() {
		return this.identity;
	}

	long length() {
		return this.length;
	}

	@Override
	public boolean isGuarding() {
		return this.state == State.GUARDED;
	}

	@Override
	public boolean isDetached() {
		return this.state == State.DETACHED;
	}

	/**
	 * Return whether somebody waits for the lease, which nobody may have noticed.
	 */
	boolean isBroken() {
		this.lock.lock();
		try {
			return isGuarding() && this.lease.isBroken();
		}
		catch (SystemCallException ex) {
			// Let the one who can do something about it find out
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Save the content if somebody wants to change the file. Does not wait for somebody
	 * who is about to unmap it: other files may be in need meanwhile.
	 */
	void look() {
		if (this.lock.tryLock()) {
			try {
				if (isGuarding()) {
					saveIfBroken();
				}
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	private void saveIfBroken() {
		long start = System.nanoTime();
		try {
			if (!this.lease.isBroken()) {
				return;
			}
			this.guard.save(this.lease, this.offset, this.address, this.length, this.listener);
		}
		catch (SystemCallException | IOException | RuntimeException | Error ex) {
			// Whatever it was, others still need the thread
			this.state = State.LOST;
			release();
			String message = "The content of " + this.description
					+ " could not be saved from somebody who truncates the"
					+ " file or opens it for writing, and is not guarded any more: " + ex.getMessage()
					+ ". Reading what the file has lost can end the JVM.";
			logger.error(message, ex);
			tell(() -> this.listener.lost(message, (ex instanceof SystemCallException call) ? call.errno() : 0));
			return;
		}
		long nanos = System.nanoTime() - start;
		this.state = State.DETACHED;
		// Before anybody can unmap it, who has to know
		tell(this.listener::detached);
		report(nanos, release());
	}

	private void report(long nanos, boolean lasted) {
		logger.warn("The content of " + this.description + " was saved in " + Text.millis(nanos)
				+ ", as somebody truncates the file or opens it for writing. It can still be read, but is no longer"
				+ " that of the file. Have files replaced by a rename instead.");
		if (!lasted) {
			String message = "Saving the content of " + this.description + " took longer than the system holds back who"
					+ " truncates the file or writes it, so it may be a mixture of old and new. Raise that time"
					+ " ('sysctl fs.lease-break-time').";
			logger.error(message);
			tell(() -> this.listener.lost(message, 0));
		}
	}

	private void tell(Runnable news) {
		try {
			news.run();
		}
		catch (RuntimeException | Error ex) {
			logger.error("What was to be done when the content of " + this.description + " was saved has failed", ex);
		}
	}

	private boolean release() {
		try {
			return this.lease.giveUp();
		}
		finally {
			this.guard.remove(this);
		}
	}

	@Override
	public void pause() {
		this.lock.lock();
	}

	@Override
	public void goOn(boolean gone) {
		try {
			if (gone) {
				close();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (!gone) {
			// Somebody may have come to break the lease meanwhile
			this.guard.wake();
		}
	}

	@Override
	public <E extends Exception> void whileNotSaving(TruncationGuard.Action<E> action) throws E {
		pause();
		boolean done = false;
		try {
			action.run();
			done = true;
		}
		finally {
			goOn(done);
		}
	}

	@Override
	public void close() {
		this.lock.lock();
		try {
			if (isGuarding()) {
				this.state = State.CLOSED;
				release();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What became of the content.
	 */
	private enum State {

		/** It will be saved when that is necessary. */
		GUARDED,

		/** It was saved. */
		DETACHED,

		/** It could not be saved. */
		LOST,

		/** Nobody wants it to be saved any more. */
		CLOSED

	}

}
