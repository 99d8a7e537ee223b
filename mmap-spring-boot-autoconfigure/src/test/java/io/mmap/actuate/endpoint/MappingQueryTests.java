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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.Show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * Which of the mappings are listed, and what is refused.
 */
@ExtendWith(NothingLeftBehind.class)
class MappingQueryTests {

	@TempDir
	Path directory;

	private Path geoip;

	private MappingRegistry registry;

	private MmapEndpoint endpoint;

	@BeforeEach
	void map() throws IOException {
		this.geoip = Files.write(this.directory.resolve("geoip.bin"), new byte[10]);
		this.registry = MappingRegistry.builder()
			.declare("geoip", MappingSpec.file(this.geoip).build())
			.declare("words", MappingSpec.anonymous(10).build())
			.build();
		this.endpoint = new MmapEndpoint(this.registry, List.of(), Show.NEVER);
	}

	@AfterEach
	void close() {
		this.registry.close();
	}

	@Test
	void withoutAFilterAllAreListed() {
		assertThat(names(null, null, null, null, null, null)).containsExactly("geoip", "words");
	}

	@Test
	void aPartOfTheNameSuffices() {
		assertThat(names(null, "eoi", null, null, null, null)).containsExactly("geoip");
		assertThat(names(null, "GEO", null, null, null, null)).containsExactly("geoip");
		assertThat(names(null, "nowhere", null, null, null, null)).isEmpty();
	}

	@Test
	void mappingsAreFoundByTheirOwner() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(10).build())) {
			assertThat(names(null, null, "declared", null, null, null)).containsExactly("geoip", "words");
			assertThat(names(null, null, "ad-hoc", null, null, null)).containsExactly(mapping.name());
		}
	}

	@Test
	void mappingsAreFoundByTheirSource() {
		assertThat(names(null, null, null, "file", null, null)).containsExactly("geoip");
		assertThat(names(null, null, null, "anonymous", null, null)).containsExactly("words");
		assertThat(names(null, null, null, "descriptor", null, null)).isEmpty();
	}

	@Test
	void mappingsAreFoundByTheirState() throws IOException {
		try (MappingLease lease = this.registry.get("geoip").acquire()) {
			assertThat(lease.generation()).isEqualTo(1);
			Path next = Files.write(this.directory.resolve("next"), new byte[1]);
			Files.move(next, this.geoip, StandardCopyOption.ATOMIC_MOVE);
			this.registry.reload("geoip");
			assertThat(names(null, null, null, null, "mapped", null)).containsExactly("geoip", "words");
			assertThat(names(null, null, null, null, "replaced", null)).containsExactly("geoip");
			assertThat(names(null, null, null, null, "detached", null)).isEmpty();
		}
	}

	@Test
	void mappingsAreFoundByTheCodeThatMadeThem() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(10).build())) {
			assertThat(names(null, null, null, null, null, "mappingquerytests.java")).containsExactly(mapping.name());
			assertThat(names(null, null, null, null, null, "SomewhereElse")).isEmpty();
		}
	}

	@Test
	void allFiltersHaveToMatch() {
		assertThat(names(null, "o", "declared", "anonymous", "mapped", null)).containsExactly("words");
		assertThat(names(null, "geo", null, "anonymous", null, null)).isEmpty();
	}

	@Test
	void noMoreAreListedThanAskedForAndTheRestIsCounted() {
		MmapDescriptor shown = this.endpoint.mmap(1, null, null, null, null, null);
		assertThat(shown.mappings()).extracting(MappingDescriptor::name).containsExactly("geoip");
		assertThat(shown.selection().matching()).isEqualTo(2);
		assertThat(shown.selection().shown()).isEqualTo(1);
		assertThat(shown.selection().limit()).isEqualTo(1);
	}

	@Test
	void aLimitOfZeroLeavesTheFigures() {
		MmapDescriptor shown = this.endpoint.mmap(0, null, null, null, null, null);
		assertThat(shown.mappings()).isEmpty();
		assertThat(shown.selection().matching()).isEqualTo(2);
		assertThat(shown.selection().shown()).isZero();
		assertThat(shown.totals().mappings()).isEqualTo(2);
	}

	@Test
	void aHundredAreListedIfNothingIsSaid() {
		List<MemoryMapping> mappings = new ArrayList<>();
		for (int i = 0; i < 150; i++) {
			mappings.add(this.registry.map(MappingSpec.anonymous(10).build()));
		}
		MmapDescriptor shown = this.endpoint.mmap(null, null, null, null, null, null);
		assertThat(shown.mappings()).hasSize(100);
		assertThat(shown.selection().matching()).isEqualTo(152);
		assertThat(shown.selection().limit()).isEqualTo(100);
		mappings.forEach(MemoryMapping::close);
	}

	@ParameterizedTest
	@MethodSource("invalidParameters")
	void whatMakesNoSenseIsRefusedWithWhatDoes(Function<MmapEndpoint, Object> call, String message) {
		assertThatExceptionOfType(InvalidEndpointRequestException.class).isThrownBy(() -> call.apply(this.endpoint))
			.withMessageContaining(message)
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(ex.getMessage()));
	}

	static List<Arguments> invalidParameters() {
		return List.of(
				invalid("a negative limit", (endpoint) -> endpoint.mmap(-1, null, null, null, null, null),
						"'limit' must be a number from 0 to 1000, but is '-1'"),
				invalid("a limit that is too large", (endpoint) -> endpoint.mmap(1001, null, null, null, null, null),
						"'limit' must be a number from 0 to 1000, but is '1001'"),
				invalid("an unknown owner", (endpoint) -> endpoint.mmap(null, null, "me", null, null, null),
						"'owner' must be one of declared, ad-hoc, but is 'me'"),
				invalid("an unknown source", (endpoint) -> endpoint.mmap(null, null, null, "tape", null, null),
						"'source' must be one of file, resource, descriptor, anonymous, in-memory-file, but is 'tape'"),
				invalid("an unknown state", (endpoint) -> endpoint.mmap(null, null, null, null, "MAPPED", null),
						"'state' must be one of mapped, detached, replaced, but is 'MAPPED'"),
				invalid("a negative limit of members", (endpoint) -> endpoint.mapping("geoip", -1, null),
						"'limit' must be a number from 0 to 1000, but is '-1'"),
				invalid("no parts", (endpoint) -> endpoint.mapping("geoip", null, 0),
						"'parts' must be a number from 1 to 1024, but is '0'"),
				invalid("too many parts", (endpoint) -> endpoint.mapping("geoip", null, 1025),
						"'parts' must be a number from 1 to 1024, but is '1025'"),
				invalid("an unknown action", (endpoint) -> endpoint.act("geoip", "explode", null),
						"'action' must be one of flush, preload, reload, advise, evict, but is 'explode'"),
				invalid("unknown advice", (endpoint) -> endpoint.act("geoip", "advise", "listen"),
						"There is no advice 'listen': use one of normal, random"),
				invalid("no advice", (endpoint) -> endpoint.act("geoip", "advise", null),
						"'advice' must be known (There is no advice '': use one of normal"),
				invalid("harmful advice", (endpoint) -> endpoint.act("words", "advise", "4"),
						"Advice 4 gives up the content of pages"),
				invalid("advice that is not asked for", (endpoint) -> endpoint.act("geoip", "flush", "random"),
						"'advice' must be left out, unless the action is advise, but is 'random'"));
	}

	private static Arguments invalid(String what, Function<MmapEndpoint, Object> call, String message) {
		return argumentSet(what, call, message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ".", "..", "geoip.", "geoip.1", ".1", "GEOIP", "/", "'", "\"", "%", "\u0000", "ñ",
			"ad-hoc-", "ad-hoc-999999999999999999999" })
	void whatIsNoNameIsNotFound(String name) {
		assertThat(this.endpoint.mapping(name, null, null)).isNull();
		assertThat(this.endpoint.act(name, "flush", null)).isNull();
		assertThat(this.endpoint.act(name, "reload", null)).isNull();
		assertThat(this.endpoint.unmap(name)).isNull();
	}

	private List<String> names(Integer limit, String name, String owner, String source, String state,
			String createdBy) {
		return this.endpoint.mmap(limit, name, owner, source, state, createdBy)
			.mappings()
			.stream()
			.map(MappingDescriptor::name)
			.toList();
	}

}
