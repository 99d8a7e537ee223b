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

package io.mmap.docs;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;

import io.mmap.autoconfigure.MmapAutoConfiguration;

/**
 * Configuration that the documentation shows.
 */
final class GuideYaml {

	private GuideYaml() {
	}

	/**
	 * Return a runner of applications with a file of configuration. What a test sets
	 * itself has precedence.
	 */
	static ApplicationContextRunner contextRunner(String file) {
		return new ApplicationContextRunner().withInitializer((context) -> addConfiguration(context, file))
			.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class));
	}

	private static void addConfiguration(ConfigurableApplicationContext context, String file) {
		try {
			new YamlPropertySourceLoader().load(file, new ClassPathResource(file, GuideYaml.class))
				.forEach(context.getEnvironment().getPropertySources()::addLast);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
