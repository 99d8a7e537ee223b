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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;

import io.mmap.testsupport.CapturedLog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How long to wait for memory that is in use, and what comes of it.
 */
class DrainTests {

	private final Drain patient = new Drain(Duration.ofSeconds(30));

	private final AtomicInteger attempts = new AtomicInteger();

	@Test
	void itIsOverWhenItsTimeHasPassed() {
		assertThat(Drain.NONE.isOver()).isTrue();
		assertThat(this.patient.isOver()).isFalse();
		Drain brief = new Drain(Duration.ofMillis(20));
		await().until(brief::isOver);
		assertThat(brief.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
	}

	@Test
	void whatWasMappedWasUnmapped() {
		assertThat(this.patient.unmap("it", (drain) -> true)).isEqualTo(Drain.Outcome.UNMAPPED);
	}

	@Test
	void whatWasNotMappedWasUnmappedBefore() {
		assertThat(this.patient.unmap("it", (drain) -> false)).isEqualTo(Drain.Outcome.WAS_UNMAPPED);
	}

	@Test
	void whatIsInUseIsTriedAgain() {
		assertThat(this.patient.unmap("it", this::inUseTwice)).isEqualTo(Drain.Outcome.UNMAPPED);
		assertThat(this.attempts).hasValue(3);
		assertThat(this.patient.elapsed()).isBetween(Duration.ofMillis(2), Duration.ofSeconds(20));
	}

	private boolean inUseTwice(Drain drain) {
		if (this.attempts.incrementAndGet() <= 2) {
			throw new MemoryInUseException("it is in use", null);
		}
		return true;
	}

	@Test
	void whatIsInUseForTooLongStaysMappedWithAWarning() {
		try (CapturedLog log = new CapturedLog()) {
			assertThat(Drain.NONE.unmap("it", this::inUseTwice)).isEqualTo(Drain.Outcome.STAYS_MAPPED);
			assertThat(log.messages(Level.WARN)).containsExactly(
					"Mapping it stays mapped, as it was in use for longer than the drain timeout of PT0S: it is in use");
		}
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void whatFailsStaysMappedAndIsNotTriedAgain() {
		try (CapturedLog log = new CapturedLog()) {
			assertThat(this.patient.unmap("it", (drain) -> {
				this.attempts.incrementAndGet();
				throw new IllegalStateException("on purpose");
			})).isEqualTo(Drain.Outcome.STAYS_MAPPED);
			assertThat(log.messages(Level.ERROR)).containsExactly("on purpose");
		}
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void anInterruptionIsKeptAndDoesNotEndIt() {
		Thread.currentThread().interrupt();
		assertThat(this.patient.unmap("it", this::inUseTwice)).isEqualTo(Drain.Outcome.UNMAPPED);
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void whoeverWasNotInterruptedIsNotAfterwards() {
		this.patient.unmap("it", this::inUseTwice);
		assertThat(Thread.interrupted()).isFalse();
	}

}
