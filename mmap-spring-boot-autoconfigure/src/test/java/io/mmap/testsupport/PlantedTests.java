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

package io.mmap.testsupport;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs test classes that are planted, with the extensions they name and no other.
 */
public final class PlantedTests {

	private PlantedTests() {
	}

	/**
	 * Run test classes one after the other.
	 * @param testClasses the classes
	 * @return what failed, tests and classes, by display name
	 */
	public static Map<String, Throwable> failures(Class<?>... testClasses) {
		return failures(Map.of(), testClasses);
	}

	/**
	 * Run test classes.
	 * @param configuration the configuration parameters
	 * @param testClasses the classes
	 * @return what failed, tests and classes, by display name
	 */
	public static Map<String, Throwable> failures(Map<String, String> configuration, Class<?>... testClasses) {
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(Stream.of(testClasses).map(DiscoverySelectors::selectClass).toList())
			.configurationParameter("junit.jupiter.extensions.autodetection.enabled", "false")
			.configurationParameters(configuration)
			.build();
		Results results = new Results();
		LauncherFactory.create().execute(request, results);
		assertThat(results.tests).as("planted tests that ran").isPositive();
		return results.failures;
	}

	/**
	 * Notes failures.
	 */
	private static final class Results implements TestExecutionListener {

		private final Map<String, Throwable> failures = new LinkedHashMap<>();

		private int tests;

		@Override
		public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
			this.tests += (test.isTest()) ? 1 : 0;
			result.getThrowable().ifPresent((ex) -> this.failures.put(test.getDisplayName(), ex));
		}

	}

}
