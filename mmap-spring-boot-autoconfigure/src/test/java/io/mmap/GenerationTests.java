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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.testsupport.CapturedLog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of a generation, and of those that were replaced.
 */
class GenerationTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final Worker worker = new Worker();

	private final Warnings warnings = new Warnings();

	private final Generations owner = new Generations(Mappers.of(MapperType.JDK),
			new LeakDetector(this.worker, (entry) -> () -> {
			}), this.worker, true, new AdHocMappings(), new Guards(() -> null, 0, this.warnings), new Object());

	private final CountedPages pages = new CountedPages();

	private final Generation generation = generation();

	private Generation generation() {
		return generation("words");
	}

	private Generation generation(String name) {
		MappingArena arena = MappingArena.shared();
		return new Generation(MappingEntries.of(name, this.pages, arena.leases()), arena, arena.arena().allocate(8),
				this.owner);
	}

	@AfterEach
	void close() {
		this.worker.close();
		this.generation.closeArena();
	}

	@Test
	void itIsUnmappedOnce() {
		assertThat(this.generation.isMapped()).isTrue();
		assertThat(this.generation.release(Drain.NONE)).isTrue();
		assertThat(this.generation.release(Drain.NONE)).isFalse();
		assertThat(this.pages.unmaps).hasValue(1);
		assertThat(this.generation.isMapped()).isFalse();
		assertThat(this.generation.isUnmapped()).isTrue();
		assertThat(this.generation.entry().released()).isTrue();
	}

	@Test
	void anUnmapIsCounted() {
		this.generation.entry().counters().mapped(8, 1);
		this.generation.release(Drain.NONE);
		assertThat(this.generation.entry().counters().unmapCount()).isEqualTo(1);
		assertThat(this.generation.entry().counters().unmapNanos()).isBetween(1L, LONG.toNanos());
		assertThat(this.generation.entry().counters().mappedBytes()).isZero();
	}

	@Test
	void ofThreadsThatWaitToUnmapItOneDoes() throws Exception {
		DefaultMappingLease lease = this.generation.acquire(null);
		List<Boolean> results = new CopyOnWriteArrayList<>();
		Runnable unmapping = () -> results.add(this.generation.release(new Drain(LONG)));
		List<Thread> threads = List.of(Thread.ofPlatform().start(unmapping), Thread.ofPlatform().start(unmapping));
		await().until(() -> threads.stream().allMatch(GenerationTests::isWaiting));
		lease.close();
		for (Thread thread : threads) {
			assertThat(thread.join(LONG)).isTrue();
		}
		assertThat(results).containsExactlyInAnyOrder(true, false);
		assertThat(this.pages.unmaps).hasValue(1);
	}

	private static boolean isWaiting(Thread thread) {
		return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
	}

	@Test
	void whetherItWasUnmappedIsRecorded(@TempDir Path directory) throws IOException {
		Path dump = directory.resolve("dump.jfr");
		try (Recording recording = new Recording()) {
			recording.enable("io.mmap.Unmap");
			recording.start();
			try (DefaultMappingLease lease = this.generation.acquire(null)) {
				assertThatExceptionOfType(MemoryInUseException.class)
					.isThrownBy(() -> this.generation.release(Drain.NONE));
				assertThat(lease.generation()).isEqualTo(1);
			}
			this.generation.release(Drain.NONE);
			recording.stop();
			recording.dump(dump);
		}
		assertThat(RecordingFile.readAllEvents(dump)).filteredOn((event) -> event.hasField("outcome"))
			.extracting((event) -> event.getString("outcome"))
			.containsExactly("MemoryInUseException", "success");
	}

	@Test
	void whoHoldsItIsKnownUntilTheLeaseIsClosed() {
		Leases leases = this.generation.arena().leases();
		try (DefaultMappingLease lease = this.generation.acquire(new Holder("indexer"))) {
			assertThat(leases.holders()).hasSize(1);
			assertThat(lease.generation()).isEqualTo(1);
		}
		assertThat(leases.holders()).isEmpty();
		assertThat(leases.count()).isZero();
	}

	@Test
	void whatIsInUseIsNotUnmappedAndCanBeUsedFurther() {
		DefaultMappingLease lease = this.generation.acquire(null);
		assertThatExceptionOfType(MemoryInUseException.class).isThrownBy(() -> this.generation.release(Drain.NONE));
		assertThat(this.generation.isMapped()).isTrue();
		assertThat(this.generation.isToBeAvailable()).isTrue();
		assertThat(this.pages.unmaps).hasValue(0);
		lease.close();
		assertThat(this.generation.release(Drain.NONE)).isTrue();
	}

	@Test
	void whatTheSystemRefusesToUnmapIsTriedAgain() {
		this.pages.refusals.set(1);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.generation.release(Drain.NONE))
			.withMessageContaining("Cannot unmap mapping 'words'")
			.withMessageContaining("unmapping may be tried again");
		assertThat(this.generation.isMapped()).isTrue();
		assertThat(this.generation.isOpen()).isFalse();
		assertThat(this.generation.isUnmapped()).isFalse();
		assertThat(this.generation.release(Drain.NONE)).isTrue();
	}

	@Test
	void whatWasTakenOverIsNotItsOwnToUnmap() {
		MappingEntries.Nothing next = new MappingEntries.Nothing();
		this.generation.superseded(next);
		assertThat(this.pages.next).isSameAs(next);
		assertThat(this.generation.isMapped()).isFalse();
		assertThat(this.generation.isUnmapped()).isFalse();
		assertThat(this.generation.release(Drain.NONE)).isFalse();
		assertThat(this.pages.unmaps).hasValue(0);
	}

	@Test
	void whatWasTakenOverCannotBeUsed() {
		this.generation.superseded(new MappingEntries.Nothing());
		assertThat(this.generation.acquire(null)).isNull();
		assertThat(this.generation.arena().leases().count()).isZero();
		assertThat(this.generation.isToBeAvailable()).isFalse();
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(this.generation::segment);
	}

	@Test
	void itIsToBeAvailableWhileItIsReplacedOnly() {
		Leases leases = this.generation.arena().leases();
		assertThat(this.generation.isToBeAvailable()).isTrue();
		leases.close(Leases.Closing.REPLACED);
		assertThat(this.generation.isToBeAvailable()).isTrue();
		leases.reopen();
		leases.close(Leases.Closing.UNMAPPED);
		assertThat(this.generation.isToBeAvailable()).isFalse();
		leases.reopen();
		this.generation.retire();
		assertThat(this.generation.isToBeAvailable()).isFalse();
	}

	@Test
	void aRetiredOneIsUnmappedIfNobodyUsesIt() {
		RetiredGenerations retired = retired(LONG);
		retired.add(List.of(this.generation));
		assertThat(this.generation.acquire(null)).isNull();
		assertThat(retired.all()).containsExactly(this.generation.entry());
		retired.unmapUnused();
		assertThat(this.generation.isUnmapped()).isTrue();
		assertThat(retired.all()).isEmpty();
	}

	@Test
	void aRetiredOneIsUnmappedSoonAfterItWasUsedLast() throws Exception {
		RetiredGenerations retired = retired(LONG);
		try (DefaultMappingLease lease = this.generation.acquire(null)) {
			retired.add(List.of(this.generation));
			retired.unmapUnused();
			Thread.sleep(50);
			assertThat(retired.all()).containsExactly(this.generation.entry());
			assertThat(lease.segment().byteSize()).isEqualTo(8);
			assertThat(this.warnings.all()).isEmpty();
		}
		await().atMost(Duration.ofSeconds(2)).until(this.generation::isUnmapped);
	}

	@Test
	void aRetiredOneThatIsUsedForTooLongIsWarnedOfOnceUntilItIsUnmapped() throws Exception {
		RetiredGenerations retired = retired(Duration.ofMillis(30));
		try (CapturedLog log = new CapturedLog()) {
			try (DefaultMappingLease lease = this.generation.acquire(new Holder("indexer"))) {
				retired.add(List.of(this.generation));
				retired.unmapUnused();
				await().until(() -> !this.warnings.all().isEmpty());
				Thread.sleep(50);
				assertThat(this.warnings.all()).singleElement()
					.extracting(MappingWarning::kind)
					.isEqualTo(MappingWarning.Kind.STILL_IN_USE);
				assertThat(log.messages(Level.WARN)).singleElement()
					.asString()
					.contains("Generation 1 of mapping 'words'", "was replaced, and stays mapped", "indexer");
				assertThat(lease.generation()).isEqualTo(1);
			}
			await().until(() -> this.warnings.all().isEmpty());
		}
	}

	@Test
	void theWarningStaysWhileAnotherOneOfThatNameIsUsed() {
		RetiredGenerations retired = retired(Duration.ZERO);
		Generation other = generation();
		try (DefaultMappingLease lease = this.generation.acquire(null)) {
			try (DefaultMappingLease otherLease = other.acquire(null)) {
				retired.add(List.of(this.generation, other));
				retired.unmapUnused();
				assertThat(otherLease.generation()).isEqualTo(lease.generation());
			}
			Instant since = this.warnings.all().getFirst().since();
			await().until(other::isUnmapped);
			retired.unmapUnused();
			assertThat(this.warnings.all()).extracting(MappingWarning::since).containsExactly(since);
		}
		await().until(() -> this.warnings.all().isEmpty());
	}

	@Test
	void theWarningEndsAlsoIfOneOfAnotherNameIsUsed() {
		RetiredGenerations retired = retired(Duration.ZERO);
		Generation other = generation("others");
		try (DefaultMappingLease lease = other.acquire(null)) {
			try (DefaultMappingLease ended = this.generation.acquire(null); CapturedLog log = new CapturedLog()) {
				retired.add(List.of(this.generation, other));
				retired.unmapUnused();
				assertThat(log.messages(Level.WARN)).hasSize(2);
				assertThat(ended.generation()).isEqualTo(lease.generation());
			}
			await().until(() -> this.warnings.all().size() == 1);
			assertThat(this.warnings.all()).extracting(MappingWarning::name).containsExactly("others");
		}
		await().until(other::isUnmapped);
	}

	@Test
	void whatIsLeftOfRetiredOnesIsUnmappedAtTheEnd() {
		RetiredGenerations retired = retired(LONG);
		Generation used = generation();
		DefaultMappingLease lease = used.acquire(null);
		retired.add(List.of(this.generation, used));
		retired.unmap(Drain.NONE);
		assertThat(this.generation.isUnmapped()).isTrue();
		assertThat(retired.all()).containsExactly(used.entry());
		lease.close();
		retired.unmap(Drain.NONE);
		assertThat(used.isUnmapped()).isTrue();
		retired.unmap(Drain.NONE);
		assertThat(this.pages.unmaps).hasValue(2);
	}

	@Test
	void oneJobUnmapsWhatIsInUseHoweverOftenThatIsTried() {
		RetiredGenerations retired = retired(LONG);
		DefaultMappingLease lease = this.generation.acquire(null);
		retired.add(List.of(this.generation));
		int jobs = this.worker.jobs();
		for (int i = 0; i < 100; i++) {
			retired.unmapUnused();
		}
		assertThat(this.worker.jobs()).isLessThanOrEqualTo(jobs + 1);
		lease.close();
		retired.unmapUnused();
		assertThat(retired.all()).isEmpty();
	}

	@Test
	void theOlderWhatIsInUseTheLessOftenItIsTried() {
		assertThat(RetiredGenerations.pause(0)).isEqualTo(Duration.ofMillis(5));
		assertThat(RetiredGenerations.pause(Duration.ofMillis(80).toNanos())).isEqualTo(Duration.ofMillis(20));
		assertThat(RetiredGenerations.pause(Duration.ofHours(1).toNanos())).isEqualTo(Duration.ofMillis(250));
	}

	private RetiredGenerations retired(Duration patience) {
		return new RetiredGenerations(this.worker, patience, this.warnings);
	}

	private static final class CountedPages extends MappingEntries.Nothing {

		private final AtomicInteger unmaps = new AtomicInteger();

		private final AtomicInteger refusals = new AtomicInteger();

		private Pages next;

		@Override
		public void unmap() throws SystemCallException {
			if (this.refusals.getAndDecrement() > 0) {
				throw new SystemCallException("munmap", Errno.ENOMEM);
			}
			this.unmaps.incrementAndGet();
		}

		@Override
		public void supersededBy(Pages next) {
			this.next = next;
		}

	}

}
