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

package io.mmap.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.autoconfigure.MmapAutoConfiguration;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.PlantedTests;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.annotation.DirtiesContext.MethodMode;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link MappingLeakExtension} together with contexts that Spring's test framework
 * caches, which outlive the tests.
 */
@ExtendWith(NothingLeftBehind.class)
class MappingLeakExtensionSpringTests {

	/**
	 * Static, since that is what dynamic properties are made of.
	 */
	@TempDir
	static Path directory;

	@BeforeEach
	void writeFile() throws IOException {
		Files.write(file(), new byte[10_000]);
	}

	@AfterEach
	void closeTheCachedContext() {
		assertThat(PlantedTests.failures(EndsTheContext.class)).isEmpty();
	}

	@Test
	void whatBelongsToACachedContextIsNotLeft() {
		assertThat(PlantedTests.failures(UsesTheContext.class, UsesTheContextAgain.class)).isEmpty();
		assertThat(ProcessMaps.regions(file())).as("declared, and by the beans").hasSize(3);
	}

	@Test
	void whatABeanMapsForATestAndLeavesFailsTheTestAndItsLineIsNamed() {
		Map<String, Throwable> failures = PlantedTests.failures(LeavesWhatABeanMaps.class, UsesTheContext.class);
		assertThat(failures).containsOnlyKeys("leaves()");
		assertThat(failures.get("leaves()")).message()
			.contains("has left a mapping behind:", "(index) of 10000 bytes", "is still mapped. It was mapped at "
					+ Indexer.class.getName() + ".map(MappingLeakExtensionSpringTests.java:");
	}

	@Test
	void whatABeanThatIsMadeDuringTheTestMapsBelongsToTheContext() {
		assertThat(PlantedTests.failures(MakesALazyBean.class)).isEmpty();
	}

	@Test
	void itDoesNotMatterWhetherSpringsExtensionComesFirst() {
		assertThat(PlantedTests.failures(SpringComesFirst.class)).containsOnlyKeys("leaves(Indexer)");
	}

	@Test
	void aContextThatIsClosedAfterTheTestLeavesNothing() {
		assertThat(PlantedTests.failures(EndsTheContextAfterEach.class)).isEmpty();
	}

	@Test
	void aContextThatIsMadeAndClosedInTheTestLeavesNothing() {
		assertThat(PlantedTests.failures(RunsAContext.class)).isEmpty();
	}

	@Test
	void whatIsOpenWhenAContextIsClosedInTheTestIsLeft() {
		assertThat(PlantedTests.failures(RunsAContextWithAnOrphan.class).get("runs()")).message()
			.contains("was still open when its registry was closed. It was mapped at",
					"Orphan.<init>(MappingLeakExtensionSpringTests.java:");
	}

	@Test
	void aRegistryThatTheApplicationDefinesItselfBelongsToTheContext() {
		assertThat(PlantedTests.failures(UsesItsOwnRegistry.class)).isEmpty();
	}

	private static Path file() {
		return directory.resolve("geoip.bin");
	}

	private static MappingSpec spec() {
		return MappingSpec.file(file()).build();
	}

	/**
	 * An application that maps while it starts.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MmapAutoConfiguration.class)
	static class Application {

		@Bean
		Indexer indexer(MappingRegistry registry) {
			return new Indexer(registry);
		}

		@Bean
		Owner owner(MappingRegistry registry) {
			return new Owner(registry);
		}

		@Bean
		ApplicationRunner runner(Owner owner) {
			return (arguments) -> owner.mapAnother();
		}

		@Bean
		@Lazy
		LateOwner lateOwner(MappingRegistry registry) {
			return new LateOwner(registry);
		}

	}

	/**
	 * Maps when it is asked to.
	 */
	static class Indexer {

		private final MappingRegistry registry;

		Indexer(MappingRegistry registry) {
			this.registry = registry;
		}

		MemoryMapping map() {
			return this.registry.map(MappingSpec.file(file()).label("index").build());
		}

	}

	/**
	 * Maps when it is made, and unmaps when it is destroyed.
	 */
	static class Owner implements AutoCloseable {

		private final MappingRegistry registry;

		private final MemoryMapping mapping;

		private MemoryMapping another;

		Owner(MappingRegistry registry) {
			this.registry = registry;
			this.mapping = registry.map(spec());
			this.another = this.mapping;
		}

		void mapAnother() {
			this.another = this.registry.map(spec());
		}

		@Override
		public void close() {
			this.another.close();
			this.mapping.close();
		}

	}

	static class LateOwner extends Owner {

		LateOwner(MappingRegistry registry) {
			super(registry);
		}

	}

	static class Orphan {

		private final MemoryMapping mapping;

		Orphan(MappingRegistry registry) {
			this.mapping = registry.map(spec());
		}

		long length() {
			return this.mapping.length();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRegistry {

		@Bean
		MappingRegistry registry() {
			return MappingRegistry.builder().declare("geoip", spec()).build();
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
	abstract static class Tests {

		@Autowired
		@Qualifier("geoip")
		MemoryMapping geoip;

		@Autowired
		Indexer indexer;

		@DynamicPropertySource
		static void declare(DynamicPropertyRegistry registry) {
			registry.add("mmap.mappings.geoip.location", () -> file().toString());
		}

	}

	static class UsesTheContext extends Tests {

		@Test
		void uses() {
			assertThat(this.geoip.length()).isEqualTo(10_000);
			this.indexer.map().close();
		}

	}

	static class UsesTheContextAgain extends UsesTheContext {

	}

	@DirtiesContext
	static class EndsTheContext extends Tests {

		@Test
		void uses() {
			assertThat(this.geoip.length()).isEqualTo(10_000);
		}

	}

	static class EndsTheContextAfterEach extends Tests {

		@Test
		@DirtiesContext(methodMode = MethodMode.AFTER_METHOD)
		void uses() {
			assertThat(this.geoip.length()).isEqualTo(10_000);
		}

		@Test
		@DirtiesContext(methodMode = MethodMode.BEFORE_METHOD)
		void usesAnother() {
			assertThat(this.geoip.length()).isEqualTo(10_000);
		}

	}

	static class LeavesWhatABeanMaps extends Tests {

		@Test
		void leaves() {
			assertThat(this.indexer.map().length()).isEqualTo(10_000);
		}

	}

	static class MakesALazyBean extends Tests {

		@Test
		void makes(@Autowired ApplicationContext context) {
			assertThat(context.getBean(LateOwner.class)).isNotNull();
		}

	}

	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
	@ExtendWith(MappingLeakExtension.class)
	static class SpringComesFirst {

		@DynamicPropertySource
		static void declare(DynamicPropertyRegistry registry) {
			registry.add("mmap.mappings.geoip.location", () -> file().toString());
		}

		@Test
		@DirtiesContext
		void leaves(@Autowired Indexer indexer) {
			assertThat(indexer.map().length()).isEqualTo(10_000);
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class RunsAContext {

		@Test
		void runs() {
			new ApplicationContextRunner().withUserConfiguration(Application.class)
				.withPropertyValues("mmap.mappings.geoip.location=" + file())
				.run((context) -> assertThat(context.getBean("mmap.geoip")).isNotNull());
		}

	}

	@ExtendWith(MappingLeakExtension.class)
	static class RunsAContextWithAnOrphan {

		@Test
		void runs() {
			new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class))
				.withBean(Orphan.class)
				.run((context) -> assertThat(context.getBean(Orphan.class).length()).isEqualTo(10_000));
		}

	}

	@DirtiesContext
	@ExtendWith(MappingLeakExtension.class)
	@SpringBootTest(classes = OwnRegistry.class, webEnvironment = WebEnvironment.NONE)
	static class UsesItsOwnRegistry {

		@Test
		void uses(@Autowired MappingRegistry registry) {
			assertThat(registry.get("geoip").length()).isEqualTo(10_000);
		}

	}

}
