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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.autoconfigure.health.MmapHealthContributorAutoConfiguration;
import io.mmap.autoconfigure.metrics.MmapMetricsAutoConfiguration;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.AutoConfigureAfter;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beans that an application defines in the place of those that are auto-configured.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapOverrideTests {

	/**
	 * Static for the beans that map a file of it.
	 */
	@TempDir
	static Path directory;

	private Path geoip;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class, MmapEndpointAutoConfiguration.class,
				MmapHealthContributorAutoConfiguration.class, MmapMetricsAutoConfiguration.class))
		.withBean(SimpleMeterRegistry.class)
		.withPropertyValues("management.endpoints.web.exposure.include=mmap");

	@BeforeEach
	void writeFiles() throws IOException {
		this.geoip = Files.writeString(directory.resolve("geoip.bin"), "countries");
		Files.writeString(directory.resolve("own.bin"), "made by the application");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anApplicationMayDefineTheBeanOfAMappingItself(boolean overridingAllowed) {
		declaringGeoip().withAllowBeanDefinitionOverriding(overridingAllowed)
			.withUserConfiguration(OwnMapping.class)
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(MemoryMapping.class);
				assertThat(MappedText.of(context.getBean("mmap.geoip", MemoryMapping.class)))
					.isEqualTo("made by the application");
			});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anApplicationMayUseTheNameOfAMappingAsAnAlias(boolean overridingAllowed) {
		declaringGeoip().withAllowBeanDefinitionOverriding(overridingAllowed)
			.withUserConfiguration(AliasedMapping.class)
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(MemoryMapping.class);
				assertThat(MappedText.of(context.getBean("mmap.geoip", MemoryMapping.class)))
					.isEqualTo("made by the application");
			});
	}

	@Test
	void theRegistryHasTheDeclaredMappingWhateverItsBeanIs() {
		declaringGeoip().withUserConfiguration(OwnMapping.class).run((context) -> {
			assertThat(MappedText.of(context.getBean(MappingRegistry.class).get("geoip"))).isEqualTo("countries");
			assertThat(ProcessMaps.regions(this.geoip)).hasSize(1);
		});
	}

	@Test
	void aMappingOfTheApplicationThatIsCalledLikeADeclaredOneIsPreferred() {
		declaringGeoip().withUserConfiguration(SameName.class, MappingUser.class)
			.run((context) -> assertThat(MappedText.of(context.getBean(MappingUser.class).geoip))
				.isEqualTo("made by the application"));
	}

	@Test
	void aPrimaryRegistryOfTheApplicationIsTheOneThatIsUsed() {
		declaringGeoip().withUserConfiguration(PrimaryRegistry.class).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(MemoryMapping.class);
			assertThat(context.getBean(MappingRegistry.class)).isSameAs(context.getBean("first"));
			assertThat(ProcessMaps.regions(directory)).isEmpty();
			assertThat(context).hasBean("mmapEndpoint").hasBean("mmapMetrics").hasBean("mmapHealthIndicator");
		});
	}

	@Test
	void aMappingIsThatOfTheRegistryItWasDeclaredForThoughAnotherOneIsPrimary() {
		declaringGeoip().withConfiguration(AutoConfigurations.of(LatePrimaryRegistry.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(MappingRegistry.class)).isSameAs(context.getBean("lateRegistry"));
			assertThat(MappedText.of(context.getBean(MemoryMapping.class))).isEqualTo("countries");
		});
	}

	private ApplicationContextRunner declaringGeoip() {
		return this.contextRunner.withPropertyValues("mmap.mappings.geoip.location=" + this.geoip);
	}

	private static MemoryMapping mapOwn(MappingRegistry registry) {
		return registry.map(MappingSpec.file(directory.resolve("own.bin")).build());
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMapping {

		@Bean("mmap.geoip")
		MemoryMapping ownMapping(MappingRegistry registry) {
			return mapOwn(registry);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AliasedMapping {

		@Bean({ "ownMapping", "mmap.geoip" })
		MemoryMapping ownMapping(MappingRegistry registry) {
			return mapOwn(registry);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SameName {

		@Bean
		MemoryMapping geoip(MappingRegistry registry) {
			return mapOwn(registry);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryRegistry {

		@Bean
		@Primary
		MappingRegistry first() {
			return MappingRegistry.builder().build();
		}

		@Bean
		MappingRegistry second() {
			return MappingRegistry.builder().build();
		}

	}

	/**
	 * As a library may bring it, of which the condition on a missing registry cannot
	 * know.
	 */
	@Configuration(proxyBeanMethods = false)
	@AutoConfigureAfter(MmapAutoConfiguration.class)
	static class LatePrimaryRegistry {

		@Bean
		@Primary
		MappingRegistry lateRegistry() {
			return MappingRegistry.builder().build();
		}

	}

	static class MappingUser {

		private final MemoryMapping geoip;

		MappingUser(@Qualifier("geoip") MemoryMapping geoip) {
			this.geoip = geoip;
		}

	}

}
