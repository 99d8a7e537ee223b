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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What someone reads whose declaration is wrong.
 */
@ExtendWith({ OutputCaptureExtension.class, NothingLeftBehind.class })
class DeclaredMappingFailureAnalyzerTests {

	@TempDir
	Path directory;

	@Test
	void aMissingFileIsExplainedWithTheLineOfItsDeclaration(CapturedOutput output) throws IOException {
		Path missing = this.directory.resolve("missing.bin");
		run("""
				mmap:
				  mappings:
				    geoip:
				      location: %s
				""".formatted(missing));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The mapping declared under 'mmap.mappings.geoip' (")
			.contains("application.yml]")
			.contains("- 4:17")
			.contains("Cannot map file '" + missing + "' (read-only, offset 0, to the end of the file):"
					+ " the file does not exist.");
	}

	@Test
	void contradictingOptionsAreExplained(CapturedOutput output) throws IOException {
		run("""
				mmap:
				  mappings:
				    counters:
				      location: counters.bin
				      create: true
				""");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The mapping declared under 'mmap.mappings.counters' (")
			.contains("create needs access read-write, but access is read-only");
	}

	@Test
	void aMissingLocationIsExplained(CapturedOutput output) throws IOException {
		run("""
				mmap:
				  mappings:
				    counters:
				      access: read-write
				""");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The mapping declared under 'mmap.mappings.counters' could not be made")
			.contains("location is missing");
	}

	@Test
	void aNameOutsideOfTheGrammarIsExplained(CapturedOutput output) throws IOException {
		run("""
				mmap:
				  mappings:
				    GeoIP:
				      location: any
				""");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'GeoIP' cannot be the name of a mapping: use lower-case letters");
	}

	@Test
	void whatTheMapperCannotDoIsExplained() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		try (MappingRegistry registry = MappingRegistry.builder().build();
				MemoryMapping readOnly = registry.map(MappingSpec.file(file).build())) {
			Throwable unsupported = catchThrowable(readOnly::flush);
			FailureAnalysis analysis = new DeclaredMappingFailureAnalyzer(new StandardEnvironment())
				.analyze(new BeanCreationException("mappingRegistry", "failed", unsupported));
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).isEqualTo(unsupported.getMessage());
		}
	}

	@Test
	void otherFailuresAreLeftToOthers() {
		assertThat(new DeclaredMappingFailureAnalyzer(new StandardEnvironment())
			.analyze(new IllegalStateException(new IllegalArgumentException("something else")))).isNull();
	}

	private void run(String yaml) throws IOException {
		Path configuration = Files.writeString(this.directory.resolve("application.yml"), yaml);
		SpringApplication application = new SpringApplication(TestConfiguration.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException()
			.isThrownBy(() -> application.run("--spring.config.location=" + configuration.toUri()).close());
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MmapAutoConfiguration.class)
	static class TestConfiguration {

	}

}
