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

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.MappingWarning.Kind;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Guards the mappings of a registry that ask for it, and tells what becomes of that.
 */
final class Guards {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final Supplier<@Nullable SystemCalls> calls;

	private final long maxSize;

	private final Warnings warnings;

	private @Nullable TruncationGuard guard;

	/**
	 * Create an instance.
	 * @param calls gives the system calls, if native access is granted; asked when
	 * something is to be guarded
	 * @param maxSize how many bytes of one mapping are saved at most
	 */
	Guards(Supplier<@Nullable SystemCalls> calls, long maxSize, Warnings warnings) {
		this.calls = calls;
		this.maxSize = maxSize;
		this.warnings = warnings;
	}

	/**
	 * Guard a mapping if it asks for that. Where it cannot be guarded, truncation is only
	 * detected, and a warning says why.
	 */
	void mapped(MappingEntry entry) {
		if (entry.spec().life().truncation() != TruncationPolicy.GUARD) {
			return;
		}
		try {
			entry.guard(guard(entry));
		}
		catch (MappingException ex) {
			entry.counters().failed(MappingOperation.GUARD, ex);
			String message = ex.getMessage() + " Until then truncation is detected only.";
			if (this.warnings.raise(entry, Kind.NOT_GUARDED, message)) {
				logger.warn(message);
			}
		}
	}

	private TruncationGuard.Hold guard(MappingEntry entry) {
		Path path = entry.path();
		FileVersion file = entry.file();
		TruncationGuard guard = truncationGuard();
		if (guard == null) {
			throw refused(entry, "that takes native access", Mappers.NATIVE_REMEDY);
		}
		if (path == null || file == null) {
			throw refused(entry, "it is not known which file is mapped", "Reload it, or map a regular file.");
		}
		if (!entry.protection().equals(EnumSet.of(Protection.READ))) {
			throw refused(entry,
					"its protection is " + Text.of(entry.protection()) + ", and only what is just read can be guarded",
					"Leave out 'protection'.");
		}
		return guard.guard(entry.toString(), path, file.identity(), entry.offset(), entry.address(), entry.length(),
				new TruncationGuard.Listener() {

					@Override
					public void saving(long address, long length) throws SystemCallException {
						entry.pages().withhold(address, length);
					}

					@Override
					public void detached() {
						Guards.this.detached(entry);
					}

					@Override
					public void lost(String why, int errno) {
						entry.counters().failed(MappingOperation.GUARD, errno);
						Guards.this.warnings.raise(entry, Kind.NOT_GUARDED, why);
					}

				});
	}

	private synchronized @Nullable TruncationGuard truncationGuard() {
		SystemCalls calls = this.calls.get();
		if (this.guard == null && calls != null) {
			this.guard = new TruncationGuard(calls, this.maxSize);
		}
		return this.guard;
	}

	private static GuardRefusedException refused(MappingEntry entry, String problem, String remedy) {
		return new GuardRefusedException(entry.toString(), problem, remedy, 0, null);
	}

	/**
	 * Called by the thread that saves.
	 */
	private void detached(MappingEntry entry) {
		entry.markDetached();
		this.warnings.raise(entry, Kind.DETACHED,
				"Its file was truncated or opened to be written, so that its content was saved: " + entry.length()
						+ " bytes of private memory, which stay as they are until the mapping is reloaded.");
		try {
			entry.pages().moved();
		}
		catch (SystemCallException ex) {
			entry.counters().failed(MappingOperation.LOCK, ex.errno());
			logger.warn("The content of mapping " + entry + " was saved, and could not be locked in memory again", ex);
		}
	}

	/**
	 * What is wrong with memory that is gone is no longer.
	 */
	void gone(MappingEntry entry) {
		this.warnings.clear(entry);
	}

}
