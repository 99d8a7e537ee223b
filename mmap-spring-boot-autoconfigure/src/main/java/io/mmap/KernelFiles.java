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

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Files whose content the kernel makes when they are read. Most say that they are empty,
 * and hardly any of that content can be mapped.
 */
final class KernelFiles {

	/** As the JDK calls them, which does not tell their number. */
	private static final Set<String> FILE_SYSTEMS = Set.of("proc", "sysfs", "cgroup", "cgroup2", "debugfs", "tracefs",
			"securityfs", "configfs", "pstore", "efivarfs", "selinuxfs", "bpf", "fusectl", "binfmt_misc", "nsfs",
			"resctrl", "mqueue", "rpc_pipefs");

	private KernelFiles() {
	}

	/**
	 * Refuse such a file, if it says that it is empty, or would be copied up to an end
	 * that it does not have.
	 * @param descriptor the file
	 */
	static void refuse(MappingSpec spec, SystemCalls calls, int descriptor, FileStatus status)
			throws SystemCallException {
		if (status.isRegularFile() && !spec.create() && (status.size() == 0 || spec.pages().copy())
				&& Linux.isMadeWhenRead(calls.fileSystemType(descriptor))) {
			throw Failures.madeWhenRead(spec, null);
		}
	}

	/**
	 * Return what to throw if a file cannot be mapped.
	 * @param descriptor the file
	 */
	static MappingException failure(MappingSpec spec, SystemCalls calls, int descriptor, SystemCallException failure) {
		try {
			if (failure.errno() == Errno.ENODEV && Linux.isMadeWhenRead(calls.fileSystemType(descriptor))) {
				return Failures.madeWhenRead(spec, failure);
			}
		}
		catch (SystemCallException ex) {
			failure.addSuppressed(ex);
		}
		return Failures.call(spec, failure);
	}

	/**
	 * Refuse such a file, if it says that it is empty.
	 * @param size the size of a regular file
	 */
	static void refuse(MappingSpec spec, Path path, long size) {
		if (size == 0 && contains(path)) {
			throw Failures.madeWhenRead(spec, null);
		}
	}

	/**
	 * Return why such a file cannot be mapped, or {@code null} if it is none.
	 */
	static @Nullable MappingException failure(MappingSpec spec, Path path, IOException failure) {
		return (contains(path)) ? Failures.madeWhenRead(spec, failure) : null;
	}

	private static boolean contains(Path path) {
		try {
			return FILE_SYSTEMS.contains(Files.getFileStore(path).type());
		}
		catch (IOException ex) {
			// It may be gone by now, or in no file system that is mounted
			return false;
		}
	}

}
