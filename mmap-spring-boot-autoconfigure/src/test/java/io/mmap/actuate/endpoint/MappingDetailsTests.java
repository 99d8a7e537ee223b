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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.LeakDetectionLevel;
import io.mmap.MapperType;
import io.mmap.MappingAccess;
import io.mmap.MappingException;
import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.PageSize;
import io.mmap.actuate.endpoint.MappingDescriptor.ResidencyDescriptor;
import io.mmap.actuate.endpoint.MappingDetailsDescriptor.StatisticsDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.PreloadDescriptor;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.Requirement;

import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.Show;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What is shown of a single mapping or set, beyond what is shown of all.
 */
@ExtendWith(NothingLeftBehind.class)
class MappingDetailsTests {

	private static final int PAGE = (int) PageSize.base();

	@TempDir
	Path directory;

	private MappingRegistry registry;

	@AfterEach
	void close() {
		if (this.registry != null) {
			this.registry.close();
		}
	}

	@Test
	void inTheListResidencyIsUnknownUntilItWasSampled() throws IOException {
		declare("geoip", MappingSpec.file(file("geoip", 3 * PAGE)).build());
		// Nobody has asked yet
		MappingDescriptor unsampled = new Describer(new Sanitizer(), true, List.of(), List.of())
			.describe(this.registry.mappings().getFirst());
		assertThat(unsampled.residency())
			.isEqualTo(new ResidencyDescriptor(null, null, null, "it was not found out yet: ask again"));
		await().untilAsserted(() -> assertThat(listed().residency().sampledAt()).isNotNull());
		ResidencyDescriptor sampled = listed().residency();
		assertThat(sampled.resident()).isEqualTo(3L * PAGE);
		assertThat(sampled.dirty()).isNotNull();
		assertThat(sampled.sampledAt()).isBefore(Instant.now());
		assertThat(sampled.reason()).startsWith("cachestat");
	}

	@Test
	void ofASingleMappingResidencyIsFoundOutNow() throws IOException {
		declare("scratch", MappingSpec.anonymous(4L * PAGE).build());
		Instant before = Instant.now();
		assertThat(details("scratch").residency().resident()).isZero();
		this.registry.get("scratch").segment().set(JAVA_BYTE, PAGE, (byte) 1);
		ResidencyDescriptor residency = details("scratch").residency();
		assertThat(residency.resident()).isEqualTo(PAGE);
		assertThat(residency.sampledAt()).isBetween(before, Instant.now());
		assertThat(residency.reason()).startsWith("pagemap");
	}

	@Test
	void theJdkMapperKnowsNoResidencyAndSaysWhatToDo() throws IOException {
		this.registry = MappingRegistry.builder()
			.mapper(MapperType.JDK)
			.declare("geoip", MappingSpec.file(file("geoip", 3 * PAGE)).build())
			.build();
		MappingDescriptor shown = details("geoip");
		assertThat(shown.residency().resident()).isNull();
		assertThat(shown.residency().reason()).contains("--enable-native-access=ALL-UNNAMED");
		assertThat(shown.parts().resident()).containsExactly(null, null, null);
		assertThat(shown.parts().reason()).contains("--enable-native-access=ALL-UNNAMED");
	}

	@Test
	void thePartsThatAreInMemoryAreShown() throws IOException {
		Path sparse = this.directory.resolve("sparse");
		try (FileChannel channel = FileChannel.open(sparse, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			channel.write(ByteBuffer.allocate(PAGE), 2L * PAGE);
			channel.write(ByteBuffer.allocate(PAGE), 7L * PAGE);
		}
		declare("sparse", MappingSpec.file(sparse).build());
		MappingDescriptor shown = endpoint().mapping("sparse", null, 4).mappings().getFirst();
		assertThat(shown.parts().length()).isEqualTo(2L * PAGE);
		assertThat(shown.parts().resident()).containsExactly(0L, (long) PAGE, 0L, (long) PAGE);
		assertThat(shown.parts().reason()).startsWith("cachestat");
		assertThat(shown.residency().resident()).isEqualTo(2L * PAGE);
	}

	@Test
	void whatIsEvictedIsNoLongerShownAsInMemory() throws Exception {
		Requirement.checkOnDisk(this.directory);
		Path geoip = file("geoip", 4 * PAGE);
		declare("geoip", MappingSpec.file(geoip).build());
		assertThat(details("geoip").parts().resident()).containsOnly((long) PAGE).hasSize(4);
		Process dd = new ProcessBuilder("dd", "if=" + geoip, "iflag=nocache", "count=0").inheritIO().start();
		assertThat(dd.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(details("geoip").parts().resident()).containsOnly(0L).hasSize(4);
	}

	@Test
	void theLastPartMayBeShorter() throws IOException {
		declare("geoip", MappingSpec.file(file("geoip", 2 * PAGE + 100)).build());
		MappingDescriptor shown = details("geoip");
		assertThat(shown.parts().length()).isEqualTo(PAGE);
		assertThat(shown.parts().resident()).containsExactly((long) PAGE, (long) PAGE, 100L);
	}

	@Test
	void thereAreAsManyPartsAsAreAskedForAtMost() throws IOException {
		declare("geoip", MappingSpec.file(file("geoip", 100 * PAGE)).build());
		assertThat(details("geoip").parts().resident()).hasSizeBetween(33, 64);
		assertThat(endpoint().mapping("geoip", null, 1).mappings().getFirst().parts().resident())
			.containsExactly(100L * PAGE);
		assertThat(endpoint().mapping("geoip", null, 1024).mappings().getFirst().parts().resident()).hasSize(100);
	}

	@Test
	void anEmptyMappingHasNoParts() throws IOException {
		declare("empty", MappingSpec.file(file("empty", 0)).build());
		MappingDescriptor shown = details("empty");
		assertThat(shown.parts().resident()).isEmpty();
		assertThat(shown.parts().reason()).isEqualTo("the mapping is empty");
		assertThat(shown.length()).isZero();
	}

	@Test
	void whoHoldsLeasesIsShown() throws IOException {
		declare("geoip", MappingSpec.file(file("geoip", 1)).build());
		assertThat(details("geoip").holders()).isEmpty();
		try (MappingLease lease = this.registry.get("geoip").acquire("nightly export")) {
			assertThat(lease.generation()).isEqualTo(1);
			assertThat(details("geoip").holders()).singleElement()
				.isEqualTo("nightly export (thread '" + Thread.currentThread().getName() + "')");
			assertThat(details("geoip").leases()).isEqualTo(1);
		}
	}

	@Test
	void forHowLongALeaseIsHeldIsShownWhereThatIsFoundOut() throws IOException {
		this.registry = MappingRegistry.builder()
			.leaseHoldThreshold(Duration.ofMillis(50))
			.declare("geoip", MappingSpec.file(file("geoip", 1)).build())
			.build();
		try (MappingLease lease = this.registry.get("geoip").acquire()) {
			assertThat(lease.generation()).isEqualTo(1);
			await().until(() -> statistics("geoip").longestHold() > 0.05);
		}
		assertThat(statistics("geoip").longestHold()).isLessThan(60);
	}

	@Test
	void theCallStackIsShownIfItWasRecorded() throws IOException {
		this.registry = MappingRegistry.builder().leakDetection(LeakDetectionLevel.DETAILED).build();
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file("geoip", 1)).build())) {
			assertThat(details(mapping.name()).creationStack())
				.anyMatch((frame) -> frame.contains("MappingDetailsTests.theCallStackIsShownIfItWasRecorded"));
		}
	}

	@Test
	void withoutARecordThereIsNoCallStack() throws IOException {
		this.registry = MappingRegistry.builder().build();
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file("geoip", 1)).build())) {
			assertThat(details(mapping.name()).creationStack()).isNull();
		}
	}

	@Test
	void aSetIsShownWithItsMembers() throws Exception {
		declareAnimals();
		MappingDetailsDescriptor set = endpoint().mapping("animals", null, null);
		assertThat(set.name()).isEqualTo("animals");
		assertThat(set.kind()).isEqualTo("set");
		assertThat(set.statistics().mappings()).isEqualTo(2);
		assertThat(set.statistics().mapped()).isEqualTo(3L * PAGE);
		assertThat(set.mappings()).extracting(MappingDescriptor::of).containsExactly("animals", "animals");
		assertThat(set.mappings()).allSatisfy((member) -> assertThat(member.parts()).isNotNull());
		assertThat(set.selection().matching()).isEqualTo(2);
		for (MemoryMapping member : this.registry.set("animals").mappings()) {
			member.preload().await();
		}
		assertThat(endpoint().mapping("animals", null, null).preloads()).extracting(PreloadDescriptor::name)
			.containsExactlyInAnyOrderElementsOf(set.mappings().stream().map(MappingDescriptor::name).toList());
		assertThat(set.selection().shown()).isEqualTo(2);
		assertThat(set.selection().limit()).isEqualTo(20);
	}

	@Test
	void ofASetNoMoreMembersAreShownThanAskedFor() throws IOException {
		declareAnimals();
		MappingDetailsDescriptor set = endpoint().mapping("animals", 1, null);
		assertThat(set.mappings()).hasSize(1);
		assertThat(set.selection().matching()).isEqualTo(2);
		assertThat(set.selection().shown()).isEqualTo(1);
	}

	@Test
	void aMemberOfASetIsShownByItsId() throws IOException {
		declareAnimals();
		String id = this.registry.mappings().getLast().name();
		MappingDetailsDescriptor member = endpoint().mapping(id, null, null);
		assertThat(member.name()).isEqualTo(id);
		assertThat(member.mappings()).extracting(MappingDescriptor::name).containsExactly(id);
	}

	@Test
	void whatWaitsForItsFirstUseIsShownAndStaysSo() throws IOException {
		declare("geoip", MappingSpec.file(file("geoip", 1)).lazy(true).build());
		MappingDetailsDescriptor shown = endpoint().mapping("geoip", null, null);
		assertThat(shown.kind()).isEqualTo("mapping");
		assertThat(shown.mappings()).isEmpty();
		assertThat(shown.statistics().mappings()).isZero();
		assertThat(shown.statistics().map().count()).isZero();
		assertThat(endpoint().mmap(null, null, null, null, null, null).names())
			.filteredOn((name) -> name.name().equals("geoip"))
			.singleElement()
			.satisfies((name) -> {
				assertThat(name.kind()).isEqualTo("mapping");
				assertThat(name.mappings()).isZero();
				assertThat(name.resident()).isNull();
			});
		assertThat(this.registry.mappings()).as("still not mapped").isEmpty();
	}

	@Test
	void allAdHocMappingsAreShownTogether() throws IOException {
		Path file = file("geoip", 5);
		this.registry = MappingRegistry.builder().build();
		try (MemoryMapping one = this.registry.map(MappingSpec.file(file).build());
				MemoryMapping other = this.registry.map(MappingSpec.file(file).build())) {
			MappingDetailsDescriptor shown = endpoint().mapping("ad-hoc", null, null);
			assertThat(shown.kind()).isEqualTo("ad-hoc");
			assertThat(shown.statistics().mappings()).isEqualTo(2);
			assertThat(shown.mappings()).extracting(MappingDescriptor::name).containsExactly(one.name(), other.name());
			assertThat(endpoint().mapping(one.name(), null, null).kind()).isEqualTo("ad-hoc");
		}
	}

	@Test
	void whatWasDoneIsCounted() throws Exception {
		declare("geoip", MappingSpec.file(file("geoip", 2 * PAGE)).access(MappingAccess.READ_WRITE).build());
		this.registry.get("geoip").flush();
		this.registry.get("geoip").preload().await();
		StatisticsDescriptor statistics = statistics("geoip");
		assertThat(statistics.map().count()).isEqualTo(1);
		assertThat(statistics.map().seconds()).isBetween(0.0, 60.0).isPositive();
		assertThat(statistics.flush().count()).isEqualTo(1);
		assertThat(statistics.flushErrors()).isZero();
		assertThat(statistics.preload().count()).isEqualTo(1);
		assertThat(statistics.unmap().count()).isZero();
		assertThat(statistics.leaks()).containsOnlyKeys("garbage-collected", "open-at-shutdown").containsValue(0L);
		assertThat(statistics.leaked()).containsOnlyKeys("garbage-collected", "open-at-shutdown");
		assertThat(endpoint().mapping("geoip", null, null).preloads()).extracting(PreloadDescriptor::state)
			.containsExactly("completed");
	}

	@Test
	void reloadsAreCountedByOutcome() throws IOException {
		Path geoip = file("geoip", 1);
		declare("geoip", MappingSpec.file(geoip).build());
		this.registry.reload("geoip");
		Files.delete(geoip);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.reload("geoip"));
		StatisticsDescriptor statistics = statistics("geoip");
		assertThat(statistics.reloads()).containsEntry("success", 1L).containsEntry("failure", 1L);
		assertThat(statistics.lastReload()).isBefore(Instant.now());
		assertThat(statistics.unmap().count()).isEqualTo(1);
		assertThat(endpoint().mapping("geoip", null, null).warnings()).singleElement()
			.satisfies((warning) -> assertThat(warning.kind()).isEqualTo("reload-failing"));
	}

	@Test
	void aClosedRegistryStillKnowsWhatWasDeclared() throws IOException {
		declareAnimals();
		this.registry.close();
		assertThat(endpoint().mapping("animals", null, null).kind()).isEqualTo("set");
		declare("geoip", MappingSpec.file(file("geoip", 1)).build());
		this.registry.close();
		assertThat(endpoint().mapping("geoip", null, null).kind()).isEqualTo("mapping");
	}

	private void declareAnimals() throws IOException {
		this.registry = MappingRegistry.builder()
			.declareSet("animals",
					Map.of("cat", MappingSpec.file(file("cat", PAGE)).build(), "dog",
							MappingSpec.file(file("dog", 2 * PAGE)).build()))
			.build();
	}

	private void declare(String name, MappingSpec spec) {
		this.registry = MappingRegistry.builder().declare(name, spec).build();
	}

	/** Clean, so that it can be evicted. */
	private Path file(String name, int length) throws IOException {
		Path file = Files.write(this.directory.resolve(name), new byte[length]);
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			channel.force(true);
		}
		return file;
	}

	private MappingDescriptor listed() {
		return endpoint().mmap(null, null, null, null, null, null).mappings().getFirst();
	}

	private MappingDescriptor details(String nameOrId) {
		return endpoint().mapping(nameOrId, null, null).mappings().getFirst();
	}

	private StatisticsDescriptor statistics(String name) {
		return endpoint().mapping(name, null, null).statistics();
	}

	private MmapEndpoint endpoint() {
		return new MmapEndpoint(this.registry, List.of(), Show.ALWAYS);
	}

}
