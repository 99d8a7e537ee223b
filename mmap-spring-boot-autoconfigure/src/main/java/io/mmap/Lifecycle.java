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

import org.jspecify.annotations.Nullable;

import io.mmap.internal.PlainText;

/**
 * Whether a registry is open. What is mapped is published here, so that the end of the
 * registry either sees it or comes first.
 */
final class Lifecycle {

	private @Nullable Throwable closedBy;

	private boolean suspended;

	/**
	 * Let nothing be mapped until it is resumed.
	 */
	synchronized void suspend() {
		this.suspended = true;
	}

	synchronized void resume() {
		this.suspended = false;
	}

	/**
	 * Publish something unless the registry was closed or suspended.
	 * @return whether that was done
	 */
	synchronized boolean publish(Runnable publication) {
		if (this.closedBy != null || this.suspended) {
			return false;
		}
		publication.run();
		return true;
	}

	/**
	 * Publish something in any case: what takes the place of something that whoever
	 * closes the registry may be waiting for.
	 */
	synchronized void publishAlways(Runnable publication) {
		publication.run();
	}

	synchronized void close() {
		if (this.closedBy == null) {
			this.closedBy = new Throwable("Closed by thread '" + PlainText.of(Thread.currentThread().getName()) + "'");
		}
	}

	/**
	 * Return whether anything can be mapped.
	 */
	synchronized boolean isOpen() {
		return this.closedBy == null && !this.suspended;
	}

	synchronized boolean isClosed() {
		return this.closedBy != null;
	}

	synchronized void checkOpen() {
		if (this.closedBy != null) {
			throw new IllegalStateException("The mapping registry was closed, so nothing can be mapped any more",
					this.closedBy);
		}
		if (this.suspended) {
			throw new IllegalStateException(
					"Nothing can be mapped at this moment: files are unmapped for a checkpoint of"
							+ " the process, and mapped again when that was taken or the process is restored");
		}
	}

}
