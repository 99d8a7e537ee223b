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
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What goes wrong when content is to be saved: that is logged, the writer goes on, and
 * nothing is kept of what it took.
 */
@EnabledOnOs(OS.LINUX)
@ExtendWith(NothingLeftBehind.class)
class TruncationGuardFailureTests {

	/** Read in two pieces. */
	private static final int SIZE = 5 << 20;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	@TempDir
	Path limits;

	private final byte[] content = GuardedFiles.content(1, SIZE);

	private FakeLimits fake;

	private Path file;

	private TruncationGuard guard;

	private GuardedMapping mapping;

	@BeforeEach
	void guardFile() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), this.content);
		this.fake = new FakeLimits(this.limits).meminfo("MemAvailable: 1000000 kB");
		this.guard = new TruncationGuard(this.calls.proxy(), Long.MAX_VALUE, this.fake.limits());
		this.mapping = GuardedMapping.readOnly(MapperType.NATIVE, this.file, 0, SIZE).guardedBy(this.guard);
	}

	@AfterEach
	void unmap() throws Exception {
		this.mapping.close();
		this.guard.close();
		GuardedFiles.await("the thread has ended", () -> GuardedFiles.guardThreads() == 0);
	}

	/**
	 * Truncate the file. What is mapped cannot be read any more afterwards.
	 */
	private String truncateAndGetError() throws Exception {
		try (CapturedLog log = new CapturedLog()) {
			GuardedFiles.truncate(this.file);
			GuardedFiles.await("it was logged", () -> !log.messages(Level.ERROR).isEmpty());
			assertThat(log.messages(Level.ERROR)).hasSize(1);
			return log.messages(Level.ERROR).getFirst();
		}
	}

	private void assertNotSaved(String reason) throws Exception {
		assertThat(truncateAndGetError()).isEqualTo("The content of file '" + this.file + "' could not be saved from"
				+ " somebody who truncates the file or opens it for writing, and is not guarded any more: " + reason
				+ ". Reading what the file has lost can end the JVM.");
		assertThat(this.file).hasSize(0);
		assertThat(this.mapping.hold().isGuarding()).isFalse();
		assertThat(this.mapping.hold().isDetached()).isFalse();
		assertThat(MemoryRegion.at(this.mapping.segment().address()).permissions()).isEqualTo("r--s");
		assertThat(this.calls.made()).containsOnlyOnce("close");
	}

	@ParameterizedTest
	@CsvSource({ "pread, 0", "pread, 1", "mprotect, 0", "moveOver, 0" })
	void theCopyIsFreedIfItCannotBeMade(String call, int passing) throws Exception {
		for (int i = 0; i < passing; i++) {
			this.calls.failOnce(call, 0);
		}
		this.calls.failOnce(call, Errno.EIO);
		assertNotSaved(call + "(injected) failed with errno 5 (EIO, input/output error)");
		assertThat(this.calls.made()).containsOnlyOnce("mmap").containsOnlyOnce("munmap");
		assertThat(this.calls.made().stream().filter("pread"::equals))
			.hasSize((call.equals("pread")) ? 1 + passing : 2);
	}

	@Test
	void thereMayBeNoMemoryToMap() throws Exception {
		this.calls.failOnce("mmap", Errno.ENOMEM);
		assertNotSaved("mmap(injected) failed with errno 12 (ENOMEM, out of memory or of memory regions)");
		assertThat(this.calls.made()).doesNotContain("munmap");
	}

	@Test
	void memoryMayHaveBecomeShortMeanwhile() throws Exception {
		this.fake.meminfo("MemAvailable: 1000 kB");
		assertNotSaved("To copy 5242880 bytes, too little memory is free: 1024000 bytes in the system (MemAvailable), a"
				+ " tenth of which is left to others");
		assertThat(this.calls.made()).doesNotContain("mmap");
	}

	@Test
	void theLeaseMayBeUnknown() throws Exception {
		this.calls.failOnce("lease", Errno.EIO);
		assertNotSaved("lease(injected) failed with errno 5 (EIO, input/output error)");
	}

	@Test
	@Fault("guard-too-slow")
	void theSystemMayHaveLostPatienceWithTheCopy() throws Exception {
		this.calls.failOnce("setLease", Errno.EAGAIN);
		assertThat(truncateAndGetError()).isEqualTo("Saving the content of file '" + this.file
				+ "' took longer than the"
				+ " system holds back who truncates the file or writes it, so it may be a mixture of old and new. Raise"
				+ " that time ('sysctl fs.lease-break-time').");
		assertThat(this.mapping.hold().isDetached()).isTrue();
		assertThat(this.mapping.segment().toArray(JAVA_BYTE)).isEqualTo(this.content);
	}

	@Test
	void oneThatCannotBeSavedDoesNotConcernTheOthers() throws Exception {
		Path other = Files.write(this.directory.resolve("other"), this.content);
		try (GuardedMapping second = GuardedMapping.readOnly(MapperType.NATIVE, other, 0, SIZE).guardedBy(this.guard)) {
			this.calls.failOnce("pread", Errno.EIO);
			truncateAndGetError();
			GuardedFiles.truncate(other);
			assertThat(second.segment().toArray(JAVA_BYTE)).isEqualTo(this.content);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "close", "setLease" })
	void whatFailsAfterwardsLeavesTheContentSaved(String call) throws Exception {
		this.calls.failOnce(call, Errno.EIO);
		GuardedFiles.truncate(this.file);
		assertThat(this.mapping.hold().isDetached()).isTrue();
		assertThat(this.mapping.segment().toArray(JAVA_BYTE)).isEqualTo(this.content);
	}

	@Test
	void withoutASignalTheContentIsSavedAllTheSame() throws Exception {
		for (int i = 0; i < 20; i++) {
			this.calls.failOnce("awaitSignal", Errno.EINVAL);
		}
		// The wait that is under way is not the one that fails
		try (GuardedMapping second = GuardedMapping.readOnly(MapperType.NATIVE, this.file, 0, SIZE)
			.guardedBy(this.guard)) {
			GuardedFiles.truncate(this.file);
			assertThat(second.segment().toArray(JAVA_BYTE)).isEqualTo(this.content);
		}
		assertThat(this.mapping.segment().toArray(JAVA_BYTE)).isEqualTo(this.content);
	}

	@Test
	void aLeaseIsGivenUpThatThereIsNoHeapToRemember() throws Exception {
		Path other = Files.write(this.directory.resolve("other"), this.content);
		OutOfMemoryError failure = new OutOfMemoryError("add");
		rememberNoMore(failure);
		try (GuardedMapping second = GuardedMapping.readOnly(MapperType.NATIVE, other, 0, SIZE)) {
			assertThatThrownBy(() -> second.guardedBy(this.guard)).isSameAs(failure);
			assertThat(ProcessMaps.descriptors(other)).isEmpty();
			assertThat(ProcessMaps.locks(other)).isEmpty();
		}
	}

	private void rememberNoMore(Error failure) throws ReflectiveOperationException {
		Field field = TruncationGuard.class.getDeclaredField("guarded");
		field.setAccessible(true);
		field.set(this.guard, new CopyOnWriteArrayList<Object>((Collection<?>) field.get(this.guard)) {

			private static final long serialVersionUID = 1L;

			@Override
			public boolean add(Object content) {
				throw failure;
			}

		});
	}

	@Test
	void anErrorInTheThreadDoesNotEndIt() throws Exception {
		Path other = Files.write(this.directory.resolve("other"), this.content);
		try (GuardedMapping second = GuardedMapping.readOnly(MapperType.NATIVE, other, 0, SIZE)
			.guardedBy(this.guard, () -> {
				throw new OutOfMemoryError("from a listener");
			})) {
			GuardedFiles.truncate(other);
			GuardedFiles.truncate(this.file);
			assertThat(second.hold().isDetached()).isTrue();
			assertThat(this.mapping.segment().toArray(JAVA_BYTE)).isEqualTo(this.content);
		}
	}

}
