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

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.jfr.FlightRecorder;

/**
 * Counts leaks, gives their memory back, and tells everyone concerned.
 */
final class LeakReporter {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private static final int LATEST = 100;

	private final LeakPolicy policy;

	private final AdHocMappings adHocMappings;

	private final Warnings warnings;

	private final Listeners listeners;

	private final Deque<MappingLeak> latest = new ArrayDeque<>();

	/**
	 * Lines of code, so their number is bounded.
	 */
	private final Set<String> loggedPlaces = ConcurrentHashMap.newKeySet();

	LeakReporter(LeakPolicy policy, AdHocMappings adHocMappings, Warnings warnings, Listeners listeners) {
		this.policy = policy;
		this.warnings = warnings;
		this.adHocMappings = adHocMappings;
		this.listeners = listeners;
	}

	/**
	 * Count a mapping whose memory has become unreachable, and unmap it if that is
	 * possible.
	 * @return what is to be done outside of any lock
	 */
	Runnable garbageCollected(MappingEntry entry) {
		Throwable failure = null;
		boolean reclaimed = false;
		try {
			reclaimed = entry.reclaim();
		}
		catch (SystemCallException ex) {
			failure = ex;
			entry.counters().failed(MappingOperation.UNMAP, ex.errno());
		}
		catch (RuntimeException | Error ex) {
			// It is found once only, and so has to be counted and reported now
			failure = ex;
			entry.counters().failed(MappingOperation.UNMAP, 0);
		}
		this.adHocMappings.remove(entry);
		entry.forgetLeases();
		entry.forgetDetached();
		this.warnings.clear(entry.name());
		entry.counters().abandoned(entry.length(), reclaimed);
		if (!entry.claimReport()) {
			return () -> {
			};
		}
		MappingLeak leak = count(entry, LeakCause.GARBAGE_COLLECTED, reclaimed);
		String fate = (reclaimed) ? "The memory was given back to the system."
				: (failure != null)
						? "The memory stays mapped, since unmapping it failed: " + failure.getMessage() + "."
						: "The memory stays mapped until the process ends; the native mapper would give it back.";
		return () -> announce(entry, leak, "was garbage collected without having been unmapped", fate);
	}

	/**
	 * Report an ad hoc mapping that is open while its registry is being closed.
	 * @param unmapped whether it was unmapped; if not, it is in use or confined to a
	 * thread
	 */
	void openAtShutdown(MappingEntry entry, boolean unmapped) {
		if (!entry.claimReport()) {
			return;
		}
		MappingLeak leak = count(entry, LeakCause.OPEN_AT_SHUTDOWN, unmapped);
		String fate = (unmapped) ? "It was unmapped."
				: (entry.isConfined())
						? "It stays mapped, since it is confined to the thread that has mapped it, which alone can"
								+ " unmap it."
						: "It stays mapped, since it is in use or could not be unmapped.";
		announce(entry, leak, "was still open when its registry was closed", fate);
	}

	List<MappingLeak> latest() {
		synchronized (this.latest) {
			return List.copyOf(this.latest);
		}
	}

	private MappingLeak count(MappingEntry entry, LeakCause cause, boolean reclaimed) {
		entry.markLeaked(cause);
		MappingLeak leak = new MappingLeak(entry, cause, Instant.now(), reclaimed);
		entry.counters().leaked(cause, entry.length());
		synchronized (this.latest) {
			this.latest.addFirst(leak);
			if (this.latest.size() > LATEST) {
				this.latest.removeLast();
			}
		}
		return leak;
	}

	private void announce(MappingEntry mapping, MappingLeak leak, String what, String fate) {
		FlightRecorder.leak(mapping.name(), mapping.length(), leak.reclaimed(), Text.of(leak.cause()),
				mapping.createdBy());
		Throwable creationStack = mapping.creation();
		String message = "LEAK: mapping " + mapping + " " + what + ". " + explain(mapping, fate);
		if (this.loggedPlaces
			.add(leak.cause() + " " + ((mapping.declared()) ? mapping.counters().name() : mapping.createdBy()))) {
			logger.error(message, creationStack);
		}
		this.listeners.leaked(leak);
		if (this.policy == LeakPolicy.THROW) {
			tellUncaughtExceptionHandler(new MappingLeakException(message, leak, creationStack));
		}
	}

	private static String explain(MappingEntry mapping, String fate) {
		if (mapping.declared() && mapping.isLeft()) {
			return "It is a declared one that was in use when its registry was closed, and so was left mapped. " + fate
					+ " Close leases before the registry.";
		}
		if (mapping.declared()) {
			return "It is a declared one, so its registry was dropped without having been closed. " + fate
					+ " Close the registry.";
		}
		return "It was mapped at " + mapping.createdBy() + ". " + fate
				+ " Close it when it is no longer needed, best with a try-with-resources statement."
				+ " Further leaks from there are counted, but not logged.";
	}

	private static void tellUncaughtExceptionHandler(MappingLeakException leak) {
		Thread thread = Thread.currentThread();
		try {
			thread.getUncaughtExceptionHandler().uncaughtException(thread, leak);
		}
		catch (Throwable ex) {
			// The JVM ignores what a handler throws; that is a bit too little
			logger.error("The uncaught-exception handler failed", ex);
		}
	}

}
