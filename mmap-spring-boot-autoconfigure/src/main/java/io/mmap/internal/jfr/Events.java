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

package io.mmap.internal.jfr;

import org.jspecify.annotations.Nullable;

/**
 * Makes the events. A class of its own, since it can only be linked where there is a
 * module {@code jdk.jfr}.
 */
final class Events {

	private Events() {
	}

	static Timing map() {
		return begin(new MapEvent());
	}

	static Timing unmap() {
		return begin(new UnmapEvent());
	}

	static Timing flush() {
		return begin(new FlushEvent());
	}

	static Timing prefault() {
		return begin(new PrefaultEvent());
	}

	static Timing preload() {
		return begin(new PreloadEvent());
	}

	static void leak(String name, long bytes, boolean reclaimed, String cause, @Nullable String createdBy) {
		LeakEvent event = new LeakEvent();
		if (event.shouldCommit()) {
			event.name = name;
			event.bytes = bytes;
			event.outcome = (reclaimed) ? "reclaimed" : "stays mapped";
			event.cause = cause;
			event.createdBy = createdBy;
			event.commit();
		}
	}

	// An event that is not enabled goes nowhere from here, so that it is never allocated
	private static Timing begin(OperationEvent event) {
		if (!event.isEnabled()) {
			return FlightRecorder.NOT_RECORDED;
		}
		event.begin();
		return event;
	}

}
