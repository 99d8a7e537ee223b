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

package io.mmap.actuate.endpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappedFileNotFoundException;
import io.mmap.MapperType;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.OperationErrors;
import io.mmap.PageSize;
import io.mmap.actuate.endpoint.MmapDescriptor.LimitsDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.ProcessDescriptor;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.actuate.endpoint.Show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * What is shown beside the mappings: of the process, of each name, and of what has
 * failed.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapEndpointProcessTests {

	private static final int LENGTH = 10_000;

	@TempDir
	Path directory;

	private Path geoip;

	private MappingRegistry registry;

	@BeforeEach
	void map() throws IOException {
		this.geoip = Files.write(this.directory.resolve("geoip.bin"), new byte[LENGTH]);
		Path shard = Files.write(this.directory.resolve("shard"), new byte[100]);
		this.registry = MappingRegistry.builder()
			.declare("geoip", MappingSpec.file(this.geoip).build())
			.declareSet("shards", Map.of("shard", MappingSpec.file(shard).build()))
			.build();
	}

	@AfterEach
	void close() {
		this.registry.close();
	}

	@Test
	void limitsAreThoseOfTheSystem() throws IOException {
		LimitsDescriptor limits = show().limits();
		assertThat(limits.regions().max())
			.isEqualTo(Long.parseLong(Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).getFirst()));
		long regions = Files.readAllLines(Path.of("/proc/self/maps")).size();
		assertThat(limits.regions().used()).isBetween(regions - 200, regions + 200);
		assertThat(limits.locked().used()).isEqualTo(lockedKilobytes() * 1024);
		assertThat(limits.locked().max()).isEqualTo(lockLimit());
		assertThat(limits.pageSize()).isEqualTo(PageSize.base());
		assertThat(limits.hugePageSizes()).containsExactlyElementsOf(PageSize.huge());
	}

	private static long lockedKilobytes() throws IOException {
		return Files.readAllLines(Path.of("/proc/self/status"))
			.stream()
			.filter((line) -> line.startsWith("VmLck:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("[^0-9]", "")))
			.findFirst()
			.orElseThrow();
	}

	private static Long lockLimit() throws IOException {
		String soft = Files.readAllLines(Path.of("/proc/self/limits"))
			.stream()
			.filter((line) -> line.startsWith("Max locked memory"))
			.map((line) -> line.substring("Max locked memory".length()).strip().split(" +")[0])
			.findFirst()
			.orElseThrow();
		return (soft.equals("unlimited")) ? null : Long.valueOf(soft);
	}

	@Test
	void whatTheKernelCountsIsShown() {
		Instant before = Instant.now();
		ProcessDescriptor process = show().process();
		assertThat(process.sampledAt()).isBetween(before, Instant.now());
		assertThat(process.minorFaults()).isPositive();
		assertThat(process.majorFaults()).isNotNegative();
		assertThat(process.bytesRead()).isEqualTo(this.registry.process().bytesRead());
		assertThat(process.pressure()).hasSameSizeAs(this.registry.process().pressure()).allSatisfy((pressure) -> {
			assertThat(pressure.resource()).isIn("memory", "io");
			assertThat(pressure.kind()).isIn("some", "full");
			assertThat(pressure.scope()).isIn("control-group", "system");
			assertThat(pressure.stalled()).isNotNegative();
			assertThat(pressure.average10()).isBetween(0.0, 100.0);
		});
	}

	@Test
	void capabilitiesAreThoseOfTheRegistry() {
		MmapDescriptor.CapabilitiesDescriptor shown = show().capabilities();
		assertThat(shown.platform()).isEqualTo(this.registry.capabilities().platform()).isNotBlank();
		assertThat(shown.kernel()).isEqualTo(this.registry.capabilities().kernel()).isNotBlank();
		assertThat(shown.container()).isEqualTo(this.registry.capabilities().container());
		assertThat(shown.seccomp()).isEqualTo(this.registry.capabilities().seccomp());
		assertThat(shown.all()).isEqualTo(this.registry.capabilities().all())
			.allSatisfy((capability) -> assertThat(capability.reason()).isNotBlank());
	}

	@Test
	void whatHasFailedIsCounted() {
		assertThat(show().errors()).isEmpty();
		MappingSpec missing = MappingSpec.file(this.directory.resolve("missing")).build();
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(MappedFileNotFoundException.class).isThrownBy(() -> this.registry.map(missing));
		}
		assertThat(show().errors()).containsExactly(new OperationErrors("map", "ENOENT", 2));
	}

	@Test
	void eachNameHasFigures() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(4096).build())) {
			assertThat(show().names()).extracting("name", "kind", "mappings", "mapped")
				.containsExactly(tuple("geoip", "mapping", 1L, 10_000L), tuple("shards", "set", 1L, 100L),
						tuple("ad-hoc", "ad-hoc", 1L, mapping.length()));
			assertThat(show().names()).allSatisfy((name) -> {
				assertThat(name.leases()).isZero();
				assertThat(name.detached()).isZero();
				assertThat(name.truncated()).isZero();
				assertThat(name.leaks()).isZero();
				assertThat(name.reloads()).containsOnlyKeys("success", "failure");
			});
		}
	}

	@Test
	void sumsAreKnownOnceASampleWasTaken() {
		await().untilAsserted(() -> assertThat(show().totals().resident()).isEqualTo(LENGTH + 100));
		assertThat(show().totals().dirty()).isNotNull();
		assertThat(show().names().getFirst().resident()).isEqualTo(LENGTH);
		assertThat(show().names().getFirst().dirty()).isNotNull();
	}

	@Test
	void aSumOfWhichAPartIsUnknownIsUnknown() {
		try (MappingRegistry jdk = MappingRegistry.builder()
			.mapper(MapperType.JDK)
			.declare("geoip", MappingSpec.file(this.geoip).build())
			.build()) {
			MmapEndpoint endpoint = new MmapEndpoint(jdk, List.of(), Show.NEVER);
			await().until(() -> endpoint.mmap(null, null, null, null, null, null)
				.mappings()
				.getFirst()
				.residency()
				.sampledAt() != null);
			MmapDescriptor shown = endpoint.mmap(null, null, null, null, null, null);
			assertThat(shown.mapper().type()).isEqualTo("jdk");
			assertThat(shown.totals().resident()).isNull();
			assertThat(shown.totals().dirty()).isNull();
			assertThat(shown.mappings().getFirst().residency().reason()).contains("--enable-native-access");
		}
	}

	@Test
	void withoutAMappingSumsAreZero() {
		try (MappingRegistry empty = MappingRegistry.builder().build()) {
			MmapDescriptor shown = new MmapEndpoint(empty, List.of(), Show.NEVER).mmap(null, null, null, null, null,
					null);
			assertThat(shown.totals().resident()).isZero();
			assertThat(shown.totals().mapped()).isZero();
			assertThat(shown.mappings()).isEmpty();
		}
	}

	@Test
	void whatAFileHasLostIsSummedUp() throws IOException {
		try (FileChannel channel = FileChannel.open(this.geoip, StandardOpenOption.WRITE)) {
			channel.truncate(4_000);
		}
		await().untilAsserted(() -> assertThat(show().totals().truncated()).isEqualTo(LENGTH - 4_000));
		assertThat(show().names().getFirst().truncated()).isEqualTo(LENGTH - 4_000);
	}

	@Test
	void listsBesideTheMappingsAreLimitedAsWell() {
		MmapDescriptor shown = new MmapEndpoint(this.registry, List.of(), Show.NEVER).mmap(1, null, null, null, null,
				null);
		assertThat(shown.names()).hasSize(1);
		assertThat(shown.totals().mappings()).as("of all").isEqualTo(2);
		assertThat(Stream.of(shown.warnings(), shown.preloads())).allMatch((list) -> list.size() <= 1);
	}

	private MmapDescriptor show() {
		return new MmapEndpoint(this.registry, List.of(), Show.NEVER).mmap(null, null, null, null, null, null);
	}

}
