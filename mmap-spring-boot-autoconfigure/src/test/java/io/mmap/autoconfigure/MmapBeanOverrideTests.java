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

package io.mmap.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.autoconfigure.health.MmapHealthContributorAutoConfiguration;
import io.mmap.autoconfigure.metrics.MmapMetricsAutoConfiguration;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockingDetails;

/**
 * Beans that a test replaces in the application's context.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapBeanOverrideTests {

	/**
	 * Static, since that is what dynamic properties are made of.
	 */
	@TempDir
	static Path directory;

	private Path geoip;

	@BeforeAll
	static void loadMockito() {
		// Which maps a jar of its own when it makes its first mock
		mock(Runnable.class);
	}

	@BeforeEach
	void writeFiles() throws IOException {
		this.geoip = Files.writeString(directory.resolve("geoip.bin"), "countries");
		Files.writeString(directory.resolve("own.bin"), "made by the application");
	}

	@Test
	void aTestMayReplaceTheRegistry() throws Exception {
		try (CachedContexts contexts = new CachedContexts();
				MappingRegistry replacement = contexts.run(RegistryReplaced.class).registry) {
			RegistryReplaced test = contexts.run(RegistryReplaced.class);
			assertThat(test.registry).isSameAs(replacement);
			assertThat(MappedText.of(test.user.geoip)).isEqualTo("made by the application");
			assertThat(ProcessMaps.regions(this.geoip)).isEmpty();
		}
	}

	@Test
	void aTestMayMockTheRegistry() throws Exception {
		try (CachedContexts contexts = new CachedContexts()) {
			RegistryMocked test = contexts.run(RegistryMocked.class);
			assertThat(mockingDetails(test.registry).isMock()).isTrue();
			assertThat(ProcessMaps.regions(directory)).isEmpty();
		}
	}

	@Test
	void aTestMayReplaceTheBeanOfAMapping() throws Exception {
		try (CachedContexts contexts = new CachedContexts()) {
			MappingReplaced test = contexts.run(MappingReplaced.class);
			assertThat(test.user.geoip).isSameAs(MappingReplaced.REPLACEMENT);
		}
	}

	@Test
	void aTestMayMockTheBeanOfAMapping() throws Exception {
		try (CachedContexts contexts = new CachedContexts()) {
			MappingMocked test = contexts.run(MappingMocked.class);
			given(test.geoip.length()).willReturn(42L);
			assertThat(test.user.geoip.length()).isEqualTo(42);
		}
	}

	static class MappingUser {

		private final MemoryMapping geoip;

		MappingUser(@Qualifier("geoip") MemoryMapping geoip) {
			this.geoip = geoip;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ MmapAutoConfiguration.class, MmapEndpointAutoConfiguration.class,
			MmapHealthContributorAutoConfiguration.class, MmapMetricsAutoConfiguration.class })
	@Import(SimpleMeterRegistry.class)
	static class Application {

	}

	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
	abstract static class Tests {

		@DynamicPropertySource
		static void declare(DynamicPropertyRegistry registry) {
			registry.add("mmap.mappings.geoip.location", () -> directory.resolve("geoip.bin").toString());
		}

	}

	@Import(MappingUser.class)
	static class RegistryReplaced extends Tests {

		@TestBean
		MappingRegistry registry;

		@Autowired
		MappingUser user;

		static MappingRegistry registry() {
			return MappingRegistry.builder()
				.declare("geoip", MappingSpec.file(directory.resolve("own.bin")).build())
				.build();
		}

	}

	static class RegistryMocked extends Tests {

		@MockitoBean
		MappingRegistry registry;

	}

	@Import(MappingUser.class)
	static class MappingReplaced extends Tests {

		private static final MemoryMapping REPLACEMENT = mock(MemoryMapping.class);

		@TestBean("mmap.geoip")
		MemoryMapping geoip;

		@Autowired
		MappingUser user;

		static MemoryMapping geoip() {
			return REPLACEMENT;
		}

	}

	@Import(MappingUser.class)
	static class MappingMocked extends Tests {

		@MockitoBean("mmap.geoip")
		MemoryMapping geoip;

		@Autowired
		MappingUser user;

	}

}
