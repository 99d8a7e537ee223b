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

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Starts applications that cannot start, and gives what their users read.
 */
final class FailureAnalysisOutput {

	private final Path directory;

	private final CapturedOutput output;

	FailureAnalysisOutput(Path directory, CapturedOutput output) {
		this.directory = directory;
		this.output = output;
	}

	/**
	 * Return what is printed between the headline and the end, with {@code
	 *
	<dir>
	 * } for the directory of the test.
	 */
	String of(String yaml, Class<?>... configurations) throws IOException {
		Path configuration = Files.writeString(this.directory.resolve("application.yml"), yaml);
		SpringApplication application = new SpringApplication(TestConfiguration.class);
		application.addPrimarySources(List.of(configurations));
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException()
			.isThrownBy(() -> application.run("--spring.config.location=" + configuration.toUri()).close());
		String all = this.output.getAll();
		String headline = "APPLICATION FAILED TO START";
		return all.substring(all.lastIndexOf(headline) + headline.length())
			.replace(this.directory.toString(), "<dir>")
			.replace("***************************", "")
			.strip();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MmapAutoConfiguration.class)
	static class TestConfiguration {

	}

}
