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

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.mmap.sample.wordnet.WordNetFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the memory is unmapped after the last request, and before the process ends.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs /proc")
class GracefulShutdownTests {

	private static final int MAPPINGS = 9;

	@Test
	@Timeout(120)
	void requestInFlightEndsBeforeEverythingIsUnmapped(@TempDir Path data) throws Exception {
		try (SampleProcess application = SampleProcess.start(SlowRequestApplication.class, data)) {
			CompletableFuture<HttpResponse<String>> request = application.client()
				.sendAsync(application.request("/slow"), BodyHandlers.ofString());
			String started = application.await((line) -> line.startsWith(SlowRequestApplication.STARTED),
					Duration.ofSeconds(10));
			application.terminate();
			application.await((line) -> line.contains("Commencing graceful shutdown"), Duration.ofSeconds(10));
			assertThat(request).as("request in flight").isNotDone();

			HttpResponse<String> response = request.get(20, TimeUnit.SECONDS);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).isEqualTo("WNLOOKUP " + sumOfBytes("data.noun"));

			assertThat(application.awaitExit()).as("exit status after SIGTERM").isEqualTo(128 + 15);
			assertThat(started).isEqualTo(SlowRequestApplication.STARTED + MAPPINGS);
			assertThat(application.output()).contains(SlowRequestApplication.LAST_BEAN_DESTROYED + 0,
					SlowRequestApplication.CLOSED + 0);
			assertThat(application.output()).as("what is logged while beans are being destroyed")
				.anyMatch((line) -> line.contains("Unmapped " + MAPPINGS + " mappings, "));
		}
	}

	private static long sumOfBytes(String file) throws Exception {
		long sum = 0;
		for (byte value : Files.readAllBytes(WordNetFiles.DICTIONARY.resolve(file))) {
			sum += value;
		}
		return sum;
	}

}
