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

import java.lang.StackWalker.StackFrame;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.MappingObservers;

/**
 * The code that asked for a mapping.
 *
 * @param place the line of code
 * @param stack the whole stack, if that was to be recorded
 */
record CallSite(String place, @Nullable Throwable stack) {

	private static final Set<String> OWN_CLASSES = Set.of(CallSite.class.getName(),
			DefaultMappingRegistry.class.getName(), DefaultMappingRegistryBuilder.class.getName(),
			MappingObservers.class.getName());

	private static final int MAX_PLACES = 1000;

	/**
	 * Those without a stack, as an application maps at few places, and often.
	 */
	private static final Map<String, CallSite> PLACES = new ConcurrentHashMap<>();

	/**
	 * Gets few frames at first: most callers come right after this library's own.
	 */
	private static final StackWalker WALKER = StackWalker.getInstance(Set.of(), 4);

	/**
	 * Record the calling code outside of this library, as far as a level asks for it.
	 */
	static @Nullable CallSite record(LeakDetectionLevel level) {
		return switch (level) {
			case DISABLED -> null;
			case SIMPLE -> shared(callingLine());
			case DETAILED -> new CallSite(shared(callingLine()).place(), new Throwable("Mapped here"));
		};
	}

	/**
	 * Return what all mappings that are made at a line have in common.
	 */
	private static CallSite shared(String place) {
		CallSite known = PLACES.get(place);
		if (known != null) {
			return known;
		}
		CallSite callSite = new CallSite(place, null);
		if (PLACES.size() < MAX_PLACES) {
			PLACES.put(place, callSite);
		}
		return callSite;
	}

	/**
	 * Return the line of the calling code outside of this library.
	 */
	static String callingLine() {
		return WALKER.walk((frames) -> frames.dropWhile((frame) -> OWN_CLASSES.contains(frame.getClassName()))
			.findFirst()
			.map(CallSite::format)
			.orElse("unknown"));
	}

	private static String format(StackFrame frame) {
		String file = (frame.getFileName() != null) ? frame.getFileName() : "Unknown Source";
		String line = (frame.getLineNumber() >= 0) ? ":" + frame.getLineNumber() : "";
		return frame.getClassName() + "." + frame.getMethodName() + "(" + file + line + ")";
	}

}
