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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.PageSize;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.boot.actuate.endpoint.Show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a call costs when there are many mappings.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapEndpointCostTests {

	private static final Log logger = LogFactory.getLog(MmapEndpointCostTests.class);

	private static final int PAGE = (int) PageSize.base();

	private static final int MANY = 10_000;

	private final List<MemoryMapping> mappings = new ArrayList<>();

	@TempDir
	Path directory;

	private Path file;

	private final MappingRegistry registry = MappingRegistry.builder().build();

	@BeforeEach
	void writeFile() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[PAGE]);
	}

	@AfterEach
	void closeRegistry() {
		this.mappings.forEach(MemoryMapping::close);
		this.registry.close();
	}

	@Test
	void theAnswerIsBoundedHoweverManyMappingsThereAre() {
		mapFile(MANY);
		for (int call = 0; call < 5; call++) {
			long start = System.nanoTime();
			MmapDescriptor shown = show(null);
			logger.info("A call with " + MANY + " mappings has taken "
					+ Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
			assertThat(shown.mappings()).hasSize(100);
			assertThat(shown.selection().matching()).isEqualTo(MANY);
			assertThat(shown.totals().mapped()).isEqualTo((long) MANY * PAGE);
			// About a kilobyte each, and what there is besides
			assertThat(json(shown)).hasSizeLessThan(200_000);
		}
		assertThat(json(show(0))).hasSizeLessThan(30_000);
		assertThat(json(show(1000))).hasSizeLessThan(1_500_000);
		assertThat(json(endpoint().mapping("ad-hoc", null, null))).hasSizeLessThan(100_000);
	}

	@Test
	void theFilesThatAreKeptOpenForSamplesAreBounded() {
		mapFile(MANY);
		int before = ProcessMaps.descriptors().size();
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(show(null).totals().resident()).isNotNull());
		endpoint().mapping("ad-hoc", 1000, null);
		assertThat(ProcessMaps.descriptors()).hasSizeLessThanOrEqualTo(before + 1_010);
		this.mappings.forEach(MemoryMapping::close);
		assertThat(ProcessMaps.descriptors()).hasSizeLessThanOrEqualTo(before + 10);
	}

	@Test
	void noPageIsTouched() {
		for (int i = 0; i < 200; i++) {
			this.mappings.add(this.registry.map(MappingSpec.anonymous(4L * PAGE).build()));
		}
		mapFile(200);
		show(1000);
		await().untilAsserted(() -> assertThat(show(null).totals().resident()).isNotNull());
		show(1000);
		endpoint().mapping("ad-hoc", 1000, 64);
		assertThat(this.mappings.stream().filter((mapping) -> mapping.length() == 4L * PAGE))
			.allMatch((mapping) -> mapping.residency().resident() == 0);
		assertThat(MemoryRegion.at(this.mappings.getLast().address()).kilobytes("Rss")).as("in the page tables")
			.isZero();
	}

	@Test
	void partsThatAreLookedAtAreBoundedHoweverManyMappingsAreAskedFor() {
		MappingSpec spec = MappingSpec.anonymous(64L * PAGE).build();
		for (int i = 0; i < 200; i++) {
			this.mappings.add(this.registry.map(spec));
		}
		MappingDetailsDescriptor all = endpoint().mapping("ad-hoc", 1000, 1024);
		assertThat(all.mappings()).hasSize(200)
			.allSatisfy((mapping) -> assertThat(mapping.parts().resident()).hasSize(16));
		assertThat(endpoint().mapping("ad-hoc", 1, 1024).mappings().getFirst().parts().resident()).hasSize(64);
	}

	private void mapFile(int count) {
		MappingSpec spec = MappingSpec.file(this.file).build();
		for (int i = 0; i < count; i++) {
			this.mappings.add(this.registry.map(spec));
		}
	}

	private MmapDescriptor show(Integer limit) {
		return endpoint().mmap(limit, null, null, null, null, null);
	}

	private MmapEndpoint endpoint() {
		return new MmapEndpoint(this.registry, List.of(), Show.NEVER);
	}

	private static String json(Object shown) {
		return JsonMapper.builder().build().writeValueAsString(shown);
	}

}
