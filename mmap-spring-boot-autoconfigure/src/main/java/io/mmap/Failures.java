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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

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

	static MappingException missing(MappingSpec spec, int errno, @Nullable Throwable cause) {
		if (spec.source() instanceof MappingSource.Resource) {
			return new MappedFileNotFoundException(subject(spec), "the resource does not exist",
					"Check its name, and that what contains it is on the class path.", errno, cause);
		}
		if (spec.create()) {
			return new MappedFileNotFoundException(subject(spec),
					"the path leads to a symbolic link that leads nowhere",
					"Create what the link leads to, or remove it.", errno, cause);
		}
		String remedy = checkPath(spec) + ((spec.access() == MappingAccess.READ_WRITE)
				? " Set 'create' to true and give a 'length' to have the file made." : "");
		return new MappedFileNotFoundException(subject(spec), "the file does not exist", remedy, errno, cause);
	}

	/**
	 * What should be a directory above the file is none.
	 */
	static MappingException notADirectory(MappingSpec spec, Path path, int errno, @Nullable Throwable cause) {
		return new MappedFileNotFoundException(subject(spec),
				"the file does not exist: something above it is not a directory (see 'namei -l " + path + "')",
				checkPath(spec), errno, cause);
	}

	private static String checkPath(MappingSpec spec) {
		return (spec.source() instanceof MappingSource.File file && !file.path().isAbsolute())
				? "Check the path, which starts at '" + System.getProperty("user.dir", ".") + "'." : "Check the path.";
	}

	static MappingException directory(MappingSpec spec) {
		return new UnmappableFileException(subject(spec), "it is a directory",
				"Give the path of a file. In configuration, a location that ends with '/*' stands for all files in a"
						+ " directory.",
				0, null);
	}

	static MappingException pipeOrSocket(MappingSpec spec) {
		return new UnmappableFileException(subject(spec), "it is a named pipe or a socket, which the system cannot map",
				"Give the path of a file.", 0, null);
	}

	static MappingException madeWhenRead(MappingSpec spec, @Nullable Throwable cause) {
		return new UnmappableFileException(subject(spec),
				"it is a file of the kernel, which has no content until it is read", "Read it instead.", 0, cause);
	}

	static MappingException deviceWithoutLength(MappingSpec spec) {
		return new UnmappableFileException(subject(spec), "it is not a regular file, so it has no end",
				"Set a 'length'.", 0, null);
	}

	/**
	 * The process may not open the file.
	 * @param path the file
	 * @param readable whether it may at least read it
	 */
	static MappingException denied(MappingSpec spec, Path path, boolean readable, int errno,
			@Nullable Throwable cause) {
		String user = user();
		Path parent = path.toAbsolutePath().getParent();
		if (spec.create() && parent != null && Files.notExists(path)) {
			return deniedToCreate(spec, "the file", parent, errno, cause);
		}
		if (spec.access() == MappingAccess.READ_WRITE && readable) {
			return new MappedFileAccessDeniedException(subject(spec),
					"permission denied: " + user + " may read the file, but not write it",
					"Allow that user to write it (see 'ls -l " + path
							+ "'), or map it with access read-only, or copy-on-write for changes that stay in memory.",
					errno, cause);
		}
		return new MappedFileAccessDeniedException(subject(spec),
				"permission denied: " + user + " may not "
						+ ((spec.access() == MappingAccess.READ_WRITE) ? "read and write" : "read")
						+ " the file, or not search a directory above it",
				"Allow that user to do so (see 'namei -l " + path + "').", errno, cause);
	}

	/**
	 * The process may not create a file or directory.
	 * @param what what it may not create
	 * @param directory where it may not create it
	 */
	static MappingException deniedToCreate(MappingSpec spec, String what, Path directory, int errno,
			@Nullable Throwable cause) {
		return new MappedFileAccessDeniedException(subject(spec),
				"permission denied: " + user() + " may not create " + what + " in '" + directory + "'",
				"Allow that user to write to that directory and to search it (see 'namei -l " + directory
						+ "'), or give another path.",
				errno, cause);
	}

	static MappingException readOnlyFileSystem(MappingSpec spec, int errno, @Nullable Throwable cause) {
		return new MappedFileAccessDeniedException(subject(spec), "the file system is mounted read-only",
				"Mount it so that it can be written, or " + ((spec.create()) ? "give a path on another one."
						: "map the file with access read-only, or copy-on-write for changes that stay in memory."),
				errno, cause);
	}

	private static String user() {
		return "the user '" + System.getProperty("user.name") + "'";
	}

	static MappingException beyondEnd(MappingSpec spec, long size) {
		long offset = spec.offset();
		Long length = spec.length();
		if (length == null) {
			return new MappedRangeException(subject(spec),
					"offset " + offset + " lies beyond the end of the file, which has " + size + " bytes",
					"Use an offset of at most " + size + ".", 0, null);
		}
		String remedy = ((offset < size)
				? "Leave out 'length' to map what is there, or use at most " + (size - offset) + "."
				: (size > 0) ? "Use an offset below " + size + "."
						: "Leave out 'offset' and 'length', or have the file filled first.");
		if (spec.access() == MappingAccess.READ_WRITE) {
			remedy += " Set 'create' to true to have the file grown.";
		}
		return new MappedRangeException(subject(spec), "offset " + offset + " + length " + length
				+ " goes beyond the end of the file, which has " + size + " bytes", remedy, 0, null);
	}

	static MappingException cannotAllocate(MappingSpec spec, long end, int errno, Throwable cause) {
		return failure(spec, "the file could not be created or grown to " + end + " bytes: " + cause.getMessage(),
				remedyForSize(spec, end, errno)
						+ " A file that was created for this is removed; one that existed may have become longer.",
				errno, cause);
	}

	private static String remedyForSize(MappingSpec spec, long end, int errno) {
		OptionalLong limit = new ProcessLimits().fileSizeLimit();
		// The JDK does not tell which error it was
		boolean limited = errno == 0 && limit.isPresent() && limit.getAsLong() != ProcessLimits.UNLIMITED
				&& end > limit.getAsLong();
		return (limited || errno == Errno.EFBIG)
				? remedy(spec, spec.protection(), end, new SystemCallException("posix_fallocate", Errno.EFBIG))
				: "Free disk space, raise the quota, or use a smaller length.";
	}

	/**
	 * Somebody else holds a lock. The system does not tell the native mapper whether that
	 * is another process.
	 */
	static MappingException locked(MappingSpec spec, Path path, int errno, @Nullable Throwable cause) {
		return new MappedFileLockedException(subject(spec),
				"another process has the file locked, most likely since it maps it read-write, too, or code of this"
						+ " application has, through a FileChannel",
				"Let that process end ('fuser -v " + path + "' shows who has the file open), or map another file. Set"
						+ " 'exclusive' to false, in each of the processes, only if they are made to write to the same"
						+ " memory.",
				errno, cause);
	}

	static MappingException cannotLock(MappingSpec spec, String why, int errno, @Nullable Throwable cause) {
		return failure(spec, "the file could not be locked against other processes: " + why,
				"Set 'exclusive' to false if no other process writes to it, or use a file system that has locks.",
				errno, cause);
	}

	static MappingException untrustedLink(MappingSpec spec, Path link, Path directory) {
		return new MappedFileAccessDeniedException(subject(spec),
				"a file to be created must not be reached through the symbolic link '" + link
						+ "', since others may write to the directory '" + directory
						+ "', and so choose what the link leads to",
				"Give the path without the link, or take the permission to write from group and others ('chmod go-w "
						+ directory + "'), with this user or root as the owner.",
				0, null);
	}

	static MappingException call(MappingSpec spec, SystemCallException ex) {
		String problem = String.valueOf(ex.getMessage());
		String remedy = remedy(spec, spec.protection(), (spec.length() != null) ? spec.length() : 0, ex);
		return switch (ex.errno()) {
			case Errno.ENODEV -> new UnmappableFileException(subject(spec), problem, remedy, ex.errno(), ex);
			case Errno.EACCES, Errno.EPERM ->
				new MappedFileAccessDeniedException(subject(spec), problem, remedy, ex.errno(), ex);
			case Errno.EROFS -> readOnlyFileSystem(spec, ex.errno(), ex);
			default -> failure(spec, problem, remedy, ex.errno(), ex);
		};
	}

	/**
	 * Return what to do about a system call that failed, with the figures that matter.
	 */
	static String remedy(MappingSpec spec, Set<Protection> protection, long length, SystemCallException ex) {
		Path path = (spec.source() instanceof MappingSource.File file) ? file.path() : null;
		boolean pool = spec.pages().hugeTlb() != HugePages.NEVER;
		String remedy = Remedies.of(ex.call(), ex.errno(),
				new Remedies.Context(path,
						protection.contains(Protection.WRITE) || spec.access() == MappingAccess.READ_WRITE,
						protection.contains(Protection.EXECUTE), spec.isShared(), spec.pages().locked(),
						spec.pages().noReserve(), (pool) ? PageMaker.hugePageSize(spec) : 0, length,
						mayBeSealed(spec.source())));
		boolean low = spec.pages().map32Bit() && ex.errno() == Errno.ENOMEM
				&& List.of("mmap", "mremap").contains(ex.call());
		return (low)
				? remedy + " With the option 'map-32bit' there is no more than a gibibyte of addresses: leave it out"
						+ " where they need not be low."
				: remedy;
	}

	private static boolean mayBeSealed(MappingSource source) {
		return source instanceof MappingSource.InMemoryFile || source instanceof MappingSource.Descriptor;
	}

	static MappingException failure(MappingSpec spec, String problem, String remedy, int errno,
			@Nullable Throwable cause) {
		return new MappingException(subject(spec), problem, remedy, errno, cause);
	}

	private static String subject(MappingSpec spec) {
		return "Cannot map " + spec;
	}

}
