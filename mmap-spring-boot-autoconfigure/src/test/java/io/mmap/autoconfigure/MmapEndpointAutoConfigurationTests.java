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
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistry;
import io.mmap.actuate.endpoint.MmapEndpoint;
import io.mmap.actuate.endpoint.MappingDescriptor;
import io.mmap.actuate.endpoint.MmapEndpointWebExtension;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When there is an endpoint, and how it is configured.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapEndpointAutoConfigurationTests {

	@TempDir
	Path directory;

	private Path geoip;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class, MmapEndpointAutoConfiguration.class));

	private final ApplicationContextRunner exposed = this.contextRunner
		.withPropertyValues("management.endpoints.web.exposure.include=mmap");

	@BeforeEach
	void writeFile() throws IOException {
		this.geoip = Files.writeString(this.directory.resolve("geoip.bin"), "countries");
	}

	@Test
	void anExposedEndpointIsThere() {
		this.exposed.run((context) -> assertThat(context).hasSingleBean(MmapEndpoint.class)
			.hasSingleBean(MmapEndpointWebExtension.class));
	}

	@Test
	void anEndpointThatIsNotExposedIsNotThere() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(MappingRegistry.class)
			.doesNotHaveBean(MmapEndpoint.class)
			.doesNotHaveBean(MmapEndpointWebExtension.class));
	}

	@Test
	void anEndpointThatIsExposedByJmxAloneHasNoWebExtension() {
		this.contextRunner
			.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=mmap")
			.run((context) -> assertThat(context).hasSingleBean(MmapEndpoint.class)
				.doesNotHaveBean(MmapEndpointWebExtension.class));
	}

	@Test
	void accessToTheEndpointCanBeDenied() {
		this.exposed.withPropertyValues("management.endpoint.mmap.access=NONE")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MmapEndpoint.class));
	}

	@Test
	void withoutAMappingRegistryThereIsNoEndpoint() {
		this.exposed.withPropertyValues("mmap.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(MmapEndpoint.class)
				.doesNotHaveBean(MmapEndpointWebExtension.class));
	}

	@Test
	void oneOfSeveralMappingRegistriesHasNoEndpoint() {
		this.exposed.withBean("first", MappingRegistry.class, () -> MappingRegistry.builder().build())
			.withBean("second", MappingRegistry.class, () -> MappingRegistry.builder().build())
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MmapEndpoint.class));
	}

	@Test
	void withoutTheActuatorThereIsNoEndpoint() {
		this.exposed.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(MappingRegistry.class)
				.doesNotHaveBean("mmapEndpoint"));
	}

	@Test
	void anEndpointOfTheApplicationReplacesTheAutoConfiguredOne() {
		this.exposed
			.withBean("ownEndpoint", MmapEndpoint.class,
					() -> new MmapEndpoint(MappingRegistry.builder().build(), List.of(), Show.NEVER))
			.run((context) -> assertThat(context).hasSingleBean(MmapEndpoint.class).hasBean("ownEndpoint"));
	}

	@Test
	void theEndpointShowsARegistryOfTheApplication() {
		this.exposed.withBean("ownRegistry", MappingRegistry.class, () -> MappingRegistry.builder().build())
			.run((context) -> assertThat(context).hasSingleBean(MmapEndpoint.class));
	}

	@Test
	void pathsAndAddressesAreHiddenByDefault() {
		declaring().run((context) -> {
			MappingDescriptor mapping = mapping(context);
			assertThat(mapping.path()).isEqualTo(SanitizableData.SANITIZED_VALUE);
			assertThat(mapping.address()).isEqualTo(SanitizableData.SANITIZED_VALUE);
		});
	}

	@Test
	void pathsAndAddressesAreShownWhenThatIsConfigured() {
		declaring().withPropertyValues("management.endpoint.mmap.show-values=always").run((context) -> {
			MappingDescriptor mapping = mapping(context);
			assertThat(mapping.path()).isEqualTo(this.geoip.toString());
			assertThat(mapping.address()).asString().startsWith("0x");
		});
	}

	@Test
	void sanitizingFunctionsOfTheApplicationAreUsed() {
		declaring().withPropertyValues("management.endpoint.mmap.show-values=always")
			.withBean(SanitizingFunction.class, () -> SanitizingFunction.of((data) -> data.withValue("sanitized")))
			.run((context) -> assertThat(mapping(context).path()).isEqualTo("sanitized"));
	}

	@Test
	void showValuesAndRolesAreBound() {
		this.exposed
			.withPropertyValues("management.endpoint.mmap.show-values=when-authorized",
					"management.endpoint.mmap.roles=operator,admin")
			.run((context) -> {
				MmapEndpointProperties properties = context.getBean(MmapEndpointProperties.class);
				assertThat(properties.getShowValues()).isEqualTo(Show.WHEN_AUTHORIZED);
				assertThat(properties.getRoles()).containsExactly("operator", "admin");
			});
	}

	private ApplicationContextRunner declaring() {
		return this.exposed.withPropertyValues("mmap.mappings.geoip.location=" + this.geoip);
	}

	private static MappingDescriptor mapping(ApplicationContext context) {
		return context.getBean(MmapEndpoint.class).mapping("geoip", null, null).mappings().getFirst();
	}

}
