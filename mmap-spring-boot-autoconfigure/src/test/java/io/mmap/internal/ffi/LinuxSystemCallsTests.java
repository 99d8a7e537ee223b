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
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.ProcessMaps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The system calls themselves.
 */
class LinuxSystemCallsTests {

	private final LinuxSystemCalls calls = new LinuxSystemCalls();

	@TempDir
	Path directory;

	@Test
	void thePageSizeIsThatOfTheSystem() throws Exception {
		Process getconf = new ProcessBuilder("getconf", "PAGESIZE").start();
		assertThat(new String(getconf.getInputStream().readAllBytes()).strip())
			.isEqualTo(Long.toString(this.calls.pageSize()));
	}

	@Test
	void fstatSaysWhatTheFileIs() throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[12_345]);
		int descriptor = this.calls.open(file, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
		try {
			FileStatus status = this.calls.fstat(descriptor);
			assertThat(status.size()).isEqualTo(12_345);
			assertThat(status.inode()).isEqualTo(Files.getAttribute(file, "unix:ino"));
			assertThat(status.device()).isEqualTo(Files.getAttribute(file, "unix:dev"));
			assertThat(status.mode()).isEqualTo(Files.getAttribute(file, "unix:mode"));
			assertThat(status.user()).isEqualTo(Files.getAttribute(file, "unix:uid"));
			assertThat(status.isRegularFile()).isTrue();
			assertThat(status.isDirectory()).isFalse();
		}
		finally {
			this.calls.close(descriptor);
		}
	}

	@Test
	void pagesAreCountedHoweverManyRegionsTheyAreIn() throws Exception {
		long page = this.calls.pageSize();
		long length = 6000 * page;
		long address = this.calls.mmap(0, length, Linux.PROT_READ | Linux.PROT_WRITE,
				Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0);
		int pagemap = this.calls.open(Path.of("/proc/self/pagemap"), Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
		try (Arena arena = Arena.ofConfined()) {
			this.calls.madvise(address, length, Linux.MADV_NOHUGEPAGE);
			for (long i = 0; i < 6000; i += 2) {
				this.calls.segment(address, length, arena).set(ValueLayout.JAVA_BYTE, i * page, (byte) 1);
			}
			assertThat(this.calls.countPages(pagemap, address, address + length, Linux.PAGE_IS_PRESENT,
					Linux.PAGE_IS_PFNZERO))
				.isEqualTo(3000);
		}
		finally {
			this.calls.close(pagemap);
			this.calls.munmap(address, length);
		}
	}

	@Test
	void aFailureCarriesCallAndErrno() {
		assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> this.calls.fstat(-1))
			.withMessage("fstat(-1) failed with errno 9 (EBADF, bad file descriptor)")
			.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.EBADF));
		assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> this.calls.munmap(1, 4096))
			.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.EINVAL));
	}

	@Test
	void argumentsAreWrittenAsInC() {
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> this.calls.mmap(0, 4096, Linux.PROT_READ | Linux.PROT_EXEC,
					Linux.MAP_SHARED_VALIDATE | Linux.MAP_LOCKED | Linux.MAP_NORESERVE | 0x10000000, -1, 0))
			.withMessageStartingWith("mmap(4096 bytes, PROT_READ|PROT_EXEC, "
					+ "MAP_SHARED_VALIDATE|MAP_LOCKED|MAP_NORESERVE|0x10000000) failed with errno ");
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> this.calls.madvise(1, 4096, Linux.MADV_POPULATE_READ))
			.withMessageStartingWith("madvise(4096 bytes, MADV_POPULATE_READ) failed with errno 22");
		assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> this.calls.madvise(1, 4096, 77))
			.withMessageStartingWith("madvise(4096 bytes, advice 77)");
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> this.calls.addSeals(-1, Linux.F_SEAL_GROW | Linux.F_SEAL_WRITE | 0x40))
			.withMessageStartingWith("fcntl(-1, F_ADD_SEALS, F_SEAL_GROW|F_SEAL_WRITE|0x40) failed with errno 9");
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> this.calls.open(Path.of("/no/such/file"), Linux.O_RDWR | Linux.O_CLOEXEC, 0))
			.withMessageStartingWith("open(O_RDWR|O_CLOEXEC) failed with errno 2");
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> this.calls.memfdCreate("x".repeat(300), Linux.MFD_CLOEXEC | Linux.MFD_HUGETLB))
			.withMessageContaining("', MFD_CLOEXEC|MFD_HUGETLB) failed with errno 22");
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> this.calls.mprotect(1, 4096, Linux.PROT_NONE))
			.withMessageStartingWith("mprotect(4096 bytes, PROT_NONE)");
		assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> this.calls.setLease(-1, Linux.F_RDLCK))
			.withMessageStartingWith("fcntl(-1, F_SETLEASE, F_RDLCK) failed with errno 9");
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> this.calls.signalThreadOn(-1, 1, Linux.SIGURG))
			.withMessageStartingWith("fcntl(-1, F_SETOWN_EX) failed with errno 9");
		assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> this.calls.moveOver(1, 4096, 4096))
			.withMessageStartingWith("mremap(4096 bytes, MREMAP_MAYMOVE|MREMAP_FIXED) failed with errno 22");
		assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> this.calls.signal(0, Linux.SIGURG))
			.withMessageStartingWith("tgkill(thread 0, signal 23) failed with errno 22");
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> this.calls.addWatch(-1, this.directory, Linux.IN_MODIFY | Linux.IN_CLOSE_WRITE))
			.withMessageStartingWith("inotify_add_watch(-1, IN_MODIFY|IN_CLOSE_WRITE) failed with errno 9");
		assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> this.calls.awaitEvents(-1))
			.withMessageStartingWith("read(-1, of inotify) failed with errno 9");
		assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> this.calls.fileSystemType(-1))
			.withMessageStartingWith("fstatfs(-1) failed with errno 9");
	}

	@Test
	void noLinkIsFollowedOnTheWay() throws Exception {
		Path real = Files.createDirectory(this.directory.resolve("real"));
		Files.write(real.resolve("file"), new byte[1]);
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), real);
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> this.calls.openWithoutLinks(link.resolve("file"), Linux.O_RDWR, 0))
			.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.ELOOP));
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> this.calls.openWithoutLinks(link.resolve("new"), Linux.O_RDWR | Linux.O_CREAT, 0600))
			.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.ELOOP));
		assertThat(real.resolve("new")).doesNotExist();
		this.calls.close(this.calls.openWithoutLinks(real.resolve("file"), Linux.O_RDWR, 0));
	}

	@Test
	void noLinkIsFollowedAtTheEnd() throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[1]);
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), file);
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> this.calls.openWithoutLinks(link, Linux.O_RDWR, 0))
			.withMessageContaining("openat2")
			.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.ELOOP));
	}

	@Test
	void anOldKernelFollowsNoLinkAtTheEndEither() throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[1]);
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), file);
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> this.calls.openWithoutLastLink(link, Linux.O_RDWR, 0))
			.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.ELOOP));
		this.calls.close(this.calls.openWithoutLastLink(file, Linux.O_RDWR, 0));
	}

	@Test
	void aLockKeepsOutEverybodyWhoOpensTheFileAgainUntilItIsClosed() throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[1]);
		int first = this.calls.open(file, Linux.O_RDWR | Linux.O_CLOEXEC, 0);
		int second = this.calls.open(file, Linux.O_RDWR | Linux.O_CLOEXEC, 0);
		try {
			this.calls.lock(first);
			assertThatExceptionOfType(SystemCallException.class).isThrownBy(() -> this.calls.lock(second))
				.withMessageContaining("F_OFD_SETLK")
				.satisfies((ex) -> assertThat(ex.errno()).isIn(Errno.EAGAIN, Errno.EACCES));
			this.calls.close(first);
			this.calls.lock(second);
		}
		finally {
			this.calls.close(second);
		}
	}

	@Test
	void aLeaseIsBrokenByWhoeverWantsToWrite() throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[1]);
		int descriptor = this.calls.open(file, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
		try {
			assertThat(this.calls.lease(descriptor)).isEqualTo(Linux.F_UNLCK);
			// Otherwise it would be SIGIO, which ends the process
			this.calls.signalThreadOn(descriptor, this.calls.threadId(), Linux.SIGURG);
			this.calls.setLease(descriptor, Linux.F_RDLCK);
			assertThat(this.calls.lease(descriptor)).isEqualTo(Linux.F_RDLCK);
			this.calls.close(this.calls.open(file, Linux.O_RDONLY, 0));
			assertThat(this.calls.lease(descriptor)).isEqualTo(Linux.F_RDLCK);
			assertThatExceptionOfType(SystemCallException.class)
				.isThrownBy(() -> this.calls.open(file, Linux.O_RDWR | Linux.O_NONBLOCK, 0))
				.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.EAGAIN));
			assertThat(this.calls.lease(descriptor)).isEqualTo(Linux.F_UNLCK);
			this.calls.setLease(descriptor, Linux.F_UNLCK);
			this.calls.close(this.calls.open(file, Linux.O_RDWR | Linux.O_NONBLOCK, 0));
		}
		finally {
			this.calls.close(descriptor);
		}
	}

	@Test
	void aThreadIsToldOfABrokenLease() throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[1]);
		assertThat(onThreadThatWaits((thread) -> {
			int descriptor = this.calls.open(file, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
			try {
				this.calls.signalThreadOn(descriptor, thread, Linux.SIGURG);
				this.calls.setLease(descriptor, Linux.F_RDLCK);
				this.calls.open(file, Linux.O_RDWR | Linux.O_NONBLOCK, 0);
			}
			catch (SystemCallException ex) {
				assertThat(ex.errno()).isEqualTo(Errno.EAGAIN);
			}
			finally {
				this.calls.close(descriptor);
			}
		})).isTrue();
	}

	@Test
	void aThreadWaitsForASignalThatItHasBlocked() throws Exception {
		assertThat(onThreadThatWaits((thread) -> this.calls.signal(thread, Linux.SIGURG))).isTrue();
	}

	@Test
	void aWaitForASignalEnds() throws Exception {
		assertThat(onThreadThatWaits((thread) -> {
		})).isFalse();
	}

	private boolean onThreadThatWaits(Waking waking) throws Exception {
		CompletableFuture<Integer> number = new CompletableFuture<>();
		CompletableFuture<Boolean> came = new CompletableFuture<>();
		Thread.ofPlatform().start(() -> {
			try {
				this.calls.blockSignal(Linux.SIGURG);
				number.complete(this.calls.threadId());
				came.complete(this.calls.awaitSignal(Linux.SIGURG, 1_500_000_000));
			}
			catch (SystemCallException ex) {
				number.completeExceptionally(ex);
				came.completeExceptionally(ex);
			}
		});
		waking.wake(number.get());
		return came.get();
	}

	@Test
	void changesOfAFileAreTold() throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[10]);
		int inotify = this.calls.inotify();
		try {
			int watch = this.calls.addWatch(inotify, file, Linux.IN_MODIFY | Linux.IN_ATTRIB | Linux.IN_MOVE_SELF);
			assertThat(this.calls.addWatch(inotify, Files.createLink(this.directory.resolve("link"), file),
					Linux.IN_MODIFY | Linux.IN_ATTRIB | Linux.IN_MOVE_SELF))
				.isEqualTo(watch);
			assertThat(this.calls.awaitEvents(inotify)).containsExactly(new FileEvent(watch, Linux.IN_ATTRIB));
			Files.write(file, new byte[1], StandardOpenOption.APPEND);
			Files.move(file, this.directory.resolve("moved"));
			this.calls.removeWatch(inotify, watch);
			assertThat(this.calls.awaitEvents(inotify)).containsExactly(new FileEvent(watch, Linux.IN_MODIFY),
					new FileEvent(watch, Linux.IN_MOVE_SELF), new FileEvent(watch, Linux.IN_IGNORED));
			assertThatExceptionOfType(SystemCallException.class)
				.isThrownBy(() -> this.calls.removeWatch(inotify, watch))
				.withMessageStartingWith("inotify_rm_watch(%d, %d) failed with errno 22", inotify, watch);
		}
		finally {
			this.calls.close(inotify);
		}
	}

	@Test
	void whatLeadsToAFileOnlyTellsWhichItIsAndCanBeWatchedWhereverItIs() throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[10]);
		int descriptor = this.calls.open(file, Linux.O_PATH | Linux.O_CLOEXEC, 0);
		int inotify = this.calls.inotify();
		try {
			Path moved = Files.move(file, this.directory.resolve("moved"));
			Files.write(file, new byte[1]);
			assertThat(this.calls.fstat(descriptor).inode()).isEqualTo(Files.getAttribute(moved, "unix:ino"));
			assertThat(Linux.isToldOfChanges(this.calls.fileSystemType(descriptor))).isTrue();
			int watch = this.calls.addWatch(inotify, Path.of("/proc/self/fd/" + descriptor), Linux.IN_MODIFY);
			Files.write(file, new byte[1], StandardOpenOption.APPEND);
			Files.write(moved, new byte[1], StandardOpenOption.APPEND);
			this.calls.removeWatch(inotify, watch);
			assertThat(this.calls.awaitEvents(inotify)).containsExactly(new FileEvent(watch, Linux.IN_MODIFY),
					new FileEvent(watch, Linux.IN_IGNORED));
		}
		finally {
			this.calls.close(inotify);
			this.calls.close(descriptor);
		}
	}

	@Test
	void toCloseWhatLeadsToAFileOnlyLeavesTheProcessItsLocks() throws Exception {
		Path file = Files.write(this.directory.resolve("file"), new byte[10]);
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
			assertThat(lock.isValid()).isTrue();
			this.calls.close(this.calls.open(file, Linux.O_PATH | Linux.O_CLOEXEC, 0));
			assertThat(ProcessMaps.locks(file)).hasSize(1);
			this.calls.close(this.calls.open(file, Linux.O_RDONLY | Linux.O_CLOEXEC, 0));
			assertThat(ProcessMaps.locks(file)).isEmpty();
		}
	}

	@Test
	void pagesAreMovedOverOthers() throws Exception {
		long size = 2 * this.calls.pageSize();
		int flags = Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS;
		long target = this.calls.mmap(0, size, Linux.PROT_READ, flags, -1, 0);
		long source = this.calls.mmap(0, size, Linux.PROT_READ | Linux.PROT_WRITE, flags, -1, 0);
		try (Arena arena = Arena.ofConfined()) {
			this.calls.segment(source, size, arena).set(ValueLayout.JAVA_BYTE, size - 1, (byte) 7);
			this.calls.moveOver(source, size, target);
			assertThat(this.calls.segment(target, size, arena).get(ValueLayout.JAVA_BYTE, size - 1))
				.isEqualTo((byte) 7);
			assertThat(MemoryRegion.find(source)).isEmpty();
		}
		finally {
			this.calls.munmap(target, size);
		}
	}

	/**
	 * Wakes a thread.
	 */
	@FunctionalInterface
	private interface Waking {

		void wake(int thread) throws Exception;

	}

}
