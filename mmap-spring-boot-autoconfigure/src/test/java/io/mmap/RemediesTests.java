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

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.Remedies.Context;
import io.mmap.internal.ffi.Errno;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users are told to do when a system call failed.
 */
class RemediesTests {

	private static final Path FILE = Path.of("/nowhere/data/file");

	private static final Context READ = context(FILE, false, false, true);

	private static final Context WRITE = context(FILE, true, false, true);

	private static final Context EXECUTE = context(FILE, false, true, true);

	private static final Context PRIVATE = context(null, true, false, false);

	private static final Context LOCKED = new Context(FILE, false, false, true, true, false, 0, 4096, false);

	private static final Context HUGE = new Context(null, true, false, false, false, false, 2 << 20, 5L << 21, false);

	private static final Context SEALED = sealed(true, true);

	private static final Context READ_SEALED = sealed(false, true);

	private static final String USER = "the user '" + System.getProperty("user.name") + "'";

	private static final List<String> CALLS = List.of("mmap", "munmap", "mprotect", "mremap", "mlock", "mlock2",
			"munlock", "madvise", "msync", "open", "openat2", "fstat", "memfd_create", "ftruncate", "fallocate",
			"posix_fallocate", "fcntl", "cachestat", "mincore", "userfaultfd", "ioctl", "sync_file_range", "prctl",
			"pread64");

	@TempDir
	Path root;

	private FakeLimits fake;

	@BeforeEach
	void makeUpLimits() {
		this.fake = new FakeLimits(this.root).regions(100, 65530);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mmap", "mprotect", "mremap", "munmap", "madvise", "munlock", "mlock", "mlock2" })
	void tooManyRegions(String call) {
		this.fake.regions(58977, 65530);
		assertThat(remedy(call, Errno.ENOMEM, READ))
			.isEqualTo("The process has 58977 memory regions of at most 65530: raise the limit ('sysctl"
					+ " vm.max_map_count=131060'), or map fewer and larger parts.");
	}

	@Test
	void noMemoryWhenNoLimitIsReached() {
		this.fake.regions(58976, 65530);
		assertThat(remedy("mmap", Errno.ENOMEM, READ))
			.isEqualTo("The address space may have no gap of 4096 bytes left, or the kernel is out of memory (it is not"
					+ " the number of memory regions: 58976, and vm.max_map_count allows 65530). Map less, or raise the memory limit of"
					+ " the container, or free memory.");
	}

	@Test
	void noMemoryWhenNothingIsKnown() throws IOException {
		Files.delete(this.root.resolve("proc/self/maps"));
		assertThat(remedy("mmap", Errno.ENOMEM, READ))
			.isEqualTo("The process may have too many memory regions (compare the lines of /proc/self/maps with 'sysctl"
					+ " vm.max_map_count'), or too little address space (ulimit -v).");
	}

	@ParameterizedTest
	@ValueSource(strings = { "munmap", "mprotect", "madvise", "munlock", "msync", "mincore" })
	void memoryThatIsNoLongerMapped(String call) {
		this.fake.limit("Max address space", 1L);
		assertThat(remedy(call, Errno.ENOMEM, READ)).isEqualTo(
				"A part of the memory is no longer mapped, or the kernel is out of memory: raise the memory limit"
						+ " of the container, or free memory.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "memfd_create", "fallocate", "open" })
	void noMemoryOfTheKernel(String call) {
		assertThat(remedy(call, Errno.ENOMEM, READ))
			.isEqualTo("The kernel is out of memory: raise the memory limit of the container, or free memory.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mmap", "mremap" })
	void tooLittleAddressSpace(String call) {
		this.fake.limit("Max address space", 1_000_000L).status("VmSize:\t976 kB");
		assertThat(remedy(call, Errno.ENOMEM, READ))
			.isEqualTo("The process may use 1000000 bytes of address space, of which 999424 are in use, and 4096 are"
					+ " needed. Raise the limit (ulimit -v, LimitAS= of systemd), or map less.");
	}

	@Test
	void tooLittleAddressSpaceWhenItsUseIsUnknown() {
		this.fake.limit("Max address space", 1_000_000L);
		assertThat(remedy("mmap", Errno.ENOMEM, READ)).isEqualTo("The process may use 1000000 bytes of address space,"
				+ " and 4096 are needed. Raise the limit (ulimit -v, LimitAS= of systemd), or map less.");
	}

	@Test
	void aLimitThatIsNotReachedIsNotToBlame() {
		this.fake.limit("Max address space", 1_000_000L).status("VmSize:\t100 kB");
		assertThat(remedy("mmap", Errno.ENOMEM, READ)).startsWith("The address space may have no gap");
	}

	@Test
	void tooLittlePrivateMemory() {
		this.fake.limit("Max data size", 1_000_000L).status("VmData:\t976 kB");
		assertThat(remedy("mmap", Errno.ENOMEM, PRIVATE))
			.isEqualTo("The process may use 1000000 bytes of private memory, of which 999424 are in use, and 4096 are"
					+ " needed. Raise the limit (ulimit -d, LimitDATA= of systemd), or map less.");
		assertThat(remedy("mmap", Errno.ENOMEM, WRITE)).startsWith("The address space may have no gap");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mmap", "mprotect", "mremap" })
	void aSystemThatNeverOvercommits(String call) {
		this.fake.file("proc/sys/vm/overcommit_memory", "2\n")
			.meminfo("CommitLimit:    1000 kB", "Committed_AS:     999 kB");
		assertThat(remedy(call, Errno.ENOMEM, PRIVATE))
			.isEqualTo("The system never overcommits memory (vm.overcommit_memory is 2): it may commit 1024000 bytes"
					+ " (CommitLimit of /proc/meminfo), of which 1022976 are in use (Committed_AS), and 4096 are needed."
					+ " Raise vm.overcommit_ratio, add swap space, or map less.");
	}

	@Test
	void moreThanTheSystemHas() {
		this.fake.file("proc/sys/vm/overcommit_memory", "0\n").meminfo("MemTotal: 2 kB", "SwapTotal: 1 kB");
		assertThat(remedy("mmap", Errno.ENOMEM, PRIVATE))
			.isEqualTo("4096 bytes are more than the memory and swap space of the system, 3072 bytes, which the kernel"
					+ " refuses (vm.overcommit_memory is 0) unless it need not reserve them. Set the option"
					+ " 'no-reserve', or map less.");
		Context noReserve = new Context(null, true, false, false, false, true, 0, 4096, false);
		assertThat(remedy("mmap", Errno.ENOMEM, noReserve)).startsWith("The address space may have no gap");
		assertThat(remedy("mmap", Errno.ENOMEM, WRITE)).startsWith("The address space may have no gap");
		this.fake.file("proc/sys/vm/overcommit_memory", "1\n");
		assertThat(remedy("mmap", Errno.ENOMEM, PRIVATE)).startsWith("The address space may have no gap");
	}

	@Test
	void tooFewHugePages() {
		this.fake.hugePages(2048, 10, 3, 0).meminfo("Hugepagesize: 2048 kB");
		assertThat(remedy("mmap", Errno.ENOMEM, HUGE)).isEqualTo("Of 10 huge pages of 2048 kB, 3 are free, and 5 are"
				+ " needed. Reserve more with 'sysctl vm.nr_hugepages=12'.");
	}

	@Test
	void tooFewHugePagesThatAreNotPromised() {
		this.fake.hugePages(2048, 10, 6, 2).meminfo("Hugepagesize: 1048576 kB");
		assertThat(remedy("fallocate", Errno.ENOSPC, HUGE))
			.isEqualTo("Of 10 huge pages of 2048 kB, 6 are free (but 2 of them promised to others), and 5 are needed."
					+ " Reserve more with 'echo 11 > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'.");
	}

	@Test
	void enoughHugePagesAreNotToBlame() {
		this.fake.hugePages(2048, 10, 5, 0);
		assertThat(remedy("mmap", Errno.ENOMEM, HUGE))
			.startsWith("The address space may have no gap of 10485760 bytes");
	}

	@ParameterizedTest
	@CsvSource({ "mmap, " + Errno.ENOMEM, "mmap, " + Errno.EINVAL, "memfd_create, " + Errno.ENODEV })
	void hugePagesOfASizeThatTheKernelLacks(String call, int errno) {
		this.fake.hugePages(64, 0, 0, 0).hugePages(1048576, 0, 0, 0);
		assertThat(remedy(call, errno, HUGE))
			.isEqualTo("The kernel has no huge pages of 2048 kB. Use one of the sizes 64 kB, 1048576 kB.");
	}

	@Test
	void aPartOfAHugePage() {
		Context part = new Context(null, true, false, false, false, false, 2 << 20, 4096, false);
		assertThat(remedy("mmap", Errno.EINVAL, part))
			.isEqualTo("4096 bytes are not a whole number of huge pages: use a multiple of 2097152.");
	}

	@ParameterizedTest
	@CsvSource({ "mlock, " + Errno.ENOMEM, "mlock2, " + Errno.ENOMEM, "mmap, " + Errno.EAGAIN,
			"mremap, " + Errno.EAGAIN })
	void tooMuchLockedMemory(String call, int errno) {
		this.fake.limit("Max locked memory", 8192L).status("VmLck:\t6 kB");
		assertThat(remedy(call, errno, LOCKED))
			.isEqualTo("The process may lock 8192 bytes, of which 6144 are in use, and 4096 are needed. Raise the limit"
					+ " (ulimit -l 10, or LimitMEMLOCK=10240 of systemd), or give the process CAP_IPC_LOCK.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mlock", "mmap" })
	void noLockedMemoryAtAll(String call) {
		this.fake.limit("Max locked memory", 0L).status("VmLck:\t0 kB");
		assertThat(remedy(call, Errno.EPERM, LOCKED))
			.isEqualTo("The process may lock 0 bytes, of which 0 are in use, and 4096 are needed. Raise the limit"
					+ " (ulimit -l 4, or LimitMEMLOCK=4096 of systemd), or give the process CAP_IPC_LOCK.");
	}

	@Test
	void pagesWithNothingBehindThemCannotBeLocked() {
		String pages = "Pages may have nothing behind them: look whether the file has become shorter, and whether all of"
				+ " the memory is still mapped.";
		assertThat(remedy("mlock", Errno.ENOMEM, LOCKED))
			.isEqualTo("The limit of locked memory may be too low (ulimit -l). " + pages);
		this.fake.limit("Max locked memory", 8192L).status("VmLck:\t4 kB");
		assertThat(remedy("mlock", Errno.ENOMEM, LOCKED))
			.isEqualTo("The limit of locked memory (ulimit -l) is not the cause. " + pages);
	}

	@Test
	void memoryThatCouldNotBeLockedWhenTheLimitIsUnknown() {
		assertThat(remedy("mmap", Errno.EAGAIN, LOCKED)).isEqualTo("The memory could not be locked. Raise the limit"
				+ " (ulimit -l, or LimitMEMLOCK= of systemd), or give the process CAP_IPC_LOCK.");
	}

	@Test
	void whatIsTemporarilyNotPossible() {
		assertThat(remedy("mlock", Errno.EAGAIN, READ))
			.isEqualTo("Some pages could not be read in: free memory, or look whether the file has become shorter.");
		assertThat(remedy("fcntl", Errno.EAGAIN, READ))
			.isEqualTo("Another process has the file locked (see 'fuser -v /nowhere/data/file').");
		assertThat(remedy("madvise", Errno.EAGAIN, READ))
			.isEqualTo("Try again: the kernel could not do it at the moment.");
		assertThat(remedy("mmap", Errno.EAGAIN, READ))
			.isEqualTo("Try again: the kernel could not do it at the moment.");
	}

	@ParameterizedTest
	@CsvSource({ "mmap, " + Errno.EPERM, "mmap, " + Errno.EACCES, "mprotect, " + Errno.EACCES })
	void nothingIsExecutedOnAFileSystemThatIsMountedNoexec(String call, int errno) {
		this.fake.mounts("1 0 0:1 / / rw - ext4 /dev/vda rw", "2 1 0:2 / /nowhere/data rw,noexec - xfs /dev/vdb rw");
		assertThat(remedy(call, errno, EXECUTE)).isEqualTo(
				"The file system at '/nowhere/data' is mounted noexec: mount it with 'exec', or map a file on another"
						+ " one.");
	}

	@Test
	void executableMemoryThatAPolicyForbids() {
		String look = " forbids executable memory: look at SELinux (ausearch -m avc), MemoryDenyWriteExecute= of systemd,"
				+ " and 'sysctl vm.memfd_noexec'.";
		this.fake.mounts("1 0 0:1 / / rw - ext4 /dev/vda rw");
		assertThat(remedy("mmap", Errno.EPERM, EXECUTE)).isEqualTo("The file system or a security policy" + look);
		assertThat(remedy("mprotect", Errno.EACCES, context(null, true, true, false)))
			.isEqualTo("A security policy" + look);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mmap", "mprotect" })
	void aSealAgainstWriting(String call) {
		assertThat(remedy(call, Errno.EPERM, SEALED))
			.isEqualTo("The file is sealed against writing (F_SEAL_WRITE or F_SEAL_FUTURE_WRITE), for good. Map it with"
					+ " access read-only, or copy-on-write for changes that stay in memory.");
	}

	@Test
	void aSealAgainstLaterWriting() {
		assertThat(remedy("mprotect", Errno.EACCES, SEALED))
			.isEqualTo("The file is sealed against writing (F_SEAL_WRITE or F_SEAL_FUTURE_WRITE), for good.");
	}

	@Test
	void aSealOfTheLength() {
		assertThat(remedy("ftruncate", Errno.EPERM, SEALED))
			.isEqualTo("The length of the file is sealed (F_SEAL_GROW against a larger one, F_SEAL_SHRINK against a"
					+ " smaller one), for good. Set the length before the seal.");
		assertThat(remedy("fallocate", Errno.EPERM, SEALED)).isEqualTo(
				"The file is sealed against growing (F_SEAL_GROW) or writing (F_SEAL_WRITE, which forbids to free"
						+ " a part, too), for good. Do this before the seal.");
	}

	@Test
	void aSealAgainstSeals() {
		assertThat(remedy("fcntl", Errno.EPERM, SEALED))
			.isEqualTo("The file is sealed against further seals (F_SEAL_SEAL), or open for reading only. Add all seals"
					+ " at once.");
		assertThat(remedy("fcntl", Errno.EPERM, WRITE))
			.isEqualTo("The file was not made for seals, is sealed against further ones, or is open for reading only.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "munmap", "mremap", "madvise", "mprotect" })
	void aSealOfTheMapping(String call) {
		assertThat(remedy(call, Errno.EPERM, READ_SEALED))
			.isEqualTo("The mapping itself is sealed (mseal): until the process ends, it cannot be unmapped, moved,"
					+ " resized or protected in another way.");
	}

	@Test
	void aDescriptorThatIsOpenForTooLittle() {
		assertThat(remedy("mmap", Errno.EACCES, WRITE))
			.isEqualTo("The descriptor is open for reading only, or the file is append-only (see 'lsattr"
					+ " /nowhere/data/file').");
		assertThat(remedy("mmap", Errno.EACCES, READ)).isEqualTo("The descriptor is not open for reading.");
		assertThat(remedy("mprotect", Errno.EACCES, WRITE)).isEqualTo(
				"The file was opened with less access when it was mapped: map it anew with the access that is needed.");
		assertThat(remedy("ioctl", Errno.EBADF, READ)).isEqualTo("The descriptor is not open, or not for what the call"
				+ " does: it may have been closed by somebody else.");
	}

	@Test
	void permissionsThatAreMissing() {
		assertThat(remedy("open", Errno.EACCES, WRITE)).isEqualTo(
				"Allow " + USER + " to read and write the file, and to search the directories above it (see 'namei -l"
						+ " /nowhere/data/file').");
		assertThat(remedy("openat2", Errno.EACCES, READ)).startsWith("Allow " + USER + " to read the file, and");
		assertThat(remedy("pread64", Errno.EACCES, READ)).isEqualTo("Allow " + USER + " to do so (see 'namei -l"
				+ " /nowhere/data/file'), or look whether a security policy such as SELinux forbids it.");
		assertThat(remedy("memfd_create", Errno.EACCES, PRIVATE))
			.isEqualTo("'sysctl vm.memfd_noexec' is 2, so that files in memory must not be executable.");
		assertThat(remedy("fcntl", Errno.EACCES, WRITE))
			.isEqualTo("Another process has the file locked (see 'fuser -v /nowhere/data/file').");
	}

	@ParameterizedTest
	@ValueSource(strings = { "open", "ftruncate", "mmap" })
	void aFileThatMustNotBeChanged(String call) {
		assertThat(remedy(call, Errno.EPERM, WRITE)).isEqualTo(
				"The file may be immutable or append-only (see 'lsattr /nowhere/data/file'), or a security policy"
						+ " such as SELinux forbids it.");
	}

	@ParameterizedTest
	@CsvSource({ "cachestat, " + Errno.EPERM, "cachestat, " + Errno.ENOSYS, "userfaultfd, " + Errno.EPERM,
			"prctl, " + Errno.ENOSYS })
	void aCallThatTheContainerForbids(String call, int errno) {
		this.fake.status("Seccomp:\t2").file("proc/sys/kernel/osrelease", "6.8.0-45-generic\n");
		assertThat(remedy(call, errno, READ))
			.isEqualTo("A seccomp filter decides which system calls this process may make, most likely that of its"
					+ " container: have the seccomp profile allow " + call + ".");
	}

	@Test
	void aCallThatNeedsAPrivilege() {
		assertThat(remedy("userfaultfd", Errno.EPERM, READ))
			.isEqualTo("Give the process CAP_SYS_PTRACE, or set 'sysctl vm.unprivileged_userfaultfd=1'.");
		assertThat(remedy("madvise", Errno.EPERM, READ))
			.isEqualTo("The process lacks the privilege for madvise, or a security policy forbids it.");
	}

	@ParameterizedTest
	@CsvSource({ "cachestat, 6.5, 6.4.12-rc1", "cachestat, 6.5, 5.15.0-1-amd64", "openat2, 5.6, 4.18.0",
			"memfd_create, 3.17, 3.10.0-1160.el7" })
	void aKernelThatIsTooOld(String call, String since, String kernel) {
		this.fake.status("Seccomp:\t2").file("proc/sys/kernel/osrelease", kernel + "\n");
		assertThat(remedy(call, Errno.ENOSYS, READ))
			.isEqualTo(call + " needs Linux " + since + ", and this is " + kernel + ".");
	}

	@ParameterizedTest
	@ValueSource(strings = { "6.5.0", "6.10", "7", "7.0-rc1" })
	void aKernelThatWasBuiltWithoutACall(String kernel) {
		this.fake.file("proc/sys/kernel/osrelease", kernel + "\n");
		assertThat(remedy("cachestat", Errno.ENOSYS, READ))
			.isEqualTo("The kernel, " + kernel + ", is older than cachestat, or was built without it.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "6", "6.x", "99999999999.1" })
	void aKernelOfUnknownAge(String kernel) {
		this.fake.file("proc/sys/kernel/osrelease", kernel + "\n");
		assertThat(remedy("cachestat", Errno.ENOSYS, READ))
			.endsWith("is older than cachestat, or was built without it.");
	}

	@Test
	void whatIsNotSupported() {
		assertThat(remedy("mmap", Errno.ENODEV, READ)).isEqualTo("Files of this kind or file system cannot be mapped.");
		assertThat(remedy("mmap", Errno.EOPNOTSUPP, WRITE))
			.isEqualTo("Only a DAX file system can keep files in persistent memory consistent (MAP_SYNC): mount it with"
					+ " the option 'dax', or map without that.");
		assertThat(remedy("fallocate", Errno.EOPNOTSUPP, WRITE))
			.isEqualTo("The file system does not support fallocate: use another one.");
		this.fake.mounts("2 1 0:2 / /nowhere/data rw - xfs /dev/vdb rw");
		assertThat(remedy("mmap", Errno.EOPNOTSUPP, WRITE)).contains(": mount '/nowhere/data' with the option 'dax',");
		assertThat(remedy("fallocate", Errno.EOPNOTSUPP, WRITE))
			.isEqualTo("The file system at '/nowhere/data' does not support fallocate: use another one.");
		assertThat(remedy("madvise", Errno.EINVAL, READ)).isEqualTo(
				"The kernel or the file system does not support this for this kind of memory, or some of it is locked.");
		assertThat(remedy("mremap", Errno.EINVAL, READ))
			.isEqualTo("The kernel or the file system does not support this for this kind of memory.");
		assertThat(remedy("ioctl", Errno.ENOTTY, READ))
			.isEqualTo("The file system or device does not know this operation.");
	}

	@Test
	void pagesWithNothingBehindThemCannotBePopulated() throws IOException {
		Path file = Files.write(this.root.resolve("file"), new byte[100]);
		assertThat(remedy("madvise", Errno.EFAULT, context(file, false, false, true))).isEqualTo(
				"Pages have nothing behind them: the file may have become shorter (it has 100 bytes now, and 4096"
						+ " are mapped).");
		assertThat(remedy("madvise", Errno.EFAULT, context(file, true, false, true))).isEqualTo(
				"Pages have nothing behind them: the file may have become shorter (it has 100 bytes now, and 4096"
						+ " are mapped), or the disk is full (see 'df " + file + "').");
		assertThat(remedy("madvise", Errno.EFAULT, READ))
			.isEqualTo("Pages have nothing behind them: the file may have become shorter.");
	}

	@Test
	void aMappingOfUnequalParts() {
		assertThat(remedy("mremap", Errno.EFAULT, READ)).isEqualTo(
				"Parts of the mapping have different properties, such as advice, a lock or a protection on a part"
						+ " of it: undo these, or set them for all of it, before it is resized.");
	}

	@Test
	void whatIsInUse() {
		assertThat(remedy("fcntl", Errno.EBUSY, PRIVATE))
			.isEqualTo("Something still maps the file writable, another mapping or another process: close that before"
					+ " the file is sealed.");
		assertThat(remedy("msync", Errno.EBUSY, WRITE))
			.isEqualTo("A part of the memory is locked or in use by the kernel: unlock it, or try again.");
		assertThat(remedy("open", Errno.EBUSY, WRITE)).isEqualTo("Something else uses it: try again later.");
		assertThat(remedy("open", Errno.ETXTBSY, WRITE))
			.isEqualTo("The file is being executed, or is a swap file: end what uses it (see 'fuser -v"
					+ " /nowhere/data/file'), or map another file.");
		assertThat(remedy("mmap", Errno.EEXIST, READ))
			.isEqualTo("Something else is mapped at that address: use another one.");
	}

	@Test
	void tooManyOpenFiles() {
		String descriptors = "Raise the limit of open files (ulimit -n, or LimitNOFILE= of systemd), or look for a"
				+ " descriptor leak.";
		assertThat(remedy("open", Errno.EMFILE, READ)).isEqualTo(descriptors);
		this.fake.limit("Max open files", 3L).file("proc/self/fd/0", "").file("proc/self/fd/1", "");
		assertThat(remedy("open", Errno.EMFILE, READ))
			.isEqualTo("The process has 1 descriptors open of at most 3. " + descriptors);
		this.fake.file("proc/sys/fs/file-nr", "1000\t0\t1024\n");
		assertThat(remedy("memfd_create", Errno.ENFILE, READ))
			.isEqualTo("The system has 1000 files open of at most 1024. Raise 'sysctl fs.file-max', or look for a"
					+ " process with a descriptor leak.");
	}

	@Test
	void noSpaceLeft() {
		assertThat(remedy("posix_fallocate", Errno.ENOSPC, WRITE))
			.isEqualTo("Free disk space (see 'df /nowhere/data/file'), or use a smaller length.");
		assertThat(remedy("fallocate", Errno.ENOSPC, PRIVATE))
			.isEqualTo("Free memory or swap space, or use a smaller length.");
		this.fake.mounts("1 0 0:1 / /nowhere rw - tmpfs shm rw", "2 1 0:1 / /dev/shm rw - tmpfs shm rw");
		assertThat(remedy("fallocate", Errno.ENOSPC, WRITE))
			.isEqualTo("The file system at '/nowhere' is in memory (tmpfs): raise its size ('mount -o remount,size=..."
					+ " /nowhere'), remove other files, or use a smaller length.");
		assertThat(remedy("fallocate", Errno.ENOSPC, context(Path.of("/dev/shm/no-such-file"), true, false, true)))
			.contains("'mount -o remount,size=... /dev/shm', '--shm-size' of a container)");
	}

	@Test
	void whatTheFileSystemRefuses() {
		assertThat(remedy("fallocate", Errno.EDQUOT, WRITE))
			.isEqualTo("Raise the disk quota of " + USER + ", remove other files, or use a smaller length.");
		assertThat(remedy("msync", Errno.EIO, WRITE))
			.isEqualTo("The device, or the server behind a network file system, failed: look into the kernel's log"
					+ " (dmesg), and check the file system of '/nowhere/data/file'.");
		assertThat(remedy("open", Errno.ELOOP, WRITE))
			.isEqualTo("Symbolic links lead in a circle, or one appeared while the file was being opened (see 'namei -l"
					+ " /nowhere/data/file').");
		this.fake.mounts("2 1 0:2 / /nowhere/data ro - xfs /dev/vdb rw");
		assertThat(remedy("open", Errno.EROFS, WRITE))
			.isEqualTo("Mount '/nowhere/data' so that it can be written, or map the file with access read-only, or"
					+ " copy-on-write for changes that stay in memory.");
	}

	@Test
	void numbersThatAreTooLarge() {
		assertThat(remedy("mmap", Errno.EOVERFLOW, READ))
			.isEqualTo("Use a smaller offset or length: their sum is beyond what the kernel can address.");
		assertThat(remedy("fallocate", Errno.EFBIG, WRITE))
			.isEqualTo("Use a smaller length, or a file system that has larger files.");
		this.fake.limit("Max file size", 1024L);
		assertThat(remedy("ftruncate", Errno.EFBIG, WRITE))
			.isEqualTo("The process may make files of 1024 bytes. Raise the limit (ulimit -f, or LimitFSIZE= of"
					+ " systemd), or use a smaller length.");
	}

	@Test
	void memoryThatIsBroken() {
		assertThat(remedy("madvise", Errno.EHWPOISON, READ))
			.isEqualTo("The memory has a hardware error: look into the kernel's log (dmesg), and map the file anew.");
	}

	@ParameterizedTest
	@CsvSource({ "mmap, 4095", "open, " + Errno.ENOENT, "mmap, 0", "pread64, " + Errno.EFAULT, "fstat, " + Errno.ENOMEM,
			"open, " + Errno.EEXIST })
	void nothingIsSaidOfWhatIsUnknown(String call, int errno) {
		assertThat(remedy(call, errno, READ)).isEmpty();
	}

	@Test
	void everyRemedyIsMadeOfWholeSentences() {
		for (String call : CALLS) {
			for (int errno = 1; errno <= 133; errno++) {
				for (Context context : List.of(READ, WRITE, EXECUTE, PRIVATE, LOCKED, HUGE, SEALED)) {
					assertThat(Remedies.of(call, errno, context)).matches("|['A-Z0-9a-z][^%]+\\.")
						.doesNotContain("null", "  ", "..,");
				}
			}
		}
	}

	private String remedy(String call, int errno, Context context) {
		return Remedies.of(call, errno, context, this.fake.limits());
	}

	private static Context context(Path file, boolean write, boolean execute, boolean shared) {
		return new Context(file, write, execute, shared, false, false, 0, 4096, false);
	}

	private static Context sealed(boolean write, boolean shared) {
		return new Context(null, write, false, shared, false, false, 0, 4096, true);
	}

}
