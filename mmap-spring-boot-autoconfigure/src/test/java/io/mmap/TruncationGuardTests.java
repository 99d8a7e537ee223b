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
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What happens to guarded content when somebody truncates its file, and when nobody does.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@EnabledOnOs(OS.LINUX)
@ExtendWith(NothingLeftBehind.class)
class TruncationGuardTests {

	private static final int PAGE = (int) new LinuxSystemCalls().pageSize();

	private static final int SIZE = 5 * PAGE + 100;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	private final byte[] content = GuardedFiles.content(1, SIZE);

	private final TruncationGuard guard = new TruncationGuard(this.calls.proxy(), Long.MAX_VALUE);

	private final List<GuardedMapping> mappings = new ArrayList<>();

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path file;

	@BeforeEach
	void writeFile() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), this.content);
	}

	@AfterEach
	void closeGuard() throws Exception {
		for (GuardedMapping mapping : this.mappings) {
			mapping.close();
		}
		this.guard.close();
		GuardedFiles.await("the thread has ended", () -> GuardedFiles.guardThreads() == 0);
	}

	private GuardedMapping map(Path file, long offset, long length) {
		GuardedMapping mapping = GuardedMapping.readOnly(this.mapper, file, offset, length);
		this.mappings.add(mapping);
		return mapping;
	}

	private GuardedMapping mapGuarded(Path file) {
		return map(file, 0, SIZE).guardedBy(this.guard);
	}

	private static byte[] bytes(GuardedMapping mapping) {
		return mapping.segment().toArray(JAVA_BYTE);
	}

	@Test
	void theContentOutlivesATruncation() throws Exception {
		GuardedMapping mapping = mapGuarded(this.file);
		assertThat(mapping.hold().isGuarding()).isTrue();
		assertThat(mapping.hold().isDetached()).isFalse();
		GuardedFiles.truncate(this.file);
		assertThat(this.file).isEmptyFile();
		assertThat(bytes(mapping)).isEqualTo(this.content);
		assertThat(mapping.hold().isDetached()).isTrue();
		assertThat(mapping.hold().isGuarding()).isFalse();
	}

	@Test
	void theContentStaysWhenTheFileIsWritten() throws Exception {
		GuardedMapping mapping = mapGuarded(this.file);
		GuardedFiles.shell("printf new > '" + this.file + "'");
		assertThat(this.file).hasContent("new");
		assertThat(bytes(mapping)).isEqualTo(this.content);
	}

	@Test
	void theContentStaysWhenThisProcessWritesTheFile() throws Exception {
		GuardedMapping mapping = mapGuarded(this.file);
		Files.writeString(this.file, "new");
		assertThat(this.file).hasContent("new");
		assertThat(bytes(mapping)).isEqualTo(this.content);
	}

	@Test
	void theListenerIsCalledOnce() throws Exception {
		AtomicInteger detached = new AtomicInteger();
		map(this.file, 0, SIZE).guardedBy(this.guard, detached::incrementAndGet);
		GuardedFiles.truncate(this.file);
		GuardedFiles.await("the listener was called", () -> detached.get() > 0);
		GuardedFiles.truncate(this.file);
		assertThat(detached).hasValue(1);
	}

	@Test
	void aListenerThatFailsIsLoggedAndTheOthersAreServed() throws Exception {
		Path other = Files.write(this.directory.resolve("other"), this.content);
		map(this.file, 0, SIZE).guardedBy(this.guard, () -> {
			throw new IllegalArgumentException("from a listener");
		});
		GuardedMapping mapping = mapGuarded(other);
		try (CapturedLog log = new CapturedLog()) {
			GuardedFiles.truncate(this.file);
			GuardedFiles.truncate(other);
			assertThat(log.messages(Level.ERROR)).singleElement()
				.asString()
				.isEqualTo("What was to be done when the content of file '" + this.file + "' was saved has failed");
		}
		assertThat(bytes(mapping)).isEqualTo(this.content);
	}

	@Test
	void oneLineSaysWhatHasHappenedAndWhatToDo() throws Exception {
		mapGuarded(this.file);
		try (CapturedLog log = new CapturedLog()) {
			GuardedFiles.truncate(this.file);
			GuardedFiles.await("it was logged", () -> !log.messages(Level.WARN).isEmpty());
			assertThat(log.messages(Level.WARN)).singleElement()
				.asString()
				.matches("The content of file '" + this.file + "' was saved in [0-9.]+ ms, as somebody truncates the"
						+ " file or opens it for writing\\. It can still be read, but is no longer that of the file\\."
						+ " Have files replaced by a rename instead\\.");
		}
	}

	@Test
	void theWriterWaitsUntilTheContentIsSaved() throws Exception {
		CountDownLatch latch = new CountDownLatch(1);
		this.calls.waitBefore("moveOver", latch);
		mapGuarded(this.file);
		Process shell = GuardedFiles.startShell(": > '" + this.file + "'");
		GuardedFiles.await("the content is being saved", () -> this.calls.made().contains("moveOver"));
		assertThat(shell.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
		assertThat(this.file).hasBinaryContent(this.content);
		latch.countDown();
		assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.file).isEmptyFile();
	}

	@Test
	void aWriterWhoDoesNotWaitIsTurnedAwayUntilTheContentIsSaved() throws Exception {
		GuardedMapping mapping = mapGuarded(this.file);
		LinuxSystemCalls real = new LinuxSystemCalls();
		assertThatExceptionOfType(SystemCallException.class)
			.isThrownBy(() -> real.open(this.file, Linux.O_RDWR | Linux.O_NONBLOCK, 0))
			.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.EAGAIN));
		GuardedFiles.await("the content is saved", mapping.hold()::isDetached);
		GuardedFiles.await("the lease is given up", () -> {
			try {
				real.close(real.open(this.file, Linux.O_RDWR | Linux.O_NONBLOCK, 0));
				return true;
			}
			catch (SystemCallException ex) {
				return false;
			}
		});
	}

	@Test
	void whatTakesThePlaceOfThePagesIsPrivateAndReadOnly() throws Exception {
		GuardedMapping mapping = mapGuarded(this.file);
		assertThat(MemoryRegion.at(mapping.segment().address()).permissions()).isEqualTo("r--s");
		GuardedFiles.truncate(this.file);
		assertThat(MemoryRegion.at(mapping.segment().address()).permissions()).isEqualTo("r--p");
		assertThat(MemoryRegion.at(mapping.segment().address()).name()).isEmpty();
	}

	@Test
	void aPartOfAFileIsSavedWhereverItStartsAndEnds() throws Exception {
		GuardedMapping mapping = map(this.file, PAGE + 7, 2 * PAGE + 20).guardedBy(this.guard);
		GuardedFiles.truncate(this.file);
		assertThat(bytes(mapping)).isEqualTo(Arrays.copyOfRange(this.content, PAGE + 7, 3 * PAGE + 27));
	}

	@Test
	void allMappingsOfAFileAreSaved() throws Exception {
		GuardedMapping first = mapGuarded(this.file);
		GuardedMapping second = mapGuarded(this.file);
		GuardedFiles.truncate(this.file);
		assertThat(this.file).isEmptyFile();
		assertThat(bytes(first)).isEqualTo(this.content);
		assertThat(bytes(second)).isEqualTo(this.content);
	}

	@Test
	void whenOneOfTwoMappingsOfAFileIsUnmappedTheOtherIsStillGuarded() throws Exception {
		GuardedMapping first = mapGuarded(this.file);
		GuardedMapping second = mapGuarded(this.file);
		this.mappings.remove(first);
		first.close();
		GuardedFiles.truncate(this.file);
		assertThat(bytes(second)).isEqualTo(this.content);
	}

	@Test
	void filesThatAreTruncatedAtTheSameTimeAreAllSaved() throws Exception {
		CountDownLatch latch = new CountDownLatch(1);
		this.calls.waitBefore("pread", latch);
		int count = 50;
		List<GuardedMapping> guarded = new ArrayList<>();
		List<Process> shells = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Path each = Files.write(this.directory.resolve("file" + i), GuardedFiles.content(i, SIZE));
			guarded.add(mapGuarded(each));
		}
		for (int i = 0; i < count; i++) {
			shells.add(GuardedFiles.startShell(": > '" + this.directory.resolve("file" + i) + "'"));
		}
		GuardedFiles.await("one is being saved", () -> this.calls.made().contains("pread"));
		// The signals of the others come as one
		Thread.sleep(300);
		latch.countDown();
		for (Process shell : shells) {
			assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
		}
		for (int i = 0; i < count; i++) {
			assertThat(this.directory.resolve("file" + i)).isEmptyFile();
			assertThat(bytes(guarded.get(i))).isEqualTo(GuardedFiles.content(i, SIZE));
		}
	}

	@Test
	void aFileThatIsReplacedByARenameStaysMapped() throws Exception {
		GuardedMapping mapping = mapGuarded(this.file);
		Path other = Files.writeString(this.directory.resolve("other"), "new");
		Files.move(other, this.file, StandardCopyOption.ATOMIC_MOVE);
		assertThat(bytes(mapping)).isEqualTo(this.content);
		assertThat(mapping.hold().isGuarding()).isTrue();
	}

	@Test
	void onceItIsUnmappedNobodyWaits() throws Exception {
		GuardedMapping mapping = mapGuarded(this.file);
		this.mappings.remove(mapping);
		mapping.close();
		assertThat(mapping.hold().isGuarding()).isFalse();
		GuardedFiles.truncate(this.file);
		assertThat(this.calls.made()).doesNotContain("moveOver");
		assertThat(mapping.hold().isDetached()).isFalse();
	}

	@Test
	void whenItCouldNotBeUnmappedTheGuardGoesOn() throws Exception {
		GuardedMapping mapping = mapGuarded(this.file);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> mapping.hold().whileNotSaving(() -> {
			throw new IOException("cannot be unmapped");
		}));
		assertThat(mapping.hold().isGuarding()).isTrue();
		GuardedFiles.truncate(this.file);
		assertThat(bytes(mapping)).isEqualTo(this.content);
	}

	@Test
	void whoComesWhileItCannotBeUnmappedIsServedAfterwardsAndDoesNotHoldUpOthers() throws Exception {
		Path other = Files.write(this.directory.resolve("other"), this.content);
		GuardedMapping mapping = mapGuarded(this.file);
		GuardedMapping second = mapGuarded(other);
		List<Process> shells = new ArrayList<>();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> mapping.hold().whileNotSaving(() -> {
			shells.add(GuardedFiles.startShell(": > '" + this.file + "'"));
			assertThat(shells.getFirst().waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
			GuardedFiles.truncate(other);
			throw new IOException("cannot be unmapped");
		}));
		assertThat(shells.getFirst().waitFor(3, TimeUnit.SECONDS)).isTrue();
		assertThat(bytes(mapping)).isEqualTo(this.content);
		assertThat(bytes(second)).isEqualTo(this.content);
	}

	@Test
	void unmappingWaitsUntilTheContentIsSaved() throws Exception {
		CountDownLatch latch = new CountDownLatch(1);
		this.calls.waitBefore("pread", latch);
		GuardedMapping mapping = mapGuarded(this.file);
		this.mappings.remove(mapping);
		Process shell = GuardedFiles.startShell(": > '" + this.file + "'");
		GuardedFiles.await("the content is being saved", () -> this.calls.made().contains("pread"));
		CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
			try {
				mapping.close();
			}
			catch (SystemCallException ex) {
				throw new IllegalStateException(ex);
			}
		});
		Thread.sleep(200);
		assertThat(closing).isNotDone();
		assertThat(mapping.segment().scope().isAlive()).isTrue();
		latch.countDown();
		closing.get(20, TimeUnit.SECONDS);
		assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
		assertThat(mapping.segment().scope().isAlive()).isFalse();
	}

	@Test
	void closingAHoldAgainHasNoEffect() throws Exception {
		GuardedMapping mapping = mapGuarded(this.file);
		mapping.hold().close();
		long closes = this.calls.made().stream().filter("close"::equals).count();
		mapping.hold().close();
		assertThat(this.calls.made().stream().filter("close"::equals).count()).isEqualTo(closes).isOne();
		GuardedFiles.truncate(this.file);
		assertThat(mapping.hold().isDetached()).isFalse();
	}

	@Test
	void aDetachedMappingKeepsNoDescriptorAndIsUnmappedAsOthersAre() throws Exception {
		GuardedMapping mapping = mapGuarded(this.file);
		GuardedFiles.truncate(this.file);
		GuardedFiles.await("the descriptor is closed", () -> this.calls.made().getLast().equals("signal"));
		assertThat(this.calls.made()).containsOnlyOnce("close");
		long address = mapping.segment().address();
		this.mappings.remove(mapping);
		mapping.close();
		assertThat(MemoryRegion.find(address)).isEmpty();
	}

	@Test
	void thereIsAThreadWhileSomethingIsGuarded() throws Exception {
		assertThat(GuardedFiles.guardThreads()).isZero();
		GuardedMapping mapping = mapGuarded(this.file);
		GuardedMapping second = mapGuarded(this.file);
		assertThat(GuardedFiles.guardThreads()).isOne();
		mapping.hold().close();
		assertThat(GuardedFiles.guardThreads()).isOne();
		second.hold().close();
		GuardedFiles.await("the thread has ended", () -> GuardedFiles.guardThreads() == 0);
		mapping.guardedBy(this.guard);
		GuardedFiles.truncate(this.file);
		assertThat(bytes(mapping)).isEqualTo(this.content);
		GuardedFiles.await("the thread has ended", () -> GuardedFiles.guardThreads() == 0);
	}

	@Test
	void closingTheGuardGivesUpAllLeases() throws Exception {
		GuardedMapping mapping = mapGuarded(this.file);
		this.guard.close();
		this.guard.close();
		assertThat(mapping.hold().isGuarding()).isFalse();
		GuardedFiles.truncate(this.file);
		assertThat(mapping.hold().isDetached()).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> mapping.guardedBy(this.guard))
			.withMessage("The guard is closed");
	}

}
