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
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.FileEvent;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCalls;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The system tells when a declared file has changed, and where it does not, somebody
 * looks from time to time. The files are mapped by a registry that does not look itself.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class FileWatchTests {

	private static final Duration NEVER = Duration.ofDays(1);

	private static final Duration SHORT = Duration.ofMillis(20);

	private static final Duration LONG_ENOUGH = Duration.ofMillis(200);

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	private final Worker worker = new Worker();

	private final Warnings warnings = new Warnings();

	private final AtomicInteger looks = new AtomicInteger();

	/**
	 * Held here, as the worker does not keep them.
	 */
	private final List<FileCheck> checks = new ArrayList<>();

	private final Set<Long> inodes = new HashSet<>();

	private Path words;

	private Path counters;

	private MappingRegistry registry;

	@BeforeEach
	void declare() throws IOException {
		new LeakDetector(this.worker, (entry) -> () -> {
		});
		this.words = Files.write(this.directory.resolve("words.bin"), new byte[10_000]);
		this.counters = Files.write(this.directory.resolve("counters.bin"), new byte[10_000]);
		this.inodes.add((Long) Files.getAttribute(this.words, "unix:ino"));
		this.inodes.add((Long) Files.getAttribute(this.counters, "unix:ino"));
		this.registry = MappingRegistry.builder()
			.mapper(this.mapper)
			.truncationCheckInterval(NEVER)
			.declare("words", MappingSpec.file(this.words).build())
			.declare("counters", MappingSpec.file(this.counters).access(MappingAccess.READ_WRITE).build())
			.build();
	}

	@AfterEach
	void close() {
		this.worker.close();
		this.registry.close();
		assertThat(watched(this.words)).isFalse();
		assertThat(inotifyDescriptors()).isEmpty();
	}

	@Test
	void nothingIsScheduledWhileTheSystemTells() {
		check(SHORT).run();
		assertThat(this.worker.jobs()).isZero();
		assertThat(watched(this.words)).isTrue();
		assertThat(watched(this.counters)).isTrue();
	}

	@Test
	void aChangeIsLookedAtAtOnce() throws IOException {
		check(NEVER).run();
		modify(this.words);
		await().untilAsserted(() -> assertThat(this.warnings.all()).singleElement()
			.satisfies((warning) -> assertThat(warning.name()).isEqualTo("words")));
		assertThat(this.looks).hasValue(2);
	}

	@Test
	void aTruncationIsLookedAtAtOnce() throws IOException {
		try (CapturedLog log = new CapturedLog()) {
			check(NEVER).run();
			truncate(this.counters, 4000);
			await().untilAsserted(() -> assertThat(log.messages(Level.ERROR)).singleElement()
				.asString()
				.contains("'counters'", "truncated to 4000 bytes"));
		}
	}

	@Test
	void whatOnlyTheTimeTellsIsLookedAtToo() throws IOException {
		check(NEVER).run();
		Files.setLastModifiedTime(this.words, FileTime.fromMillis(1));
		await().until(() -> !this.warnings.all().isEmpty());
	}

	@Test
	void aFileThatIsDeletedOrMovedIsLookedAt() throws IOException {
		check(SHORT).run();
		Files.delete(this.words);
		await().until(() -> this.looks.get() >= 2);
		int looks = this.looks.get();
		Files.move(this.counters, this.directory.resolve("moved"));
		await().until(() -> this.looks.get() > looks);
	}

	@Test
	void whatIsMovedAwayIsStillWatched() throws IOException {
		try (CapturedLog log = new CapturedLog()) {
			check(SHORT).run();
			Path moved = Files.move(this.words, this.directory.resolve("moved"));
			await().until(() -> this.looks.get() >= 2);
			int looks = this.looks.get();
			truncate(moved, 4000);
			await().until(() -> this.looks.get() > looks);
			if (this.mapper == MapperType.NATIVE) {
				await().until(() -> !log.messages(Level.ERROR).isEmpty());
			}
		}
	}

	@Test
	void furtherChangesWaitForTheInterval() throws Exception {
		check(NEVER).run();
		for (int i = 0; i < 1000; i++) {
			modify(this.words);
		}
		await().until(() -> this.looks.get() == 2);
		Thread.sleep(LONG_ENOUGH);
		modify(this.words);
		Thread.sleep(LONG_ENOUGH);
		assertThat(this.looks).hasValue(2);
	}

	@Test
	void changesDuringTheIntervalAreLookedAtWhenItIsOver() throws IOException {
		try (CapturedLog log = new CapturedLog()) {
			check(LONG_ENOUGH).run();
			modify(this.words);
			await().until(() -> this.looks.get() == 2);
			truncate(this.words, 4000);
			assertThat(log.messages(Level.ERROR)).isEmpty();
			await().until(() -> !log.messages(Level.ERROR).isEmpty());
		}
	}

	@Test
	void moreThanTheSystemKeepsIsNoLessThanOneChange() throws IOException {
		int most = Integer.parseInt(Files.readString(Path.of("/proc/sys/fs/inotify/max_queued_events")).strip());
		try (CapturedLog log = new CapturedLog();
				FileChannel one = open(this.words);
				FileChannel two = open(this.counters)) {
			check(LONG_ENOUGH).run();
			for (int i = 0; i < most; i++) {
				one.write(ByteBuffer.allocate(1), 0);
				two.write(ByteBuffer.allocate(1), 0);
			}
			one.truncate(4000);
			await().until(() -> !log.messages(Level.ERROR).isEmpty());
		}
	}

	@Test
	void filesAreWatchedAnewWhenMoreWasToldThanTheSystemKeeps() throws IOException {
		AtomicBoolean overflown = new AtomicBoolean();
		SystemCalls calls = (SystemCalls) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { SystemCalls.class }, (proxy, method, arguments) -> {
					Object result = method.invoke(this.calls.proxy(), arguments);
					return (method.getName().equals("awaitEvents") && overflown.compareAndSet(false, true))
							? List.of(new FileEvent(-1, Linux.IN_Q_OVERFLOW)) : result;
				});
		check(SHORT, calls).run();
		modify(this.words);
		await().untilAsserted(() -> assertThat(this.calls.made().stream().filter("inotify"::equals)).hasSize(2));
		await().until(() -> watched(this.words) && watched(this.counters));
		assertThat(inotifyDescriptors()).hasSize(1);
	}

	@Test
	void aStoreIntoMemoryOfSomebodyElseIsFoundWhenSomebodyAsksAfterTheInterval() throws Exception {
		FileCheck check = check(SHORT);
		check.run();
		Thread.sleep(SHORT);
		try (Arena arena = Arena.ofConfined(); FileChannel channel = open(this.words)) {
			MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, 10_000, arena);
			memory.set(JAVA_BYTE, 0, (byte) 1);
			Thread.sleep(LONG_ENOUGH);
			assertThat(this.looks).hasValue(1);
			check.request();
			await().until(() -> !this.warnings.all().isEmpty());
		}
	}

	@Test
	void aStoreIntoMemoryOfSomebodyElseIsFoundAtTheLatestWhenThatIsUnmapped() throws Exception {
		check(NEVER).run();
		Thread.sleep(SHORT);
		try (Arena arena = Arena.ofConfined(); FileChannel channel = open(this.words)) {
			channel.map(FileChannel.MapMode.READ_WRITE, 0, 10_000, arena).set(JAVA_BYTE, 0, (byte) 1);
		}
		await().until(() -> !this.warnings.all().isEmpty());
	}

	@Test
	void nobodyLooksAgainWithinTheIntervalHoweverOftenSomebodyAsks() throws Exception {
		FileCheck check = check(NEVER);
		check.run();
		check.request();
		Thread.sleep(LONG_ENOUGH);
		assertThat(this.looks).hasValue(1);
	}

	@Test
	void theFileOfTheNextGenerationIsWatchedInsteadOfThatBefore() throws IOException {
		FileCheck check = check(NEVER);
		check.run();
		Path old = Files.createLink(this.directory.resolve("old"), this.words);
		Path next = Files.write(this.directory.resolve("next"), new byte[10_000]);
		Files.move(next, this.words, StandardCopyOption.ATOMIC_MOVE);
		this.registry.reload("words");
		check.run();
		assertThat(watched(this.words)).isTrue();
		assertThat(watched(old)).isFalse();
	}

	@Test
	void aPathThatLeadsToAnotherFileIsNotWatchedAndLookedAtFromTimeToTime() throws IOException {
		Path next = Files.write(this.directory.resolve("next"), new byte[10_000]);
		Files.move(next, this.words, StandardCopyOption.ATOMIC_MOVE);
		check(SHORT).run();
		assertThat(watched(this.words)).isFalse();
		assertThat(watched(this.counters)).isTrue();
		await().until(() -> this.looks.get() >= 3);
	}

	@Test
	void withoutNativeAccessSomebodyLooksFromTimeToTime() throws IOException {
		check(SHORT, null).run();
		assertThat(watched(this.words)).isFalse();
		await().until(() -> this.looks.get() >= 3);
		modify(this.words);
		await().until(() -> !this.warnings.all().isEmpty());
	}

	@Test
	void whenTheUserHasTooManyInstancesSomebodyLooksUntilThereIsOneAndOneLineSaysSo() {
		this.calls.failOnce("inotify", Errno.EMFILE);
		this.calls.failOnce("inotify", Errno.EMFILE);
		try (CapturedLog log = new CapturedLog()) {
			check(SHORT).run();
			assertThat(this.worker.jobs()).isOne();
			await().until(() -> watched(this.words) && watched(this.counters));
			assertThat(log.messages(Level.INFO)).singleElement()
				.asString()
				.contains("looked at every PT0.02S", "EMFILE", "sysctl fs.inotify.max_user_instances", "ulimit -n");
		}
		assertThat(this.looks).hasValue(3);
		await().until(() -> this.worker.jobs() == 0);
	}

	@Test
	@Fault("inotify-watches-exhausted")
	void whenTheUserHasTooManyWatchesSomebodyLooksUntilThereIsOne() {
		this.calls.failOnce("addWatch", Errno.ENOSPC);
		try (CapturedLog log = new CapturedLog()) {
			FileCheck check = check(NEVER);
			check.run();
			assertThat(this.worker.jobs()).isOne();
			assertThat(inotifyDescriptors()).isEmpty();
			assertThat(log.messages(Level.INFO)).singleElement()
				.asString()
				.contains("ENOSPC", "sysctl fs.inotify.max_user_watches");
			check.run();
			assertThat(watched(this.words)).isTrue();
		}
	}

	@Test
	void oneFileThatMayNotBeWatchedIsLookedAt() {
		this.calls.failOnce("addWatch", Errno.EACCES);
		check(NEVER).run();
		assertThat(watched(this.words)).isFalse();
		assertThat(watched(this.counters)).isTrue();
		assertThat(this.worker.jobs()).isOne();
	}

	@Test
	void whenNobodyCanWaitSomebodyLooksFromThenOn() throws IOException {
		this.calls.failOnce("awaitEvents", Errno.EIO);
		try (CapturedLog log = new CapturedLog()) {
			check(SHORT).run();
			await().until(() -> this.looks.get() >= 4);
			assertThat(inotifyDescriptors()).isEmpty();
			assertThat(log.messages(Level.WARN)).singleElement().asString().contains("looked at every PT0.02S");
		}
		modify(this.words);
		await().until(() -> !this.warnings.all().isEmpty());
	}

	@Test
	void aFileSystemThatDoesNotTellOfAllChangesIsLookedAtAndOneLineSaysSo() {
		try (CapturedLog log = new CapturedLog()) {
			// NFS
			SystemCalls elsewhere = (SystemCalls) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { SystemCalls.class },
					(proxy, method, arguments) -> method.getName().equals("fileSystemType") ? 0x6969L
							: method.invoke(this.calls.proxy(), arguments));
			check(SHORT, elsewhere).run();
			await().until(() -> this.looks.get() >= 3);
			assertThat(log.messages(Level.INFO)).singleElement().asString().contains("type 0x6969", "PT0.02S");
		}
		assertThat(this.calls.made().stream().filter("open"::equals)).hasSize(2);
		assertThat(inotifyDescriptors()).isEmpty();
	}

	@Test
	void whatIsReleasedIsWatchedAgainWhenSomebodyLooks() {
		FileCheck check = check(NEVER);
		check.run();
		check.release();
		assertThat(inotifyDescriptors()).isEmpty();
		check.run();
		assertThat(watched(this.words)).isTrue();
	}

	@Test
	void aWatchThatCannotBeRemovedKeepsNothingOpen() {
		this.calls.failOnce("removeWatch", Errno.EINVAL);
		check(NEVER).run();
	}

	@Test
	void watchingLeavesTheLocksOfTheProcess() throws IOException {
		try (FileChannel channel = open(this.words); FileLock lock = channel.lock()) {
			assertThat(lock.isValid()).isTrue();
			check(NEVER).run();
			assertThat(watched(this.words)).isTrue();
			assertThat(ProcessMaps.locks(this.words)).anyMatch((each) -> each.contains("POSIX"));
		}
	}

	@Test
	void theThreadEndsWithTheLastFile() {
		FileCheck check = check(NEVER);
		check.run();
		Thread thread = Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((each) -> each.getName().equals("mmap-watch"))
			.max(Comparator.comparingLong(Thread::threadId))
			.orElseThrow();
		assertThat(thread.isDaemon()).isTrue();
		this.registry.close();
		check.run();
		assertThat(thread.isAlive()).isFalse();
		assertThat(inotifyDescriptors()).isEmpty();
		assertThat(this.worker.jobs()).isZero();
	}

	private FileCheck check(Duration interval) {
		return check(interval, this.calls.proxy());
	}

	private FileCheck check(Duration interval, SystemCalls calls) {
		FileWatch watch = new FileWatch(calls, interval);
		this.worker.endTogether(watch::close);
		FileCheck check = new FileCheck(this.worker, interval, watch, this::entries, this.warnings);
		this.checks.add(check);
		return check;
	}

	private Collection<MappingEntry> entries() {
		this.looks.incrementAndGet();
		return this.registry.mappings().stream().map(MappingEntry.class::cast).toList();
	}

	/**
	 * Return those that are not of other tests' registries, which have files of their
	 * own.
	 */
	private List<Integer> inotifyDescriptors() {
		return ProcessMaps.inotifyDescriptors()
			.entrySet()
			.stream()
			.filter((each) -> each.getValue().isEmpty() || each.getValue().stream().anyMatch(this.inodes::contains))
			.map(Map.Entry::getKey)
			.toList();
	}

	private static boolean watched(Path file) {
		try {
			return Files.exists(file) && ProcessMaps.watchedInodes().contains(Files.getAttribute(file, "unix:ino"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static FileChannel open(Path file) throws IOException {
		return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	private static void modify(Path file) throws IOException {
		Files.write(file, new byte[] { 1, 2, 3 }, StandardOpenOption.WRITE);
	}

	private static void truncate(Path file, long length) throws IOException {
		try (FileChannel channel = open(file)) {
			channel.truncate(length);
		}
	}

}
