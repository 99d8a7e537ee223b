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

package io.mmap.internal.ffi;

import org.jspecify.annotations.Nullable;

/**
 * Whether this process may make native calls. A class of its own, since that must be
 * known before {@link LinuxSystemCalls} is initialized.
 */
public final class NativeAccess {

	private NativeAccess() {
	}

	/**
	 * Return why the system calls cannot be used, without using any.
	 * @return a sentence with what to do about it, or {@code null} if they can
	 */
	public static @Nullable String unavailable() {
		String os = System.getProperty("os.name");
		String arch = System.getProperty("os.arch");
		if (!"Linux".equals(os) || !("amd64".equals(arch) || "x86_64".equals(arch) || "aarch64".equals(arch))) {
			return "the native mapper exists for Linux on x86-64 and aarch64, and this is " + os + " on " + arch;
		}
		Module module = NativeAccess.class.getModule();
		if (!module.isNativeAccessEnabled()) {
			String name = (module.isNamed()) ? module.getName() : "ALL-UNNAMED";
			return "native access is not granted: start the JVM with --enable-native-access=" + name
					+ ", or put 'Enable-Native-Access: ALL-UNNAMED' into the manifest of the executable jar";
		}
		return null;
	}

}
