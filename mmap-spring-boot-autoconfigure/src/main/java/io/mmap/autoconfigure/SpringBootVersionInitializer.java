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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Fails the start-up of an application whose Spring Boot has another major version than
 * this library is made for. It would otherwise start without its mappings, or miss a
 * class later. What it uses is the same in Spring Boot 3 and 4, its own type included.
 */
class SpringBootVersionInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	static final String SUPPORTED_MAJOR_VERSION = "4";

	private static final Pattern VERSION = Pattern.compile("(\\d+)(\\..*)?");

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		// As the auto-configuration has it: anything but true disables
		if ("true".equalsIgnoreCase(context.getEnvironment().getProperty("mmap.enabled", "true"))) {
			check(SpringBootVersion.getVersion());
		}
	}

	/**
	 * Fail for another major version. One that cannot be told is given the benefit of the
	 * doubt.
	 */
	static void check(@Nullable String version) {
		if (version == null) {
			return;
		}
		Matcher matcher = VERSION.matcher(version);
		if (matcher.matches() && !SUPPORTED_MAJOR_VERSION.equals(matcher.group(1))) {
			throw new UnsupportedSpringBootVersionException(version);
		}
	}

}
