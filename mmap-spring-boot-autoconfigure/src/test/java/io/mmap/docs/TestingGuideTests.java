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

package io.mmap.docs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.json.JsonTest;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;

import io.mmap.MappingRegistry;
import io.mmap.MappingSet;
import io.mmap.autoconfigure.MmapAutoConfiguration;
import io.mmap.docs.Counters.Event;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.PlantedTests;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code docs/testing.md} shows, besides that with the extension.
 */
@ExtendWith(NothingLeftBehind.class)
class TestingGuideTests {

	private static final Pattern ARG_LINE = Pattern.compile("<argLine>(.*)</argLine>");

	@TempDir
	Path directory;

	// tag::testing-segment[]
	@Test
	void countsWithoutAnyFile() {
		try (Arena arena = Arena.ofConfined()) {
			Counters counters = new Counters(arena.allocate(1024, Long.BYTES));
			counters.add(Event.ORDER, 2);
			assertThat(counters.count(Event.ORDER)).isEqualTo(2);
		}
	}
	// end::testing-segment[]

	// tag::testing-runner[]
	@Test
	void aDamagedTableKeepsTheApplicationFromStarting() throws IOException {
		Path file = Files.write(this.directory.resolve("countries.bin"), new byte[100]);
		new ApplicationContextRunner().withUserConfiguration(CountriesApplication.class)
			.withPropertyValues("mmap.mappings.countries.location=" + file)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("it is no table of countries"));
	}
	// end::testing-runner[]

	@Test
	void whatIsPublishedIsReadAfterAReload() throws IOException {
		Names.publish(this.directory, 1, List.of("one"));
		GuideYaml.contextRunner("hot-reload.yml")
			.withPropertyValues("mmap.mappings.names.location=" + this.directory + "/current/*")
			.run((context) -> {
				Names names = new Names(context.getBean("mmap.names", MappingSet.class));
				publishAndRead(context.getBean(MappingRegistry.class), names);
			});
	}

	private void publishAndRead(MappingRegistry registry, Names names) throws IOException {
		// tag::testing-reload[]
		Names.publish(this.directory, 2, List.of("two"));
		registry.reload("names");
		assertThat(names.name(0)).isEqualTo("two");
		// end::testing-reload[]
	}

	@Test
	void aSliceHasNoMappingsUnlessTheirAutoConfigurationIsImported() {
		assertThat(PlantedTests.failures(SliceTests.class)).isEmpty();
		assertThat(PlantedTests.failures(ImportingSliceTests.class)).isEmpty();
	}

	@Test
	void withTheOptionOfThePageTestsMapNatively() throws Exception {
		Matcher option = ARG_LINE
			.matcher(Files.readString(Path.of("src", "test", "resources", "io", "mmap", "docs", "testing.xml")));
		assertThat(option.find()).isTrue();
		assertThat(mapper(List.of(option.group(1)))).isEqualTo("NATIVE");
		assertThat(mapper(List.of())).isEqualTo("JDK");
	}

	private String mapper(List<String> options) throws Exception {
		return JavaProcess.run(this.directory, System.getProperty("java.class.path"), options, WhichMapper.class)
			.line("mapper");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class SliceApplication {

	}

	@JsonTest
	@DirtiesContext
	@ContextConfiguration(classes = SliceApplication.class)
	static class SliceTests {

		@Test
		void hasNoRegistry(@Autowired ObjectProvider<MappingRegistry> registry) {
			assertThat(registry.stream()).isEmpty();
		}

	}

	@JsonTest
	@ImportAutoConfiguration(MmapAutoConfiguration.class)
	@DirtiesContext
	@ContextConfiguration(classes = SliceApplication.class)
	static class ImportingSliceTests {

		@Test
		void hasARegistry(@Autowired ObjectProvider<MappingRegistry> registry) {
			assertThat(registry.stream()).hasSize(1);
		}

	}

	/**
	 * Says which mapper is in use.
	 */
	static final class WhichMapper {

		private WhichMapper() {
		}

		public static void main(String[] args) {
			try (MappingRegistry registry = MappingRegistry.builder().build()) {
				System.out.println("mapper: " + registry.mapper().type());
			}
		}

	}

}
