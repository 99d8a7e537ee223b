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
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.nio.file.Path;

import io.mmap.internal.ffi.Linux.StatLayout;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/**
 * The system calls of Linux, through the C library.
 * <p>
 * No call is {@linkplain Linker.Option#critical critical}: each may block, and would hold
 * up every garbage collection meanwhile. Initializing this class needs native access: ask
 * {@link NativeAccess} first.
 */
@SuppressWarnings("restricted")
public final class LinuxSystemCalls implements SystemCalls {

	private static final long MAP_FAILED = -1;

	private static final Linker LINKER = Linker.nativeLinker();

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

	private static final StatLayout STAT = StatLayout.ofThisPlatform();

	private static final MethodHandle MMAP = call("mmap",
			FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));

	private static final MethodHandle MUNMAP = call("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

	private static final MethodHandle MSYNC = call("msync",
			FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

	private static final MethodHandle OPEN = call("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
			Linker.Option.firstVariadicArg(2));

	private static final MethodHandle OPENAT2 = call("syscall",
			FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG),
			Linker.Option.firstVariadicArg(1));

	private static final MemoryLayout OPEN_HOW = MemoryLayout.structLayout(JAVA_LONG.withName("flags"),
			JAVA_LONG.withName("mode"), JAVA_LONG.withName("resolve"));

	private static final MethodHandle FCNTL_LOCK = call("fcntl",
			FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), Linker.Option.firstVariadicArg(2));

	/** Its start and length of 0 stand for the whole file. */
	private static final MemoryLayout FLOCK = MemoryLayout.structLayout(JAVA_SHORT.withName("type"),
			JAVA_SHORT.withName("whence"), MemoryLayout.paddingLayout(4), JAVA_LONG.withName("start"),
			JAVA_LONG.withName("length"), JAVA_INT.withName("pid"), MemoryLayout.paddingLayout(4));

	private static final MethodHandle CLOSE = call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

	private static final MethodHandle FSTAT = LINKER.defaultLookup().find("fstat").isPresent() ? fstat() : fxstat();

	private static final MethodHandle POSIX_FALLOCATE = call("posix_fallocate",
			FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));

	private static final MethodHandle SYSCONF = call("sysconf", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));

	private final long pageSize;

	/**
	 * Create the calls.
	 * @throws IllegalStateException if the C library lacks one of them
	 */
	public LinuxSystemCalls() {
		this.pageSize = sysconfPageSize();
	}

	@Override
	public long mmap(long length, int protection, int flags, int descriptor, long offset) throws SystemCallException {
		MemorySegment capture = CAPTURE.get();
		long address;
		try {
			address = (long) MMAP.invokeExact(capture, 0L, length, protection, flags, descriptor, offset);
		}
		catch (Throwable ex) {
			throw unexpected(ex);
		}
		if (address == MAP_FAILED) {
			throw new SystemCallException("mmap(%d bytes, protection 0x%x, flags 0x%x, offset %d)".formatted(length,
					protection, flags, offset), errno(capture));
		}
		return address;
	}

	@Override
	public void munmap(long address, long length) throws SystemCallException {
		MemorySegment capture = CAPTURE.get();
		int result;
		try {
			result = (int) MUNMAP.invokeExact(capture, address, length);
		}
		catch (Throwable ex) {
			throw unexpected(ex);
		}
		if (result != 0) {
			throw new SystemCallException("munmap(%d bytes)".formatted(length), errno(capture));
		}
	}

	@Override
	public void msync(long address, long length, int flags) throws SystemCallException {
		MemorySegment capture = CAPTURE.get();
		int result;
		try {
			result = (int) MSYNC.invokeExact(capture, address, length, flags);
		}
		catch (Throwable ex) {
			throw unexpected(ex);
		}
		if (result != 0) {
			throw new SystemCallException("msync(%d bytes, flags 0x%x)".formatted(length, flags), errno(capture));
		}
	}

	@Override
	public int open(Path path, int flags, int mode) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment name = name(path, arena);
			return open("open(flags 0%o)".formatted(flags),
					(capture) -> (int) OPEN.invokeExact(capture, name, flags, mode));
		}
	}

	@Override
	public int openWithoutLinks(Path path, int flags, int mode) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment name = name(path, arena);
			MemorySegment how = arena.allocate(OPEN_HOW);
			how.setAtIndex(JAVA_LONG, 0, flags);
			how.setAtIndex(JAVA_LONG, 1, mode);
			how.setAtIndex(JAVA_LONG, 2, Linux.RESOLVE_NO_SYMLINKS);
			return open("openat2(flags 0%o)".formatted(flags), (capture) -> Math.toIntExact(
					(long) OPENAT2.invokeExact(capture, Linux.SYS_OPENAT2, Linux.AT_FDCWD, name, how, how.byteSize())));
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.ENOSYS && ex.errno() != Errno.EPERM) {
				throw ex;
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

	private static int open(String description, OpenCall call) throws SystemCallException {
		MemorySegment capture = CAPTURE.get();
		while (true) {
			int descriptor;
			try {
				descriptor = call.invoke(capture);
			}
			catch (Throwable ex) {
				throw unexpected(ex);
			}
			if (descriptor >= 0) {
				return descriptor;
			}
			int errno = errno(capture);
			if (errno != Errno.EINTR) {
				throw new SystemCallException(description, errno);
			}
		}
	}

	private static MemorySegment name(Path path, Arena arena) {
		byte[] bytes = path.toString().getBytes(PATH_CHARSET);
		MemorySegment name = arena.allocate(bytes.length + 1L);
		MemorySegment.copy(bytes, 0, name, JAVA_BYTE, 0, bytes.length);
		return name;
	}

	@Override
	public void lock(int descriptor) throws SystemCallException {
		MemorySegment capture = CAPTURE.get();
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment lock = arena.allocate(FLOCK);
			lock.set(JAVA_SHORT, 0, Linux.F_WRLCK);
			int result;
			try {
				result = (int) FCNTL_LOCK.invokeExact(capture, descriptor, Linux.F_OFD_SETLK, lock);
			}
			catch (Throwable ex) {
				throw unexpected(ex);
			}
			if (result != 0) {
				throw new SystemCallException("fcntl(" + descriptor + ", F_OFD_SETLK)", errno(capture));
			}
		}
	}

	@Override
	public void close(int descriptor) throws SystemCallException {
		MemorySegment capture = CAPTURE.get();
		int result;
		try {
			result = (int) CLOSE.invokeExact(capture, descriptor);
		}
		catch (Throwable ex) {
			throw unexpected(ex);
		}
		if (result != 0) {
			throw new SystemCallException("close(" + descriptor + ")", errno(capture));
		}
	}

	@Override
	public FileStatus fstat(int descriptor) throws SystemCallException {
		MemorySegment capture = CAPTURE.get();
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment stat = arena.allocate(STAT.byteSize(), Long.BYTES);
			int result;
			try {
				result = (int) FSTAT.invokeExact(capture, descriptor, stat);
			}
			catch (Throwable ex) {
				throw unexpected(ex);
			}
			if (result != 0) {
				throw new SystemCallException("fstat(" + descriptor + ")", errno(capture));
			}
			return new FileStatus(stat.get(JAVA_LONG, STAT.device()), stat.get(JAVA_LONG, STAT.inode()),
					stat.get(JAVA_INT, STAT.mode()), stat.get(JAVA_LONG, STAT.size()));
		}
	}

	@Override
	public void allocate(int descriptor, long offset, long length) throws SystemCallException {
		int errno;
		do {
			try {
				// Returns the error number instead of setting errno
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

	private static MethodHandle call(String name, FunctionDescriptor descriptor, Linker.Option... options) {
		MemorySegment function = LINKER.defaultLookup()
			.find(name)
			.orElseThrow(() -> new IllegalStateException("The C library has no function '" + name + "'"));
		Linker.Option[] all = new Linker.Option[options.length + 1];
		all[0] = Linker.Option.captureCallState("errno");
		System.arraycopy(options, 0, all, 1, options.length);
		return LINKER.downcallHandle(function, descriptor, all);
	}

	static MethodHandle fstat() {
		return call("fstat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
	}

	/**
	 * What the GNU C library had instead before version 2.33.
	 */
	static MethodHandle fxstat() {
		MethodHandle fxstat = call("__fxstat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
		return MethodHandles.insertArguments(fxstat, 1, STAT.version());
	}

	private static long sysconfPageSize() {
		try {
			return (long) SYSCONF.invokeExact(CAPTURE.get(), Linux.SC_PAGESIZE);
		}
		catch (Throwable ex) {
			throw unexpected(ex);
		}
	}

	private static int errno(MemorySegment capture) {
		return (int) ERRNO.get(capture, 0L);
	}

	private static RuntimeException unexpected(Throwable ex) {
		if (ex instanceof Error error) {
			throw error;
		}
		return new IllegalStateException("A downcall failed before it reached the system", ex);
	}

	/**
	 * A call that gives a descriptor.
	 */
	@FunctionalInterface
	private interface OpenCall {

		int invoke(MemorySegment capture) throws Throwable;

	}

}
