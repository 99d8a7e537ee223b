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

import io.mmap.internal.ffi.SystemCallException;

/**
 * A range of the mapping behind a handle, or all of it.
 */
final class HandleRange implements MappedRange {

	private final DefaultMemoryMapping mapping;

	private final long offset;

	private final long length;

	HandleRange(DefaultMemoryMapping mapping, long offset, long length) {
		this.mapping = mapping;
		this.offset = offset;
		this.length = length;
	}

	@Override
	public long length() {
		return this.length;
	}

	@Override
	public void advise(Advice advice) {
		run("advise", (pages) -> pages.advise(advice, this.offset, this.length));
	}

	@Override
	public void discard(DestructiveAdvice advice) {
		run("discard pages of", (pages) -> pages.discard(advice, this.offset, this.length));
	}

	@Override
	public void lock() {
		run("lock", (pages) -> pages.lock(this.offset, this.length, false));
	}

	@Override
	public void lockOnFault() {
		run("lock", (pages) -> pages.lock(this.offset, this.length, true));
	}

	@Override
	public void unlock() {
		run("unlock", (pages) -> pages.unlock(this.offset, this.length));
	}

	@Override
	public void flush() {
		this.mapping.flush(this.offset, this.length);
	}

	@Override
	public void startFlush() {
		this.mapping.checkFlushable();
		run("start to flush", (pages) -> pages.startFlush(this.offset, this.length));
	}

	@Override
	public void prefault() {
		this.mapping.prefault(this.offset, this.length, false);
	}

	@Override
	public void prefaultForWriting() {
		this.mapping.prefault(this.offset, this.length, true);
	}

	@Override
	public Residency residency() {
		return this.mapping.operate("look at", this.offset, this.length,
				(pages, segment) -> pages.residency(this.offset, this.length));
	}

	private void run(String name, PageWork work) {
		this.mapping.run(name, this.offset, this.length, (pages, segment) -> work.on(pages));
	}

	@Override
	public String toString() {
		return "Range from " + this.offset + " of " + this.length + " bytes of " + this.mapping;
	}

	/**
	 * Does something with pages.
	 */
	@FunctionalInterface
	private interface PageWork {

		void on(Pages pages) throws SystemCallException;

	}

}
