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
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.mmap.MappingWarning.Kind;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.jfr.FlightRecorder;
import io.mmap.internal.jfr.Timing;

/**
 * Writes changes to files, and keeps account of it.
 */
final class Flushes {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final Worker worker;

	private final Warnings warnings;

	Flushes(Worker worker, Warnings warnings) {
		this.worker = worker;
		this.warnings = warnings;
	}

	/**
	 * Have the worker do something after a while, unless it is collected before.
	 */
	void later(Duration delay, Runnable work) {
		this.worker.after(delay, work);
	}

	/**
	 * Flush a range of what is mapped.
	 * @return how many bytes that were
	 * @throws MappingClosedException if the memory is gone or being taken
	 * @throws MappingException if the system could not write everything
	 */
	long flush(Generation generation, PageRange range) {
		MappingEntry entry = generation.entry();
		long bytes;
		try {
			bytes = generation.operate(MappingOperation.FLUSH, range,
					(pages, segment, part) -> write(entry, segment, part));
		}
		catch (MappingException ex) {
			failed(entry, range, ex);
			throw ex;
		}
		succeeded(entry, range);
		return bytes;
	}

	private void failed(MappingEntry entry, PageRange range, MappingException failure) {
		FlushHistory history = entry.flushes();
		synchronized (history) {
			history.failed(range.within(entry.length()));
			this.warnings.raise(entry.name(), Kind.FLUSH_FAILING,
					failure.getMessage() + " What was written to the memory since the last flush may not be in the"
							+ " file, and will not survive the end of the system.");
		}
		forgetIfUnmapped(entry);
	}

	private void succeeded(MappingEntry entry, PageRange range) {
		FlushHistory history = entry.flushes();
		PageRange part = range.within(entry.length());
		synchronized (history) {
			boolean whole = part.length() == entry.length();
			if (history.makesUpFor(part, whole)) {
				this.warnings.clear(entry.name(), Kind.FLUSH_FAILING);
			}
			if (whole) {
				this.warnings.clear(entry.name(), Kind.FLUSH_LATE);
			}
		}
	}

	/**
	 * Warn of mappings whose changes were not written for much longer than they should
	 * be.
	 */
	void checkLate(Collection<DefaultMemoryMapping> declared, Collection<MappingEntry> adHoc) {
		declared.forEach(DefaultMemoryMapping::checkFlushes);
		for (MappingEntry entry : adHoc) {
			DefaultMemoryMapping mapping = entry.handle();
			if (mapping != null) {
				mapping.checkFlushes();
			}
		}
	}

	/**
	 * Warn if changes were not written for much longer than they should be.
	 */
	void checkLate(MappingEntry entry, Duration interval) {
		FlushHistory history = entry.flushes();
		synchronized (history) {
			if (!history.isLate(interval)) {
				return;
			}
			Instant last = history.last();
			String message = "Changes were "
					+ ((last != null) ? "last written to the file at " + last
							: "not written to the file since it was mapped")
					+ ", although that should be done every " + interval
					+ ". Look for a slow or failing device, and at the thread 'mmap-worker' in a thread" + " dump.";
			if (this.warnings.raise(entry.name(), Kind.FLUSH_LATE, message)) {
				logger.warn("Mapping " + entry + " is flushed late: " + message);
			}
		}
		forgetIfUnmapped(entry);
	}

	/**
	 * Whoever unmapped it may have forgotten its warnings just before.
	 */
	private void forgetIfUnmapped(MappingEntry entry) {
		DefaultMemoryMapping mapping = entry.handle();
		Generation generation = (mapping != null) ? mapping.generation() : null;
		if (generation == null || generation.isUnmapped()) {
			this.warnings.clear(entry.name());
		}
	}

	/**
	 * Write changes of a generation that is about to be unmapped, if that was asked for.
	 * Whatever fails is logged. To be called while nobody uses the memory by address.
	 */
	static void beforeUnmapping(Generation generation, MemorySegment segment) {
		MappingEntry entry = generation.entry();
		if (!entry.spec().life().flushOnUnmap()) {
			return;
		}
		Timing timing = FlightRecorder.flush();
		try {
			long bytes = write(entry, segment, PageRange.WHOLE.within(entry.length()));
			timing.succeeded(entry.name(), bytes);
		}
		catch (SystemCallException ex) {
			failedBeforeUnmapping(timing, entry, generation.failed(MappingOperation.FLUSH, ex));
		}
		catch (IOException | RuntimeException ex) {
			failedBeforeUnmapping(timing, entry, ex);
		}
	}

	private static void failedBeforeUnmapping(Timing timing, MappingEntry entry, Exception failure) {
		timing.failed(entry.name(), entry.length(), failure);
		String message = String.valueOf(failure.getMessage());
		if (entry.flushes().isNewFailure(message)) {
			logger.error("Mapping " + entry
					+ " is unmapped although the flush before that failed, so that changes may be lost: " + message,
					failure);
		}
	}

	private static long write(MappingEntry entry, MemorySegment segment, PageRange part)
			throws SystemCallException, IOException {
		Instant instant = Instant.now();
		long start = System.nanoTime();
		try {
			entry.pages().flush(segment, part.offset(), part.length());
		}
		catch (SystemCallException ex) {
			entry.counters().failed(MappingOperation.FLUSH, ex.errno());
			throw ex;
		}
		catch (IOException | RuntimeException | Error ex) {
			entry.counters().failed(MappingOperation.FLUSH, 0);
			throw ex;
		}
		entry.counters().flushed(System.nanoTime() - start);
		if (part.length() == entry.length()) {
			entry.flushes().succeeded(instant, start);
		}
		return part.length();
	}

}
