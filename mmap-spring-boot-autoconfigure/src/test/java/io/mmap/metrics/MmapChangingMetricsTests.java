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
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MapperType;
import io.mmap.MappingException;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.actuate.endpoint.MmapDescriptor;
import io.mmap.actuate.endpoint.MmapEndpoint;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.boot.actuate.endpoint.Show;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Meters that come and go, and those of the process.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapChangingMetricsTests {

	private static final int SIZE = 16 * 4096;

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry mappings;

	private MmapMetrics metrics;

	private final MeterRegistry meters = new SimpleMeterRegistry();

	@BeforeEach
	void bind() throws IOException {
		this.file = Files.write(this.directory.resolve("geoip.bin"), new byte[SIZE]);
		bind(MapperType.NATIVE);
	}

	private void bind(MapperType mapper) {
		this.mappings = MappingRegistry.builder()
			.mapper(mapper)
			.declare("geoip", MappingSpec.file(this.file).build())
			.build();
		this.metrics = new MmapMetrics(this.mappings);
		this.metrics.bindTo(this.meters);
	}

	@AfterEach
	void close() {
		this.metrics.close();
		this.mappings.close();
	}

	@Test
	void residentAndDirtyBytesAreThoseOfTheSample() {
		await().until(() -> gauge("mmap.resident", "geoip") != null);
		assertThat(gauge("mmap.resident", "geoip").value()).isEqualTo(SIZE);
		assertThat(gauge("mmap.dirty", "geoip").value()).isBetween(0.0, (double) SIZE);
	}

	@Test
	void whereNothingIsKnownThereIsNoMeter() {
		close();
		bind(MapperType.JDK);
		await().until(() -> this.mappings.mappings().getFirst().residencySample() != null);
		assertThat(gauge("mmap.resident", "geoip")).isNull();
		assertThat(gauge("mmap.dirty", "geoip")).isNull();
		assertThat(gauge("mmap.mapped", "geoip").value()).isEqualTo(SIZE);
	}

	@Test
	void theMeterOfAMappingThatVanishedVanishes() {
		assertThat(gauge("mmap.resident", "ad-hoc")).isNull();
		try (MemoryMapping scratch = this.mappings.map(MappingSpec.anonymous(SIZE).build())) {
			scratch.segment().set(JAVA_BYTE, 0, (byte) 1);
			await().atMost(Duration.ofSeconds(30)).until(() -> gauge("mmap.resident", "ad-hoc") != null);
			assertThat(gauge("mmap.resident", "ad-hoc").value()).isEqualTo(4096);
		}
		assertThat(gauge("mmap.resident", "ad-hoc")).isNull();
		assertThat(gauge("mmap.mapped", "ad-hoc").value()).isZero();
	}

	@Test
	void errorsAppearWithTheirOperationAndNumber() {
		assertThat(this.meters.find("mmap.errors").meters()).isEmpty();
		MappingSpec missing = MappingSpec.file(this.directory.resolve("missing")).build();
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.mappings.map(missing));
		}
		this.metrics.update();
		assertThat(this.meters.get("mmap.errors").tags("operation", "map", "errno", "ENOENT").functionCounter().count())
			.isEqualTo(3);
	}

	@Test
	void warningsAppearAndVanish() throws IOException {
		Path elsewhere = Files.move(this.file, this.directory.resolve("elsewhere"));
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.mappings.reload("geoip"));
		this.metrics.update();
		assertThat(this.meters.get("mmap.warnings").tags("name", "geoip", "kind", "reload-failing").gauge().value())
			.isEqualTo(1);
		Files.move(elsewhere, this.file);
		this.mappings.reload("geoip");
		this.metrics.update();
		assertThat(this.meters.find("mmap.warnings").meters()).isEmpty();
	}

	@Test
	void warningsOfAdHocMappingsAndMembersDoNotAddNames() throws Exception {
		close();
		this.mappings = MappingRegistry.builder()
			.declareSet("countries", Map.of("a", MappingSpec.file(this.file).build()))
			.truncationCheckInterval(Duration.ofMillis(20))
			.build();
		this.metrics = new MmapMetrics(this.mappings);
		this.metrics.bindTo(this.meters);
		Files.write(this.file, new byte[SIZE]);
		await().until(() -> !this.mappings.warnings().isEmpty());
		assertThat(this.mappings.warnings().getFirst().name()).startsWith("countries.");
		this.metrics.update();
		assertThat(this.meters.get("mmap.warnings").meters()).extracting((meter) -> meter.getId().getTag("name"))
			.containsExactly("countries");
	}

	@Test
	void theMetersOfAMappingRegistryThatIsClosedVanish() {
		assertThat(names()).isNotEmpty();
		Gauge other = Gauge.builder("other", () -> 1).register(this.meters);
		this.metrics.close();
		assertThat(this.meters.getMeters()).containsExactly(other);
	}

	@Test
	void regionsAreThoseOfTheProcess() throws IOException {
		double regions = this.meters.get("mmap.regions").gauge().value();
		try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
			assertThat(regions).isCloseTo(lines.count(), Percentage.withPercentage(20));
		}
		assertThat(this.meters.get("mmap.regions.max").gauge().value()).isGreaterThan(regions);
	}

	@Test
	void faultsAndBlocksReadAreCountedSideBySide() {
		assertThat(this.meters.get("mmap.page.faults").tag("type", "minor").functionCounter().count())
			.isGreaterThan(1000);
		assertThat(this.meters.get("mmap.page.faults").tag("type", "major").functionCounter().count()).isNotNegative();
		assertThat(this.meters.get("mmap.read").functionCounter().count()).isNotNegative();
	}

	/**
	 * Whatever the figures are: a sample in between changes both.
	 */
	@Test
	void faultsBlocksReadAndPressureAreThoseOfTheEndpoint() {
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			MmapDescriptor.ProcessDescriptor process = endpoint().process();
			assertThat(counter("mmap.read", Tags.empty())).isEqualTo(process.bytesRead().doubleValue());
			assertThat(counter("mmap.page.faults", Tags.of("type", "major")))
				.isEqualTo(process.majorFaults().doubleValue());
			assertThat(counter("mmap.page.faults", Tags.of("type", "minor")))
				.isEqualTo(process.minorFaults().doubleValue());
			for (MmapDescriptor.PressureDescriptor pressure : process.pressure()) {
				assertThat(counter("mmap.pressure.stalled",
						Tags.of("resource", pressure.resource(), "kind", pressure.kind())))
					.isEqualTo(pressure.stalled());
			}
			assertThat(endpoint().process()).isEqualTo(process);
		});
	}

	private double counter(String name, Tags tags) {
		return this.meters.get(name).tags(tags).functionCounter().count();
	}

	private MmapDescriptor endpoint() {
		return new MmapEndpoint(this.mappings, List.of(), Show.NEVER).mmap(null, null, null, null, null, null);
	}

	@Test
	void metersEndpointAndProcSayTheSame() {
		await().until(() -> gauge("mmap.resident", "geoip") != null);
		MmapDescriptor endpoint = endpoint();
		assertThat(ProcessMaps.bytes(this.directory)).isEqualTo(SIZE);
		assertThat(endpoint.totals().mapped()).isEqualTo(SIZE);
		assertThat(gauge("mmap.mapped", "geoip").value()).isEqualTo(SIZE);
		assertThat(endpoint.totals().resident()).isEqualTo((long) gauge("mmap.resident", "geoip").value());
		assertThat(endpoint.names().getFirst().resident()).isEqualTo(endpoint.totals().resident());
		assertThat(endpoint.mappings().getFirst().residency().resident()).isEqualTo(endpoint.totals().resident());
		assertThat(endpoint.limits().regions().used())
			.isEqualTo((long) this.meters.get("mmap.regions").gauge().value());
	}

	@Test
	void whatTheJdkMapperMapsIsInTheBufferPoolAsWell() {
		close();
		long before = mappedByTheJdk().getMemoryUsed();
		bind(MapperType.JDK);
		assertThat(mappedByTheJdk().getMemoryUsed() - before).isEqualTo(SIZE)
			.isEqualTo((long) gauge("mmap.mapped", "geoip").value());
	}

	@Test
	void whatTheNativeMapperMapsIsNotInTheBufferPool() {
		long before = mappedByTheJdk().getMemoryUsed();
		try (MemoryMapping mapping = this.mappings.map(MappingSpec.file(this.file).build())) {
			assertThat(gauge("mmap.mapped", "ad-hoc").value()).isEqualTo(mapping.length());
			assertThat(mappedByTheJdk().getMemoryUsed()).isEqualTo(before);
		}
	}

	private static BufferPoolMXBean mappedByTheJdk() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> pool.getName().equals("mapped"))
			.findFirst()
			.orElseThrow();
	}

	private List<String> names() {
		return this.meters.getMeters().stream().map(Meter::getId).map(Meter.Id::getName).distinct().toList();
	}

	/**
	 * Return a gauge as a scrape finds it.
	 */
	private Gauge gauge(String meter, String name) {
		this.mappings.statistics();
		this.metrics.update();
		return this.meters.find(meter).tag("name", name).gauge();
	}

}
