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

package io.mmap.sample.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.mmap.sample.SampleApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that counts outlive a process that is killed.
 */
class KilledProcessTests {

	private static final int THREADS = 2;

	private static final List<String> WORDS = List.of("bank", "geese", "hot_dog", "zyrian", "quickly");

	@Test
	@Timeout(180)
	void lookupsThatWereAnsweredAreCountedExactly(@TempDir Path data) throws Exception {
		int lookups = 10_000;
		try (SampleProcess application = SampleProcess.start(SampleApplication.class, data);
				ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
			List<Future<?>> clients = new ArrayList<>();
			for (int thread = 0; thread < THREADS; thread++) {
				clients.add(executor.submit(() -> {
					for (int i = 0; i < lookups / THREADS; i++) {
						application.get("/words/" + WORDS.get(i % WORDS.size()));
					}
					return null;
				}));
			}
			for (Future<?> client : clients) {
				client.get(120, TimeUnit.SECONDS);
			}
			application.kill();
		}
		JsonNode counters = countersAfterRestart(data);
		assertThat(counters.path("total").asLong()).isEqualTo(lookups);
		assertThat(counters.path("words").values()).hasSize(WORDS.size())
			.allSatisfy((word) -> assertThat(word.path("lookups").asLong()).isEqualTo(lookups / WORDS.size()));
	}

	@Test
	@Timeout(180)
	void noAnsweredLookupIsLostWhenTheProcessIsKilledUnderLoad(@TempDir Path data) throws Exception {
		AtomicLong answered = new AtomicLong();
		try (SampleProcess application = SampleProcess.start(SampleApplication.class, data);
				ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
			List<Future<?>> clients = new ArrayList<>();
			for (int thread = 0; thread < THREADS; thread++) {
				clients.add(executor.submit(() -> lookUpUntilKilled(application, answered)));
			}
			while (answered.get() < 500) {
				Thread.sleep(1);
			}
			application.kill();
			for (Future<?> client : clients) {
				client.get(60, TimeUnit.SECONDS);
			}
		}
		// Each client may have had one look-up under way
		assertThat(countersAfterRestart(data).path("total").asLong()).isBetween(answered.get(),
				answered.get() + THREADS);
	}

	private static void lookUpUntilKilled(SampleProcess application, AtomicLong answered) {
		try {
			while (true) {
				application.get("/words/bank");
				answered.incrementAndGet();
			}
		}
		catch (IOException ex) {
			// The connection was lost
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static JsonNode countersAfterRestart(Path data) throws Exception {
		try (SampleProcess application = SampleProcess.start(SampleApplication.class, data)) {
			return JsonMapper.shared().readTree(application.get("/counters"));
		}
	}

}
