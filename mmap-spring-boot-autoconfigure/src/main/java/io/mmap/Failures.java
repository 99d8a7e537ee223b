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

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.SystemCallException;

/**
 * What went wrong, in words that say what to do about it. Both mappers speak through
 * this, so that they say the same.
 */
final class Failures {

	private Failures() {
	}

	static MappingException missing(MappingSpec spec, int errno, Throwable cause) {
		String remedy = (spec.create())
				? "It is a symbolic link that leads nowhere; create what it leads to, or remove it."
				: "Check the path; a relative one starts at '" + System.getProperty("user.dir", ".") + "'."
						+ ((spec.access() == MappingAccess.READ_WRITE)
								? " Set 'create' and a 'length' to have the file made." : "");
		return failure(spec, "the file does not exist. " + remedy, errno, cause);
	}

	static MappingException directory(MappingSpec spec) {
		return failure(spec, "it is a directory. Give the path of a file.", 0, null);
	}

	static MappingException pipeOrSocket(MappingSpec spec) {
		return failure(spec, "it is a named pipe or a socket, which cannot be mapped. Give the path of a file.", 0,
				null);
	}

	static MappingException deviceWithoutLength(MappingSpec spec) {
		return failure(spec, "it is not a regular file, so it has no end. Set a 'length'.", 0, null);
	}

	static MappingException denied(MappingSpec spec, int errno, Throwable cause) {
		String needed = (spec.access() == MappingAccess.READ_WRITE) ? "read and write" : "read";
		return failure(spec,
				"permission denied. The user '" + System.getProperty("user.name") + "' must be allowed to " + needed
						+ " the file, and to search each directory above it"
						+ ((spec.access() == MappingAccess.READ_WRITE) ? "; or map it with access read-only." : "."),
				errno, cause);
	}

	static MappingException beyondEnd(MappingSpec spec, long size) {
		long offset = spec.offset();
		Long length = spec.length();
		if (length == null) {
			return failure(spec, "offset " + offset + " lies beyond the end of the file, which has " + size
					+ " bytes. Use an offset of at most " + size + ".", 0, null);
		}
		String remedy = switch (spec.access()) {
			case READ_WRITE -> "Set 'create' to grow the file, or leave out 'length' to map what is there.";
			case READ_ONLY, COPY_ON_WRITE -> "Leave out 'length' to map what is there.";
		};
		return failure(spec, "offset " + offset + " + length " + length + " goes beyond the end of the file, which has "
				+ size + " bytes. " + remedy, 0, null);
	}

	static MappingException cannotAllocate(MappingSpec spec, long end, int errno, Throwable cause) {
		return failure(spec,
				"the file could not be created or grown to " + end + " bytes: " + cause.getMessage()
						+ ". Free disk space, raise the quota, or use a smaller length."
						+ " A file that was created for this is removed; one that existed may have become longer.",
				errno, cause);
	}

	static MappingException call(MappingSpec spec, SystemCallException ex) {
		String remedy = switch (ex.errno()) {
			case Errno.ENOMEM -> " The process may have too many memory regions (compare the lines of"
					+ " /proc/self/maps with 'sysctl vm.max_map_count'), or too little address space (ulimit -v).";
			case Errno.EMFILE -> " Raise the limit of open files (ulimit -n), or look for a descriptor leak.";
			case Errno.ENODEV -> " Files of this kind or file system cannot be mapped.";
			case Errno.EACCES, Errno.EPERM -> " The file system may be mounted read-only or noexec,"
					+ " or the file may be append-only or immutable.";
			case Errno.EROFS -> " The file system is mounted read-only: map with access read-only.";
			default -> "";
		};
		return failure(spec, ex.getMessage() + "." + remedy, ex.errno(), ex);
	}

	static MappingException failure(MappingSpec spec, String what, int errno, @Nullable Throwable cause) {
		return new MappingException("Cannot map " + spec + ": " + what, errno, cause);
	}

}
