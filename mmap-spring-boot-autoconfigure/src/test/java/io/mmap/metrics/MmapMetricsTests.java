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

package io.mmap.metrics;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.mmap.MappingAccess;
import io.mmap.MappingException;
import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.actuate.endpoint.MmapDescriptor;
import io.mmap.actuate.endpoint.MmapEndpoint;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.boot.actuate.endpoint.Show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The meters, and that they tell the truth.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapMetricsTests {

	private static final int SIZE = 10_000;

	private static final int PAGES = 3 * 4096;

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry mappings;

	private final MeterRegistry meters = new SimpleMeterRegistry();

	@BeforeEach
	void bind() throws IOException {
		this.file = Files.write(this.directory.resolve("file.bin"), new byte[SIZE]);
		Path geoip = Files.write(this.directory.resolve("geoip.bin"), new byte[2 * 4096]);
		this.mappings = MappingRegistry.builder().declare("geoip", MappingSpec.file(geoip).build()).build();
		new MmapMetrics(this.mappings).bindTo(this.meters);
	}

	@AfterEach
	void close() {
		this.mappings.close();
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "mmap.mapped, GAUGE, bytes", "mmap.mappings, GAUGE, -", "mmap.map, TIMER, seconds",
					"mmap.unmap, TIMER, seconds", "mmap.flush, TIMER, seconds", "mmap.leaks, COUNTER, leaks",
					"mmap.leaked, COUNTER, bytes", "mmap.leases, GAUGE, -", "mmap.detached, GAUGE, bytes",
					"mmap.reloads, COUNTER, -", "mmap.truncated, GAUGE, bytes", "mmap.preload, TIMER, seconds",
					"mmap.validate, TIMER, seconds", "mmap.regions, GAUGE, -", "mmap.regions.max, GAUGE, -",
					"mmap.page.faults, COUNTER, -", "mmap.read, COUNTER, bytes",
					"mmap.pressure.stalled, COUNTER, seconds" })
	void eachMeterHasATypeAUnitAndADescription(String name, Meter.Type type, String unit) {
		assertThat(this.meters.get(name).meters()).extracting(Meter::getId).allSatisfy((id) -> {
			assertThat(id.getType()).isEqualTo(type);
			assertThat(id.getBaseUnit()).isEqualTo(unit);
			assertThat(id.getDescription()).isNotBlank();
		});
	}

	@Test
	void thereAreNoOtherMeters() {
		await().until(() -> this.meters.find("mmap.resident").tag("name", "geoip").gauge() != null, (found) -> {
			mapped("geoip");
			return found;
		});
		assertThat(this.meters.getMeters()).extracting((meter) -> meter.getId().getName())
			.containsOnly("mmap.mapped", "mmap.resident", "mmap.dirty", "mmap.mappings", "mmap.map", "mmap.unmap",
					"mmap.flush", "mmap.preload", "mmap.validate", "mmap.leaks", "mmap.leaked", "mmap.leases",
					"mmap.detached", "mmap.truncated", "mmap.reloads", "mmap.regions", "mmap.regions.max",
					"mmap.page.faults", "mmap.read", "mmap.pressure.stalled");
	}

	@ParameterizedTest
	@CsvSource({ "mmap.mapped", "mmap.mappings", "mmap.map", "mmap.unmap", "mmap.flush", "mmap.leases",
			"mmap.detached" })
	void metersAreTaggedWithTheDeclaredNameOrAsAdHoc(String name) {
		assertThat(this.meters.get(name).meters()).extracting((meter) -> meter.getId().getTags().toString())
			.containsExactlyInAnyOrder("[tag(name=geoip)]", "[tag(name=ad-hoc)]");
	}

	@ParameterizedTest
	@CsvSource({ "mmap.leaks", "mmap.leaked" })
	void leaksAreTaggedWithTheirCauseAsWell(String name) {
		assertThat(this.meters.get(name).meters()).extracting((meter) -> meter.getId().getTags().toString())
			.containsExactlyInAnyOrder("[tag(cause=garbage-collected), tag(name=geoip)]",
					"[tag(cause=open-at-shutdown), tag(name=geoip)]",
					"[tag(cause=garbage-collected), tag(name=ad-hoc)]",
					"[tag(cause=open-at-shutdown), tag(name=ad-hoc)]");
	}

	@Test
	void leasesAreCountedWhileTheyAreHeld() {
		try (MappingLease lease = this.mappings.get("geoip").acquire();
				MemoryMapping scratch = this.mappings.map(MappingSpec.file(this.file).build());
				MappingLease other = scratch.acquire()) {
			assertThat(lease.generation()).isEqualTo(other.generation());
			assertThat(gauge("mmap.leases", "geoip").value()).isEqualTo(1);
			assertThat(gauge("mmap.leases", "ad-hoc").value()).isEqualTo(1);
			this.mappings.reload("geoip");
			assertThat(gauge("mmap.leases", "geoip").value()).as("on what was replaced").isEqualTo(1);
		}
		assertThat(gauge("mmap.leases", "geoip").value()).isZero();
		assertThat(gauge("mmap.leases", "ad-hoc").value()).isZero();
	}

	@Test
	void reloadsAreTaggedWithTheirOutcome() throws IOException {
		this.mappings.reload("geoip");
		Files.delete(this.directory.resolve("geoip.bin"));
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.mappings.reload("geoip"));
		}
		assertThat(reloads("success")).isEqualTo(1);
		assertThat(reloads("failure")).isEqualTo(2);
	}

	private double reloads(String outcome) {
		return this.meters.get("mmap.reloads").tag("name", "geoip").tag("outcome", outcome).functionCounter().count();
	}

	@Test
	void adHocMetersAreThereAtZeroFromTheStart() {
		assertThat(mapped("ad-hoc")).isZero();
		assertThat(open("ad-hoc")).isZero();
		assertThat(timer("mmap.map", "ad-hoc").count()).isZero();
		assertThat(timer("mmap.unmap", "ad-hoc").count()).isZero();
	}

	@Test
	void leaksAreThereAtZeroFromTheStart() {
		Collection<FunctionCounter> counters = this.meters.get("mmap.leaks").functionCounters();
		assertThat(counters).hasSize(4).allSatisfy((counter) -> assertThat(counter.count()).isZero());
		Collection<FunctionCounter> bytes = this.meters.get("mmap.leaked").functionCounters();
		assertThat(bytes).hasSize(4).allSatisfy((counter) -> assertThat(counter.count()).isZero());
	}

	@Test
	void aDeclaredMappingIsMeasured() {
		assertThat(mapped("geoip")).isEqualTo(2 * 4096);
		assertThat(open("geoip")).isEqualTo(1);
		assertThat(timer("mmap.map", "geoip").count()).isEqualTo(1);
		assertThat(timer("mmap.map", "geoip").totalTime(TimeUnit.SECONDS)).isPositive().isLessThan(60);
		assertThat(timer("mmap.unmap", "geoip").count()).isZero();
	}

	@Test
	void mappingAndUnmappingIsMeasured() {
		try (MemoryMapping mapping = map()) {
			assertThat(mapped("ad-hoc")).isEqualTo(mapping.length()).isEqualTo(SIZE);
			assertThat(open("ad-hoc")).isEqualTo(1);
			assertThat(timer("mmap.map", "ad-hoc").count()).isEqualTo(1);
		}
		assertThat(mapped("ad-hoc")).isZero();
		assertThat(open("ad-hoc")).isZero();
		assertThat(timer("mmap.map", "ad-hoc").count()).isEqualTo(1);
		assertThat(timer("mmap.unmap", "ad-hoc").count()).isEqualTo(1);
		assertThat(timer("mmap.unmap", "ad-hoc").totalTime(TimeUnit.SECONDS)).isPositive().isLessThan(60);
	}

	@Test
	void flushingIsMeasured() {
		assertThat(timer("mmap.flush", "ad-hoc").count()).isZero();
		MappingSpec spec = MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build();
		try (MemoryMapping mapping = this.mappings.map(spec)) {
			mapping.flush();
			mapping.range(0, 1).flush();
		}
		assertThat(timer("mmap.flush", "ad-hoc").count()).isEqualTo(2);
		assertThat(timer("mmap.flush", "ad-hoc").totalTime(TimeUnit.SECONDS)).isPositive().isLessThan(60);
		assertThat(timer("mmap.flush", "geoip").count()).isZero();
	}

	@Test
	void theNumberOfMetersDoesNotGrowWithTheNumberOfMappings() {
		List<Meter> before = this.meters.getMeters();
		try (MemoryMapping first = map(); MemoryMapping second = map()) {
			assertThat(first.name()).isNotEqualTo(second.name());
			assertThat(this.meters.getMeters()).containsExactlyInAnyOrderElementsOf(before);
			assertThat(open("ad-hoc")).isEqualTo(2);
		}
	}

	@Test
	void aLeakIsCounted() {
		Garbage.collect(leak());
		Garbage.collectUntil(() -> leaks("mmap.leaks", "garbage-collected") > 0);
		assertThat(leaks("mmap.leaks", "garbage-collected")).isEqualTo(1);
		assertThat(leaks("mmap.leaked", "garbage-collected")).isEqualTo(SIZE);
		assertThat(leaks("mmap.leaks", "open-at-shutdown")).isZero();
		assertThat(mapped("ad-hoc")).isZero();
		assertThat(open("ad-hoc")).isZero();
	}

	@Test
	void aMappingThatIsOpenAtShutdownIsCountedWithAnotherCause() {
		try (MemoryMapping open = map()) {
			this.mappings.close();
			assertThat(open.length()).isEqualTo(SIZE);
			assertThat(leaks("mmap.leaks", "open-at-shutdown")).isEqualTo(1);
			assertThat(leaks("mmap.leaked", "open-at-shutdown")).isEqualTo(SIZE);
			assertThat(leaks("mmap.leaks", "garbage-collected")).isZero();
		}
	}

	@Test
	void whenTheRegistryIsClosedNothingIsMapped() {
		this.mappings.close();
		assertThat(mapped("geoip")).isZero();
		assertThat(open("geoip")).isZero();
		assertThat(timer("mmap.unmap", "geoip").count()).isEqualTo(1);
	}

	@Test
	void metersAgreeWithTheEndpointAndWithTheKernel() {
		assertThatAllAgree(2 * 4096);
		try (MemoryMapping mapping = map()) {
			assertThatAllAgree(2 * 4096 + PAGES);
			try (MemoryMapping another = map()) {
				assertThat(another.address()).isNotEqualTo(mapping.address());
				assertThatAllAgree(2 * 4096 + 2 * PAGES);
			}
			assertThatAllAgree(2 * 4096 + PAGES);
		}
		Garbage.collect(leak());
		Garbage.collectUntil(() -> leaks("mmap.leaks", "garbage-collected") > 0);
		assertThatAllAgree(2 * 4096);
		this.mappings.close();
		assertThatAllAgree(0);
	}

	private void assertThatAllAgree(long pages) {
		MmapDescriptor endpoint = new MmapEndpoint(this.mappings, List.of(), Show.NEVER).mmap(null, null, null, null,
				null, null);
		assertThat(mapped("geoip") + mapped("ad-hoc")).isEqualTo(endpoint.totals().mapped());
		assertThat(open("geoip") + open("ad-hoc")).isEqualTo(endpoint.totals().mappings());
		assertThat(leaks("mmap.leaks", "garbage-collected")).isEqualTo(endpoint.leaks().count());
		assertThat(leaks("mmap.leaked", "garbage-collected")).isEqualTo(endpoint.leaks().bytes());
		long rounded = endpoint.mappings().stream().mapToLong((mapping) -> (mapping.length() + 4095) & -4096L).sum();
		assertThat(ProcessMaps.bytes(this.directory)).isEqualTo(rounded).isEqualTo(pages);
	}

	private double mapped(String name) {
		return gauge("mmap.mapped", name).value();
	}

	private double open(String name) {
		return gauge("mmap.mappings", name).value();
	}

	private Gauge gauge(String meter, String name) {
		return this.meters.get(meter).tag("name", name).gauge();
	}

	private FunctionTimer timer(String meter, String name) {
		return this.meters.get(meter).tag("name", name).functionTimer();
	}

	private double leaks(String meter, String cause) {
		return this.meters.get(meter).tag("name", "ad-hoc").tag("cause", cause).functionCounter().count();
	}

	private MemoryMapping map() {
		return this.mappings.map(MappingSpec.file(this.file).build());
	}

	/**
	 * In a method of its own, so that no local variable keeps the mapping.
	 */
	private WeakReference<Object> leak() {
		return new WeakReference<>(map().segment().scope());
	}

}
