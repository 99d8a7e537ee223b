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

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The files that this process has locked against others. A lock belongs to the process,
 * not to one mapping: two application contexts, in a test or while one replaces the
 * other, may map the same file.
 */
final class FileLocks {

	private static final Map<Object, Shared> LOCKS = new HashMap<>();

	private FileLocks() {
	}

	/**
	 * Have a file locked until the hold is released.
	 * @param file what identifies the file
	 * @param locking locks it, if this process has not done so already
	 */
	static <X extends Exception> Hold hold(Object file, Locking<X> locking) throws X {
		synchronized (LOCKS) {
			Shared known = LOCKS.get(file);
			// Before it is locked, as there may be no heap to remember that
			Hold hold = new Hold((known != null) ? known : new Shared(file));
			if (known == null) {
				hold.shared.lock(locking);
			}
			return hold;
		}
	}

	/**
	 * Hold a file if this process has it locked, or return {@code null}.
	 */
	static @Nullable Hold join(Object file) {
		synchronized (LOCKS) {
			Shared shared = LOCKS.get(file);
			return (shared != null) ? new Hold(shared) : null;
		}
	}

	/**
	 * Locks a file.
	 *
	 * @param <X> what it throws
	 */
	@FunctionalInterface
	interface Locking<X extends Exception> {

		Lock lock() throws X;

	}

	/**
	 * A file lock of the system.
	 */
	interface Lock {

		/**
		 * Unlock the file. What goes wrong is for the log: nobody can do anything about
		 * it.
		 */
		void release();

	}

	/**
	 * Keeps a file locked.
	 */
	static final class Hold {

		private final Shared shared;

		private boolean released;

		private Hold(Shared shared) {
			this.shared = shared;
			shared.holds++;
		}

		Lock lock() {
			return this.shared.lock();
		}

		/**
		 * Let go of the lock. Has no effect when it is called again.
		 */
		void release() {
			synchronized (LOCKS) {
				if (this.released) {
					return;
				}
				this.released = true;
				if (--this.shared.holds == 0) {
					LOCKS.remove(this.shared.file);
					this.shared.lock().release();
				}
			}
		}

	}

	/**
	 * A lock and how many hold it.
	 */
	private static final class Shared {

		private final Object file;

		private @Nullable Lock lock;

		private int holds;

		private Shared(Object file) {
			this.file = file;
		}

		private <X extends Exception> void lock(Locking<X> locking) throws X {
			Lock lock = locking.lock();
			this.lock = lock;
			try {
				LOCKS.put(this.file, this);
			}
			catch (Error ex) {
				lock.release();
				throw ex;
			}
		}

		private Lock lock() {
			return Objects.requireNonNull(this.lock);
		}

	}

}
