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
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingException;
import io.mmap.MappingInfo;
import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.actuate.endpoint.MmapDescriptor.LeakDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor.LeaksDescriptor;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the endpoint shows.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapEndpointTests {

	private static final String HIDDEN = SanitizableData.SANITIZED_VALUE;

	@TempDir
	Path directory;

	private Path geoip;

	private Path scratch;

	private MappingRegistry registry;

	@BeforeEach
	void map() throws IOException {
		this.geoip = Files.write(this.directory.resolve("geoip.bin"), new byte[10_000]);
		this.scratch = Files.write(this.directory.resolve("scratch.bin"), new byte[5_000]);
		this.registry = MappingRegistry.builder()
			.declare("geoip", MappingSpec.file(this.geoip).offset(4096).build())
			.build();
	}

	@AfterEach
	void close() {
		this.registry.close();
	}

	@Test
	void theMapperIsShownWithTheReasonForIt() {
		assertThat(show().mapper().type()).isEqualTo("native");
		assertThat(show().mapper().reason()).isEqualTo(this.registry.mapper().reason()).contains("jdk");
	}

	@Test
	void aDeclaredMappingIsShown() {
		Instant before = Instant.now().minusSeconds(60);
		MemoryMapping mapping = this.registry.get("geoip");
		assertThat(show().mappings()).singleElement().satisfies((shown) -> {
			assertThat(shown.name()).isEqualTo("geoip");
			assertThat(shown.label()).isNull();
			assertThat(shown.owner()).isEqualTo("declared");
			assertThat(shown.of()).isEqualTo("geoip");
			assertThat(shown.path()).isEqualTo(this.geoip.toString());
			assertThat(shown.source()).isEqualTo("file");
			assertThat(shown.access()).isEqualTo("read-only");
			assertThat(shown.protection()).containsExactly("read");
			assertThat(shown.offset()).isEqualTo(4096);
			assertThat(shown.length()).isEqualTo(10_000 - 4096);
			assertThat(shown.address()).isEqualTo("0x" + Long.toHexString(mapping.address()));
			assertThat(shown.mappedAt()).isBetween(before, Instant.now());
			assertThat(shown.createdBy()).isNull();
		});
	}

	@Test
	void anonymousMemoryIsShownAsSuch() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(4096).build())) {
			MappingDescriptor shown = show().mappings().getLast();
			assertThat(shown.name()).isEqualTo(mapping.name());
			assertThat(shown.source()).isEqualTo("anonymous");
			assertThat(shown.path()).isNull();
			assertThat(shown.protection()).containsExactly("read", "write");
		}
	}

	@Test
	void anAdHocMappingIsShownWithTheLineThatMadeIt() {
		int line = new Throwable().getStackTrace()[0].getLineNumber() + 1;
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.scratch).label("for a test").build())) {
			MappingDescriptor shown = show().mappings().getLast();
			assertThat(shown.name()).isEqualTo(mapping.name());
			assertThat(shown.owner()).isEqualTo("ad-hoc");
			assertThat(shown.of()).isNull();
			assertThat(shown.label()).isEqualTo("for a test");
			assertThat(shown.length()).isEqualTo(5_000);
			assertThat(shown.createdBy()).isEqualTo(getClass().getName()
					+ ".anAdHocMappingIsShownWithTheLineThatMadeIt(MmapEndpointTests.java:" + line + ")");
		}
	}

	@Test
	void adHocMappingsAreShownInTheOrderInWhichTheyWereMapped() {
		List<MemoryMapping> mapped = new ArrayList<>();
		for (int i = 0; i < 101; i++) {
			mapped.add(this.registry.map(MappingSpec.anonymous(4096).build()));
		}
		List<String> shown = this.registry.mappings()
			.stream()
			.filter((mapping) -> !mapping.declared())
			.map(MappingInfo::name)
			.toList();
		assertThat(shown).isEqualTo(mapped.stream().map(MemoryMapping::name).toList());
		mapped.forEach(MemoryMapping::close);
	}

	@Test
	void leasesAreShown() {
		try (MappingLease lease = this.registry.get("geoip").acquire()) {
			assertThat(lease.generation()).isEqualTo(1);
			assertThat(show().totals().leases()).isEqualTo(1);
			assertThat(show().mappings().getFirst().leases()).isEqualTo(1);
		}
		assertThat(show().totals().leases()).isZero();
	}

	@Test
	void whatIsNotAsItShouldBeIsShownByItsKindAlone() throws IOException {
		assertThat(show().warnings()).isEmpty();
		Files.delete(this.directory.resolve("geoip.bin"));
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.reload("geoip"));
		assertThat(show().warnings()).singleElement().satisfies((warning) -> {
			assertThat(warning.name()).isEqualTo("geoip");
			assertThat(warning.kind()).isEqualTo("reload-failing");
			assertThat(warning.since()).isBeforeOrEqualTo(Instant.now());
		});
	}

	@Test
	void preloadsAreShown() throws InterruptedException {
		this.registry.get("geoip").preload().await();
		assertThat(show().preloads()).singleElement().satisfies((preload) -> {
			assertThat(preload.name()).isEqualTo("geoip");
			assertThat(preload.state()).isEqualTo("completed");
			assertThat(preload.loaded()).isEqualTo(preload.length()).isPositive();
		});
	}

	@Test
	void totalsAreThoseOfAllMappings() {
		try (MemoryMapping mapping = scratch()) {
			assertThat(show().totals().mappings()).isEqualTo(2);
			assertThat(show().totals().mapped()).isEqualTo(10_000 - 4096 + mapping.length());
		}
		assertThat(show().totals().mappings()).isEqualTo(1);
		assertThat(show().totals().mapped()).isEqualTo(10_000 - 4096);
	}

	@Test
	void aSingleMappingIsShownByItsNameOrId() {
		try (MemoryMapping mapping = scratch()) {
			assertThat(show("geoip").name()).isEqualTo("geoip");
			assertThat(show(mapping.name()).name()).isEqualTo(mapping.name());
		}
	}

	@Test
	void anUnknownMappingIsNotShown() {
		assertThat(endpoint(Show.ALWAYS).mapping("unknown", null, null)).isNull();
	}

	@Test
	void aMappingThatWasUnmappedIsNotShown() {
		MemoryMapping mapping = scratch();
		mapping.unmap();
		assertThat(endpoint(Show.ALWAYS).mapping(mapping.name(), null, null)).isNull();
		assertThat(show().mappings()).hasSize(1);
	}

	@Test
	void pathsAndAddressesAreHiddenUnlessTheyMayBeShown() {
		assertThat(show(endpoint(Show.NEVER)).mappings()).singleElement().satisfies(MmapEndpointTests::assertHidden);
		assertThat(show(endpoint(Show.NEVER), "geoip")).satisfies(MmapEndpointTests::assertHidden);
	}

	@Test
	void withoutAWebRequestThereIsNobodyToAuthorize() {
		assertThat(show(endpoint(Show.WHEN_AUTHORIZED), "geoip").path()).isEqualTo(this.geoip.toString());
	}

	@Test
	void aSanitizingFunctionHasTheLastWord() {
		SanitizingFunction function = (data) -> data.getKey().equals("path") ? data.withValue("somewhere") : data;
		MappingDescriptor shown = show(new MmapEndpoint(this.registry, List.of(function), Show.ALWAYS), "geoip");
		assertThat(shown.path()).isEqualTo("somewhere");
		assertThat(shown.address()).asString().startsWith("0x");
	}

	@Test
	void withoutALeakNoneIsShown() {
		assertThat(show().leaks().count()).isZero();
		assertThat(show().leaks().bytes()).isZero();
		assertThat(show().leaks().latest()).isEmpty();
	}

	@Test
	void aLeakIsShownWithTheMappingThatWasLost() {
		Garbage.collect(leak());
		Garbage.collectUntil(() -> show().leaks().count() > 0);
		MmapDescriptor shown = show();
		assertThat(shown.leaks().count()).isEqualTo(1);
		assertThat(shown.leaks().bytes()).isEqualTo(5_000);
		assertThat(shown.leaks().latest()).singleElement().satisfies((leak) -> {
			assertThat(leak.cause()).isEqualTo("garbage-collected");
			assertThat(leak.reclaimed()).isTrue();
			assertThat(leak.detectedAt()).isBefore(Instant.now().plusMillis(1));
			assertThat(leak.mapping().path()).isEqualTo(this.scratch.toString());
			assertThat(leak.mapping().createdBy()).contains("MmapEndpointTests.scratch");
		});
		assertThat(shown.totals().mappings()).isEqualTo(1);
		assertThat(shown.mappings()).hasSize(1);
	}

	@Test
	void theLatestLeakIsShownFirst() {
		for (int i = 1; i <= 3; i++) {
			Garbage.collect(leak());
			int found = i;
			Garbage.collectUntil(() -> show().leaks().count() == found);
		}
		assertThat(show().leaks().latest()).extracting((leak) -> leak.mapping().name())
			.containsExactly("ad-hoc-3", "ad-hoc-2", "ad-hoc-1");
	}

	@Test
	void notMoreThanAHundredLeaksAreShownHoweverManyThereAre() {
		leakMany(120);
		Garbage.collectUntil(() -> show().leaks().count() == 120);
		assertThat(show().leaks().bytes()).isEqualTo(120 * 5_000);
		assertThat(show().leaks().latest()).hasSize(100);
	}

	@Test
	void theMappingOfALeakIsHiddenAsAnyOther() {
		Garbage.collect(leak());
		Garbage.collectUntil(() -> show().leaks().count() > 0);
		assertThat(show(endpoint(Show.NEVER)).leaks().latest()).extracting(LeakDescriptor::mapping)
			.singleElement()
			.satisfies((leaked) -> {
				assertThat(leaked.path()).isEqualTo(HIDDEN);
				assertThat(leaked.address()).isEqualTo(HIDDEN);
			});
	}

	@Test
	void whoeverHoldsOnToWhatWasShownHidesNoLeak() {
		ShownAndLeaked shownAndLeaked = showAndLeak();
		assertThat(shownAndLeaked.shown().mappings()).hasSize(2);
		Garbage.collect(shownAndLeaked.scope());
		Garbage.collectUntil(() -> show().leaks().count() > 0);
		assertThat(shownAndLeaked.shown().mappings()).hasSize(2);
		assertThat(show().mappings()).hasSize(1);
	}

	@Test
	void whatWasStillOpenWhenTheRegistryWasClosedIsALeakAsAnyOther() {
		long length = 3 * 4096;
		MemoryMapping open = this.registry.map(MappingSpec.anonymous(length).build());
		this.registry.close();
		LeaksDescriptor leaks = show().leaks();
		assertThat(leaks.count()).isEqualTo(1);
		assertThat(leaks.bytes()).isEqualTo(length);
		assertThat(leaks.latest().getFirst().mapping().name()).isEqualTo(open.name());
		assertThat(leaks.latest().getFirst().cause()).isEqualTo("open-at-shutdown");
	}

	@Test
	void aClosedRegistryIsShownAsEmpty() {
		this.registry.close();
		assertThat(show().mappings()).isEmpty();
		assertThat(show().totals().mapped()).isZero();
	}

	private static void assertHidden(MappingDescriptor shown) {
		assertThat(shown.path()).isEqualTo(HIDDEN);
		assertThat(shown.address()).isEqualTo(HIDDEN);
	}

	private MmapDescriptor show() {
		return show(endpoint(Show.ALWAYS));
	}

	private MmapDescriptor show(MmapEndpoint endpoint) {
		return endpoint.mmap(null, null, null, null, null, null);
	}

	private MappingDescriptor show(String nameOrId) {
		return show(endpoint(Show.ALWAYS), nameOrId);
	}

	private MappingDescriptor show(MmapEndpoint endpoint, String nameOrId) {
		return endpoint.mapping(nameOrId, null, null).mappings().getFirst();
	}

	private MmapEndpoint endpoint(Show showValues) {
		return new MmapEndpoint(this.registry, List.of(), showValues);
	}

	private MemoryMapping scratch() {
		return this.registry.map(MappingSpec.file(this.scratch).build());
	}

	/**
	 * In a method of its own, so that no local variable keeps the mapping.
	 */
	private WeakReference<Object> leak() {
		return new WeakReference<>(scratch().segment().scope());
	}

	private void leakMany(int count) {
		for (int i = 0; i < count; i++) {
			leak();
		}
	}

	private ShownAndLeaked showAndLeak() {
		MemoryMapping mapping = scratch();
		return new ShownAndLeaked(show(), new WeakReference<>(mapping.segment().scope()));
	}

	private record ShownAndLeaked(MmapDescriptor shown, WeakReference<Object> scope) {

	}

}
