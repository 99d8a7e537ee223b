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
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What someone reads who mistyped a property, or its value.
 */
@ExtendWith(OutputCaptureExtension.class)
class InvalidPropertyFailureAnalyzerTests {

	@TempDir
	Path directory;

	private FailureAnalysisOutput failure;

	@BeforeEach
	void captureOutput(CapturedOutput output) {
		this.failure = new FailureAnalysisOutput(this.directory, output);
	}

	@Test
	void anUnknownOptionIsExplainedWithTheNearestOne() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geoip:
				      location: any
				      lenght: 1MB
				""")).startsWith("""
				Description:

				There is no such property:

				    Property: mmap.mappings.geoip.lenght
				    Value: "1MB"
				    Origin: URL [file:<dir>/application.yml] - 5:15

				Action:

				Instead of 'mmap.mappings.geoip.lenght' write 'mmap.mappings.geoip.length'. \
				'mmap.mappings.geoip' has: access, advice,""");
	}

	@Test
	void anUnknownOptionThatResemblesNoneIsExplainedWithAll() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  leak-detection:
				    verbosity: high
				""")).contains("Property: mmap.leak-detection.verbosity", "- 3:16",
				"Instead of 'mmap.leak-detection.verbosity' write another name. 'mmap.leak-detection' has: level,"
						+ " policy.");
	}

	@Test
	void aFileInThePlaceOfOptionsIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geoip: geoip.bin
				""")).isEqualTo("""
				Description:

				A mapping has options, but here is a single value:

				    Property: mmap.mappings.geoip
				    Value: "geoip.bin"
				    Origin: URL [file:<dir>/application.yml] - 3:12

				Action:

				Write the file as 'mmap.mappings.geoip.location', and further options beside that.""");
	}

	@Test
	void anUnknownGroupIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mapping:
				    geoip:
				      location: any
				""")).contains("Property: mmap.mapping.geoip.location", "write 'mmap.mappings.geoip.location'");
	}

	@Test
	void anUnknownUnitOfTimeIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  shutdown:
				    drain-timeout: 5 seconds
				""")).contains("Property: mmap.shutdown.drain-timeout", "- 3:20",
				"Write a whole number with one of the units ms, s, m, h and d, such as 5s,");
	}

	@Test
	void propertiesOfOthersAreLeftToOthers() throws IOException {
		assertThat(this.failure.of("""
				spring:
				  main:
				    banner-mode: perhaps
				""")).contains("spring.main.banner-mode").doesNotContain("The value of a property cannot be");
	}

}
