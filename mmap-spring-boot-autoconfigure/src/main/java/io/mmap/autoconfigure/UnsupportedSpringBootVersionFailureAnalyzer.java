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

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains what to do when the application runs on a Spring Boot that this library does
 * not fit. What it uses is the same in Spring Boot 3 and 4.
 */
class UnsupportedSpringBootVersionFailureAnalyzer
		extends AbstractFailureAnalyzer<UnsupportedSpringBootVersionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedSpringBootVersionException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), """
				Run the application on Spring Boot %s.x, or use a version of mmap Spring Boot that fits \
				Spring Boot %s (see 'Versions' in its README). To start without mappings, remove \
				mmap-spring-boot-starter from the class path, or set 'mmap.enabled' to false."""
			.formatted(SpringBootVersionInitializer.SUPPORTED_MAJOR_VERSION, cause.getVersion()), cause);
	}

}
