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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Files whose content the kernel makes when they are read. Most say that they are empty,
 * and none of that content can be mapped.
 */
final class KernelFiles {

	private static final Set<String> FILE_SYSTEMS = Set.of("proc", "sysfs", "cgroup", "cgroup2", "debugfs", "tracefs",
			"securityfs", "configfs", "pstore", "efivarfs", "selinuxfs", "bpf", "fusectl", "binfmt_misc", "nsfs");

	private KernelFiles() {
	}

	/**
	 * Refuse such a file, if it says that it is empty: it would be mapped as such.
	 * @param size the size of a regular file
	 */
	static void refuse(MappingSpec spec, Path path, long size) {
		MappingException refusal = (size == 0) ? refusal(spec, path, null) : null;
		if (refusal != null) {
			throw refusal;
		}
	}

	/**
	 * Return why such a file is refused, or {@code null} if it is none.
	 */
	static @Nullable MappingException refusal(MappingSpec spec, Path path, @Nullable Throwable cause) {
		try {
			String type = Files.getFileStore(path).type();
			return (FILE_SYSTEMS.contains(type)) ? Failures.madeWhenRead(spec, type, cause) : null;
		}
		catch (IOException ex) {
			// It may be gone by now, or in no file system that is mounted
			return null;
		}
	}

}
