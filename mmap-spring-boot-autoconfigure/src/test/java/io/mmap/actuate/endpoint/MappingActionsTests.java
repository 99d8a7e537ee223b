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
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MapperType;
import io.mmap.MappingAccess;
import io.mmap.MappingClosedException;
import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.PageSize;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.Requirement;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What those who operate an application can do with its mappings.
 */
@ExtendWith(NothingLeftBehind.class)
class MappingActionsTests {

	private static final int PAGE = (int) PageSize.base();

	private static final int LENGTH = 16 * PAGE;

	private static final String ROLE = "OPERATOR";

	private static final SecurityContext OPERATOR = new SecurityContext() {

		@Override
		public Principal getPrincipal() {
			return () -> "operator";
		}

		@Override
		public boolean isUserInRole(String role) {
			return role.equals(ROLE);
		}

	};

	@TempDir
	Path directory;

	private Path geoip;

	private Path counters;

	private MappingRegistry registry;

	@BeforeEach
	void map() throws IOException {
		this.geoip = write("geoip.bin", LENGTH);
		this.counters = write("counters.bin", LENGTH);
		this.registry = MappingRegistry.builder()
			.drainTimeout(Duration.ofMillis(100))
			.declare("geoip", MappingSpec.file(this.geoip).build())
			.declare("counters", MappingSpec.file(this.counters).access(MappingAccess.READ_WRITE).build())
			.declareSet("shards",
					Map.of("a", MappingSpec.file(write("a", PAGE)).build(), "b",
							MappingSpec.file(write("b", PAGE)).build()))
			.build();
	}

	@AfterEach
	void close() {
		this.registry.close();
	}

	@Test
	void flushWritesChangesToTheFile() throws IOException {
		Requirement.checkOnDisk(this.directory);
		this.registry.get("counters").segment().set(JAVA_BYTE, 5, (byte) 42);
		assertThat(this.registry.mappings().get(1).residency().dirty()).isPositive();
		assertDone("counters", "flush");
		assertThat(this.registry.mappings().get(1).residency().dirty()).isZero();
		assertThat(Files.readAllBytes(this.counters)[5]).isEqualTo((byte) 42);
		assertThat(this.registry.mappings().get(1).lastFlush()).isNotNull();
	}

	@Test
	void evictTakesPagesOutOfMemoryAndPreloadBringsThemBack() throws IOException {
		Requirement.checkOnDisk(this.directory);
		this.registry.get("geoip").prefault();
		assertThat(resident("geoip")).isEqualTo(LENGTH);
		assertDone("geoip", "evict");
		assertThat(resident("geoip")).isLessThan(LENGTH);
		assertThat(act("geoip", "preload", null).getBody().outcome()).isEqualTo("started");
		await().untilAsserted(() -> assertThat(resident("geoip")).isEqualTo(LENGTH));
	}

	@Test
	void reloadMapsWhatIsThereNow() throws IOException {
		Path next = write("next", PAGE);
		Files.move(next, this.geoip, StandardCopyOption.ATOMIC_MOVE);
		assertDone("geoip", "reload");
		assertThat(this.registry.get("geoip").length()).isEqualTo(PAGE);
		assertThat(this.registry.mappings().getFirst().generation()).isEqualTo(2);
	}

	@Test
	void aReloadThatFailsIsToldWithTheReasonAndWhatWasMappedStays() throws IOException {
		Files.delete(this.geoip);
		WebEndpointResponse<MmapActionDescriptor> response = act("geoip", "reload", null);
		assertThat(response.getStatus()).isEqualTo(500);
		assertThat(response.getBody().outcome()).isEqualTo("failed");
		assertThat(response.getBody().errno()).isEqualTo(2);
		assertThat(response.getBody().message()).asString().contains(this.geoip.toString());
		assertThat(this.registry.get("geoip").length()).isEqualTo(LENGTH);
	}

	@Test
	void aReloadThatAValidatorRefusesIsAConflict() {
		this.registry.close();
		this.registry = MappingRegistry.builder().validator((candidate) -> {
			if (candidate.generation() > 1) {
				throw new IllegalArgumentException("not a database");
			}
		}).declare("geoip", MappingSpec.file(this.geoip).build()).build();
		assertRefused(act("geoip", "reload", null), "not a database");
		assertThat(this.registry.mappings().getFirst().generation()).isEqualTo(1);
	}

	@Test
	void ofWhatIsOnlyReadThereIsNothingToFlush() {
		assertRefused(act("geoip", "flush", null), "read-only");
		assertRefused(act("shards", "flush", null), "read-only");
	}

	@Test
	void whatCanBeWrittenIsNotReloaded() {
		assertRefused(act("counters", "reload", null), "counters");
	}

	@Test
	void aMemberOfASetIsNotReloadedByItself() {
		assertRefused(act(member(), "reload", null), "Reload the set");
	}

	@Test
	void adviceReachesTheKernel() {
		assertDone("geoip", "advise", "random");
		assertThat(ProcessMaps.flags(this.registry.get("geoip").address())).contains("rr");
		assertDone("geoip", "advise", "0");
		assertThat(ProcessMaps.flags(this.registry.get("geoip").address())).doesNotContain("rr");
	}

	@Test
	void adviceThatTheMemoryCannotTakeIsNoSurprise() {
		assertThat(act("geoip", "advise", "wipe-on-fork").getStatus()).isEqualTo(500);
		assertThat(act("geoip", "advise", "99").getStatus()).isEqualTo(500);
	}

	@Test
	void aSetIsActedUponAsAWhole() throws IOException {
		Requirement.checkOnDisk(this.directory);
		this.registry.set("shards").mappings().forEach(MemoryMapping::prefault);
		assertDone("shards", "evict");
		assertThat(this.registry.set("shards").mappings()).allMatch((shard) -> shard.residency().resident() == 0);
		assertThat(act("shards", "preload", null).getBody().outcome()).isEqualTo("started");
		await().until(() -> this.registry.set("shards")
			.mappings()
			.stream()
			.allMatch((shard) -> shard.residency().resident() == PAGE));
		assertDone("shards", "advise", "sequential");
		assertDone("shards", "reload");
		assertThat(this.registry.set("shards").acquire()).satisfies((lease) -> {
			assertThat(lease.generation()).isEqualTo(2);
			lease.close();
		});
	}

	@Test
	void anAdHocMappingIsActedUponByItsId() {
		try (MemoryMapping mapping = scratch()) {
			assertDone(mapping.name(), "evict");
			assertDone(mapping.name(), "advise", "sequential");
			assertRefused(act(mapping.name(), "reload", null), "map it again");
		}
	}

	@Test
	void whatTheJdkMapperCannotDoIsRefused() {
		this.registry.close();
		this.registry = MappingRegistry.builder()
			.mapper(MapperType.JDK)
			.declare("geoip", MappingSpec.file(this.geoip).build())
			.build();
		assertRefused(act("geoip", "evict", null), "--enable-native-access");
		assertRefused(act("geoip", "advise", "random"), "--enable-native-access");
		assertThat(act("geoip", "preload", null).getStatus()).isEqualTo(200);
	}

	@Test
	void unmapTakesAnAdHocMappingFromTheCodeThatUsesIt() {
		MemoryMapping mapping = scratch();
		WebEndpointResponse<MmapActionDescriptor> response = unmap(mapping.name());
		assertThat(response.getStatus()).isEqualTo(200);
		assertThat(response.getBody()).isEqualTo(new MmapActionDescriptor(mapping.name(), "unmap", "done", null, null));
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(mapping::segment);
		assertThat(this.registry.find(mapping.name())).isEmpty();
		assertThat(unmap(mapping.name()).getStatus()).isEqualTo(404);
		mapping.close();
	}

	@Test
	void whatIsConfinedToAnotherThreadIsLeftToIt() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(LENGTH).confined(true).build())) {
			CompletableFuture.runAsync(() -> {
				assertRefused(unmap(mapping.name()), "is confined to thread");
				assertRefused(act(mapping.name(), "evict", null), "is confined to thread");
				assertRefused(act(mapping.name(), "preload", null), "is confined to one thread");
			}).join();
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
		}
	}

	@Test
	void whatIsDeclaredIsNotUnmapped() {
		for (String name : List.of("geoip", "counters", "shards", member())) {
			assertRefused(unmap(name), "It is declared");
		}
		assertThat(this.registry.mappings()).hasSize(4);
	}

	@Test
	void whatIsDeclaredAndNotMappedYetIsNotUnmappedEither() {
		this.registry.close();
		this.registry = MappingRegistry.builder()
			.declare("geoip", MappingSpec.file(this.geoip).lazy(true).build())
			.build();
		assertRefused(unmap("geoip"), "It is declared");
	}

	@Test
	void whatIsInUseIsNotUnmappedAndIsStillThereThen() {
		try (MemoryMapping mapping = scratch(); MappingLease lease = mapping.acquire("an export")) {
			long start = System.nanoTime();
			assertRefused(unmap(mapping.name()), "an export");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(100),
					Duration.ofSeconds(10));
			assertThat(lease.segment().get(JAVA_BYTE, 0)).isZero();
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
		}
	}

	@Test
	void ofWhichOnlyASliceIsLeftIsNotUnmapped() {
		Left left = slice();
		Garbage.collect(left.handle());
		String id = this.registry.mappings().getLast().name();
		assertRefused(unmap(id), "Only a slice or buffer of it is in use");
		assertRefused(act(id, "flush", null), "Only a slice or buffer of it is in use");
		assertThat(left.slice().get(JAVA_BYTE, 0)).isZero();
		left = null;
		Garbage.collectUntil(() -> this.registry.leaks().size() == 1);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void eachActionHasALineInTheLogAndANameThatIsNoneHasNot(CapturedOutput output) throws IOException {
		assertDone("counters", "flush");
		act("geoip", "preload", null);
		String id = this.registry.map(MappingSpec.anonymous(PAGE).build()).name();
		unmap(id);
		Files.delete(this.geoip);
		act("geoip", "reload", null);
		act("injected\nLEAK: none", "flush", null);
		unmap("injected\nLEAK: none");
		assertThat(output).contains("Mapping 'counters': flush was asked for at the endpoint, and done")
			.contains("Mapping 'geoip': preload was asked for at the endpoint, and started")
			.contains("Mapping '" + id + "': unmap was asked for at the endpoint, and done")
			.contains("Mapping 'geoip': reload was asked for at the endpoint, and failed")
			.doesNotContain("injected");
	}

	@Test
	void whatIsUnmappedMeanwhileIsNotFoundOrRefused() throws Exception {
		MappingSpec spec = MappingSpec.file(this.geoip).build();
		AtomicReference<String> id = new AtomicReference<>("ad-hoc-1");
		AtomicBoolean done = new AtomicBoolean();
		Thread mapper = Thread.ofPlatform().start(() -> {
			while (!done.get()) {
				MemoryMapping mapping = this.registry.map(spec);
				id.set(mapping.name());
				mapping.close();
			}
		});
		try {
			for (int i = 0; i < 500; i++) {
				for (String action : List.of("reload", "evict", "preload", "flush")) {
					assertThat(act(id.get(), action, null).getStatus()).as(action).isIn(200, 404, 409);
				}
				assertThat(unmap(id.get()).getStatus()).isIn(200, 404, 409);
			}
		}
		finally {
			done.set(true);
			mapper.join();
		}
	}

	@Test
	void afterTheRegistryWasClosedNothingCanBeDone() {
		this.registry.close();
		assertThat(act("geoip", "flush", null).getStatus()).isIn(404, 409);
		assertThat(act("geoip", "reload", null).getStatus()).isIn(404, 409);
		assertThat(unmap("geoip").getStatus()).isIn(404, 409);
	}

	private void assertDone(String nameOrId, String action) {
		assertDone(nameOrId, action, null);
	}

	private void assertDone(String nameOrId, String action, String advice) {
		WebEndpointResponse<MmapActionDescriptor> response = act(nameOrId, action, advice);
		assertThat(response.getBody()).isEqualTo(new MmapActionDescriptor(nameOrId, action, "done", null, null));
		assertThat(response.getStatus()).isEqualTo(200);
	}

	private static void assertRefused(WebEndpointResponse<MmapActionDescriptor> response, String message) {
		assertThat(response.getStatus()).isEqualTo(409);
		assertThat(response.getBody().outcome()).isEqualTo("refused");
		assertThat(response.getBody().errno()).isNull();
		assertThat(response.getBody().message()).asString().contains(message);
	}

	private WebEndpointResponse<MmapActionDescriptor> act(String nameOrId, String action, String advice) {
		return extension().act(OPERATOR, nameOrId, action, advice);
	}

	private WebEndpointResponse<MmapActionDescriptor> unmap(String id) {
		return extension().unmap(OPERATOR, id);
	}

	private MmapEndpointWebExtension extension() {
		MmapEndpoint endpoint = new MmapEndpoint(this.registry, List.of(), Show.ALWAYS);
		return new MmapEndpointWebExtension(endpoint, Show.ALWAYS, Set.of(ROLE));
	}

	private long resident(String nameOrId) {
		return this.registry.get(nameOrId).residency().resident();
	}

	private String member() {
		return this.registry.set("shards").mappings().iterator().next().name();
	}

	private MemoryMapping scratch() {
		return this.registry.map(MappingSpec.file(this.geoip).build());
	}

	/**
	 * In a method of its own, so that no local variable keeps the handle.
	 */
	private Left slice() {
		MemoryMapping mapping = scratch();
		return new Left(mapping.segment().asSlice(0, 1), new WeakReference<>(mapping));
	}

	/** Clean, so that it can be evicted. */
	private Path write(String name, int length) throws IOException {
		Path file = Files.write(this.directory.resolve(name), new byte[length]);
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			channel.force(true);
		}
		return file;
	}

	/**
	 * What is left of a mapping.
	 */
	private record Left(MemorySegment slice, WeakReference<MemoryMapping> handle) {

	}

}
