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

package io.mmap.sample.counter;

import java.nio.file.Files;
import java.nio.file.Path;

import io.mmap.sample.SampleApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link CounterFileFailureAnalyzer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class CounterFileFailureAnalyzerTests {

	@Test
	void fileOfSomethingElseStopsTheApplicationWithAnExplanation(@TempDir Path data, CapturedOutput output)
			throws Exception {
		Files.writeString(data.resolve("counters.bin"), "GIF89a and so on");
		SpringApplicationBuilder application = new SpringApplicationBuilder(SampleApplication.class)
			.web(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application.run("--sample.data=" + data))
			.havingRootCause()
			.isInstanceOf(CounterFileException.class);
		assertThat(output).contains("Mapping 'counters' cannot hold the look-up counters: it holds something else.")
			.contains("Move the file away to start counting anew.");
		assertThat(Files.readString(data.resolve("counters.bin"))).startsWith("GIF89a and so on\u0000");
	}

}
