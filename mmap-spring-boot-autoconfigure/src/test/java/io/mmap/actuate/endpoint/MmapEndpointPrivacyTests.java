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
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import io.mmap.MapperType;
import io.mmap.MappingAccess;
import io.mmap.MappingException;
import io.mmap.MappingInfo;
import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.TruncationPolicy;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Nobody learns where files or memory are who is not meant to, whatever happens.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapEndpointPrivacyTests {

	private static final String DIRECTORY = "directory-of-secrets";

	@TempDir
	Path temporary;

	private Path directory;

	private Path geoip;

	private MappingRegistry registry;

	private final List<Long> addresses = new ArrayList<>();

	@BeforeEach
	void writeFile() throws IOException {
		this.directory = Files.createDirectory(this.temporary.resolve(DIRECTORY));
		this.geoip = file("geoip.bin", 10_000);
	}

	@AfterEach
	void close() {
		this.registry.close();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	@Fault("path-in-endpoint")
	void nothingIsToldOfWhatIsMapped(MapperType mapper) throws IOException {
		open(mapper);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.geoip).build())) {
			assertThat(mapping.length()).isEqualTo(10_000);
			assertNothingIsTold();
			await().until(() -> endpoint(Show.NEVER).mmap(null, null, null, null, null, null)
				.mappings()
				.getFirst()
				.residency()
				.sampledAt() != null);
			assertNothingIsTold();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void nothingIsToldWhenFilesAreGone(MapperType mapper) throws IOException {
		open(mapper);
		Files.delete(this.geoip);
		Files.delete(this.directory.resolve("cat.bin"));
		assertThatExceptionOfType(MappingException.class)
			.isThrownBy(() -> this.registry.map(MappingSpec.file(this.geoip).build()));
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.reload("geoip"));
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.reload("animals"));
		assertNothingIsTold();
	}

	@Test
	void nothingIsToldWhenActionsAreRefusedOrFail() throws IOException {
		open(MapperType.AUTO);
		try (MappingLease lease = this.registry.get("geoip").acquire()) {
			assertThat(lease.generation()).isEqualTo(1);
			Files.delete(this.geoip);
			for (String name : List.of("geoip", "counters", "animals", "ad-hoc-1")) {
				for (String action : List.of("flush", "evict", "preload", "reload")) {
					assertHidden(endpoint(Show.NEVER).act(name, action, null));
				}
				assertHidden(endpoint(Show.NEVER).act(name, "advise", "wipe-on-fork"));
				assertHidden(endpoint(Show.NEVER).unmap(name));
			}
			assertNothingIsTold();
		}
	}

	@Test
	void theMessageOfAnActionIsShownToThoseWhoMaySeePaths() throws IOException {
		open(MapperType.AUTO);
		Files.delete(this.geoip);
		assertThat(json(endpoint(Show.ALWAYS).act("geoip", "reload", null))).contains(DIRECTORY);
		assertHidden(endpoint(Show.NEVER).act("geoip", "reload", null));
	}

	@Test
	void nothingIsToldOfADetachedMapping() throws IOException {
		this.registry = MappingRegistry.builder()
			.declare("geoip", MappingSpec.file(this.geoip).truncation(TruncationPolicy.GUARD).build())
			.build();
		rememberAddresses();
		try (FileChannel channel = FileChannel.open(this.geoip, StandardOpenOption.WRITE)) {
			channel.truncate(0);
		}
		await().until(() -> this.registry.mappings().getFirst().isDetached());
		assertNothingIsTold();
	}

	@Test
	void nothingIsToldOfALeak() throws IOException {
		open(MapperType.AUTO);
		Garbage.collect(leak());
		Garbage.collectUntil(() -> !this.registry.leaks().isEmpty());
		assertNothingIsTold();
	}

	@Test
	void everythingIsShownToThoseWhoMaySeeIt() throws IOException {
		open(MapperType.AUTO);
		String json = json(endpoint(Show.ALWAYS).mmap(null, null, null, null, null, null));
		assertThat(json).contains(this.geoip.toString());
		assertThat(this.addresses).allSatisfy((address) -> assertThat(json).contains("0x" + Long.toHexString(address)));
	}

	@Test
	void aSanitizingFunctionIsAskedForEachValueByItsKey() throws IOException {
		open(MapperType.AUTO);
		List<String> keys = new ArrayList<>();
		SanitizingFunction function = (data) -> {
			keys.add(data.getKey());
			return data.withValue("sanitized " + data.getKey());
		};
		MmapEndpoint endpoint = new MmapEndpoint(this.registry, List.of(function), Show.ALWAYS);
		Files.delete(this.geoip);
		String json = json(endpoint.mmap(null, null, null, null, null, null))
				+ json(endpoint.act("geoip", "reload", null));
		assertThat(keys).contains("path", "address", "label", "message");
		assertThat(json).contains("sanitized path", "sanitized address", "sanitized label", "sanitized message")
			.doesNotContain(DIRECTORY);
	}

	@Test
	void aSanitizingFunctionCannotShowWhatIsHidden() throws IOException {
		open(MapperType.AUTO);
		MmapEndpoint endpoint = new MmapEndpoint(this.registry, List.of((data) -> data), Show.NEVER);
		assertHidden(endpoint.mmap(null, null, null, null, null, null));
	}

	private void open(MapperType mapper) throws IOException {
		this.registry = MappingRegistry.builder()
			.mapper(mapper)
			.drainTimeout(Duration.ofMillis(10))
			.declare("geoip", MappingSpec.file(this.geoip).build())
			.declare("counters", MappingSpec.file(file("counters.bin", 5_000)).access(MappingAccess.READ_WRITE).build())
			.declareSet("animals",
					Map.of(DIRECTORY + "/cat", MappingSpec.file(file("cat.bin", 10)).build(), DIRECTORY + "/dog",
							MappingSpec.file(file("dog.bin", 10)).build()))
			.build();
		rememberAddresses();
	}

	private void rememberAddresses() {
		this.registry.mappings().stream().map(MappingInfo::address).forEach(this.addresses::add);
	}

	private void assertNothingIsTold() {
		rememberAddresses();
		MmapEndpoint endpoint = endpoint(Show.NEVER);
		assertHidden(endpoint.mmap(null, null, null, null, null, null));
		List<String> names = new ArrayList<>(List.of("geoip", "counters", "animals", "ad-hoc"));
		this.registry.mappings().stream().map(MappingInfo::name).forEach(names::add);
		names.stream().map((name) -> endpoint.mapping(name, null, null)).forEach(this::assertHidden);
	}

	private void assertHidden(Object shown) {
		String json = json(shown);
		assertThat(json).doesNotContain(DIRECTORY).doesNotContain(".bin");
		assertThat(this.addresses).allSatisfy((address) -> assertThat(json).doesNotContain(Long.toHexString(address))
			.doesNotContain(Long.toString(address)));
	}

	private MmapEndpoint endpoint(Show showValues) {
		return new MmapEndpoint(this.registry, List.of(), showValues);
	}

	private static String json(Object shown) {
		return JsonMapper.builder().build().writeValueAsString(shown);
	}

	private Path file(String name, int length) throws IOException {
		return Files.write(this.directory.resolve(name), new byte[length]);
	}

	/**
	 * In a method of its own, so that no local variable keeps the mapping.
	 */
	private WeakReference<Object> leak() {
		MemoryMapping mapping = this.registry.map(MappingSpec.file(this.geoip).build());
		this.addresses.add(mapping.address());
		assertThat(mapping.segment().get(ValueLayout.JAVA_BYTE, 0)).isZero();
		return new WeakReference<>(mapping.segment().scope());
	}

}
