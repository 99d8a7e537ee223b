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

package io.mmap.autoconfigure;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.mmap.MappingLeak;
import io.mmap.MappingListener;

/**
 * Keeps the thread that detects leaks busy with the first one until this is closed, so
 * that further leaks are counted by whoever asks for them.
 */
public final class BusyListener implements MappingListener, AutoCloseable {

	private static final long PATIENCE_SECONDS = 30;

	private final Thread test = Thread.currentThread();

	private final CountDownLatch busy = new CountDownLatch(1);

	private final CountDownLatch end = new CountDownLatch(1);

	@Override
	public void leaked(MappingLeak leak) {
		if (Thread.currentThread() != this.test) {
			this.busy.countDown();
			await(this.end);
		}
	}

	/**
	 * Wait until the thread is busy.
	 */
	public void awaitBusy() {
		await(this.busy);
	}

	@Override
	public void close() {
		this.end.countDown();
	}

	private static void await(CountDownLatch latch) {
		try {
			if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Waited in vain");
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
