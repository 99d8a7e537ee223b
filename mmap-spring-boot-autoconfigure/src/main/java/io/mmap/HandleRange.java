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

import java.util.function.LongSupplier;

import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.jfr.FlightRecorder;
import io.mmap.internal.jfr.Timing;

/**
 * A range of the mapping behind a handle, or all of it.
 */
final class HandleRange implements MappedRange {

	private final DefaultMemoryMapping mapping;

	private final PageRange range;

	HandleRange(DefaultMemoryMapping mapping, PageRange range) {
		this.mapping = mapping;
		this.range = range;
	}

	@Override
	public long length() {
		return this.range.length();
	}

	@Override
	public void advise(Advice advice) {
		run(MappingOperation.ADVISE, (pages, range) -> pages.advise(advice, range.offset(), range.length()));
	}

	@Override
	public void discard(DestructiveAdvice advice) {
		if (this.mapping.origin().spec().life().truncation() == TruncationPolicy.GUARD) {
			throw new UnsupportedMappingOperationException("Pages of mapping " + this.mapping.description()
					+ " cannot be discarded: it is guarded, so that they may be the only copy of its content. Use"
					+ " advise with PAGE_OUT.");
		}
		run(MappingOperation.DISCARD, (pages, range) -> pages.discard(advice, range.offset(), range.length()));
	}

	@Override
	public void lock() {
		run(MappingOperation.LOCK, (pages, range) -> pages.lock(range.offset(), range.length(), false));
	}

	@Override
	public void lockOnFault() {
		run(MappingOperation.LOCK, (pages, range) -> pages.lock(range.offset(), range.length(), true));
	}

	@Override
	public void unlock() {
		run(MappingOperation.UNLOCK, (pages, range) -> pages.unlock(range.offset(), range.length()));
	}

	@Override
	public void flush() {
		this.mapping.checkFlushable();
		timed(FlightRecorder.flush(),
				() -> this.mapping.onGeneration((generation) -> this.mapping.flushes().flush(generation, this.range)));
	}

	@Override
	public void startFlush() {
		this.mapping.checkFlushable();
		run(MappingOperation.START_FLUSH, (pages, range) -> pages.startFlush(range.offset(), range.length()));
	}

	@Override
	public void prefault() {
		prefault(false);
	}

	@Override
	public void prefaultForWriting() {
		prefault(true);
	}

	@Override
	public Residency residency() {
		return this.mapping.onGeneration((generation) -> generation.operate(MappingOperation.RESIDENCY, this.range,
				(pages, segment, part) -> (generation.entry().isDetached())
						? Residency.unknown("the content is detached from its file, and in private memory")
						: pages.residency(part.offset(), part.length(), Long.MAX_VALUE)));
	}

	/**
	 * Flush the range of a generation, unless that is being replaced or unmapped.
	 */
	void flush(Generation generation) {
		timed(FlightRecorder.flush(), () -> this.mapping.flushes().flush(generation, this.range));
	}

	private void prefault(boolean forWriting) {
		timed(FlightRecorder.prefault(), () -> this.mapping.run(MappingOperation.PREFAULT, this.range,
				(pages, segment, part) -> pages.prefault(part.offset(), part.length(), forWriting)));
	}

	private void timed(Timing timing, LongSupplier work) {
		try {
			timing.succeeded(this.mapping.name(), work.getAsLong());
		}
		catch (RuntimeException | Error ex) {
			timing.failed(this.mapping.name(), Math.max(0, this.range.length()), ex);
			throw ex;
		}
	}

	private void run(MappingOperation operation, PageWork work) {
		this.mapping.run(operation, this.range, (pages, segment, range) -> work.on(pages, range));
	}

	@Override
	public String toString() {
		return "Range from " + this.range.offset() + " of " + this.range.length() + " bytes of " + this.mapping;
	}

	/**
	 * Does something with pages.
	 */
	@FunctionalInterface
	private interface PageWork {

		void on(Pages pages, PageRange range) throws SystemCallException;

	}

}
