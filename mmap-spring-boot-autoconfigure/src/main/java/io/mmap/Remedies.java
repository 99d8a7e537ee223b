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
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.Errno;

/**
 * What to do when a system call failed, with the numbers of this process at the moment.
 * An error number has several causes, of which the numbers often leave only one.
 */
final class Remedies {

	/**
	 * The versions of Linux that introduced the calls that a kernel may lack.
	 */
	private static final Map<String, String> INTRODUCED = Map.of("memfd_create", "3.17", "userfaultfd", "4.3", "mlock2",
			"4.4", "openat2", "5.6", "cachestat", "6.5");

	private final String call;

	private final Context context;

	private final ProcessLimits limits;

	private final MemoryRemedies memory;

	private Remedies(String call, Context context, ProcessLimits limits) {
		this.call = call;
		this.context = context;
		this.limits = limits;
		this.memory = new MemoryRemedies(call, context, limits);
	}

	/**
	 * Return what to do about a call that failed.
	 * @param call its name, such as {@code mmap}
	 * @param errno the error number
	 * @param context what the call was for
	 * @return one or more sentences, or an empty string if nothing is known
	 */
	static String of(String call, int errno, Context context) {
		return of(call, errno, context, new ProcessLimits());
	}

	static String of(String call, int errno, Context context, ProcessLimits limits) {
		return new Remedies(call, context, limits).remedy(errno);
	}

	private String remedy(int errno) {
		return switch (errno) {
			case Errno.ENOMEM -> (isAnyOf("mlock", "mlock2")) ? this.memory.lock() : this.memory.noMemory();
			case Errno.EAGAIN -> again();
			case Errno.EPERM -> notPermitted();
			case Errno.EACCES -> denied();
			case Errno.ENOSYS -> noSuchCall();
			case Errno.ENODEV -> noDevice();
			case Errno.EOPNOTSUPP -> notSupported();
			case Errno.EFAULT -> badAddress();
			case Errno.EBUSY -> busy();
			case Errno.EINVAL -> invalid();
			case Errno.EMFILE -> tooManyDescriptors();
			case Errno.ENFILE -> tooManyFiles();
			case Errno.ENOSPC -> noSpace();
			case Errno.EROFS -> readOnlyFileSystem();
			case Errno.EFBIG -> tooBig();
			case Errno.EDQUOT -> "Raise the disk quota of " + user() + ", remove other files, or use a smaller length.";
			case Errno.ETXTBSY -> "The file is being executed, or is a swap file: end what uses it"
					+ hint(" (see 'fuser -v %s')") + ", or map another file.";
			case Errno.EIO -> "The device, or the server behind a network file system, failed: look into the kernel's"
					+ " log (dmesg), and check the file system" + hint(" of '%s'") + ".";
			case Errno.EBADF -> "The descriptor is not open, or not for what the call does: it may have been closed by"
					+ " somebody else.";
			case Errno.EOVERFLOW -> "Use a smaller offset or length: their sum is beyond what the kernel can address.";
			case Errno.ELOOP -> "Symbolic links lead in a circle, or one appeared while the file was being opened"
					+ hint(" (see 'namei -l %s')") + ".";
			case Errno.ENAMETOOLONG -> "Use a shorter one: each name in a path may have 255 bytes, and the path 4,095.";
			case Errno.ENXIO -> "There is no such device: give the path of a file.";
			case Errno.EEXIST -> (isAnyOf("mmap")) ? "Something else is mapped at that address: use another one." : "";
			case Errno.ENOTTY -> "The file system or device does not know this operation.";
			case Errno.EHWPOISON ->
				"The memory has a hardware error: look into the kernel's log (dmesg), and map the" + " file anew.";
			default -> "";
		};
	}

	private String again() {
		if (isAnyOf("mmap", "mremap") && this.context.locked()) {
			OptionalLong limit = this.limits.lockedLimit();
			if (limit.isPresent() && limit.getAsLong() != ProcessLimits.UNLIMITED) {
				return this.memory.lockedLimit(limit.getAsLong());
			}
			return "The memory could not be locked. Raise the limit (ulimit -l, or LimitMEMLOCK= of systemd), or give"
					+ " the process CAP_IPC_LOCK.";
		}
		if (isAnyOf("mlock", "mlock2")) {
			return "Some pages could not be read in: free memory, or look whether the file has become shorter.";
		}
		if (isAnyOf("fcntl")) {
			return "Another process has the file locked" + hint(" (see 'fuser -v %s')") + ".";
		}
		// Which is how madvise says that a part would have to become a region of its own
		String regions = (isAnyOf("madvise")) ? this.memory.regions() : null;
		if (regions != null) {
			return regions;
		}
		return "Try again: the kernel could not do it at the moment.";
	}

	private String notPermitted() {
		if (this.context.sealed()) {
			String seal = seal();
			if (seal != null) {
				return seal;
			}
		}
		if (this.context.execute() && isAnyOf("mmap", "mprotect")) {
			return cannotExecute();
		}
		if ((isAnyOf("mlock", "mlock2") || (isAnyOf("mmap", "mremap") && this.context.locked()))
				&& this.limits.lockedLimit().equals(OptionalLong.of(0))) {
			return this.memory.lockedLimit(0);
		}
		if (this.context.file() != null && isAnyOf("open", "ftruncate", "fallocate", "posix_fallocate", "mmap")) {
			return "The file may be immutable or append-only" + hint(" (see 'lsattr %s')")
					+ ", or a security policy such as SELinux forbids it.";
		}
		if (isAnyOf("fcntl")) {
			return "The file was not made for seals, is sealed against further ones, or is open for reading only.";
		}
		if (this.limits.seccompFilter()) {
			return blocked();
		}
		if (isAnyOf("userfaultfd")) {
			return "Give the process CAP_SYS_PTRACE, or set 'sysctl vm.unprivileged_userfaultfd=1'.";
		}
		return "The process lacks the privilege for " + this.call + ", or a security policy forbids it.";
	}

	private @Nullable String seal() {
		return switch (this.call) {
			case "mmap", "mprotect" -> (this.context.write() && this.context.shared())
					? "The file is sealed against writing (F_SEAL_WRITE or F_SEAL_FUTURE_WRITE), for good. Map it with"
							+ " access read-only, or copy-on-write for changes that stay in memory."
					: (this.call.equals("mprotect") && !this.context.execute()) ? sealedMapping() : null;
			case "ftruncate" -> "The length of the file is sealed (F_SEAL_GROW against a larger one, F_SEAL_SHRINK"
					+ " against a smaller one), for good. Set the length before the seal.";
			case "fallocate", "posix_fallocate" -> "The file is sealed against growing (F_SEAL_GROW) or writing"
					+ " (F_SEAL_WRITE, which forbids to free a part, too), for good. Do this before the seal.";
			case "fcntl" -> "The file is sealed against further seals (F_SEAL_SEAL), or open for reading only. Add all"
					+ " seals at once.";
			case "munmap", "mremap", "madvise" -> sealedMapping();
			default -> null;
		};
	}

	private static String sealedMapping() {
		return "The mapping itself is sealed (mseal): until the process ends, it cannot be unmapped, moved, resized or"
				+ " protected in another way.";
	}

	private String cannotExecute() {
		Path file = this.context.file();
		Mount mount = (file != null) ? this.limits.mount(file) : null;
		if (mount != null && mount.noExec()) {
			return "The file system at '" + mount.point() + "' is mounted noexec: mount it with 'exec', or map a file"
					+ " on another one.";
		}
		return ((file != null) ? "The file system or a security policy" : "A security policy")
				+ " forbids executable memory: look at SELinux (ausearch -m avc), MemoryDenyWriteExecute= of systemd,"
				+ " and 'sysctl vm.memfd_noexec'.";
	}

	private String denied() {
		if (this.context.execute() && isAnyOf("mmap", "mprotect")) {
			return cannotExecute();
		}
		return switch (this.call) {
			case "mmap" -> (this.context.shared() && this.context.write())
					? "The descriptor is open for reading only, or the file is append-only" + hint(" (see 'lsattr %s')")
							+ "."
					: "The descriptor is not open for reading.";
			case "mprotect" -> (this.context.sealed() && this.context.write())
					? "The file is sealed against writing (F_SEAL_WRITE or F_SEAL_FUTURE_WRITE), for good."
					: "The file was opened with less access when it was mapped: map it anew with the access that is"
							+ " needed.";
			case "memfd_create" -> "'sysctl vm.memfd_noexec' is 2, so that files in memory must not be executable.";
			case "fcntl" -> "Another process has the file locked" + hint(" (see 'fuser -v %s')") + ".";
			case "open", "openat2" -> "Allow " + user() + " to " + ((this.context.write()) ? "read and write" : "read")
					+ " the file, and to search the directories above it" + hint(" (see 'namei -l %s')") + ".";
			default -> "Allow " + user() + " to do so" + hint(" (see 'namei -l %s')")
					+ ", or look whether a security policy such as SELinux forbids it.";
		};
	}

	private String noSuchCall() {
		String since = INTRODUCED.get(this.call);
		String kernel = this.limits.kernel();
		if (since != null && kernel != null && isOlder(kernel, since)) {
			return this.call + " needs Linux " + since + ", and this is " + kernel + ".";
		}
		return (this.limits.seccompFilter()) ? blocked() : "The kernel" + ((kernel != null) ? ", " + kernel + "," : "")
				+ " is older than " + this.call + ", or was built without it.";
	}

	private static boolean isOlder(String kernel, String since) {
		String[] actual = kernel.split("[^0-9]+");
		String[] expected = since.split("\\.");
		for (int i = 0; i < expected.length; i++) {
			if (actual.length <= i || actual[i].isEmpty() || actual[i].length() > 6) {
				return false;
			}
			int difference = Integer.compare(Integer.parseInt(actual[i]), Integer.parseInt(expected[i]));
			if (difference != 0) {
				return difference < 0;
			}
		}
		return false;
	}

	private String blocked() {
		return "A seccomp filter decides which system calls this process may make, most likely that of its container:"
				+ " have the seccomp profile allow " + this.call + ".";
	}

	private String noDevice() {
		String remedy = (this.context.hugePageSize() > 0) ? this.memory.noHugePages() : null;
		return (remedy != null) ? remedy : "Files of this kind or file system cannot be mapped.";
	}

	private String notSupported() {
		if (isAnyOf("mmap")) {
			return "Only a DAX file system can keep files in persistent memory consistent (MAP_SYNC): mount "
					+ mountPoint("it") + " with the option 'dax', or map without that.";
		}
		return "The file system" + mountPoint(" at ", "") + " does not support " + this.call + ": use another one.";
	}

	private String badAddress() {
		if (isAnyOf("mremap")) {
			return "Parts of the mapping have different properties, such as advice, a lock or a protection on a part of"
					+ " it: undo these, or set them for all of it, before it is resized.";
		}
		if (!isAnyOf("madvise")) {
			return "";
		}
		OptionalLong size = size();
		return "Pages have nothing behind them: the file may have become shorter" + ((size.isPresent())
				? " (it has " + bytes(size.getAsLong()) + " now, and " + this.context.length() + " are mapped)" : "")
				+ ((this.context.write()) ? ", or the disk is full" + hint(" (see 'df %s')") : "") + ".";
	}

	private OptionalLong size() {
		Path file = this.context.file();
		try {
			return (file != null) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
		}
		catch (IOException ex) {
			return OptionalLong.empty();
		}
	}

	private String busy() {
		return switch (this.call) {
			case "fcntl" -> "Something still maps the file writable, another mapping or another process"
					+ hint(" (see 'fuser -v %s')") + ": close that before the file is sealed.";
			case "msync", "madvise" ->
				"A part of the memory is locked or in use by the kernel: unlock it, or try" + " again.";
			default -> "Something else uses it: try again later.";
		};
	}

	private String invalid() {
		if (this.context.hugePageSize() > 0) {
			String remedy = this.memory.noHugePages();
			if (remedy != null) {
				return remedy;
			}
			if (isAnyOf("mmap", "munmap", "mprotect", "mremap", "ftruncate", "fallocate", "madvise")
					&& this.context.length() % this.context.hugePageSize() != 0) {
				return bytes(this.context.length()) + " are not a whole number of huge pages: use a multiple of "
						+ this.context.hugePageSize() + ".";
			}
		}
		return "The kernel or the file system does not support this for this kind of memory"
				+ (isAnyOf("madvise") ? ", or some of it is locked." : ".");
	}

	private String tooManyDescriptors() {
		OptionalLong limit = this.limits.descriptorLimit();
		OptionalLong open = this.limits.descriptors();
		return ((limit.isPresent() && limit.getAsLong() != ProcessLimits.UNLIMITED && open.isPresent())
				? "The process has " + open.getAsLong() + " descriptors open of at most " + limit.getAsLong() + ". "
				: "")
				+ "Raise the limit of open files (ulimit -n, or LimitNOFILE= of systemd), or look for a descriptor"
				+ " leak.";
	}

	private String tooManyFiles() {
		OptionalLong open = this.limits.systemFiles();
		OptionalLong max = this.limits.maxSystemFiles();
		return ((open.isPresent() && max.isPresent())
				? "The system has " + open.getAsLong() + " files open of at most " + max.getAsLong() + ". " : "")
				+ "Raise 'sysctl fs.file-max', or look for a process with a descriptor leak.";
	}

	private String noSpace() {
		String remedy = this.memory.hugePages();
		if (remedy != null) {
			return remedy;
		}
		Path file = this.context.file();
		if (file == null) {
			return "Free memory or swap space, or use a smaller length.";
		}
		Mount mount = this.limits.mount(file);
		if (mount != null && mount.type().equals("tmpfs")) {
			return "The file system at '" + mount.point() + "' is in memory (tmpfs): raise its size ('mount -o"
					+ " remount,size=... " + mount.point() + "'"
					+ (mount.point().equals("/dev/shm") ? ", '--shm-size' of a container" : "")
					+ "), remove other files, or use a smaller length.";
		}
		return "Free disk space" + hint(" (see 'df %s')") + ", or use a smaller length.";
	}

	private String readOnlyFileSystem() {
		return "Mount " + mountPoint("the file system of the file")
				+ " so that it can be written, or map the file with access read-only, or copy-on-write for changes that"
				+ " stay in memory.";
	}

	private String tooBig() {
		OptionalLong limit = this.limits.fileSizeLimit();
		return (limit.isPresent() && limit.getAsLong() != ProcessLimits.UNLIMITED)
				? "The process may make files of " + bytes(limit.getAsLong())
						+ ". Raise the limit (ulimit -f, or LimitFSIZE= of systemd), or use a smaller length."
				: "Use a smaller length, or a file system that has larger files.";
	}

	private String mountPoint(String otherwise) {
		return mountPoint("", otherwise);
	}

	private String mountPoint(String before, String otherwise) {
		Path file = this.context.file();
		Mount mount = (file != null) ? this.limits.mount(file) : null;
		return (mount != null) ? before + "'" + mount.point() + "'" : otherwise;
	}

	/**
	 * Return a text with the file's path in place of {@code %s}, or nothing if there is
	 * no file.
	 */
	private String hint(String text) {
		Path file = this.context.file();
		return (file != null) ? text.replace("%s", file.toString()) : "";
	}

	private boolean isAnyOf(String... calls) {
		return List.of(calls).contains(this.call);
	}

	private static String user() {
		return "the user '" + System.getProperty("user.name") + "'";
	}

	private static String bytes(long number) {
		return number + " bytes";
	}

	/**
	 * What a call was for.
	 *
	 * @param file the file that is mapped, or {@code null} for memory without one
	 * @param write whether the memory can be written
	 * @param execute whether it can be executed
	 * @param shared whether what is written reaches the file, and others that map it
	 * @param locked whether it stays in memory
	 * @param noReserve whether no memory and swap space is reserved for it
	 * @param hugePageSize the size of its huge pages in bytes, or 0 if it has none
	 * @param length its length in bytes
	 * @param sealed whether the file or the mapping has seals
	 */
	record Context(@Nullable Path file, boolean write, boolean execute, boolean shared, boolean locked,
			boolean noReserve, long hugePageSize, long length, boolean sealed) {
	}

}
