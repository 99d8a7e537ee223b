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

import java.nio.file.Path;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * A read lease on a file: the system holds back whoever wants to truncate the file, or
 * open it for writing, until the lease is given up.
 */
final class FileLease {

	private static final Log logger = LogFactory.getLog(FileLease.class);

	private final SystemCalls calls;

	private final int descriptor;

	private FileLease(SystemCalls calls, int descriptor) {
		this.calls = calls;
		this.descriptor = descriptor;
	}

	/**
	 * Take a lease.
	 * @param description what is mapped
	 * @param path where the file is
	 * @param identity which file it has to be
	 * @param end how many bytes it has to have at least
	 * @param thread the number of the thread that gets {@link LeaseWatcher#SIGNAL}
	 * @throws GuardRefusedException if there is none to be had
	 */
	static FileLease take(SystemCalls calls, String description, Path path, FileIdentity identity, long end,
			int thread) {
		int descriptor = open(calls, description, path);
		try {
			check(calls.fstat(descriptor), description, path, identity, end);
			if (calls.hugePageSize(descriptor) > 0) {
				throw new GuardRefusedException(description,
						"the file consists of huge pages, in whose place a copy cannot be put",
						"Map a copy ('copy'), which needs no guard.", 0, null);
			}
			// Before there is a lease, or it would be SIGIO, which ends the process
			calls.signalThreadOn(descriptor, thread, LeaseWatcher.SIGNAL);
			calls.setLease(descriptor, Linux.F_RDLCK);
			// Nobody has truncated it just before
			check(calls.fstat(descriptor), description, path, identity, end);
			return new FileLease(calls, descriptor);
		}
		catch (SystemCallException ex) {
			close(calls, descriptor);
			throw refusal(description, path, ex);
		}
		catch (RuntimeException | Error ex) {
			close(calls, descriptor);
			throw ex;
		}
	}

	private static int open(SystemCalls calls, String description, Path path) {
		try {
			return calls.open(path, Linux.O_RDONLY | Linux.O_CLOEXEC | Linux.O_NONBLOCK, 0);
		}
		catch (SystemCallException ex) {
			if (ex.errno() == Errno.EAGAIN) {
				throw refusal(description, path, ex);
			}
			String remedy = Remedies.of(ex.call(), ex.errno(),
					new Remedies.Context(path, false, false, true, false, false, 0, 0, false));
			throw new GuardRefusedException(description,
					"the file at '" + path + "' cannot be opened again: " + ex.getMessage(),
					(remedy.isEmpty()) ? "Map it again, from where it is now." : remedy, ex.errno(), ex);
		}
	}

	private static void check(FileStatus status, String description, Path path, FileIdentity identity, long end) {
		if (!identity.equals(FileIdentity.of(status))) {
			throw new GuardRefusedException(description, "another file is at '" + path + "' by now",
					"Map it again, or reload the mapping, for the file that is there now.", 0, null);
		}
		if (status.size() < end) {
			throw new GuardRefusedException(description,
					"the file has become shorter: it has " + status.size() + " bytes, and what is mapped ends at "
							+ end,
					"Map it again, with the length that it has now. Have it replaced by a rename instead of"
							+ " truncated.",
					0, null);
		}
	}

	private static GuardRefusedException refusal(String description, Path path, SystemCallException ex) {
		return switch (ex.errno()) {
			case Errno.EACCES -> refusal(description,
					"the user '" + System.getProperty("user.name")
							+ "' does not own the file, and only its owner may take a lease on it",
					"Run the application as the owner of the file (see 'ls -l " + path
							+ "'), or give the process CAP_LEASE.",
					ex);
			case Errno.EAGAIN -> refusal(description,
					"the file is open or mapped for writing somewhere, in this process maybe, or about to be",
					"Let who writes it close it ('fuser -v " + path
							+ "' shows who has it open). Have it replaced by a rename instead of written.",
					ex);
			case Errno.EINVAL, Errno.EOPNOTSUPP, Errno.ENOLCK -> refusal(description,
					"the file system offers no leases, or they are switched off (" + ex.getMessage() + ")",
					"Put the file on a local file system, set 'sysctl fs.leases-enable=1', or map a copy ('copy'),"
							+ " which needs no guard.",
					ex);
			case Errno.EPERM, Errno.ENOSYS -> blocked(description, ex);
			default ->
				refusal(description, String.valueOf(ex.getMessage()), "Map a copy ('copy'), which needs no guard.", ex);
		};
	}

	/**
	 * A system call is not to be had here.
	 */
	static GuardRefusedException blocked(String description, SystemCallException ex) {
		return refusal(description, "the kernel lacks a system call, or a container blocks it: " + ex.getMessage(),
				"Allow '" + ex.call() + "' in the seccomp profile of the container, or map a copy ('copy'), which"
						+ " needs no guard.",
				ex);
	}

	private static GuardRefusedException refusal(String description, String problem, String remedy,
			SystemCallException ex) {
		return new GuardRefusedException(description, problem, remedy, ex.errno(), ex);
	}

	int descriptor() {
		return this.descriptor;
	}

	/**
	 * Return whether somebody waits for the lease to be given up, or it is gone already.
	 */
	boolean isBroken() throws SystemCallException {
		return this.calls.lease(this.descriptor) != Linux.F_RDLCK;
	}

	/**
	 * Give the lease up: whoever waits for that goes on. To be called once.
	 * @return whether it has lasted until now
	 */
	boolean giveUp() {
		try {
			// Closing would do, unless a process that is just being started has the
			// descriptor, too
			this.calls.setLease(this.descriptor, Linux.F_UNLCK);
			return true;
		}
		catch (SystemCallException ex) {
			logger.debug("The lease was not there any more", ex);
			return ex.errno() != Errno.EAGAIN;
		}
		finally {
			close(this.calls, this.descriptor);
		}
	}

	private static void close(SystemCalls calls, int descriptor) {
		Descriptors.close(calls, descriptor, "behind a guarded mapping");
	}

}
