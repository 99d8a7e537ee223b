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
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.Capabilities;
import io.mmap.Capability;
import io.mmap.MappingRegistry;
import io.mmap.actuate.info.MmapInfoContributor;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When the info endpoint tells of mappings, and what.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapInfoContributorAutoConfigurationTests {

	@TempDir
	Path directory;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(MmapAutoConfiguration.class, MmapInfoContributorAutoConfiguration.class));

	private final ApplicationContextRunner enabled = this.contextRunner
		.withPropertyValues("management.info.mmap.enabled=true");

	@Test
	void nothingIsToldByDefault() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(MappingRegistry.class)
			.doesNotHaveBean(MmapInfoContributor.class));
	}

	@Test
	void itIsToldWhenThatIsConfigured() {
		this.enabled.run((context) -> assertThat(context).hasSingleBean(MmapInfoContributor.class));
	}

	@Test
	void theDefaultOfAllContributorsDoesNotEnableIt() {
		this.contextRunner.withPropertyValues("management.info.defaults.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MmapInfoContributor.class));
	}

	@Test
	void withoutAMappingRegistryThereIsNothingToTell() {
		this.enabled.withPropertyValues("mmap.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MmapInfoContributor.class));
	}

	@Test
	void oneOfSeveralMappingRegistriesIsNotToldOf() {
		this.enabled.withBean("first", MappingRegistry.class, () -> MappingRegistry.builder().build())
			.withBean("second", MappingRegistry.class, () -> MappingRegistry.builder().build())
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MmapInfoContributor.class));
	}

	@Test
	void withoutTheActuatorThereIsNoContributor() {
		for (Class<?> missing : new Class<?>[] { InfoContributor.class, ConditionalOnEnabledInfoContributor.class }) {
			this.enabled.withClassLoader(new FilteredClassLoader(missing))
				.run((context) -> assertThat(context).hasNotFailed()
					.hasSingleBean(MappingRegistry.class)
					.doesNotHaveBean("mmapInfoContributor"));
		}
	}

	@Test
	void aContributorOfTheApplicationReplacesTheAutoConfiguredOne() {
		this.enabled
			.withBean("ownContributor", MmapInfoContributor.class,
					() -> new MmapInfoContributor(MappingRegistry.builder().build()))
			.run((context) -> assertThat(context).hasSingleBean(MmapInfoContributor.class).hasBean("ownContributor"));
	}

	@Test
	void mapperAndCapabilitiesAreToldAsTheRegistryHasThem() {
		this.enabled.run((context) -> {
			Capabilities capabilities = context.getBean(MappingRegistry.class).capabilities();
			Map<String, Boolean> available = new LinkedHashMap<>();
			for (Capability capability : capabilities.all()) {
				available.put(capability.name(), capability.available());
			}
			assertThat(info(context)).containsEntry("mapper", "native")
				.containsEntry("platform", capabilities.platform())
				.containsEntry("kernel", capabilities.kernel())
				.containsEntry("capabilities", available);
			assertThat(available).isNotEmpty();
		});
	}

	@Test
	void theOtherMapperIsToldAsWell() {
		this.enabled.withPropertyValues("mmap.mapper=jdk")
			.run((context) -> assertThat(info(context)).containsEntry("mapper", "jdk"));
	}

	@Test
	void whereNothingIsKnownNothingIsTold() {
		this.enabled.run((context) -> assertThat(info(context)).doesNotContainValue(null));
	}

	@Test
	void noPathIsTold() throws IOException {
		Path geoip = Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		this.enabled.withPropertyValues("mmap.mappings.geoip.location=" + geoip)
			.run((context) -> assertThat(info(context).toString()).doesNotContain("geoip")
				.doesNotContain(this.directory.toString()));
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> info(ApplicationContext context) {
		Info.Builder builder = new Info.Builder();
		context.getBean(MmapInfoContributor.class).contribute(builder);
		return (Map<String, Object>) builder.build().get("mmap");
	}

}
