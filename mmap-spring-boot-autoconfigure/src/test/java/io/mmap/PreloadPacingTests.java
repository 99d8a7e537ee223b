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
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * How preloads are held back so that they do not exceed a rate.
 */
class PreloadPacingTests {

	private static final long PIECE = 1 << 20;

	private static final long TEN_PIECES_A_SECOND = 10 * PIECE;

	private final ManualClock clock = new ManualClock();

	private final long start = this.clock.nanoTime();

	@Test
	void theFirstPieceIsLetThroughAtOnce() {
		admit(new PreloadPacing(TEN_PIECES_A_SECOND, this.clock), 1);
		assertThat(passed()).isZero();
	}

	@Test
	void furtherPiecesAreLetThroughAtTheRate() {
		admit(new PreloadPacing(TEN_PIECES_A_SECOND, this.clock), 101);
		assertThat(passed()).isEqualByComparingTo(Duration.ofSeconds(10));
	}

	@Test
	void aPieceIsChargedByItsLength() {
		PreloadPacing pacing = new PreloadPacing(TEN_PIECES_A_SECOND, this.clock);
		pacing.admit(PIECE / 2, () -> false);
		admit(pacing, 1);
		assertThat(passed()).isEqualByComparingTo(Duration.ofMillis(50));
	}

	@Test
	void theTimeThatAPieceTakesIsNotWaitedForOnTop() {
		PreloadPacing pacing = new PreloadPacing(TEN_PIECES_A_SECOND, this.clock);
		for (int i = 0; i < 10; i++) {
			admit(pacing, 1);
			this.clock.advance(Duration.ofMillis(70));
		}
		assertThat(passed()).isEqualByComparingTo(Duration.ofMillis(970));
	}

	@Test
	void delaysOfTheTimerDoNotAddUp() {
		ManualClock late = new ManualClock() {

			@Override
			public void park(long nanos) {
				super.park(nanos + 3_000_000);
			}

		};
		long start = late.nanoTime();
		admit(new PreloadPacing(TEN_PIECES_A_SECOND, late), 1001);
		assertThat(Duration.ofNanos(late.nanoTime() - start)).isBetween(Duration.ofSeconds(100),
				Duration.ofMillis(100_003));
	}

	@Test
	void wakingUpEarlyLetsNothingThrough() {
		ManualClock early = new ManualClock() {

			@Override
			public void park(long nanos) {
				super.park((nanos + 1) / 2);
			}

		};
		long start = early.nanoTime();
		admit(new PreloadPacing(TEN_PIECES_A_SECOND, early), 11);
		assertThat(Duration.ofNanos(early.nanoTime() - start)).isEqualByComparingTo(Duration.ofSeconds(1));
	}

	@Test
	void aPauseIsFollowedByNoBurst() {
		PreloadPacing pacing = new PreloadPacing(TEN_PIECES_A_SECOND, this.clock);
		admit(pacing, 1);
		this.clock.advance(Duration.ofMinutes(10));
		admit(pacing, 11);
		assertThat(passed().minusMinutes(10)).isBetween(Duration.ofSeconds(1).minusNanos(PreloadPacing.CATCH_UP),
				Duration.ofSeconds(1));
	}

	@Test
	void aPauseBeforeTheFirstPieceIsFollowedByNoBurst() {
		PreloadPacing pacing = new PreloadPacing(TEN_PIECES_A_SECOND, this.clock);
		this.clock.advance(Duration.ofMinutes(10));
		admit(pacing, 11);
		assertThat(passed().minusMinutes(10)).isBetween(Duration.ofSeconds(1).minusNanos(PreloadPacing.CATCH_UP),
				Duration.ofSeconds(1));
	}

	@Test
	void aByteASecondIsARate() {
		admit(new PreloadPacing(1, this.clock), 2);
		assertThat(passed()).isEqualByComparingTo(Duration.ofSeconds(PIECE));
	}

	@Test
	void withoutALimitNothingWaits() {
		admit(new PreloadPacing(0, this.clock), 1000);
		assertThat(passed()).isZero();
	}

	@Test
	void whatIsCancelledIsNotLetThroughAndNotCharged() {
		PreloadPacing pacing = new PreloadPacing(TEN_PIECES_A_SECOND, this.clock);
		assertThat(pacing.admit(PIECE, () -> true)).isFalse();
		admit(pacing, 1);
		assertThat(passed()).isZero();
	}

	@Test
	void whatIsCancelledWhileItWaitsIsNotLetThrough() {
		AtomicBoolean cancelled = new AtomicBoolean();
		ManualClock clock = new ManualClock() {

			@Override
			public void park(long nanos) {
				cancelled.set(true);
			}

		};
		PreloadPacing pacing = new PreloadPacing(TEN_PIECES_A_SECOND, clock);
		admit(pacing, 1);
		assertThat(pacing.admit(PIECE, cancelled::get)).isFalse();
	}

	@Test
	void aNegativeRateIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new PreloadPacing(-5, this.clock))
			.withMessage("The rate limit of preloads must not be negative, but is -5 bytes per second."
					+ " Use 0 for no limit.");
	}

	private Duration passed() {
		return Duration.ofNanos(this.clock.nanoTime() - this.start);
	}

	private static void admit(PreloadPacing pacing, int pieces) {
		for (int i = 0; i < pieces; i++) {
			assertThat(pacing.admit(PIECE, () -> false)).isTrue();
		}
	}

}
