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

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.mmap.sample.process.PrometheusServer.Sample;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that what happens in the application arrives in a Prometheus that scrapes it.
 */
@RequiresCommand(PrometheusServer.COMMAND)
@Timeout(120)
class PrometheusIT {

	@TempDir
	static Path directory;

	private static ProvokedSample sample;

	private static PrometheusServer prometheus;

	@BeforeAll
	static void start() throws Exception {
		sample = new ProvokedSample(directory);
		prometheus = sample.prometheus();
	}

	@AfterAll
	static void stop() {
		if (sample != null) {
			sample.close();
		}
	}

	private static Predicate<List<Sample>> value(double expected) {
		return (samples) -> samples.size() == 1 && samples.getFirst().value() == expected;
	}

	@Test
	void mappedBytesAreThoseOfTheEndpoint() throws Exception {
		String mapped = "sum(mmap_mapped_bytes{application=\"dictionary\"})";
		double before = mappedBytesOfEndpoint();
		assertThat(before).isGreaterThan(28_000_000);
		prometheus.await(mapped, value(before));
		sample.provoke("hold?number=10");
		double after = mappedBytesOfEndpoint();
		assertThat(after).isEqualTo(before + 10 * 4096);
		prometheus.await(mapped, value(after));
		sample.provoke("release");
		prometheus.await(mapped, value(before));
	}

	private static double mappedBytesOfEndpoint() throws Exception {
		return JsonMapper.shared()
			.readTree(sample.application().get("/actuator/mmap"))
			.path("totals")
			.path("mapped")
			.asDouble();
	}

	@Test
	void leakArrivesAndIsAlertedOf() throws Exception {
		String leaks = "mmap_leaks_total{name=\"ad-hoc\", cause=\"garbage-collected\"}";
		String bytes = "mmap_leaked_bytes_total{name=\"ad-hoc\", cause=\"garbage-collected\"}";
		String alert = "ALERTS{alertname=\"MmapLeak\", alertstate=\"firing\"}";
		prometheus.await(leaks, value(0));
		prometheus.await(bytes, value(0));
		assertThat(prometheus.query(alert)).isEmpty();
		sample.provoke("leak");
		prometheus.await(leaks, value(1));
		prometheus.await(bytes, value(1 << 20));
		assertThat(prometheus.await(alert, value(1)).getFirst().labels())
			.containsAllEntriesOf(Map.of("application", "dictionary", "name", "ad-hoc", "severity", "warning"));
	}

	@Test
	void reloadArrives() throws Exception {
		String succeeded = "mmap_reloads_total{name=\"dictionary\", outcome=\"success\"}";
		String failed = "mmap_reloads_total{name=\"dictionary\", outcome=\"failure\"}";
		prometheus.await(succeeded, value(0));
		sample.putDictionary("complete");
		prometheus.await(succeeded, value(1));
		prometheus.await(failed, value(0));
		sample.putDictionary("incomplete");
		prometheus.await(failed, value(1));
		prometheus.await(succeeded, value(1));
		sample.putDictionary("complete");
		prometheus.await(succeeded, value(2));
	}

	@Test
	void truncatedFileIsAlertedOf() throws Exception {
		String alert = "ALERTS{alertname=\"MmapFileTruncated\", alertstate=\"firing\"}";
		assertThat(prometheus.query(alert)).isEmpty();
		sample.truncate("truncated.bin");
		assertThat(prometheus.await(alert, value(1)).getFirst().labels())
			.containsAllEntriesOf(Map.of("name", "truncated", "severity", "critical"));
	}

}
