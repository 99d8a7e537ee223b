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

package io.mmap.sample;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SampleHomeEnvironmentPostProcessor}. How the home is found from a jar
 * and from a class path is tested with processes.
 */
class SampleHomeEnvironmentPostProcessorTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	@Test
	void homeOfATestIsTheDirectoryOfTheModule() {
		process();
		assertThat(this.environment.getRequiredProperty("sample.home"))
			.isEqualTo(Path.of("").toAbsolutePath().toString());
	}

	@Test
	void configuredHomeTakesPrecedence() {
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("configured", Map.of("sample.home", "/elsewhere")));
		process();
		assertThat(this.environment.getProperty("sample.home")).isEqualTo("/elsewhere");
	}

	private void process() {
		new SampleHomeEnvironmentPostProcessor().postProcessEnvironment(this.environment,
				new SpringApplication(SampleApplication.class));
	}

}
