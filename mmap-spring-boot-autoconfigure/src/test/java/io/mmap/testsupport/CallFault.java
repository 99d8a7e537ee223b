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

package io.mmap.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.SystemCallException;

/**
 * A system call that fails, known by its name and by how many of the same name were made
 * before it: other threads make other calls, so that their order is not always the same.
 *
 * @param call the name of the call
 * @param occurrence 1 for the first one
 * @param kind what happens
 * @param errno the error number, if it is refused
 */
public record CallFault(String call, int occurrence, Kind kind, int errno) {

	private static final List<String> WITHOUT_ERRNO = List.of("effectiveUser", "threadId", "pageSize", "segment");

	private static final Map<String, List<Integer>> ERRNOS = Map.ofEntries(
			Map.entry("open", List.of(Errno.EMFILE, Errno.EIO)),
			Map.entry("openWithoutLinks", List.of(Errno.EMFILE, Errno.ENOSPC)),
			Map.entry("memfdCreate", List.of(Errno.ENFILE, Errno.ENOMEM)),
			Map.entry("duplicate", List.of(Errno.EMFILE)), Map.entry("userfaultfd", List.of(Errno.EMFILE, Errno.EPERM)),
			Map.entry("inotify", List.of(Errno.EMFILE, Errno.ENOMEM)),
			Map.entry("addWatch", List.of(Errno.ENOSPC, Errno.EACCES)), Map.entry("fstat", List.of(Errno.EIO)),
			Map.entry("lock", List.of(Errno.ENOLCK, Errno.EINTR)),
			Map.entry("allocate", List.of(Errno.ENOSPC, Errno.EIO)),
			Map.entry("ftruncate", List.of(Errno.EFBIG, Errno.ENOSPC)),
			Map.entry("pread", List.of(Errno.EIO, Errno.EINTR)), Map.entry("close", List.of(Errno.EIO, Errno.EINTR)),
			Map.entry("msync", List.of(Errno.EIO)), Map.entry("startWriting", List.of(Errno.EIO)),
			Map.entry("addSeals", List.of(Errno.EBUSY, Errno.EPERM)),
			Map.entry("setLease", List.of(Errno.EAGAIN, Errno.ENOLCK)), Map.entry("awaitSignal", List.of(Errno.EINTR)),
			Map.entry("nameMemory", List.of(Errno.EINVAL)));

	private static final List<Integer> OTHERS = List.of(Errno.ENOMEM, Errno.EINVAL);

	/**
	 * After which it is known what was done. Of the others an error keeps from the caller
	 * what it was given, or whether that is gone: the real ones throw none after the
	 * system has done it, as they allocate nothing then.
	 */
	private static final List<String> KNOWN_AFTERWARDS = List.of("mprotect", "madvise", "mlock", "mlock2", "munlock",
			"msync", "startWriting", "nameMemory", "ftruncate", "allocate", "addSeals", "trackWrites", "lock",
			"setLease", "signalThreadOn", "pread");

	/**
	 * Return what a system can answer to a call, and what the JVM can throw in the middle
	 * of it: more of that for the first one, as the others are much the same.
	 * @param call the name of the call
	 * @param occurrence 1 for the first one
	 * @return one fault for each
	 */
	public static List<CallFault> of(String call, int occurrence) {
		List<CallFault> faults = new ArrayList<>();
		if (!WITHOUT_ERRNO.contains(call)) {
			List<Integer> errnos = ERRNOS.getOrDefault(call, OTHERS);
			for (int errno : (occurrence == 1) ? errnos : errnos.subList(0, 1)) {
				faults.add(new CallFault(call, occurrence, Kind.REFUSED, errno));
			}
		}
		faults.add(new CallFault(call, occurrence, Kind.NO_HEAP, 0));
		if (occurrence == 1) {
			faults.add(new CallFault(call, occurrence, Kind.NO_STACK, 0));
			if (KNOWN_AFTERWARDS.contains(call)) {
				faults.add(new CallFault(call, occurrence, Kind.NO_HEAP_AFTERWARDS, 0));
			}
		}
		return faults;
	}

	/**
	 * Fail.
	 */
	void fail() throws SystemCallException {
		switch (this.kind) {
			case REFUSED -> throw new SystemCallException(this.call + "(injected)", this.errno);
			case NO_HEAP, NO_HEAP_AFTERWARDS -> throw new OutOfMemoryError(message());
			case NO_STACK -> throw new StackOverflowError(message());
		}
	}

	/**
	 * Return what the one who sees the failure can recognize it by.
	 * @return part of a message
	 */
	public String message() {
		return this.call + "(injected)";
	}

	@Override
	public String toString() {
		return this.call + " #" + this.occurrence + " fails with "
				+ ((this.kind == Kind.REFUSED) ? Errno.name(this.errno) : this.kind.title);
	}

	/**
	 * What happens.
	 */
	public enum Kind {

		/** The system refuses. */
		REFUSED(""),

		/** An object cannot be allocated. */
		NO_HEAP("OutOfMemoryError"),

		/** The system has done it, and an object cannot be allocated then. */
		NO_HEAP_AFTERWARDS("OutOfMemoryError afterwards"),

		/** The stack of the thread ends. */
		NO_STACK("StackOverflowError");

		private final String title;

		Kind(String title) {
			this.title = title;
		}

	}

}
