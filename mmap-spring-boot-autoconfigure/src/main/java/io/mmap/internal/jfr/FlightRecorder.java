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
 * Records what happens to mappings as events of the JDK's flight recorder. Does nothing
 * when nobody records them, and where the runtime has no module {@code jdk.jfr}. Safe for
 * use by any thread.
 */
public final class FlightRecorder {

	// A runtime image, or the module graph of an application, may be without it
	private static final boolean AVAILABLE = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

	static final Timing NOT_RECORDED = new Timing() {

		@Override
		public void succeeded(String name, long bytes) {
		}

		@Override
		public void failed(String name, long bytes, Throwable failure) {
		}

		@Override
		public void cancelled(String name, long bytes) {
		}

	};

	private FlightRecorder() {
	}

	// Events are registered when their classes are initialized, which takes longer than
	// to map a thousand files: not before anybody has asked for a recording at all
	private static boolean isUsed() {
		return AVAILABLE && jdk.jfr.FlightRecorder.isInitialized();
	}

	/**
	 * Begin to map.
	 * @return what to tell how it ended
	 */
	public static Timing map() {
		return (isUsed()) ? Events.map() : NOT_RECORDED;
	}

	/**
	 * Begin to unmap.
	 * @return what to tell how it ended
	 */
	public static Timing unmap() {
		return (isUsed()) ? Events.unmap() : NOT_RECORDED;
	}

	/**
	 * Begin to flush.
	 * @return what to tell how it ended
	 */
	public static Timing flush() {
		return (isUsed()) ? Events.flush() : NOT_RECORDED;
	}

	/**
	 * Begin to load pages before they are used, while somebody waits.
	 * @return what to tell how it ended
	 */
	public static Timing prefault() {
		return (isUsed()) ? Events.prefault() : NOT_RECORDED;
	}

	/**
	 * Begin to load a mapping in the background.
	 * @return what to tell how it ended
	 */
	public static Timing preload() {
		return (isUsed()) ? Events.preload() : NOT_RECORDED;
	}

	/**
	 * Record a leak.
	 * @param name the name of the mapping
	 * @param bytes its length in bytes
	 * @param reclaimed whether the memory was given back to the system
	 * @param cause how it leaked
	 * @param createdBy the line of code that mapped it, if that is known
	 */
	public static void leak(String name, long bytes, boolean reclaimed, String cause, @Nullable String createdBy) {
		if (isUsed()) {
			Events.leak(name, bytes, reclaimed, cause, createdBy);
		}
	}

}
