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
 * Who holds a lease. Knows the memory neither directly nor indirectly. Two are never
 * equal.
 */
final class Holder {

	private final String owner;

	private final String thread;

	/**
	 * When a scan has met this first, as {@link System#nanoTime()}. Of the scanning
	 * thread alone.
	 */
	private @Nullable Long seen;

	private boolean reported;

	Holder(@Nullable String owner) {
		this.thread = Thread.currentThread().getName();
		this.owner = (owner != null) ? owner : "a lease without an owner's name";
	}

	/**
	 * Note that a scan has met this.
	 * @return how long ago one has done so first, in nanoseconds
	 */
	long met(long now) {
		Long seen = this.seen;
		if (seen == null) {
			this.seen = now;
			return 0;
		}
		return now - seen;
	}

	/**
	 * Return whether this was not reported yet, and take it for reported from now on.
	 */
	boolean claimReport() {
		boolean first = !this.reported;
		this.reported = true;
		return first;
	}

	@Override
	public String toString() {
		return PlainText.of(this.owner) + " (thread '" + PlainText.of(this.thread) + "')";
	}

}
