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

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistrar;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What someone reads whose declaration is wrong.
 */
@ExtendWith({ OutputCaptureExtension.class, NothingLeftBehind.class })
class DeclaredMappingFailureAnalyzerTests {

	@TempDir
	Path directory;

	private FailureAnalysisOutput failure;

	@BeforeEach
	void captureOutput(CapturedOutput output) {
		this.failure = new FailureAnalysisOutput(this.directory, output);
	}

	@Test
	void aMissingFileIsExplainedWithTheLineOfItsDeclaration() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geoip:
				      location: %s/missing.bin
				""".formatted(this.directory))).isEqualTo(
				"""
						Description:

						The mapping 'geoip' could not be made:

						    Property: mmap.mappings.geoip.location
						    Value: "<dir>/missing.bin"
						    Origin: URL [file:<dir>/application.yml] - 4:17
						    Reason: Cannot map file '<dir>/missing.bin' (read-only, offset 0, to the end): the file does not exist.

						Action:

						Check the path.""");
	}

	@Test
	void aSettingThatCannotWorkIsExplainedWithItsLine() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  reload:
				    check-interval: 0s
				""")).isEqualTo("""
				Description:

				Memory cannot be mapped with these settings:

				    Property: mmap.reload.check-interval
				    Value: "0s"
				    Origin: URL [file:<dir>/application.yml] - 3:21
				    Reason: reload.check-interval must be positive, but is PT0S.

				Action:

				Use a longer time, such as 1s.""");
	}

	@Test
	void aSettingWithoutAValueIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  guard:
				    max-size: ""
				""")).contains("A property has no value:", "Property: mmap.guard.max-size",
				"'mmap.guard.max-size' has no value: write one, or leave it out.");
	}

	@Test
	void whatIsWrittenIsNotReloaded() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geoip:
				      location: %s/geoip.bin
				      access: read-write
				      reload-on-update: true
				""".formatted(this.directory))).isEqualTo(
				"""
						Description:

						The mapping 'geoip' could not be made:

						    Property: mmap.mappings.geoip.reload-on-update
						    Value: "true"
						    Origin: URL [file:<dir>/application.yml] - 6:25
						    Reason: reload-on-update needs access read-only, but access is read-write, so that what was written \
						to the memory would be lost or torn apart.

						Action:

						Set access to read-only, or leave out 'reload-on-update'.""");
	}

	@Test
	void anOptionThatMakesNoSenseForTheClassPathIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geoip:
				      location: classpath:junit-platform.properties
				      truncation: guard
				""")).contains("Property: mmap.mappings.geoip.truncation", "truncation guard makes no sense",
				"what is on the class path is not to change while the application runs");
	}

	@Test
	void aRangeBeyondTheEndIsExplainedWithTheLineOfTheLength() throws IOException {
		Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geoip:
				      location: %s/geoip.bin
				      length: 4KB
				""".formatted(this.directory))).isEqualTo(
				"""
						Description:

						The mapping 'geoip' could not be made:

						    Property: mmap.mappings.geoip.length
						    Value: "4KB"
						    Origin: URL [file:<dir>/application.yml] - 5:15
						    Reason: Cannot map file '<dir>/geoip.bin' (read-only, offset 0, length 4096): offset 0 + length 4096 \
						goes beyond the end of the file, which has 9 bytes.

						Action:

						Leave out 'length' to map what is there, or use at most 9.""");
	}

	@Test
	void anOffsetBeyondTheEndIsExplainedWithTheLineOfTheOffset() throws IOException {
		Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geoip:
				      location: %s/geoip.bin
				      offset: 10B
				""".formatted(this.directory))).contains("Property: mmap.mappings.geoip.offset", "- 5:15",
				"Use an offset of at most 9.");
	}

	@Test
	void contradictingOptionsAreExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    counters:
				      location: counters.bin
				      create: true
				""")).isEqualTo("""
				Description:

				The mapping 'counters' could not be made:

				    Property: mmap.mappings.counters.create
				    Value: "true"
				    Origin: URL [file:<dir>/application.yml] - 5:15
				    Reason: create needs access read-write, but access is read-only.

				Action:

				Set access to read-write, or leave out 'create'.""");
	}

	@Test
	void aMissingLocationIsExplainedWithTheLineOfTheDeclaration() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    counters:
				      access: read-write
				""")).isEqualTo("""
				Description:

				The mapping 'counters' could not be made:

				    Property: mmap.mappings.counters.location
				    Origin: URL [file:<dir>/application.yml] - 4:15
				    Reason: location is missing.

				Action:

				Give the file to map, such as 'file:/var/lib/geoip/ip-country.bin'.""");
	}

	@Test
	void aNameOutsideOfTheGrammarIsExplainedWithOneThatFits() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    GeoIP:
				      location: any
				""")).isEqualTo("""
				Description:

				The mapping 'GeoIP' could not be made:

				    Property: mmap.mappings.GeoIP
				    Origin: URL [file:<dir>/application.yml] - 4:17
				    Reason: 'GeoIP' cannot be the name of a mapping.

				Action:

				Use lower-case letters a-z, digits and hyphens, and no hyphen at the start, such as 'geo-ip'.""");
	}

	@Test
	void aNameInBracketsIsExplainedAsItIsWritten() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    "[geo.ip]":
				      location: any
				""")).isEqualTo("""
				Description:

				The mapping 'geo.ip' could not be made:

				    Property: mmap.mappings[geo.ip]
				    Origin: URL [file:<dir>/application.yml] - 4:17
				    Reason: 'geo.ip' cannot be the name of a mapping.

				Action:

				Use lower-case letters a-z, digits and hyphens, and no hyphen at the start, such as 'geo-ip'.""");
	}

	@Test
	void aNameOfWhichSpringBootWouldLeaveOutCharactersIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    "-geo\\nip":
				      location: any
				""")).isEqualTo("""
				Description:

				The mapping '-geo\\nip' could not be made:

				    Property: mmap.mappings.-geo\\nip
				    Origin: URL [file:<dir>/application.yml] - 4:17
				    Reason: '-geo\\nip' cannot be the name of a mapping.

				Action:

				Use lower-case letters a-z, digits and hyphens, and no hyphen at the start, such as 'geoip'.""");
	}

	@Test
	void anOptionThatMakesNoSenseForAResourceIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    words:
				      location: classpath:org/springframework/core/SpringVersion.class
				      access: read-write
				""")).isEqualTo(
				"""
						Description:

						The mapping 'words' could not be made:

						    Property: mmap.mappings.words.access
						    Value: "read-write"
						    Origin: URL [file:<dir>/application.yml] - 5:15
						    Reason: access read-write makes no sense for \
						'classpath:org/springframework/core/SpringVersion.class', since what is on the class path cannot be written.

						Action:

						Use access read-only, or copy-on-write for changes that stay in memory. Or map a file.""");
	}

	@Test
	void aPatternWithoutAMatchIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    words:
				      location: %s/*.bin
				""".formatted(this.directory))).contains("Property: mmap.mappings.words.location", "- 4:17",
				"Reason: no file matches '<dir>/*.bin'.", "Start it with 'optional:' if there may be none.");
	}

	@Test
	void aNameThatIsDeclaredByCodeOnceMoreIsExplained() throws IOException {
		Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geoip:
				      location: %s/geoip.bin
				""".formatted(this.directory), DeclaresGeoip.class)).isEqualTo("""
				Description:

				A mapping that is declared by code is not valid:

				    a mapping 'geoip' is declared already.

				Action:

				Choose another name, or remove one of the declarations.""");
	}

	@Test
	void anUnknownNameOnLookUpIsExplainedWithTheNearestOne() throws IOException {
		Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geoip:
				      location: %1$s/geoip.bin
				    words:
				      location: %1$s/geoip.bin
				""".formatted(this.directory), LooksUp.class)).isEqualTo("""
				Description:

				There is no mapping 'geo-ip'. Did you mean 'geoip'? There are: geoip, words.

				Action:

				Correct the code that asks for it, or declare it below 'mmap.mappings'.""");
	}

	@Test
	void aLazyMappingThatFailsWhereItIsFirstUsedIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geoip:
				      location: %s/missing.bin
				      lazy: true
				""".formatted(this.directory), UsesGeoip.class)).isEqualTo("""
				Description:

				Cannot map file '<dir>/missing.bin' (read-only, offset 0, to the end): the file does not exist.

				Action:

				Check the path.""");
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

	@Configuration(proxyBeanMethods = false)
	static class DeclaresGeoip {

		@Bean
		MappingRegistrar registrar() {
			return (declarations) -> declarations.declare("geoip", MappingSpec.file(Path.of("any")).build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UsesGeoip {

		@Bean
		String text(MemoryMapping mapping) {
			return MappedText.of(mapping);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LooksUp {

		@Bean
		MemoryMapping found(MappingRegistry registry) {
			return registry.get("geo-ip");
		}

	}

}
