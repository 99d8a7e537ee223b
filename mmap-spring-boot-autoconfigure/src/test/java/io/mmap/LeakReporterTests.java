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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.testsupport.CapturedLog;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a leak is counted, and who is told.
 */
class LeakReporterTests {

	private final AdHocMappings adHocMappings = new AdHocMappings();

	private final Warnings warnings = new Warnings();

	private final List<MappingLeak> told = new CopyOnWriteArrayList<>();

	private final LeakReporter reporter = reporter(LeakPolicy.LOG);

	private LeakReporter reporter(LeakPolicy policy) {
		return new LeakReporter(policy, this.adHocMappings, this.warnings, new Listeners(List.of(new MappingListener() {

			@Override
			public void leaked(MappingLeak leak) {
				LeakReporterTests.this.told.add(leak);
			}

		})));
	}

	private MappingEntry entry(Pages pages) {
		MappingEntry entry = MappingEntries.of("ad-hoc-1", pages);
		entry.counters().mapped(8, 1);
		this.adHocMappings.add(entry);
		return entry;
	}

	private MappingEntry entry() {
		return entry(new MappingEntries.Nothing());
	}

	@Test
	void aLeakIsCountedAtOnceAndAnnouncedWhenThatIsAskedFor() {
		MappingEntry entry = entry();
		try (CapturedLog log = new CapturedLog()) {
			Runnable announcement = this.reporter.garbageCollected(entry);
			assertThat(entry.counters().leaks(LeakCause.GARBAGE_COLLECTED)).isEqualTo(1);
			assertThat(entry.counters().leakedBytes(LeakCause.GARBAGE_COLLECTED)).isEqualTo(8);
			assertThat(entry.counters().mappings()).isZero();
			assertThat(entry.counters().mappedBytes()).isZero();
			assertThat(this.told).isEmpty();
			assertThat(log.messages(Level.ERROR)).isEmpty();
			announcement.run();
			assertThat(this.told).isEqualTo(this.reporter.latest()).hasSize(1);
			assertThat(this.told.getFirst().reclaimed()).isTrue();
			assertThat(log.messages(Level.ERROR)).singleElement()
				.asString()
				.contains("was garbage collected without having been unmapped",
						"The memory was given back to the system.", "Close it when it is no longer needed");
		}
	}

	@Test
	void whatHasLeakedIsNoLongerKnown() {
		MappingEntry entry = entry();
		this.warnings.raise(entry.name(), MappingWarning.Kind.STILL_IN_USE, "it is used");
		this.reporter.garbageCollected(entry).run();
		assertThat(this.adHocMappings.all()).isEmpty();
		assertThat(this.warnings.all()).isEmpty();
	}

	@Test
	void whatWasReportedIsNotReportedAgain() {
		MappingEntry entry = entry();
		this.reporter.openAtShutdown(entry, false);
		this.reporter.openAtShutdown(entry, false);
		this.reporter.garbageCollected(entry).run();
		assertThat(this.told).singleElement().extracting(MappingLeak::cause).isEqualTo(LeakCause.OPEN_AT_SHUTDOWN);
		assertThat(entry.counters().leaks(LeakCause.OPEN_AT_SHUTDOWN)).isEqualTo(1);
		assertThat(entry.counters().leaks(LeakCause.GARBAGE_COLLECTED)).isZero();
	}

	@Test
	void memoryThatCannotBeGivenBackStaysMappedUntilTheEnd() {
		try (CapturedLog log = new CapturedLog()) {
			this.reporter.garbageCollected(entry(new MappingEntries.Nothing() {

				@Override
				public boolean reclaim() {
					return false;
				}

			})).run();
			assertThat(log.messages(Level.ERROR)).singleElement()
				.asString()
				.contains("The memory stays mapped until the process ends; the native mapper would give it back.");
		}
		assertThat(this.told.getFirst().reclaimed()).isFalse();
	}

	@Test
	void memoryThatTheSystemRefusesToUnmapIsReportedWithTheReason() {
		try (CapturedLog log = new CapturedLog()) {
			this.reporter.garbageCollected(entry(new MappingEntries.Nothing() {

				@Override
				public boolean reclaim() throws SystemCallException {
					throw new SystemCallException("munmap", Errno.ENOMEM);
				}

			})).run();
			assertThat(log.messages(Level.ERROR)).singleElement()
				.asString()
				.contains("The memory stays mapped, since unmapping it failed: munmap", "ENOMEM");
		}
		assertThat(this.told.getFirst().reclaimed()).isFalse();
	}

	@Test
	void whatIsOpenAtTheEndIsReportedWithWhatBecameOfIt() {
		try (CapturedLog log = new CapturedLog()) {
			this.reporter.openAtShutdown(entry(), true);
			reporter(LeakPolicy.LOG).openAtShutdown(entry(), false);
			assertThat(log.messages(Level.ERROR)).hasSize(2)
				.allMatch((message) -> message.contains("was still open when its registry was closed"))
				.anyMatch((message) -> message.contains("It was unmapped."))
				.anyMatch((message) -> message.contains("It stays mapped, since it is in use"));
		}
		assertThat(this.told).extracting(MappingLeak::reclaimed).containsExactly(true, false);
	}

	@Test
	void eachPlaceIsLoggedOnceForEachCause() {
		try (CapturedLog log = new CapturedLog()) {
			this.reporter.garbageCollected(entry()).run();
			this.reporter.garbageCollected(entry()).run();
			assertThat(log.messages(Level.ERROR)).hasSize(1);
			this.reporter.openAtShutdown(entry(), true);
			assertThat(log.messages(Level.ERROR)).hasSize(2);
		}
		assertThat(this.told).hasSize(3);
	}

	@Test
	void theLatestHundredAreKnownTheLatestFirst() {
		List<MappingEntry> entries = new ArrayList<>();
		for (int i = 0; i < 101; i++) {
			entries.add(entry());
			this.reporter.garbageCollected(entries.getLast());
		}
		assertThat(this.reporter.latest()).extracting(MappingLeak::mapping)
			.hasSize(100)
			.startsWith(entries.getLast())
			.endsWith(entries.get(1));
	}

	@Test
	void withPolicyThrowTheHandlerOfTheThreadIsTold() {
		List<Throwable> uncaught = withHandler((thread, ex) -> {
		});
		assertThat(uncaught).singleElement()
			.isInstanceOfSatisfying(MappingLeakException.class,
					(ex) -> assertThat(ex.leak()).isSameAs(this.told.getFirst()));
	}

	@Test
	void aHandlerThatFailsIsLogged() {
		try (CapturedLog log = new CapturedLog()) {
			withHandler((thread, ex) -> {
				throw new IllegalStateException("on purpose");
			});
			assertThat(log.messages(Level.ERROR)).endsWith("The uncaught-exception handler failed");
		}
	}

	@Test
	void withPolicyLogNoHandlerIsTold() {
		Thread thread = Thread.currentThread();
		Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
		List<Throwable> uncaught = new ArrayList<>();
		thread.setUncaughtExceptionHandler((where, ex) -> uncaught.add(ex));
		try {
			this.reporter.garbageCollected(entry()).run();
		}
		finally {
			thread.setUncaughtExceptionHandler(before);
		}
		assertThat(uncaught).isEmpty();
	}

	private List<Throwable> withHandler(Thread.UncaughtExceptionHandler handler) {
		Thread thread = Thread.currentThread();
		Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
		List<Throwable> uncaught = new ArrayList<>();
		thread.setUncaughtExceptionHandler((where, ex) -> {
			uncaught.add(ex);
			handler.uncaughtException(where, ex);
		});
		try {
			reporter(LeakPolicy.THROW).garbageCollected(entry()).run();
		}
		finally {
			thread.setUncaughtExceptionHandler(before);
		}
		return uncaught;
	}

}
