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

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.mmap.internal.ffi.Linux.Call;
import io.mmap.internal.ffi.Linux.Platform;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/**
 * The system calls of Linux, by their numbers through the {@code syscall} function of the
 * C library: one method handle serves them all.
 * <p>
 * No call is {@linkplain Linker.Option#critical critical}: each may block, and would hold
 * up every garbage collection meanwhile. Initializing this class needs native access: ask
 * {@link NativeAccess} first.
 */
@SuppressWarnings("restricted")
public final class LinuxSystemCalls implements SystemCalls {

	private static final int MAX_ERRNO = 4095;

	private static final int MINCORE_PAGES = 1 << 16;

	private static final int SCAN_REGIONS = 1024;

	private static final long EVENT_SIZE = 16;

	private static final long NANOS_PER_SECOND = 1_000_000_000;

	private static final MemoryLayout CAPTURE_LAYOUT = Linker.Option.captureStateLayout();

	private static final VarHandle ERRNO = CAPTURE_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

	/**
	 * Where a thread's calls leave the errno, so that no call allocates for it.
	 */
	private static final ThreadLocal<MemorySegment> CAPTURE = ThreadLocal
		.withInitial(() -> Arena.ofAuto().allocate(CAPTURE_LAYOUT));

	// The encoding that the JDK uses for file names
	private static final Charset PATH_CHARSET = Charset
		.forName(System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name()));

	private static final MethodHandle SYSCALL = NativeFunction.SYSCALL.link();

	private static final MethodHandle POSIX_FALLOCATE = NativeFunction.POSIX_FALLOCATE.link();

	private static final MethodHandle SYSCONF = NativeFunction.SYSCONF.link();

	/** Its start and length of 0 stand for the whole file. */
	private static final MemoryLayout FLOCK = MemoryLayout.structLayout(JAVA_SHORT.withName("type"),
			JAVA_SHORT.withName("whence"), MemoryLayout.paddingLayout(4), JAVA_LONG.withName("start"),
			JAVA_LONG.withName("length"), JAVA_INT.withName("pid"), MemoryLayout.paddingLayout(4));

	private final long pageSize;

	/**
	 * Create the calls.
	 * @throws IllegalStateException if the C library lacks one of the functions
	 */
	public LinuxSystemCalls() {
		this.pageSize = sysconfPageSize();
	}

	@Override
	public long mmap(long address, long length, int protection, int flags, int descriptor, long offset)
			throws SystemCallException {
		long result = call(Call.MMAP, address, length, protection, flags, descriptor, offset);
		if (isError(result)) {
			throw new SystemCallException("mmap(%d bytes, %s, %s%s)".formatted(length, Linux.protection(protection),
					Linux.mapFlags(flags), (descriptor >= 0) ? ", offset " + offset : ""), errno(result));
		}
		return result;
	}

	@Override
	public void munmap(long address, long length) throws SystemCallException {
		long result = call(Call.MUNMAP, address, length);
		if (isError(result)) {
			throw new SystemCallException("munmap(%d bytes)".formatted(length), errno(result));
		}
	}

	@Override
	public void msync(long address, long length, int flags) throws SystemCallException {
		long result = call(Call.MSYNC, address, length, flags);
		if (isError(result)) {
			throw new SystemCallException(
					"msync(%d bytes, %s)".formatted(length,
							(flags == Linux.MS_SYNC) ? "MS_SYNC" : "flags 0x" + Integer.toHexString(flags)),
					errno(result));
		}
	}

	@Override
	public void mprotect(long address, long length, int protection) throws SystemCallException {
		long result = call(Call.MPROTECT, address, length, protection);
		if (isError(result)) {
			throw new SystemCallException("mprotect(%d bytes, %s)".formatted(length, Linux.protection(protection)),
					errno(result));
		}
	}

	@Override
	public long mremap(long address, long oldLength, long newLength, int flags) throws SystemCallException {
		long result = call(Call.MREMAP, address, oldLength, newLength, flags, 0, 0);
		if (isError(result)) {
			throw new SystemCallException("mremap(%d bytes to %d%s)".formatted(oldLength, newLength,
					((flags & Linux.MREMAP_MAYMOVE) != 0) ? ", MREMAP_MAYMOVE" : ""), errno(result));
		}
		return result;
	}

	@Override
	public void moveOver(long address, long length, long target) throws SystemCallException {
		long result = call(Call.MREMAP, address, length, length, Linux.MREMAP_MAYMOVE | Linux.MREMAP_FIXED, target, 0);
		if (isError(result)) {
			throw new SystemCallException("mremap(%d bytes, MREMAP_MAYMOVE|MREMAP_FIXED)".formatted(length),
					errno(result));
		}
	}

	@Override
	public void madvise(long address, long length, int advice) throws SystemCallException {
		long result = call(Call.MADVISE, address, length, advice);
		if (isError(result)) {
			throw new SystemCallException("madvise(%d bytes, %s)".formatted(length, Linux.advice(advice)),
					errno(result));
		}
	}

	@Override
	public void mlock(long address, long length) throws SystemCallException {
		long result = call(Call.MLOCK, address, length);
		if (isError(result)) {
			throw new SystemCallException("mlock(%d bytes)".formatted(length), errno(result));
		}
	}

	@Override
	public void mlock2(long address, long length, int flags) throws SystemCallException {
		long result = call(Call.MLOCK2, address, length, flags);
		if (isError(result)) {
			throw new SystemCallException(
					"mlock2(%d bytes, %s)".formatted(length,
							(flags == Linux.MLOCK_ONFAULT) ? "MLOCK_ONFAULT" : "flags 0x" + Integer.toHexString(flags)),
					errno(result));
		}
	}

	@Override
	public void munlock(long address, long length) throws SystemCallException {
		long result = call(Call.MUNLOCK, address, length);
		if (isError(result)) {
			throw new SystemCallException("munlock(%d bytes)".formatted(length), errno(result));
		}
	}

	@Override
	public long mincore(long address, long length) throws SystemCallException {
		long pages = (length + this.pageSize - 1) / this.pageSize;
		long resident = 0;
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment states = arena.allocate(Math.min(pages, MINCORE_PAGES));
			for (long first = 0; first < pages; first += MINCORE_PAGES) {
				long count = Math.min(pages - first, MINCORE_PAGES);
				long result = call(Call.MINCORE, address + first * this.pageSize, count * this.pageSize,
						states.address());
				if (isError(result)) {
					throw new SystemCallException("mincore(%d bytes)".formatted(length), errno(result));
				}
				for (long i = 0; i < count; i++) {
					resident += states.get(JAVA_BYTE, i) & 1;
				}
			}
		}
		return resident;
	}

	@Override
	public void nameMemory(long address, long length, String name) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment text = arena.allocateFrom(name, StandardCharsets.US_ASCII);
			long result = call(Call.PRCTL, Linux.PR_SET_VMA, Linux.PR_SET_VMA_ANON_NAME, address, length,
					text.address(), 0);
			if (isError(result)) {
				throw new SystemCallException("prctl(PR_SET_VMA_ANON_NAME, %d bytes, '%s')".formatted(length, name),
						errno(result));
			}
		}
	}

	@Override
	public int memfdCreate(String name, int flags) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment text = arena.allocateFrom(name, StandardCharsets.UTF_8);
			long result = call(Call.MEMFD_CREATE, text.address(), flags);
			if (isError(result)) {
				throw new SystemCallException("memfd_create('%s', %s)".formatted(name, Linux.memfdFlags(flags)),
						errno(result));
			}
			return (int) result;
		}
	}

	@Override
	public void ftruncate(int descriptor, long length) throws SystemCallException {
		long result = uninterrupted(Call.FTRUNCATE, descriptor, length, 0, 0);
		if (isError(result)) {
			throw new SystemCallException("ftruncate(%d, %d bytes)".formatted(descriptor, length), errno(result));
		}
	}

	@Override
	public long pread(int descriptor, long address, long length, long offset) throws SystemCallException {
		long result = uninterrupted(Call.PREAD64, descriptor, address, length, offset);
		if (isError(result)) {
			throw new SystemCallException("pread(%d, %d bytes, offset %d)".formatted(descriptor, length, offset),
					errno(result));
		}
		return result;
	}

	@Override
	public int duplicate(int descriptor) throws SystemCallException {
		return (int) fcntl(descriptor, Linux.F_DUPFD_CLOEXEC, 0, "F_DUPFD_CLOEXEC");
	}

	@Override
	public void addSeals(int descriptor, int seals) throws SystemCallException {
		long result = call(Call.FCNTL, descriptor, Linux.F_ADD_SEALS, seals);
		if (isError(result)) {
			throw new SystemCallException("fcntl(%d, F_ADD_SEALS, %s)".formatted(descriptor, Linux.seals(seals)),
					errno(result));
		}
	}

	@Override
	public int seals(int descriptor) throws SystemCallException {
		return (int) fcntl(descriptor, Linux.F_GET_SEALS, 0, "F_GET_SEALS");
	}

	@Override
	public void lock(int descriptor) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment lock = arena.allocate(FLOCK);
			lock.set(JAVA_SHORT, 0, (short) Linux.F_WRLCK);
			fcntl(descriptor, Linux.F_OFD_SETLK, lock.address(), "F_OFD_SETLK");
		}
	}

	@Override
	public void setLease(int descriptor, int type) throws SystemCallException {
		long result = call(Call.FCNTL, descriptor, Linux.F_SETLEASE, type);
		if (isError(result)) {
			throw new SystemCallException("fcntl(%d, F_SETLEASE, %s)".formatted(descriptor, Linux.lease(type)),
					errno(result));
		}
	}

	@Override
	public int lease(int descriptor) throws SystemCallException {
		return (int) fcntl(descriptor, Linux.F_GETLEASE, 0, "F_GETLEASE");
	}

	@Override
	public void signalThreadOn(int descriptor, int thread, int signal) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			// struct f_owner_ex: what kind of owner, and its number, an int each
			MemorySegment owner = arena.allocate(JAVA_INT, 2);
			owner.setAtIndex(JAVA_INT, 0, Linux.F_OWNER_TID);
			owner.setAtIndex(JAVA_INT, 1, thread);
			fcntl(descriptor, Linux.F_SETOWN_EX, owner.address(), "F_SETOWN_EX");
			fcntl(descriptor, Linux.F_SETSIG, signal, "F_SETSIG");
		}
	}

	@Override
	public void blockSignal(int signal) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment set = signalSet(arena, signal);
			long result = call(Call.RT_SIGPROCMASK, Linux.SIG_BLOCK, set.address(), 0, set.byteSize(), 0, 0);
			if (isError(result)) {
				throw new SystemCallException("rt_sigprocmask(SIG_BLOCK, %d)".formatted(signal), errno(result));
			}
		}
	}

	@Override
	public boolean awaitSignal(int signal, long timeout) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment set = signalSet(arena, signal);
			// struct timespec: seconds and nanoseconds, a long each
			MemorySegment time = arena.allocate(JAVA_LONG, 2);
			time.setAtIndex(JAVA_LONG, 0, timeout / NANOS_PER_SECOND);
			time.setAtIndex(JAVA_LONG, 1, timeout % NANOS_PER_SECOND);
			// No siginfo_t: signals that come at once are one, so it tells too little
			long result = call(Call.RT_SIGTIMEDWAIT, set.address(), 0, time.address(), set.byteSize(), 0, 0);
			if (isError(result) && errno(result) != Errno.EAGAIN && errno(result) != Errno.EINTR) {
				throw new SystemCallException("rt_sigtimedwait(%d)".formatted(signal), errno(result));
			}
			return !isError(result);
		}
	}

	/**
	 * The kernel's {@code sigset_t}, not that of the C library: 64 bits, the lowest for
	 * signal 1.
	 */
	private static MemorySegment signalSet(Arena arena, int signal) {
		return arena.allocateFrom(JAVA_LONG, 1L << (signal - 1));
	}

	@Override
	public int threadId() {
		return (int) call(Call.GETTID, 0, 0);
	}

	@Override
	public void signal(int thread, int signal) throws SystemCallException {
		long result = call(Call.TGKILL, ProcessHandle.current().pid(), thread, signal);
		if (isError(result)) {
			throw new SystemCallException("tgkill(thread %d, signal %d)".formatted(thread, signal), errno(result));
		}
	}

	private static long fcntl(int descriptor, int command, long argument, String description)
			throws SystemCallException {
		long result = call(Call.FCNTL, descriptor, command, argument);
		if (isError(result)) {
			throw new SystemCallException("fcntl(%d, %s)".formatted(descriptor, description), errno(result));
		}
		return result;
	}

	@Override
	public CacheStatus cachestat(int descriptor, long offset, long length) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment range = arena.allocate(JAVA_LONG, 2);
			range.setAtIndex(JAVA_LONG, 0, offset);
			range.setAtIndex(JAVA_LONG, 1, length);
			MemorySegment status = arena.allocate(JAVA_LONG, 5);
			long result = call(Call.CACHESTAT, descriptor, range.address(), status.address(), 0, 0, 0);
			if (isError(result)) {
				throw new SystemCallException(
						"cachestat(%d, offset %d, %d bytes)".formatted(descriptor, offset, length), errno(result));
			}
			return new CacheStatus(status.getAtIndex(JAVA_LONG, 0), status.getAtIndex(JAVA_LONG, 1),
					status.getAtIndex(JAVA_LONG, 2));
		}
	}

	@Override
	public void startWriting(int descriptor, long offset, long length) throws SystemCallException {
		long result = call(Call.SYNC_FILE_RANGE, descriptor, offset, length, Linux.SYNC_FILE_RANGE_WRITE, 0, 0);
		if (isError(result)) {
			throw new SystemCallException("sync_file_range(%d, offset %d, %d bytes, SYNC_FILE_RANGE_WRITE)"
				.formatted(descriptor, offset, length), errno(result));
		}
	}

	@Override
	public int userfaultfd() throws SystemCallException {
		long descriptor = call(Call.USERFAULTFD, Linux.UFFD_USER_MODE_ONLY | Linux.O_CLOEXEC | Linux.O_NONBLOCK, 0);
		if (isError(descriptor)) {
			throw new SystemCallException("userfaultfd(UFFD_USER_MODE_ONLY)", errno(descriptor));
		}
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment api = arena.allocate(JAVA_LONG, 3);
			api.setAtIndex(JAVA_LONG, 0, Linux.UFFD_API);
			api.setAtIndex(JAVA_LONG, 1, Linux.UFFD_FEATURES);
			ioctl((int) descriptor, Linux.UFFDIO_API, api, "UFFDIO_API, UFFD_FEATURE_WP_ASYNC");
			return (int) descriptor;
		}
		catch (SystemCallException ex) {
			close((int) descriptor);
			throw ex;
		}
	}

	@Override
	public void trackWrites(int userfaultfd, long address, long length) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment register = arena.allocate(JAVA_LONG, 4);
			register.setAtIndex(JAVA_LONG, 0, address);
			register.setAtIndex(JAVA_LONG, 1, length);
			register.setAtIndex(JAVA_LONG, 2, Linux.UFFDIO_MODE_WP);
			ioctl(userfaultfd, Linux.UFFDIO_REGISTER, register, "UFFDIO_REGISTER, %d bytes".formatted(length));
			MemorySegment protect = arena.allocate(JAVA_LONG, 3);
			protect.setAtIndex(JAVA_LONG, 0, address);
			protect.setAtIndex(JAVA_LONG, 1, length);
			protect.setAtIndex(JAVA_LONG, 2, Linux.UFFDIO_WRITEPROTECT_MODE_WP);
			ioctl(userfaultfd, Linux.UFFDIO_WRITEPROTECT, protect, "UFFDIO_WRITEPROTECT, %d bytes".formatted(length));
		}
	}

	@Override
	public List<PageRegion> scanPages(int pagemap, long start, long end, long category, long without, long flags)
			throws SystemCallException {
		List<PageRegion> regions = new ArrayList<>();
		scan(pagemap, start, end, category, without, flags, (from, to) -> add(regions, new PageRegion(from, to)));
		return regions;
	}

	@Override
	public long countPages(int pagemap, long start, long end, long category, long without) throws SystemCallException {
		long[] bytes = { 0 };
		scan(pagemap, start, end, category, without, 0, (from, to) -> bytes[0] += to - from);
		return bytes[0] / this.pageSize;
	}

	private static void scan(int pagemap, long start, long end, long category, long without, long flags,
			RegionConsumer regions) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment found = arena.allocate(JAVA_LONG, 3L * SCAN_REGIONS);
			MemorySegment scan = arena.allocate(JAVA_LONG, 12);
			long[] arguments = { scan.byteSize(), flags, start, end, 0, found.address(), SCAN_REGIONS, 0, without,
					category | without, 0, category };
			MemorySegment.copy(arguments, 0, scan, JAVA_LONG, 0, arguments.length);
			long from = start;
			while (from < end) {
				scan.setAtIndex(JAVA_LONG, 2, from);
				long count = call(Call.IOCTL, pagemap, Linux.PAGEMAP_SCAN, scan.address());
				if (isError(count)) {
					throw new SystemCallException("ioctl(PAGEMAP_SCAN, %d bytes)".formatted(end - start), errno(count));
				}
				for (long i = 0; i < count; i++) {
					regions.accept(found.getAtIndex(JAVA_LONG, 3 * i), found.getAtIndex(JAVA_LONG, 3 * i + 1));
				}
				// Where the scan stopped, as there was no more room. When it has not, the
				// kernel may leave there where it stopped in between for its own sake
				from = scan.getAtIndex(JAVA_LONG, 4);
				if (count > 0) {
					from = Math.max(from, found.getAtIndex(JAVA_LONG, 3 * (count - 1) + 1));
				}
			}
		}
	}

	private static void add(List<PageRegion> regions, PageRegion region) {
		if (!regions.isEmpty() && regions.getLast().end() == region.start()) {
			regions.set(regions.size() - 1, new PageRegion(regions.getLast().start(), region.end()));
		}
		else {
			regions.add(region);
		}
	}

	private static long ioctl(int descriptor, long request, MemorySegment argument, String description)
			throws SystemCallException {
		long result = call(Call.IOCTL, descriptor, request, argument.address());
		if (isError(result)) {
			throw new SystemCallException("ioctl(%s)".formatted(description), errno(result));
		}
		return result;
	}

	@Override
	public int effectiveUser() {
		return (int) call(Call.GETEUID, 0, 0);
	}

	@Override
	public int open(Path path, int flags, int mode) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			long result = uninterrupted(Call.OPENAT, Linux.AT_FDCWD, name(path, arena).address(), flags, mode);
			if (isError(result)) {
				throw new SystemCallException("open(" + Linux.openFlags(flags) + ")", errno(result));
			}
			return (int) result;
		}
	}

	@Override
	public int openWithoutLinks(Path path, int flags, int mode) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment how = arena.allocate(JAVA_LONG, 3);
			how.setAtIndex(JAVA_LONG, 0, flags);
			how.setAtIndex(JAVA_LONG, 1, mode);
			how.setAtIndex(JAVA_LONG, 2, Linux.RESOLVE_NO_SYMLINKS);
			long result = uninterrupted(Call.OPENAT2, Linux.AT_FDCWD, name(path, arena).address(), how.address(),
					how.byteSize());
			if (!isError(result)) {
				return (int) result;
			}
			if (errno(result) != Errno.ENOSYS && errno(result) != Errno.EPERM) {
				throw new SystemCallException("openat2(" + Linux.openFlags(flags) + ", RESOLVE_NO_SYMLINKS)",
						errno(result));
			}
			return openWithoutLastLink(path, flags, mode);
		}
	}

	/**
	 * What is left where the kernel does not offer more.
	 */
	int openWithoutLastLink(Path path, int flags, int mode) throws SystemCallException {
		return open(path, flags | Linux.noFollow(), mode);
	}

	private static MemorySegment name(Path path, Arena arena) {
		// A path keeps its string. Another one of the same bytes, which is not kept, is
		// cheaper than a string in each path that a mapping keeps.
		byte[] bytes = path.resolve("").toString().getBytes(PATH_CHARSET);
		MemorySegment name = arena.allocate(bytes.length + 1L);
		MemorySegment.copy(bytes, 0, name, JAVA_BYTE, 0, bytes.length);
		return name;
	}

	@Override
	public void close(int descriptor) throws SystemCallException {
		long result = call(Call.CLOSE, descriptor, 0);
		if (isError(result)) {
			throw new SystemCallException("close(" + descriptor + ")", errno(result));
		}
	}

	@Override
	public FileStatus fstat(int descriptor) throws SystemCallException {
		Platform platform = Platform.CURRENT;
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment stat = arena.allocate(platform.statSize, Long.BYTES);
			long result = call(Call.FSTAT, descriptor, stat.address());
			if (isError(result)) {
				throw new SystemCallException("fstat(" + descriptor + ")", errno(result));
			}
			long links = (platform.statLinksSize == Long.BYTES) ? stat.get(JAVA_LONG, platform.statLinks)
					: Integer.toUnsignedLong(stat.get(JAVA_INT, platform.statLinks));
			Instant modified = Instant.ofEpochSecond(stat.get(JAVA_LONG, platform.statModifiedSeconds),
					stat.get(JAVA_LONG, platform.statModifiedNanos));
			return new FileStatus(stat.get(JAVA_LONG, platform.statDevice), stat.get(JAVA_LONG, platform.statInode),
					links, stat.get(JAVA_INT, platform.statMode), stat.get(JAVA_INT, platform.statUser),
					stat.get(JAVA_LONG, platform.statLength), stat.get(JAVA_INT, platform.statBlockSize), modified);
		}
	}

	@Override
	public long hugePageSize(int descriptor) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment status = fstatfs(descriptor, arena);
			return (fileSystemType(status) == Linux.HUGETLBFS_MAGIC) ? status.getAtIndex(JAVA_LONG, 1) : 0;
		}
	}

	@Override
	public long fileSystemType(int descriptor) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			return fileSystemType(fstatfs(descriptor, arena));
		}
	}

	private static MemorySegment fstatfs(int descriptor, Arena arena) throws SystemCallException {
		// Type and block size come first in struct statfs, whose 120 bytes are the
		// same
		MemorySegment status = arena.allocate(JAVA_LONG, 16);
		long result = call(Call.FSTATFS, descriptor, status.address());
		if (isError(result)) {
			throw new SystemCallException("fstatfs(" + descriptor + ")", errno(result));
		}
		return status;
	}

	private static long fileSystemType(MemorySegment status) {
		return status.getAtIndex(JAVA_LONG, 0) & 0xffffffffL;
	}

	@Override
	public int inotify() throws SystemCallException {
		long result = call(Call.INOTIFY_INIT1, Linux.O_CLOEXEC, 0);
		if (isError(result)) {
			throw new SystemCallException("inotify_init1(IN_CLOEXEC)", errno(result));
		}
		return (int) result;
	}

	@Override
	public int addWatch(int inotify, Path path, int events) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			long result = call(Call.INOTIFY_ADD_WATCH, inotify, name(path, arena).address(), events);
			if (isError(result)) {
				throw new SystemCallException("inotify_add_watch(%d, %s)".formatted(inotify, Linux.events(events)),
						errno(result));
			}
			return (int) result;
		}
	}

	@Override
	public void removeWatch(int inotify, int watch) throws SystemCallException {
		long result = call(Call.INOTIFY_RM_WATCH, inotify, watch);
		if (isError(result)) {
			throw new SystemCallException("inotify_rm_watch(%d, %d)".formatted(inotify, watch), errno(result));
		}
	}

	@Override
	public List<FileEvent> awaitEvents(int inotify) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment told = arena.allocate(FileEvent.MAX * EVENT_SIZE, Integer.BYTES);
			long length = uninterrupted(Call.READ, inotify, told.address(), told.byteSize(), 0);
			if (isError(length)) {
				throw new SystemCallException("read(%d, of inotify)".formatted(inotify), errno(length));
			}
			List<FileEvent> events = new ArrayList<>();
			for (long at = 0; at < length; at += EVENT_SIZE) {
				// struct inotify_event, without the name that only directories have
				events.add(new FileEvent(told.get(JAVA_INT, at), told.get(JAVA_INT, at + Integer.BYTES)));
			}
			return events;
		}
	}

	@Override
	public void allocate(int descriptor, long offset, long length) throws SystemCallException {
		int errno;
		do {
			try {
				// The C library's, which can do it where the file system cannot; returns
				// the error number instead of setting errno
				errno = (int) POSIX_FALLOCATE.invokeExact(CAPTURE.get(), descriptor, offset, length);
			}
			catch (Throwable ex) {
				throw unexpected(ex);
			}
		}
		while (errno == Errno.EINTR);
		if (errno != 0) {
			throw new SystemCallException("posix_fallocate(offset %d, %d bytes)".formatted(offset, length), errno);
		}
	}

	@Override
	public long pageSize() {
		return this.pageSize;
	}

	@Override
	public MemorySegment segment(long address, long length, Arena arena) {
		return MemorySegment.ofAddress(address).reinterpret(length, arena, null);
	}

	private static long uninterrupted(Call call, long first, long second, long third, long fourth) {
		long result;
		do {
			result = call(call, first, second, third, fourth, 0, 0);
		}
		while (result == -Errno.EINTR);
		return result;
	}

	private static long call(Call call, long first, long second) {
		return call(call, first, second, 0, 0, 0, 0);
	}

	private static long call(Call call, long first, long second, long third) {
		return call(call, first, second, third, 0, 0, 0);
	}

	/**
	 * Return what the kernel does: a result, or the error number with a minus sign.
	 */
	private static long call(Call call, long first, long second, long third, long fourth, long fifth, long sixth) {
		MemorySegment capture = CAPTURE.get();
		long result;
		try {
			result = (long) SYSCALL.invokeExact(capture, call.number, first, second, third, fourth, fifth, sixth);
		}
		catch (Throwable ex) {
			throw unexpected(ex);
		}
		return (result != -1) ? result : -(int) ERRNO.get(capture, 0L);
	}

	private static boolean isError(long result) {
		return result < 0 && result >= -MAX_ERRNO;
	}

	private static int errno(long result) {
		return (int) -result;
	}

	private static long sysconfPageSize() {
		try {
			return (long) SYSCONF.invokeExact(CAPTURE.get(), Linux.SC_PAGESIZE);
		}
		catch (Throwable ex) {
			throw unexpected(ex);
		}
	}

	private static RuntimeException unexpected(Throwable ex) {
		if (ex instanceof Error error) {
			throw error;
		}
		return new IllegalStateException("A downcall failed before it reached the system", ex);
	}

	/**
	 * Takes a range of pages.
	 */
	@FunctionalInterface
	private interface RegionConsumer {

		void accept(long start, long end);

	}

}
