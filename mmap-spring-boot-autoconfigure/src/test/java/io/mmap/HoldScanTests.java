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
import java.time.Duration;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who holds a lease for too long is reported.
 */
@ExtendWith(NothingLeftBehind.class)
class HoldScanTests {

	private static final Duration THRESHOLD = Duration.ofMillis(200);

	@TempDir
	Path directory;

	private Path file;

	@BeforeEach
	void write() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[100]);
	}

	@Test
	@Fault("lease-held-too-long")
	void whoHoldsALeaseForTooLongIsNamedOnce() throws Exception {
		try (MappingRegistry registry = registry(THRESHOLD);
				CapturedLog log = new CapturedLog();
				MappingLease lease = registry.get("words").acquire("indexer")) {
			await().untilAsserted(() -> assertThat(log.messages(Level.WARN)).isNotEmpty());
			Thread.sleep(THRESHOLD.multipliedBy(2));
			assertThat(log.messages(Level.WARN)).singleElement()
				.asString()
				.contains("'words'", "for more than PT0.2S by indexer (thread '" + Thread.currentThread().getName());
			assertThat(lease.generation()).isEqualTo(1);
		}
	}

	@Test
	void whoDoesNotGiveANameIsFoundByTheThread() {
		String thread = Thread.currentThread().getName();
		try (MappingRegistry registry = registry(THRESHOLD);
				CapturedLog log = new CapturedLog();
				MappingLease lease = registry.get("words").acquire()) {
			await().untilAsserted(() -> assertThat(log.messages(Level.WARN)).singleElement()
				.asString()
				.contains("a lease without an owner's name (thread '" + thread + "')"));
			assertThat(lease.generation()).isEqualTo(1);
		}
	}

	@Test
	void theHoldTimeIsKnownFromTheScan() {
		try (MappingRegistry registry = registry(THRESHOLD)) {
			MappingStatistics statistics = registry.statistics().iterator().next();
			try (MappingLease lease = registry.get("words").acquire()) {
				await().untilAsserted(() -> assertThat(Duration.ofNanos(statistics.longestHoldNanos()))
					.isBetween(THRESHOLD, Duration.ofSeconds(5)));
				assertThat(lease.generation()).isEqualTo(1);
			}
			await().untilAsserted(() -> assertThat(statistics.longestHoldNanos()).isZero());
		}
	}

	@Test
	void leasesThatAreHeldBrieflyAreNotReported() throws Exception {
		try (MappingRegistry registry = registry(THRESHOLD); CapturedLog log = new CapturedLog()) {
			for (int i = 0; i < 30; i++) {
				try (MappingLease lease = registry.get("words").acquire("reader")) {
					Thread.sleep(20);
					assertThat(lease.generation()).isEqualTo(1);
				}
			}
			assertThat(log.messages(Level.WARN)).isEmpty();
		}
	}

	private MappingRegistry registry(Duration threshold) {
		return MappingRegistry.builder()
			.leaseHoldThreshold(threshold)
			.declare("words", MappingSpec.file(this.file).build())
			.build();
	}

}
