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

import java.util.Set;
import java.util.StringJoiner;

/**
 * Constants of the Linux system call interface and, per platform, the numbers and layouts
 * that differ. Constants are the same on x86-64 and aarch64 unless said otherwise. A
 * system call that is added needs its numbers in {@link Call}, and a method in
 * {@link SystemCalls}.
 */
public final class Linux {

	/** Pages may not be accessed. */
	public static final int PROT_NONE = 0x0;

	/** Pages may be read. */
	public static final int PROT_READ = 0x1;

	/** Pages may be written. */
	public static final int PROT_WRITE = 0x2;

	/** Pages may be executed. */
	public static final int PROT_EXEC = 0x4;

	/** Changes are private. */
	public static final int MAP_PRIVATE = 0x02;

	/** Changes are shared, and unknown flags are refused instead of ignored. */
	public static final int MAP_SHARED_VALIDATE = 0x03;

	/** Changes are shared: what anonymous memory takes instead. */
	public static final int MAP_SHARED = 0x01;

	/** The bits that say whether changes are shared. */
	public static final int MAP_TYPE = 0x0f;

	/** At this address, whatever is there. */
	public static final int MAP_FIXED = 0x10;

	/** No file is behind it. */
	public static final int MAP_ANONYMOUS = 0x20;

	/** In the first two gibibytes; x86-64 only. */
	public static final int MAP_32BIT = 0x40;

	/** Grows when the page below it is touched. */
	public static final int MAP_GROWSDOWN = 0x0100;

	/** Kept in memory. */
	public static final int MAP_LOCKED = 0x2000;

	/** No swap space is set aside. */
	public static final int MAP_NORESERVE = 0x4000;

	/** Brought into memory at once, as far as that goes. */
	public static final int MAP_POPULATE = 0x8000;

	/** Of huge pages. */
	public static final int MAP_HUGETLB = 0x40000;

	/** A store that reached the processor's cache is durable. */
	public static final int MAP_SYNC = 0x80000;

	/** At this address, unless something is there. */
	public static final int MAP_FIXED_NOREPLACE = 0x100000;

	/** Where the logarithm of the huge page size stands among the flags. */
	public static final int MAP_HUGE_SHIFT = 26;

	/** The pages may move. */
	public static final int MREMAP_MAYMOVE = 1;

	/** A lease on a file that lasts until somebody wants to write it. */
	public static final int F_RDLCK = 0;

	/** A lease on a file that lasts until somebody wants to open it. */
	public static final int F_WRLCK = 1;

	/** No lease on a file. */
	public static final int F_UNLCK = 2;

	/** A signal that is ignored unless somebody waits for it. */
	public static final int SIGURG = 23;

	/** Lock pages when they are touched. */
	public static final int MLOCK_ONFAULT = 1;

	/** Wait until the pages are written. */
	public static final int MS_SYNC = 4;

	/** Throw pages away. */
	public static final int MADV_DONTNEED = 4;

	/** Throw pages away when memory is short. */
	public static final int MADV_FREE = 8;

	/** Throw pages and their place in the file away. */
	public static final int MADV_REMOVE = 9;

	/** Kept from processes that are forked. */
	public static final int MADV_DONTFORK = 10;

	/** Prefer huge pages. */
	public static final int MADV_HUGEPAGE = 14;

	/** Avoid huge pages. */
	public static final int MADV_NOHUGEPAGE = 15;

	/** Left out of core dumps. */
	public static final int MADV_DONTDUMP = 16;

	/** Use the pages least. */
	public static final int MADV_COLD = 20;

	/** Evict the pages. */
	public static final int MADV_PAGEOUT = 21;

	/** Bring pages into memory, for reading. */
	public static final int MADV_POPULATE_READ = 22;

	/** Bring pages into memory, for writing. */
	public static final int MADV_POPULATE_WRITE = 23;

	/** Make huge pages of what is there. */
	public static final int MADV_COLLAPSE = 25;

	/** Open for reading. */
	public static final int O_RDONLY = 0;

	/** Open for reading and writing. */
	public static final int O_RDWR = 2;

	/** Create the file. */
	public static final int O_CREAT = 0100;

	/** Fail if the file exists. */
	public static final int O_EXCL = 0200;

	/** Do not wait. */
	public static final int O_NONBLOCK = 04000;

	/** Not inherited by programs that this process starts. */
	public static final int O_CLOEXEC = 02000000;

	/** Lead to the file only: nothing can be read, and no lock or lease is concerned. */
	public static final int O_PATH = 010000000;

	/** A file was written or truncated. */
	public static final int IN_MODIFY = 0x2;

	/** The times, the owner, the permissions or the number of links have changed. */
	public static final int IN_ATTRIB = 0x4;

	/** Somebody who could write a file has closed it, and unmapped it. */
	public static final int IN_CLOSE_WRITE = 0x8;

	/** A file was renamed. */
	public static final int IN_MOVE_SELF = 0x800;

	/** There was more to be told than the system keeps. */
	public static final int IN_Q_OVERFLOW = 0x4000;

	/** There is no such watch any more. */
	public static final int IN_IGNORED = 0x8000;

	/** Not inherited by programs that this process starts. */
	public static final int MFD_CLOEXEC = 1;

	/** The file can be sealed. */
	public static final int MFD_ALLOW_SEALING = 2;

	/** The file consists of huge pages. */
	public static final int MFD_HUGETLB = 4;

	/** No more seals. */
	public static final int F_SEAL_SEAL = 0x01;

	/** The file keeps its length or grows. */
	public static final int F_SEAL_SHRINK = 0x02;

	/** The file keeps its length or shrinks. */
	public static final int F_SEAL_GROW = 0x04;

	/** Nobody writes the file. */
	public static final int F_SEAL_WRITE = 0x08;

	/** Nobody but those who map it already writes the file. */
	public static final int F_SEAL_FUTURE_WRITE = 0x10;

	/** A page was written since it was protected. */
	public static final long PAGE_IS_WRITTEN = 1 << 1;

	/** A page is in the page tables. */
	public static final long PAGE_IS_PRESENT = 1 << 3;

	/** A page is the one of zeros that all share. */
	public static final long PAGE_IS_PFNZERO = 1 << 5;

	/** Protect the pages that are found. */
	public static final long PM_SCAN_WP_MATCHING = 1;

	/** Fail if the pages are not tracked. */
	public static final long PM_SCAN_CHECK_WPASYNC = 1 << 1;

	static final int SC_PAGESIZE = 30;

	static final int MREMAP_FIXED = 2;

	static final int SIG_BLOCK = 0;

	static final int F_SETSIG = 10;

	static final int F_SETOWN_EX = 15;

	static final int F_OWNER_TID = 0;

	static final int F_OFD_SETLK = 37;

	static final int F_SETLEASE = 1024;

	static final int F_GETLEASE = 1025;

	static final int F_DUPFD_CLOEXEC = 1030;

	static final int F_ADD_SEALS = 1033;

	static final int F_GET_SEALS = 1034;

	static final int AT_FDCWD = -100;

	static final long RESOLVE_NO_SYMLINKS = 0x04;

	static final int SYNC_FILE_RANGE_WRITE = 2;

	static final int PR_SET_VMA = 0x53564d41;

	static final int PR_SET_VMA_ANON_NAME = 0;

	static final int UFFD_USER_MODE_ONLY = 1;

	static final long UFFD_API = 0xAA;

	/** Written pages are noted without a stop, in all kinds of memory. */
	static final long UFFD_FEATURES = (1 << 15) | (1 << 13) | (1 << 12);

	static final long UFFDIO_API = 0xc018aa3fL;

	static final long UFFDIO_REGISTER = 0xc020aa00L;

	static final long UFFDIO_WRITEPROTECT = 0xc018aa06L;

	static final long UFFDIO_MODE_WP = 2;

	static final long UFFDIO_WRITEPROTECT_MODE_WP = 1;

	static final long PAGEMAP_SCAN = 0xc0606610L;

	static final long HUGETLBFS_MAGIC = 0x958458f6L;

	private static final long OVERLAYFS_MAGIC = 0x794c7630L;

	/**
	 * All changes of a file are made through the kernel that is asked, which tells of
	 * them: ext2 to ext4, XFS, Btrfs, F2FS, bcachefs, ZFS, tmpfs, ramfs, hugetlbfs,
	 * overlayfs, EROFS, SquashFS.
	 */
	private static final Set<Long> LOCAL_FILE_SYSTEMS = Set.of(0xef53L, 0x58465342L, 0x9123683eL, 0xf2f52010L,
			0xca451a4eL, 0x2fc12fc1L, 0x01021994L, 0x858458f6L, HUGETLBFS_MAGIC, OVERLAYFS_MAGIC, 0xe0f5e1e2L,
			0x73717368L);

	/**
	 * Of the kernel: proc, sysfs, cgroup, cgroup2, debugfs, tracefs, securityfs,
	 * configfs, pstore, efivarfs, selinuxfs, bpf, fusectl, binfmt_misc, nsfs, resctrl,
	 * mqueue, rpc_pipefs.
	 */
	private static final Set<Long> KERNEL_FILE_SYSTEMS = Set.of(0x9fa0L, 0x62656572L, 0x27e0ebL, 0x63677270L,
			0x64626720L, 0x74726163L, 0x73636673L, 0x62656570L, 0x6165676cL, 0xde5e81e4L, 0xf97cff8cL, 0xcafe4a11L,
			0x65735543L, 0x42494e4dL, 0x6e736673L, 0x7655821L, 0x19800202L, 0x67596969L);

	private Linux() {
	}

	/**
	 * Return whether {@link #MAP_32BIT} exists on this platform.
	 * @return {@code true} on x86-64
	 */
	public static boolean hasMap32Bit() {
		return Platform.CURRENT == Platform.X86_64;
	}

	/**
	 * Return whether the system is known to tell of each change of a file. It does not of
	 * those that are made elsewhere (network file systems, what is shared with a host) or
	 * by another program (FUSE).
	 * @param fileSystemType the type of the file system
	 * @return whether inotify is enough to know that nothing has changed
	 */
	public static boolean isToldOfChanges(long fileSystemType) {
		return LOCAL_FILE_SYSTEMS.contains(fileSystemType);
	}

	/**
	 * Return whether the pages of files are those of files in another file system, which
	 * the system does not find by a descriptor of this one.
	 * @param fileSystemType the type of the file system
	 * @return whether {@code cachestat} finds nothing of what is in memory
	 */
	public static boolean hasPagesElsewhere(long fileSystemType) {
		return fileSystemType == OVERLAYFS_MAGIC;
	}

	/**
	 * Return whether the content of files is made when they are read.
	 * @param fileSystemType the type of the file system
	 * @return whether that is one of the kernel, such as that of processes
	 */
	public static boolean isMadeWhenRead(long fileSystemType) {
		return KERNEL_FILE_SYSTEMS.contains(fileSystemType);
	}

	/**
	 * Return the flag not to follow a symbolic link.
	 */
	static int noFollow() {
		return Platform.CURRENT.noFollow;
	}

	/**
	 * Return protection bits as they are written in C.
	 * @param protection {@code PROT_*}
	 * @return such as {@code PROT_READ|PROT_WRITE}
	 */
	public static String protection(int protection) {
		if (protection == PROT_NONE) {
			return "PROT_NONE";
		}
		return names(protection, new int[] { PROT_READ, PROT_WRITE, PROT_EXEC }, "PROT_READ", "PROT_WRITE",
				"PROT_EXEC");
	}

	/**
	 * Return mapping flags as they are written in C.
	 * @param flags {@code MAP_*}
	 * @return such as {@code MAP_PRIVATE|MAP_ANONYMOUS}
	 */
	public static String mapFlags(int flags) {
		String type = switch (flags & MAP_TYPE) {
			case MAP_SHARED -> "MAP_SHARED";
			case MAP_PRIVATE -> "MAP_PRIVATE";
			case MAP_SHARED_VALIDATE -> "MAP_SHARED_VALIDATE";
			default -> "0x" + Integer.toHexString(flags & MAP_TYPE);
		};
		int rest = flags & ~MAP_TYPE;
		return (rest == 0) ? type
				: type + "|"
						+ names(rest,
								new int[] { MAP_FIXED, MAP_ANONYMOUS, MAP_32BIT, MAP_LOCKED, MAP_NORESERVE,
										MAP_POPULATE, MAP_HUGETLB, MAP_SYNC },
								"MAP_FIXED", "MAP_ANONYMOUS", "MAP_32BIT", "MAP_LOCKED", "MAP_NORESERVE",
								"MAP_POPULATE", "MAP_HUGETLB", "MAP_SYNC");
	}

	/**
	 * Return advice as it is written in C.
	 */
	static String advice(int advice) {
		return switch (advice) {
			case 0 -> "MADV_NORMAL";
			case 1 -> "MADV_RANDOM";
			case 2 -> "MADV_SEQUENTIAL";
			case 3 -> "MADV_WILLNEED";
			case MADV_DONTNEED -> "MADV_DONTNEED";
			case MADV_FREE -> "MADV_FREE";
			case MADV_REMOVE -> "MADV_REMOVE";
			case MADV_DONTFORK -> "MADV_DONTFORK";
			case 11 -> "MADV_DOFORK";
			case 12 -> "MADV_MERGEABLE";
			case 13 -> "MADV_UNMERGEABLE";
			case MADV_HUGEPAGE -> "MADV_HUGEPAGE";
			case MADV_NOHUGEPAGE -> "MADV_NOHUGEPAGE";
			case MADV_DONTDUMP -> "MADV_DONTDUMP";
			case 17 -> "MADV_DODUMP";
			case 18 -> "MADV_WIPEONFORK";
			case 19 -> "MADV_KEEPONFORK";
			case MADV_COLD -> "MADV_COLD";
			case MADV_PAGEOUT -> "MADV_PAGEOUT";
			case MADV_POPULATE_READ -> "MADV_POPULATE_READ";
			case MADV_POPULATE_WRITE -> "MADV_POPULATE_WRITE";
			case MADV_COLLAPSE -> "MADV_COLLAPSE";
			default -> "advice " + advice;
		};
	}

	/**
	 * Return flags of an in-memory file as they are written in C.
	 */
	static String memfdFlags(int flags) {
		return names(flags, new int[] { MFD_CLOEXEC, MFD_ALLOW_SEALING, MFD_HUGETLB }, "MFD_CLOEXEC",
				"MFD_ALLOW_SEALING", "MFD_HUGETLB");
	}

	/**
	 * Return seals as they are written in C.
	 */
	static String seals(int seals) {
		return names(seals, new int[] { F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE, F_SEAL_FUTURE_WRITE },
				"F_SEAL_SEAL", "F_SEAL_SHRINK", "F_SEAL_GROW", "F_SEAL_WRITE", "F_SEAL_FUTURE_WRITE");
	}

	/**
	 * Return the type of a lease as it is written in C.
	 */
	static String lease(int type) {
		return switch (type) {
			case F_RDLCK -> "F_RDLCK";
			case F_WRLCK -> "F_WRLCK";
			case F_UNLCK -> "F_UNLCK";
			default -> "type " + type;
		};
	}

	/**
	 * Return what can be told of a file as it is written in C.
	 */
	static String events(int events) {
		return names(events, new int[] { IN_MODIFY, IN_ATTRIB, IN_CLOSE_WRITE, IN_MOVE_SELF }, "IN_MODIFY", "IN_ATTRIB",
				"IN_CLOSE_WRITE", "IN_MOVE_SELF");
	}

	/**
	 * Return flags of an opened file as they are written in C.
	 */
	static String openFlags(int flags) {
		String access = ((flags & O_RDWR) != 0) ? "O_RDWR" : "O_RDONLY";
		int rest = flags & ~O_RDWR;
		return (rest == 0) ? access
				: access + "|" + names(rest, new int[] { O_CREAT, O_EXCL, O_NONBLOCK, O_CLOEXEC, O_PATH, noFollow() },
						"O_CREAT", "O_EXCL", "O_NONBLOCK", "O_CLOEXEC", "O_PATH", "O_NOFOLLOW");
	}

	private static String names(int bits, int[] values, String... names) {
		StringJoiner text = new StringJoiner("|");
		int rest = bits;
		for (int i = 0; i < values.length; i++) {
			if ((rest & values[i]) != 0) {
				text.add(names[i]);
				rest &= ~values[i];
			}
		}
		if (rest != 0) {
			text.add("0x" + Integer.toHexString(rest));
		}
		return text.toString();
	}

	/**
	 * A platform, with what differs between them. Aarch64 was not run.
	 */
	enum Platform {

		X86_64(0400000, 144, 24, 16, 8, 28), AARCH64(0100000, 128, 16, 20, 4, 24);

		static final Platform CURRENT = switch (System.getProperty("os.arch")) {
			case "amd64", "x86_64" -> X86_64;
			case "aarch64" -> AARCH64;
			default -> throw new IllegalStateException("No layout for " + System.getProperty("os.arch"));
		};

		final int noFollow;

		/** The fields of {@code struct stat}. */
		final long statSize;

		final long statMode;

		final long statLinks;

		final long statLinksSize;

		final long statUser;

		/** Those that stand at the same place everywhere. */
		final long statDevice = 0;

		final long statInode = 8;

		final long statLength = 48;

		final long statBlockSize = 56;

		final long statModifiedSeconds = 88;

		final long statModifiedNanos = 96;

		Platform(int noFollow, long statSize, long statMode, long statLinks, long statLinksSize, long statUser) {
			this.noFollow = noFollow;
			this.statSize = statSize;
			this.statMode = statMode;
			this.statLinks = statLinks;
			this.statLinksSize = statLinksSize;
			this.statUser = statUser;
		}

	}

	/**
	 * The system calls that are used, with their numbers.
	 *
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/syscalls.2.html">syscalls(2)</a>
	 */
	enum Call {

		CACHESTAT(451, 451), CLOSE(3, 57), FCNTL(72, 25), FSTAT(5, 80), FSTATFS(138, 44), FTRUNCATE(77, 46),
		GETEUID(107, 175), GETTID(186, 178), INOTIFY_ADD_WATCH(254, 27), INOTIFY_INIT1(294, 26),
		INOTIFY_RM_WATCH(255, 28), IOCTL(16, 29), MADVISE(28, 233), MEMFD_CREATE(319, 279), MINCORE(27, 232),
		MLOCK(149, 228), MLOCK2(325, 284), MMAP(9, 222), MPROTECT(10, 226), MREMAP(25, 216), MSYNC(26, 227),
		MUNLOCK(150, 229), MUNMAP(11, 215), OPENAT(257, 56), OPENAT2(437, 437), PRCTL(157, 167), PREAD64(17, 67),
		READ(0, 63), RT_SIGPROCMASK(14, 135), RT_SIGTIMEDWAIT(128, 137), SYNC_FILE_RANGE(277, 84), TGKILL(234, 131),
		USERFAULTFD(323, 282);

		final long number;

		Call(int x86, int aarch64) {
			this.number = (Platform.CURRENT == Platform.X86_64) ? x86 : aarch64;
		}

	}

}
