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

package io.mmap.sample.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.mmap.LeakCause;
import io.mmap.MapperType;
import io.mmap.MappingRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link LeakMaker}.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "maps anonymous memory, which needs the native mapper")
class LeakMakerTests {

	@Test
	void leakIsFoundWithItsLineAndGivenBack() throws Exception {
		try (MappingRegistry registry = registry()) {
			assertThat(new LeakMaker(registry).leak()).hasValueSatisfying((leak) -> {
				assertThat(leak.cause()).isEqualTo(LeakCause.GARBAGE_COLLECTED);
				assertThat(leak.reclaimed()).isTrue();
				assertThat(leak.mapping().length()).isEqualTo(LeakMaker.LENGTH);
				assertThat(leak.mapping().label()).isEqualTo(LeakMaker.LABEL);
				assertThat(leak.mapping().createdBy())
					.startsWith("io.mmap.sample.demo.LeakMaker.mapAndDrop(LeakMaker.java:");
			});
			assertThat(registry.mappings()).isEmpty();
		}
	}

	@Test
	void leaksThatAreNotFoundDoNotAddUp() {
		try (MappingRegistry registry = registry()) {
			LeakMaker leakMaker = new LeakMaker(registry, () -> {
			}, Duration.ZERO);
			assertThatIllegalStateException().isThrownBy(() -> {
				for (int i = 0; i < 1000; i++) {
					leakMaker.leak();
				}
			}).withMessage("8 leaks have not been found yet, and there will be no more before");
			assertThat(registry.mappings()).hasSizeLessThanOrEqualTo(LeakMaker.MAX_OPEN);
		}
	}

	@Test
	void thereAreMoreOnceTheOthersWereFound() throws Exception {
		try (MappingRegistry registry = registry()) {
			LeakMaker impatient = new LeakMaker(registry, () -> {
			}, Duration.ZERO);
			assertThatIllegalStateException().isThrownBy(() -> {
				while (true) {
					impatient.leak();
				}
			});
			assertThat(new LeakMaker(registry).leak()).isPresent();
			impatient.leak();
		}
	}

	@Test
	void whoComesWhileAnotherOneIsMadeIsNotKeptWaiting() throws Exception {
		CountDownLatch collecting = new CountDownLatch(1);
		CountDownLatch done = new CountDownLatch(1);
		try (MappingRegistry registry = registry(); ExecutorService executor = Executors.newSingleThreadExecutor()) {
			LeakMaker leakMaker = new LeakMaker(registry, () -> {
				collecting.countDown();
				await(done);
				System.gc();
			}, Duration.ofSeconds(20));
			Future<?> first = executor.submit(leakMaker::leak);
			await(collecting);
			try {
				assertThatIllegalStateException().isThrownBy(leakMaker::leak)
					.withMessage("Another leak is being provoked at this moment: try again");
			}
			finally {
				done.countDown();
			}
			assertThat(first.get(30, TimeUnit.SECONDS)).isNotEqualTo(Optional.empty());
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static MappingRegistry registry() {
		return MappingRegistry.builder().mapper(MapperType.NATIVE).build();
	}

}
