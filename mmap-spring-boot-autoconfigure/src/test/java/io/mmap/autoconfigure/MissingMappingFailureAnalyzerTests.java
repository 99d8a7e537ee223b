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

import io.mmap.MappingRegistry;
import io.mmap.MappingSet;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What someone reads whose bean wants a mapping that there is not.
 */
@ExtendWith({ OutputCaptureExtension.class, NothingLeftBehind.class })
class MissingMappingFailureAnalyzerTests {

	@TempDir
	Path directory;

	private FailureAnalysisOutput failure;

	@BeforeEach
	void captureOutput(CapturedOutput output) throws IOException {
		this.failure = new FailureAnalysisOutput(this.directory, output);
		Files.writeString(this.directory.resolve("geoip.bin"), "countries");
	}

	@Test
	void anUnknownNameIsExplainedWithTheNearestOne() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geoip:
				      location: %1$s/geoip.bin
				    words:
				      location: %1$s/geoip.bin
				""".formatted(this.directory), NeedsGeoIp.class)).isEqualTo("""
				Description:

				Parameter 0 of constructor in %s required a mapping 'geo-ip', but no mapping of that name is declared. \
				Did you mean 'geoip'? Declared are: geoip, words.

				Action:

				Use @Qualifier("geoip"), or declare it with 'mmap.mappings.geo-ip.location'."""
			.formatted(NeedsGeoIp.class.getName()));
	}

	@Test
	void anUnknownNameThatResemblesNoneIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    words:
				      location: %1$s/geoip.bin
				""".formatted(this.directory), NeedsGeoIp.class))
			.contains("required a mapping 'geo-ip', but no mapping of that name is declared. Declared are: words.")
			.endsWith("Declare it with 'mmap.mappings.geo-ip.location'.");
	}

	@Test
	void thatNothingIsDeclaredIsExplained() throws IOException {
		assertThat(this.failure.of("", NeedsAny.class)).contains("required a mapping, but there is none.")
			.endsWith("Declare a mapping with 'mmap.mappings.<name>.location'.");
	}

	@Test
	void thatMappingsAreDisabledIsExplained() throws IOException {
		assertThat(this.failure.of("mmap.enabled: false", NeedsAny.class))
			.contains("required a mapping, but mappings are disabled.")
			.endsWith("Set 'mmap.enabled' to true, or remove it.");
	}

	@Test
	void aSetThatIsTakenForAMappingIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geo-ip:
				      location: %1$s/*.bin
				""".formatted(this.directory), NeedsGeoIp.class))
			.contains("required a mapping 'geo-ip', but the location '<dir>/*.bin' of that name stands for a set of"
					+ " mappings.")
			.endsWith("Inject a MappingSet, or give 'mmap.mappings.geo-ip.location' the path of one file.");
	}

	@Test
	void newMemoryThatIsTakenForASetIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geo-ip:
				      source: anonymous
				      length: 16KB
				""", NeedsSet.class))
			.contains("required a set of mappings 'geo-ip', but the mapping of that name has the source 'anonymous',"
					+ " which is one mapping.")
			.endsWith("Inject a MemoryMapping.");
	}

	@Test
	void aMappingThatIsTakenForASetIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geo-ip:
				      location: %1$s/geoip.bin
				""".formatted(this.directory), NeedsSet.class))
			.contains("required a set of mappings 'geo-ip', but the location '<dir>/geoip.bin' of that name stands for"
					+ " one mapping.")
			.endsWith("Inject a MemoryMapping, or give 'mmap.mappings.geo-ip.location' a pattern.");
	}

	@Test
	void anOptionalMappingThatIsMissingIsExplained() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geo-ip:
				      location: optional:%1$s/missing.bin
				""".formatted(this.directory), NeedsGeoIp.class))
			.contains("required a mapping 'geo-ip', which is declared, but optional, and nothing is at"
					+ " '<dir>/missing.bin'.")
			.endsWith("Inject it as Optional<MemoryMapping> or ObjectProvider<MemoryMapping>, or have the file there"
					+ " before the application starts.");
	}

	@Test
	void theQualifierOfTheBeanThatNeedsTheMappingCounts() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geoip:
				      location: %1$s/geoip.bin
				""".formatted(this.directory), NeedsNeedsGeoIp.class, Special.class))
			.contains("required a mapping 'geo-ip', but no mapping of that name is declared. Did you mean 'geoip'?");
	}

	@Test
	void aRegistryOfTheApplicationIsNamedAsTheReason() throws IOException {
		assertThat(this.failure.of("""
				mmap:
				  mappings:
				    geo-ip:
				      location: %1$s/geoip.bin
				""".formatted(this.directory), NeedsGeoIp.class, OwnRegistry.class))
			.contains("required a mapping 'geo-ip', which is declared, but there is no such bean. An application with a"
					+ " MappingRegistry bean of its own gets that one alone");
	}

	@Test
	void missingBeansOfOthersAreLeftToOthers() throws IOException {
		assertThat(this.failure.of("", NeedsSomethingElse.class)).contains("required a bean of type");
	}

	static class NeedsSomethingElse {

		NeedsSomethingElse(StringBuilder builder) {
		}

	}

	static class NeedsGeoIp {

		NeedsGeoIp(@Qualifier("geo-ip") MemoryMapping mapping) {
		}

	}

	static class NeedsNeedsGeoIp {

		NeedsNeedsGeoIp(@Qualifier("special") NeedsGeoIp needsGeoIp) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRegistry {

		@Bean
		MappingRegistry own() {
			return MappingRegistry.builder().build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Special {

		@Bean
		@Qualifier("special")
		NeedsGeoIp needsGeoIp(@Qualifier("geo-ip") MemoryMapping mapping) {
			return new NeedsGeoIp(mapping);
		}

	}

	static class NeedsAny {

		NeedsAny(MemoryMapping mapping) {
		}

	}

	static class NeedsSet {

		NeedsSet(@Qualifier("geo-ip") MappingSet set) {
		}

	}

}
