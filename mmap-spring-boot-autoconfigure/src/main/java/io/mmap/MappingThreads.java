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
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs channel operations on threads that nobody interrupts: an interrupt closes a
 * channel and, when it arrives inside of {@code FileChannel.map}, leaves the memory
 * mapped for ever. There are as many threads as calls at a time, so that one that waits
 * for a slow file holds up no other; each ends when it has been idle.
 */
final class MappingThreads {

	private static final long KEEP_ALIVE_SECONDS = 5;

	private final ThreadPoolExecutor executor;

	MappingThreads() {
		this.executor = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS,
				new SynchronousQueue<>(), Threads.factory("mmap-mapper"));
	}

	/**
	 * Run a task and wait for it, also if the calling thread is or gets interrupted; it
	 * is interrupted again afterwards.
	 */
	<T> T call(Callable<T> task) throws IOException {
		FutureTask<T> future = new FutureTask<>(task);
		this.executor.execute(future);
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return future.get();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		catch (ExecutionException ex) {
			throw unwrap(ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * End the threads that are idle, and each other one when it is.
	 */
	void close() {
		this.executor.setKeepAliveTime(0, TimeUnit.SECONDS);
	}

	private static RuntimeException unwrap(ExecutionException ex) throws IOException {
		Throwable cause = Objects.requireNonNull(ex.getCause());
		// The stack of the caller is what helps to find the mistake
		cause.addSuppressed(new Throwable("Called from here"));
		switch (cause) {
			case IOException ioException -> throw ioException;
			case RuntimeException runtimeException -> throw runtimeException;
			case Error error -> throw error;
			default -> throw new IllegalStateException(cause);
		}
	}

}
