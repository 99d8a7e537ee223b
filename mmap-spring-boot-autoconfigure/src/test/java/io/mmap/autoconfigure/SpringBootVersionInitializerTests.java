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

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Which versions of Spring Boot an application can start on.
 */
class SpringBootVersionInitializerTests {

	@ParameterizedTest
	@ValueSource(strings = { "4.0.0", "4.1.2", "4.9.0-SNAPSHOT", "4.2.0-RC1", "4" })
	void anyVersionOfTheSupportedMajorVersionFits(String version) {
		assertThatNoException().isThrownBy(() -> SpringBootVersionInitializer.check(version));
	}

	@ParameterizedTest
	@ValueSource(strings = { "3.5.16", "5.0.0", "5.0.0-M1", "40.1.0", "3" })
	void anotherMajorVersionDoesNotFit(String version) {
		assertThatExceptionOfType(UnsupportedSpringBootVersionException.class)
			.isThrownBy(() -> SpringBootVersionInitializer.check(version))
			.withMessageContaining("runs on Spring Boot " + version + ",")
			.withMessageContaining("fits Spring Boot 4.x only");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "unknown", "v3.5.16", "${version}", "3-5" })
	void aVersionThatCannotBeToldDoesNotFail(@Nullable String version) {
		assertThatNoException().isThrownBy(() -> SpringBootVersionInitializer.check(version));
	}

	@Test
	void theVersionThatTheBuildUsesFits() {
		assertThat(SpringBootVersion.getVersion())
			.startsWith(SpringBootVersionInitializer.SUPPORTED_MAJOR_VERSION + ".");
	}

	@Test
	void anApplicationOnTheSupportedVersionStarts() {
		SpringApplication application = new SpringApplication(TestConfiguration.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThat(application.getInitializers()).hasAtLeastOneElementOfType(SpringBootVersionInitializer.class);
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(context.isActive()).isTrue();
		}
	}

	@Test
	void theFailureSaysWhatToDo() {
		FailureAnalysis analysis = new UnsupportedSpringBootVersionFailureAnalyzer()
			.analyze(new IllegalStateException(new UnsupportedSpringBootVersionException("3.5.16")));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getAction()).contains("Run the application on Spring Boot 4.x")
			.contains("that fits Spring Boot 3.5.16")
			.contains("set 'mmap.enabled' to false");
	}

	@Configuration(proxyBeanMethods = false)
	static class TestConfiguration {

	}

}
