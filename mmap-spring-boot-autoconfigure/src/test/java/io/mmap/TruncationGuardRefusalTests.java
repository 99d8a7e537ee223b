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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.UnprivilegedProcess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is not guarded, and what the user reads then. Nothing is kept of what it took.
 */
@EnabledOnOs(OS.LINUX)
@ExtendWith(NothingLeftBehind.class)
class TruncationGuardRefusalTests {

	private static final int SIZE = 10_000;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	@TempDir
	Path limits;

	private Path file;

	private FileIdentity identity;

	private TruncationGuard guard;

	@BeforeEach
	void writeFile() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[SIZE]);
		this.identity = GuardedMapping.identity(this.file);
		this.guard = new TruncationGuard(this.calls.proxy(), Long.MAX_VALUE);
	}

	@AfterEach
	void nothingIsKept() throws InterruptedException {
		assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
		GuardedFiles.await("the thread has ended", () -> GuardedFiles.guardThreads() == 0);
		this.guard.close();
	}

	/**
	 * Try to guard a mapping of the file. That nothing is mapped matters to none of the
	 * refusals.
	 */
	private void assertRefused(long length, String message) {
		assertThatExceptionOfType(GuardRefusedException.class)
			.isThrownBy(() -> this.guard.guard("mapping 'words'", this.file, this.identity, 0, 1 << 20, length, () -> {
			}))
			.withMessage("Cannot guard mapping 'words' against truncation: " + message);
	}

	private FakeLimits guardWith(long maxSize) {
		FakeLimits fake = new FakeLimits(this.limits);
		this.guard = new TruncationGuard(this.calls.proxy(), maxSize, fake.limits());
		return fake;
	}

	@Test
	void anEmptyMapping() {
		assertRefused(0, "it is empty, so there is nothing to save. Leave it unguarded.");
	}

	@Test
	void aMappingThatIsTooLong() {
		guardWith(SIZE - 1);
		assertRefused(SIZE,
				"it has 10000 bytes, and at most 9999 bytes of a mapping are saved. Raise 'mmap.guard.max-size', or"
						+ " map a smaller part of the file, or a copy of it ('copy'), which needs no guard.");
	}

	@Test
	void moreThanThereIsMemory() {
		guardWith(SIZE).meminfo("MemTotal: 1000000 kB", "MemAvailable:  10 kB");
		assertRefused(SIZE, "to copy 10000 bytes, too little memory is free: 10240 bytes in the system (MemAvailable),"
				+ " a tenth of which is left to others. Raise the memory limit of the container, free memory, or map a"
				+ " smaller part of the file, or a copy of it ('copy'), which needs no guard.");
	}

	@Test
	void moreThanTheControlGroupMayHave() {
		guardWith(SIZE).meminfo("MemAvailable:  1000000 kB")
			.file("proc/self/cgroup", "1:memory:/old\n0::/some/group\n")
			.file("sys/fs/cgroup/some/group/memory.max", "max\n")
			.file("sys/fs/cgroup/some/group/memory.current", "1\n")
			.file("sys/fs/cgroup/some/memory.max", "9000\n")
			.file("sys/fs/cgroup/some/memory.current", "5000\n")
			.file("sys/fs/cgroup/some/memory.stat", "anon 3\ninactive_file 100\nactive_file 20\n");
		assertRefused(SIZE, "to copy 10000 bytes, too little memory is free: 4120 bytes in the control group"
				+ " (memory.max), a tenth of which is left to others. Raise the memory limit of the container, free"
				+ " memory, or map a smaller part of the file, or a copy of it ('copy'), which needs no guard.");
	}

	@Test
	void moreThanCanBeCopiedWhileTheWriterIsHeldBack() {
		guardWith(Long.MAX_VALUE).file("proc/sys/fs/lease-break-time", "2\n");
		assertRefused((2L << 26) + 1, "to copy 134217729 bytes may take 3 seconds, and the system holds back whoever"
				+ " truncates the file for 2 only. Raise that time ('sysctl fs.lease-break-time=3'), or map a smaller"
				+ " part of the file, or a copy of it ('copy'), which needs no guard.");
	}

	@Test
	void aTimeOfZeroIsNoLimit() {
		guardWith(Long.MAX_VALUE).file("proc/sys/fs/lease-break-time", "0\n");
		assertRefused((2L << 26) + 1, "the file has become shorter: it has 10000 bytes, and what is mapped ends at"
				+ " 134217729. Map it again, with the length that it has now. Have it replaced by a rename instead of"
				+ " truncated.");
	}

	@Test
	void moreThanThereIsMemoryForTogetherWithAnotherMappingOfTheFile() {
		guardWith(SIZE).meminfo("MemAvailable:  20 kB");
		try (TruncationGuard.Hold hold = this.guard.guard("mapping 'first'", this.file, this.identity, 0, 1 << 20, SIZE,
				() -> {
				})) {
			assertThat(hold.isGuarding()).isTrue();
			assertThatExceptionOfType(GuardRefusedException.class).isThrownBy(
					() -> this.guard.guard("mapping 'second'", this.file, this.identity, 0, 1 << 20, SIZE, () -> {
					}))
				.withMessageContaining("to copy 20000 bytes with other mappings of the file, too little"
						+ " memory is free: 20480 bytes");
		}
	}

	@Test
	void aFileThatHasBecomeShorter() {
		assertRefused(SIZE + 1, "the file has become shorter: it has 10000 bytes, and what is mapped ends at 10001."
				+ " Map it again, with the length that it has now. Have it replaced by a rename instead of truncated.");
	}

	@Test
	void anotherFileAtThePath() throws IOException {
		Files.move(this.file, this.directory.resolve("old"));
		Files.write(this.file, new byte[SIZE]);
		assertRefused(SIZE, "another file is at '" + this.file
				+ "' by now. Map it again, or reload the mapping, for the file that is there now.");
	}

	@Test
	void noFileAtThePath() throws IOException {
		Files.delete(this.file);
		assertRefused(SIZE, "the file at '" + this.file
				+ "' cannot be opened again: open(O_RDONLY|O_NONBLOCK|O_CLOEXEC) failed with errno 2 (ENOENT, no such"
				+ " file or directory). Map it again, from where it is now.");
	}

	@Test
	@Fault("guarded-file-open-for-writing")
	void aFileThatIsOpenForWriting() throws IOException {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
			assertThat(channel.isOpen()).isTrue();
			assertRefused(SIZE, openForWriting());
		}
	}

	@Test
	void aFileThatIsMappedForWriting() throws Exception {
		try (GuardedMapping mapping = GuardedMapping.writable(MapperType.NATIVE, this.file, SIZE)) {
			assertThat(mapping.segment().isReadOnly()).isFalse();
			assertRefused(SIZE, openForWriting());
		}
	}

	private String openForWriting() {
		return "the file is open or mapped for writing somewhere, in this process maybe, or about to be. Let who writes"
				+ " it close it ('fuser -v " + this.file
				+ "' shows who has it open). Have it replaced by a rename instead of written.";
	}

	@Test
	@Fault("guarded-file-of-somebody-else")
	void aFileOfSomebodyElse(@TempDir Path classPath) throws Exception {
		UnprivilegedProcess process = UnprivilegedProcess.withClassPathIn(classPath, Main.class);
		process.assumeAvailable();
		Path foreign = Path.of("/etc/passwd");
		UnprivilegedProcess.Result result = process.run(foreign.toString());
		assertThat(result.line("message")).isEqualTo("Cannot guard mapping 'words' against truncation: the user '"
				+ result.line("user") + "' does not own the file, and only its owner may take a lease on it. Run the"
				+ " application as the owner of the file (see 'ls -l " + foreign
				+ "'), or give the process CAP_LEASE.");
		assertThat(result.line("left")).isEqualTo("[]");
	}

	@Test
	void aFileSystemWithoutLeases() {
		this.calls.failOnce("setLease", Errno.EINVAL);
		assertRefused(SIZE,
				"the file system offers no leases, or they are switched off (setLease(injected) failed with"
						+ " errno 22 (EINVAL, invalid argument)). Put the file on a local file system, set 'sysctl"
						+ " fs.leases-enable=1', or map a copy ('copy'), which needs no guard.");
	}

	@ParameterizedTest
	@CsvSource({ "blockSignal, 1, 'EPERM, operation not permitted'", "awaitSignal, 38, 'ENOSYS, no such system call'",
			"signalThreadOn, 1, 'EPERM, operation not permitted'", "setLease, 1, 'EPERM, operation not permitted'" })
	void aSystemCallThatIsBlocked(String call, int errno, String name) {
		this.calls.failOnce(call, errno);
		assertRefused(SIZE,
				"the kernel lacks a system call, or a container blocks it: " + call + "(injected) failed with errno "
						+ errno + " (" + name + "). Allow '" + call
						+ "' in the seccomp profile of the container, or map a copy ('copy'), which needs no guard.");
	}

	@ParameterizedTest
	@CsvSource({ "fstat, 1", "hugePageSize, 1", "fstat, 2" })
	void anErrorOnTheWay(String call, int times) {
		for (int i = 1; i < times; i++) {
			this.calls.failOnce(call, 0);
		}
		this.calls.failOnce(call, Errno.EIO);
		assertRefused(SIZE,
				call + "(injected) failed with errno 5 (EIO, input/output error). Map a copy ('copy'), which"
						+ " needs no guard.");
		if (times > 1) {
			// The lease was there by then
			assertThat(this.calls.made()).contains("setLease");
		}
	}

	@Test
	void afterARefusalTheNextOneIsGuarded() throws Exception {
		this.calls.failOnce("setLease", Errno.EINVAL);
		try (GuardedMapping mapping = GuardedMapping.readOnly(MapperType.NATIVE, this.file, 0, SIZE)) {
			assertThatExceptionOfType(GuardRefusedException.class).isThrownBy(() -> mapping.guardedBy(this.guard));
			mapping.guardedBy(this.guard);
			assertThat(mapping.hold().isGuarding()).isTrue();
		}
	}

	/**
	 * What an unprivileged process runs.
	 */
	static final class Main {

		public static void main(String[] args) {
			Path file = Path.of(args[0]);
			System.out.println("user: " + System.getProperty("user.name"));
			try (TruncationGuard guard = new TruncationGuard(new LinuxSystemCalls(), Long.MAX_VALUE)) {
				guard.guard("mapping 'words'", file, GuardedMapping.identity(file), 0, 1 << 20, 10, () -> {
				});
			}
			catch (GuardRefusedException ex) {
				System.out.println("message: " + ex.getMessage());
			}
			System.out.println("left: " + ProcessMaps.descriptors(file));
		}

		private Main() {
		}

	}

}
