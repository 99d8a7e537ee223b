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

package io.mmap.autoconfigure.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistry;
import io.mmap.autoconfigure.MmapAutoConfiguration;
import io.mmap.health.MmapHealthIndicator;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When there is a health indicator.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapHealthContributorAutoConfigurationTests {

	@TempDir
	Path directory;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(MmapAutoConfiguration.class, MmapHealthContributorAutoConfiguration.class,
					HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class));

	@Test
	void theIndicatorIsCalledMmapInTheHealthEndpoint() throws IOException {
		Path geoip = Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		this.contextRunner.withPropertyValues("mmap.mappings.geoip.location=" + geoip).run((context) -> {
			HealthContributorRegistry contributors = context.getBean(HealthContributorRegistry.class);
			assertThat(contributors.getContributor("mmap")).isInstanceOfSatisfying(HealthIndicator.class,
					(indicator) -> assertThat(indicator.health().getStatus()).isEqualTo(Status.UP));
		});
	}

	@Test
	void theIndicatorCanBeDisabled() {
		this.contextRunner.withPropertyValues("management.health.mmap.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(MappingRegistry.class)
				.doesNotHaveBean(MmapHealthIndicator.class));
	}

	@Test
	void theIndicatorIsDisabledWithTheDefaults() {
		this.contextRunner.withPropertyValues("management.health.defaults.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MmapHealthIndicator.class));
	}

	@Test
	void withoutAMappingRegistryThereIsNoIndicator() {
		this.contextRunner.withPropertyValues("mmap.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MmapHealthIndicator.class));
	}

	@Test
	void oneOfSeveralMappingRegistriesHasNoIndicator() {
		this.contextRunner.withBean("first", MappingRegistry.class, () -> MappingRegistry.builder().build())
			.withBean("second", MappingRegistry.class, () -> MappingRegistry.builder().build())
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MmapHealthIndicator.class));
	}

	@Test
	void withoutTheHealthLibraryThereIsNoIndicator() {
		new ApplicationContextRunner().withClassLoader(new FilteredClassLoader(Health.class))
			.withConfiguration(
					AutoConfigurations.of(MmapAutoConfiguration.class, MmapHealthContributorAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(MappingRegistry.class)
				.doesNotHaveBean("mmapHealthIndicator"));
	}

	@Test
	void anIndicatorOfTheApplicationReplacesTheAutoConfiguredOne() {
		this.contextRunner.withBean("mmapHealthIndicator", HealthIndicator.class, () -> () -> Health.unknown().build())
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("mmapHealthIndicator")
				.doesNotHaveBean(MmapHealthIndicator.class));
	}

}
