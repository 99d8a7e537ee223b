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

import java.nio.file.Path;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Fails a test that leaves a file of the temporary directory mapped or open.
 */
public class NothingLeftBehind implements BeforeEachCallback, AfterEachCallback {

	private static final Path WATCHED = Path.of(System.getProperty("java.io.tmpdir"));

	private int regions;

	private int descriptors;

	@Override
	public void beforeEach(ExtensionContext context) {
		this.regions = ProcessMaps.regions(WATCHED).size();
		this.descriptors = ProcessMaps.descriptors(WATCHED).size();
	}

	@Override
	public void afterEach(ExtensionContext context) {
		assertThat(ProcessMaps.regions(WATCHED)).as("regions left mapped").hasSize(this.regions);
		// A thread that is looking through directories closes them when it has ended
		await().untilAsserted(() -> assertThat(ProcessMaps.descriptors(WATCHED)).as("descriptors left open")
			.hasSize(this.descriptors));
	}

}
