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

import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.NativeAccess;

/**
 * Chooses the mapper. What {@link MapperType#AUTO} means is decided once per process, so
 * that the application meets one kind of segment, and the compiler one class at each
 * access.
 */
final class Mappers {

	static final String HOW_TO_GET_NATIVE = "--enable-native-access=ALL-UNNAMED, or"
			+ " 'Enable-Native-Access: ALL-UNNAMED' in the manifest of the executable jar";

	static final String NATIVE_REMEDY = "It needs the native mapper: start the JVM with " + HOW_TO_GET_NATIVE
			+ ", and leave 'mmap.mapper' at 'auto'.";

	private static final String HOW_TO_GET_JDK = "set 'mmap.mapper' to 'jdk' to map with FileChannel.map instead";

	private Mappers() {
	}

	static Mapper of(MapperType type) {
		return switch (type) {
			case AUTO -> (Native.CALLS != null)
					? new NativeMapper(Native.CALLS, Native.PROBES, "native access is granted; " + HOW_TO_GET_JDK)
					: new JdkMapper(null, String.valueOf(Native.UNAVAILABLE), Native.PROBES);
			case NATIVE -> {
				if (Native.CALLS == null) {
					throw new UnsupportedMappingOperationException("The native mapper was chosen, but "
							+ Native.UNAVAILABLE + ". Or set 'mmap.mapper' to 'auto' or 'jdk'.");
				}
				yield new NativeMapper(Native.CALLS, Native.PROBES, "chosen by configuration; " + HOW_TO_GET_JDK);
			}
			case JDK -> new JdkMapper(Native.CALLS,
					"chosen by configuration; set 'mmap.mapper' to 'auto' to map with mmap(2)"
							+ " where native access is granted",
					new Probes("the jdk mapper was chosen by configuration: set 'mmap.mapper' to 'auto'"));
		};
	}

	/**
	 * Return a mapper that is chosen on its first use, if that cannot fail: a process
	 * that maps nothing does not get ready to make native calls, which takes longer than
	 * all the rest of a registry.
	 */
	static Mapper lazily(MapperType type) {
		return (type == MapperType.NATIVE) ? of(type) : new LazyMapper(() -> of(type));
	}

	/**
	 * Initialized on first use, and then fixed.
	 */
	private static final class Native {

		static final @Nullable LinuxSystemCalls CALLS;

		static final @Nullable String UNAVAILABLE;

		/** What they found out holds for the process. */
		static final Probes PROBES;

		static {
			LinuxSystemCalls calls = null;
			String unavailable = NativeAccess.unavailable();
			if (unavailable == null) {
				try {
					calls = new LinuxSystemCalls();
				}
				catch (ExceptionInInitializerError ex) {
					unavailable = "the C library does not offer what is needed: "
							+ ((ex.getCause() != null) ? ex.getCause().getMessage() : ex);
				}
			}
			CALLS = calls;
			UNAVAILABLE = unavailable;
			PROBES = (calls != null) ? new Probes(calls) : new Probes(String.valueOf(unavailable));
		}

	}

}
