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
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingPreload.State;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a preloader does with the preloads that it is given.
 */
@ExtendWith(NothingLeftBehind.class)
@Timeout(60)
class PreloaderTests {

	private static final long PIECE = Preloader.PIECE_LENGTH;

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final Executor THREADS = (task) -> Thread.ofPlatform().start(task);

	private static final String SETTLED = "settled";

	private static final Preloader.Piece NOTHING = (offset, length) -> {
	};

	private final ManualClock clock = new ManualClock();

	private final MappingCounters counters = new MappingCounters("test");

	private final List<String> loaded = new CopyOnWriteArrayList<>();

	private Preloader preloader = new Preloader(0, LONG, (preload) -> {
	});

	@AfterEach
	void closePreloader() throws InterruptedException {
		this.preloader.close();
		awaitNoThread();
	}

	@Test
	void theWholeMappingIsLoadedInAlignedPiecesFromItsStartToItsEnd() throws Exception {
		MappingPreload preload = start("geoip", 2 * PIECE + 100, this::note);
		assertThat(preload.await()).isEqualTo(State.COMPLETED);
		assertThat(this.loaded).containsExactly("0+1048576", "1048576+1048576", "2097152+100");
		assertThat(preload.loaded()).isEqualTo(preload.length()).isEqualTo(2 * PIECE + 100);
	}

	@Test
	void aMappingOfWholePiecesHasNoEmptyOneAtItsEnd() throws Exception {
		start("geoip", 2 * PIECE, this::note).await();
		assertThat(this.loaded).containsExactly("0+1048576", "1048576+1048576");
	}

	@Test
	void anEmptyMappingIsCompleteAtOnce() {
		Block block = new Block();
		start("geoip", PIECE, block);
		MappingPreload preload = start("empty", 0, this::note);
		assertThat(preload.state()).isEqualTo(State.COMPLETED);
		assertThat(preload.remaining()).isZero();
		assertThat(preload.rate()).isZero();
		block.release();
	}

	@Test
	void aNegativeLengthIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> start("geoip", -1, NOTHING))
			.withMessage("The length to preload must not be negative, but is -1");
	}

	@Test
	void allBytesOfAMappedFileAreTouched(@TempDir Path directory) throws Exception {
		Path file = Files.write(directory.resolve("geoip.bin"), new byte[3 * (int) PIECE + 5]);
		AtomicLong pages = new AtomicLong();
		try (Arena arena = Arena.ofShared()) {
			MemorySegment segment = map(file, arena);
			MappingPreload preload = start("geoip", segment.byteSize(), (offset, length) -> {
				for (long i = offset; i < offset + length; i += 4096) {
					segment.get(ValueLayout.JAVA_BYTE, i);
					pages.incrementAndGet();
				}
			});
			assertThat(preload.await()).isEqualTo(State.COMPLETED);
			assertThat(pages).hasValue(3 * 256 + 1);
		}
	}

	@Test
	void aFileThatIsTruncatedMeanwhileFailsThePreload(@TempDir Path directory) throws Exception {
		Path file = Files.write(directory.resolve("geoip.bin"), new byte[2 * (int) PIECE]);
		try (Arena arena = Arena.ofShared(); FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			MemorySegment segment = map(file, arena);
			MappingPreload preload = start("geoip", segment.byteSize(), (offset, length) -> {
				if (offset > 0) {
					truncate(channel);
				}
				for (long i = offset; i < offset + length; i += 4096) {
					segment.get(ValueLayout.JAVA_BYTE, i);
				}
			});
			assertThat(preload.await()).isEqualTo(State.FAILED);
			assertThat(preload.failure()).isInstanceOf(InternalError.class);
		}
	}

	@Test
	void preloadsAreDoneOneAfterTheOtherInTheOrderInWhichTheyWereStarted() throws Exception {
		Block block = new Block();
		MappingPreload first = start("first", PIECE, block);
		MappingPreload second = start("second", 1, this::note);
		MappingPreload third = start("third", 2, this::note);
		block.await();
		assertThat(List.of(first.state(), second.state(), third.state())).containsExactly(State.RUNNING, State.QUEUED,
				State.QUEUED);
		block.release();
		assertThat(third.await()).isEqualTo(State.COMPLETED);
		assertThat(this.loaded).containsExactly("0+1", "0+2");
	}

	@Test
	void whatWasLoadedIsCountedPieceByPiece() throws Exception {
		Block block = new Block(PIECE);
		MappingPreload preload = start("geoip", 2 * PIECE, block);
		block.await();
		assertThat(preload.loaded()).isEqualTo(PIECE);
		assertThat(preload.state().isEnd()).isFalse();
		block.release();
	}

	@Test
	void theThreadIsADaemonThatIsThereFromTheFirstPreloadUntilItIsIdle() throws Exception {
		use(0, LONG, Duration.ofMillis(50), (preload) -> {
		}, this.clock);
		assertThat(threads()).isEmpty();
		for (int i = 0; i < 2; i++) {
			Block block = new Block();
			MappingPreload preload = start("geoip", PIECE, block);
			block.await();
			assertThat(threads()).singleElement().matches(Thread::isDaemon);
			block.release();
			preload.await();
			awaitNoThread();
		}
	}

	@Test
	void aPieceThatThrowsEndsItsPreloadOnly() throws Exception {
		RuntimeException failure = new IllegalStateException("the disk is gone");
		MappingPreload broken = start("broken", 3 * PIECE, (offset, length) -> {
			note(offset, length);
			if (offset > 0) {
				throw failure;
			}
		});
		MappingPreload other = start("other", 1, NOTHING);
		assertThat(broken.await()).isEqualTo(State.FAILED);
		assertThat(broken.failure()).isSameAs(failure);
		assertThat(broken.loaded()).isEqualTo(PIECE);
		assertThat(broken.remaining()).isNull();
		assertThat(this.loaded).hasSize(2);
		assertThat(other.await()).isEqualTo(State.COMPLETED);
		assertThat(other.failure()).isNull();
	}

	@Test
	void aFailureIsLoggedAsAWarningWithItsReason() throws Exception {
		try (CapturedLog log = new CapturedLog()) {
			start("geoip", 2 * PIECE, (offset, length) -> {
				throw new IllegalStateException("the disk is gone");
			});
			settle();
			assertThat(log.messages(Level.WARN)).containsExactly("Preload of mapping 'geoip' of file 'x' failed after"
					+ " 0 of 2097152 bytes: java.lang.IllegalStateException: the disk is gone."
					+ " What was not loaded is when it is accessed.");
		}
	}

	@Test
	void cancellingTakesEffectAfterThePieceThatIsBeingLoaded() throws Exception {
		Block block = new Block(PIECE);
		MappingPreload preload = start("geoip", 3 * PIECE, (offset, length) -> {
			note(offset, length);
			block.load(offset, length);
		});
		block.await();
		assertThat(preload.cancel()).isTrue();
		assertThat(preload.await()).isEqualTo(State.CANCELLED);
		block.release();
		settle();
		assertThat(this.loaded).containsExactly("0+1048576", "1048576+1048576");
		assertThat(preload.loaded()).isEqualTo(PIECE);
		assertThat(preload.remaining()).isNull();
	}

	@Test
	void cancellingAgainHasNoEffect() {
		Block block = new Block();
		MappingPreload preload = start("geoip", PIECE, block);
		assertThat(preload.cancel()).isTrue();
		assertThat(preload.cancel()).isFalse();
		block.release();
	}

	@Test
	void cancellingWhatIsCompleteHasNoEffect() throws Exception {
		MappingPreload preload = start("geoip", PIECE, NOTHING);
		preload.await();
		assertThat(preload.cancel()).isFalse();
		assertThat(preload.state()).isEqualTo(State.COMPLETED);
	}

	@Test
	void whatIsCancelledInTheQueueIsNeverBegun() throws Exception {
		Block block = new Block();
		start("first", PIECE, block);
		MappingPreload second = start("second", PIECE, this::note);
		assertThat(second.cancel()).isTrue();
		assertThat(second.await()).isEqualTo(State.CANCELLED);
		block.release();
		settle();
		assertThat(this.loaded).isEmpty();
	}

	@Test
	void cancellingEndsTheWaitForTheSakeOfTheRateLimit() throws Exception {
		CountDownLatch told = new CountDownLatch(1);
		use(1, LONG, LONG, (preload) -> told.countDown(), PreloadClock.SYSTEM);
		MappingPreload preload = start("geoip", 2 * PIECE, NOTHING);
		while (preload.loaded() == 0) {
			Thread.onSpinWait();
		}
		assertThat(preload.cancel()).isTrue();
		// It would wait for twelve days
		assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void whatAPieceThrowsAfterThePreloadWasCancelledIsNoFailure() throws Exception {
		Block block = new Block();
		try (CapturedLog log = new CapturedLog()) {
			MappingPreload preload = start("geoip", PIECE, (offset, length) -> {
				block.load(offset, length);
				throw new IllegalStateException("unmapped");
			});
			block.await();
			preload.cancel();
			block.release();
			settle();
			assertThat(preload.state()).isEqualTo(State.CANCELLED);
			assertThat(preload.failure()).isNull();
			assertThat(log.messages(Level.WARN)).isEmpty();
		}
	}

	@Test
	void nothingOfTheMappingIsKeptOnceThePreloadWasCancelledInTheQueue() {
		Block block = new Block();
		start("first", PIECE, block);
		AtomicReference<byte[]> content = new AtomicReference<>(new byte[10]);
		MappingPreload second = startReading(content.get());
		WeakReference<byte[]> reference = new WeakReference<>(content.getAndSet(null));
		second.cancel();
		Garbage.collect(reference);
		block.release();
	}

	@Test
	void anotherPreloadOfTheSameNameReplacesTheOneThatIsRunning() throws Exception {
		Block block = new Block();
		MappingPreload older = start("geoip", 2 * PIECE, block);
		block.await();
		MappingPreload newer = start("geoip", PIECE, this::note);
		assertThat(older.state()).isEqualTo(State.CANCELLED);
		block.release();
		assertThat(newer.await()).isEqualTo(State.COMPLETED);
		assertThat(this.loaded).containsExactly("0+1048576");
	}

	@Test
	void onceItHasEndedAPreloadIsLeftAsItIsByAnotherOneOfTheSameName() throws Exception {
		MappingPreload older = start("geoip", PIECE, NOTHING);
		older.await();
		start("geoip", PIECE, NOTHING).await();
		assertThat(older.state()).isEqualTo(State.COMPLETED);
	}

	@Test
	void waitingForATimeTellsWhetherItHasEnded() throws Exception {
		Block block = new Block();
		MappingPreload preload = start("geoip", PIECE, block);
		assertThat(preload.await(Duration.ZERO)).isFalse();
		assertThat(preload.await(Duration.ofMillis(20))).isFalse();
		block.release();
		assertThat(preload.await(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
		assertThat(preload.await(Duration.ofSeconds(-1))).isTrue();
	}

	@Test
	void whoWaitsCanBeInterruptedAndThePreloadGoesOn() throws Exception {
		Block block = new Block();
		MappingPreload preload = start("geoip", PIECE, block);
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(preload::await);
		block.release();
		assertThat(preload.await()).isEqualTo(State.COMPLETED);
	}

	@Test
	void rateAndTimeLeftFollowFromWhatWasLoadedSoFar() throws Exception {
		use((preload) -> {
		});
		Block block = new Block(3 * PIECE);
		MappingPreload preload = start("geoip", 4 * PIECE, (offset, length) -> {
			block.load(offset, length);
			this.clock.advance(Duration.ofMillis(250));
		});
		block.await();
		assertThat(preload.rate()).isEqualTo(4 * PIECE);
		assertThat(preload.remaining()).isEqualByComparingTo(Duration.ofMillis(250));
		block.release();
		preload.await();
		this.clock.advance(LONG);
		assertThat(preload.rate()).isEqualTo(4 * PIECE);
		assertThat(preload.remaining()).isZero();
	}

	@Test
	void theTimeInTheQueueDoesNotCount() throws Exception {
		use((preload) -> {
		});
		Block block = new Block();
		start("first", PIECE, block);
		MappingPreload second = start("second", PIECE, (offset, length) -> this.clock.advance(Duration.ofSeconds(1)));
		assertThat(second.rate()).isZero();
		assertThat(second.remaining()).isNull();
		this.clock.advance(LONG);
		block.release();
		second.await();
		assertThat(second.rate()).isEqualTo(PIECE);
	}

	@Test
	void theTimeOfWhatIsCompletedIsCountedWithoutThatInTheQueue() throws Exception {
		use((preload) -> {
		});
		Block block = new Block();
		MappingPreload first = start("first", PIECE, block);
		MappingPreload second = start("second", 2 * PIECE,
				(offset, length) -> this.clock.advance(Duration.ofSeconds(1)));
		this.clock.advance(LONG);
		first.cancel();
		block.release();
		second.await();
		assertThat(this.counters.preloadCount()).isEqualTo(1);
		assertThat(this.counters.preloadNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(2));
	}

	@Test
	void theRateLimitIsOneForAllPreloadsTogether() throws Exception {
		use(2 * PIECE, LONG, LONG, (preload) -> {
		}, this.clock);
		long start = this.clock.nanoTime();
		start("first", 3 * PIECE, NOTHING).await();
		start("second", 2 * PIECE, NOTHING).await();
		assertThat(this.clock.nanoTime() - start).isEqualTo(TimeUnit.SECONDS.toNanos(2));
	}

	@Test
	void anInterruptThatAPieceLeavesDoesNotMakeTheRateLimitSpin() throws Exception {
		AtomicLong parks = new AtomicLong();
		use(20 * PIECE, LONG, LONG, (preload) -> {
		}, new PreloadClock() {

			@Override
			public long nanoTime() {
				return System.nanoTime();
			}

			@Override
			public void park(long nanos) {
				parks.incrementAndGet();
				PreloadClock.SYSTEM.park(nanos);
			}

		});
		start("geoip", 4 * PIECE, (offset, length) -> Thread.currentThread().interrupt()).await();
		assertThat(parks).hasValueLessThan(20);
	}

	@Test
	void progressIsLoggedOnceASecondAndTheEndWithBytesTimeAndRate() throws Exception {
		use((preload) -> {
		});
		try (CapturedLog log = new CapturedLog()) {
			start("geoip", 32 * PIECE, (offset, length) -> this.clock.advance(Duration.ofMillis(100)));
			settle();
			assertThat(log.messages(Level.INFO)).containsExactly(
					"Preloading mapping 'geoip' of file 'x': 31% at 10.0 MB/s, 3 s left",
					"Preloading mapping 'geoip' of file 'x': 62% at 10.0 MB/s, 2 s left",
					"Preloading mapping 'geoip' of file 'x': 93% at 10.0 MB/s, 1 s left",
					"Preloaded mapping 'geoip' of file 'x': 33554432 bytes in 3.2 s, 10.0 MB/s");
			assertThat(log.containing("Preload")).extracting(ILoggingEvent::getLoggerName)
				.containsOnly(MappingRegistry.class.getName());
		}
	}

	@Test
	void slowPreloadsAreToldInKilobytesAndMinutes() throws Exception {
		use((preload) -> {
		});
		try (CapturedLog log = new CapturedLog()) {
			MappingPreload preload = start("geoip", 100 * PIECE,
					(offset, length) -> this.clock.advance(Duration.ofSeconds(64)));
			preload.await();
			assertThat(log.messages(Level.INFO)).hasSizeGreaterThanOrEqualTo(99)
				.contains("Preloading mapping 'geoip' of file 'x': 1% at 16.0 KB/s, 1 h 45 min left",
						"Preloading mapping 'geoip' of file 'x': 98% at 16.0 KB/s, 2 min 8 s left");
		}
	}

	@Test
	void whatTakesLessThanASecondIsNotLogged() throws Exception {
		use((preload) -> {
		});
		try (CapturedLog log = new CapturedLog()) {
			start("geoip", 9 * PIECE, (offset, length) -> this.clock.advance(Duration.ofMillis(100)));
			Block block = new Block();
			MappingPreload cancelled = start("cancelled", PIECE, block);
			block.await();
			cancelled.cancel();
			block.release();
			settle();
			assertThat(log.messages(Level.INFO)).isEmpty();
			assertThat(log.messages(Level.WARN)).isEmpty();
		}
	}

	@Test
	void whatIsCancelledAfterMoreThanASecondIsLoggedWithHowFarItCame() throws Exception {
		use((preload) -> {
		});
		Block block = new Block(PIECE);
		try (CapturedLog log = new CapturedLog()) {
			MappingPreload preload = start("geoip", 4 * PIECE, (offset, length) -> {
				block.load(offset, length);
				this.clock.advance(Duration.ofMillis(1100));
			});
			block.await();
			preload.cancel();
			block.release();
			settle();
			assertThat(log.messages(Level.INFO)).last()
				.isEqualTo("Preload of mapping 'geoip' of file 'x' was cancelled after 1048576 of 4194304 bytes"
						+ " in 1.1 s");
		}
	}

	@Test
	void theListenerIsToldOnceASecondAndAtTheEndByTheThreadThatLoads() throws Exception {
		List<String> told = new CopyOnWriteArrayList<>();
		use((preload) -> told.add(Thread.currentThread().getName() + " " + preload.name() + " " + preload.state() + " "
				+ preload.loaded() / PIECE));
		start("geoip", 25 * PIECE, (offset, length) -> this.clock.advance(Duration.ofMillis(100)));
		start("empty", 0, NOTHING);
		settle();
		assertThat(told).containsExactly("mmap-preload geoip RUNNING 10", "mmap-preload geoip RUNNING 20",
				"mmap-preload geoip COMPLETED 25", "mmap-preload empty COMPLETED 0");
	}

	@Test
	void theListenerIsToldOfWhatFailedAndOfWhatWasCancelled() throws Exception {
		List<String> told = new CopyOnWriteArrayList<>();
		use((preload) -> told.add(preload.name() + " " + preload.state()));
		Block block = new Block();
		start("broken", PIECE, (offset, length) -> {
			block.load(offset, length);
			throw new IllegalStateException();
		});
		start("cancelled", PIECE, NOTHING).cancel();
		block.release();
		settle();
		assertThat(told).containsExactly("broken FAILED", "cancelled CANCELLED");
	}

	@Test
	void whatTheListenerThrowsIsLoggedAndChangesNothing() throws Exception {
		use((preload) -> {
			throw new AssertionError("listener");
		});
		try (CapturedLog log = new CapturedLog()) {
			MappingPreload preload = start("geoip", 3 * PIECE,
					(offset, length) -> this.clock.advance(Duration.ofSeconds(1)));
			settle();
			assertThat(preload.state()).isEqualTo(State.COMPLETED);
			assertThat(log.messages(Level.ERROR))
				.contains("A listener failed that was told about the preload of mapping 'geoip' of file 'x'");
		}
	}

	@Test
	void closingCancelsEverythingAndWakesWhoWaits() throws Exception {
		Block block = new Block();
		MappingPreload running = start("running", 2 * PIECE, block);
		MappingPreload queued = start("queued", PIECE, this::note);
		CompletableFuture<State> waiting = CompletableFuture.supplyAsync(() -> await(queued), THREADS);
		block.await();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(this.preloader::close, THREADS);
		assertThat(running.await()).isEqualTo(State.CANCELLED);
		assertThat(waiting.get()).isEqualTo(State.CANCELLED);
		assertThat(closing).isNotDone();
		block.release();
		closing.get();
		awaitNoThread();
		assertThat(this.loaded).isEmpty();
	}

	@Test
	void closingEndsTheWaitForTheSakeOfTheRateLimit() throws Exception {
		use(1, LONG, LONG, (preload) -> {
		}, PreloadClock.SYSTEM);
		MappingPreload preload = start("geoip", 2 * PIECE, NOTHING);
		while (preload.loaded() == 0) {
			Thread.onSpinWait();
		}
		this.preloader.close();
		awaitNoThread();
	}

	@Test
	void closingWaitsForAPieceForTheGivenTimeOnly() throws Exception {
		use(0, Duration.ofMillis(30), LONG, (preload) -> {
		}, PreloadClock.SYSTEM);
		Block block = new Block();
		start("geoip", PIECE, block);
		block.await();
		try (CapturedLog log = new CapturedLog()) {
			this.preloader.close();
			assertThat(log.messages(Level.WARN))
				.containsExactly("Preloads were cancelled, but after 30.0 ms one is still under way: of mapping"
						+ " 'geoip' of file 'x'. It ends after the piece that it is loading.");
		}
		block.release();
		awaitNoThread();
	}

	@Test
	void closingByAnInterruptedThreadWaitsAndLeavesItInterrupted() throws Exception {
		Block block = new Block();
		start("geoip", PIECE, block);
		block.await();
		Thread.currentThread().interrupt();
		CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS).execute(block::release);
		this.preloader.close();
		assertThat(Thread.interrupted()).isTrue();
		awaitNoThread();
	}

	@Test
	void theListenerCanClose() throws Exception {
		use((preload) -> this.preloader.close());
		MappingPreload first = start("first", PIECE, NOTHING);
		assertThat(first.await(LONG)).isTrue();
		awaitNoThread();
	}

	@Test
	void nothingCanBeStartedAfterwards() {
		this.preloader.close();
		assertThatIllegalStateException().isThrownBy(() -> start("geoip", PIECE, NOTHING))
			.withMessage("Mapping 'geoip' of file 'x' cannot be preloaded: its registry was closed");
	}

	@Test
	void startingCancellingAndClosingAtOnceLeavesNothingRunning() throws Exception {
		List<MappingPreload> started = new CopyOnWriteArrayList<>();
		CountDownLatch go = new CountDownLatch(1);
		List<CompletableFuture<Void>> threads = List.of(0, 1, 2)
			.stream()
			.map((number) -> CompletableFuture.runAsync(() -> {
				await(go);
				try {
					for (int i = 0; i < 10_000; i++) {
						started.add(start("geoip-" + i % 3, PIECE, NOTHING));
						started.get((int) (Math.random() * started.size())).cancel();
						if (i == 200) {
							this.preloader.close();
						}
					}
				}
				catch (IllegalStateException ex) {
					// Closed by one of the others
				}
			}, THREADS))
			.toList();
		go.countDown();
		for (CompletableFuture<Void> thread : threads) {
			thread.get();
		}
		assertThat(started).hasSizeGreaterThan(200).allMatch((preload) -> preload.state().isEnd());
	}

	private void use(Consumer<MappingPreload> listener) {
		use(0, LONG, LONG, (preload) -> {
			if (!preload.name().equals(SETTLED)) {
				listener.accept(preload);
			}
		}, this.clock);
	}

	private void use(long bytesPerSecond, Duration closeTimeout, Duration keepAlive, Consumer<MappingPreload> listener,
			PreloadClock clock) {
		this.preloader = new Preloader(bytesPerSecond, closeTimeout, listener, keepAlive, clock);
	}

	private MappingPreload start(String name, long length, Preloader.Piece piece) {
		return this.preloader.start(name, "'" + name + "' of file 'x'", length, this.counters, piece);
	}

	private MappingPreload startReading(byte[] content) {
		return start("second", content.length, (offset, length) -> note(content[(int) offset], length));
	}

	/**
	 * Wait until everything that was started before has ended, and was logged and told.
	 */
	private void settle() throws InterruptedException {
		CountDownLatch settled = new CountDownLatch(1);
		start(SETTLED, 1, (offset, length) -> settled.countDown());
		settled.await();
	}

	private void note(long offset, long length) {
		this.loaded.add(offset + "+" + length);
	}

	private static MemorySegment map(Path file, Arena arena) throws IOException {
		try (FileChannel channel = FileChannel.open(file)) {
			return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
		}
	}

	private static void truncate(FileChannel channel) {
		try {
			channel.truncate(0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static State await(MappingPreload preload) {
		try {
			return preload.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals(Preloader.THREAD_NAME))
			.toList();
	}

	private static void awaitNoThread() throws InterruptedException {
		for (Thread thread : threads()) {
			thread.join(LONG);
		}
		assertThat(threads()).isEmpty();
	}

	/**
	 * Loads nothing, and waits where it is told to.
	 */
	private static final class Block implements Preloader.Piece {

		private final CountDownLatch reached = new CountDownLatch(1);

		private final CountDownLatch released = new CountDownLatch(1);

		private final long offset;

		Block() {
			this(0);
		}

		Block(long offset) {
			this.offset = offset;
		}

		@Override
		public void load(long offset, long length) {
			if (offset == this.offset) {
				this.reached.countDown();
				PreloaderTests.await(this.released);
			}
		}

		void await() throws InterruptedException {
			this.reached.await();
		}

		void release() {
			this.released.countDown();
		}

	}

}
