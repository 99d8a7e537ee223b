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
import java.util.Set;

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
			case SIMPLE -> new CallSite(callingLine(), null);
			case DETAILED -> new CallSite(callingLine(), new Throwable("Mapped here"));
		};
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
