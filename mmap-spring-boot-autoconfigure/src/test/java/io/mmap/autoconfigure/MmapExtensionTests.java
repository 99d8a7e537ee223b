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
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.InvalidMappingException;
import io.mmap.MappingAccess;
import io.mmap.MappingInfo;
import io.mmap.FileMappingBuilder;
import io.mmap.MappingListener;
import io.mmap.MappingRegistrar;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MappingSpecCustomizer;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application can add to the declarations in its configuration.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapExtensionTests {

	@TempDir
	static Path directory;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class));

	@BeforeEach
	void writeFiles() throws IOException {
		Files.writeString(directory.resolve("geoip.bin"), "countries");
		Files.writeString(directory.resolve("words.bin"), "words");
	}

	@Test
	void registrarsDeclareMappingsInOrderAfterTheConfiguration() {
		this.contextRunner.withUserConfiguration(Registrars.class)
			.withPropertyValues("mmap.mappings.geoip.location=" + directory.resolve("geoip.bin"))
			.run((context) -> {
				MappingRegistry registry = context.getBean(MappingRegistry.class);
				assertThat(registry.mappings()).extracting(MappingInfo::name)
					.containsExactly("geoip", "first", "second");
				assertThat(MappedText.of(registry.get("second"))).isEqualTo("words");
			});
	}

	@Test
	void whatARegistrarDeclaresBelongsToTheRegistry() {
		this.contextRunner.withUserConfiguration(Registrars.class).run((context) -> {
			assertThat(ProcessMaps.regions(directory)).hasSize(2);
			assertThat(context).doesNotHaveBean(MemoryMapping.class);
			context.close();
			assertThat(ProcessMaps.regions(directory)).isEmpty();
		});
	}

	@Test
	void aRegistrarThatFailsLeavesNothingMapped() {
		this.contextRunner.withPropertyValues("mmap.mappings.geoip.location=" + directory.resolve("geoip.bin"))
			.withBean(MappingRegistrar.class, () -> (declarations) -> {
				throw new IllegalStateException("a registrar failed");
			})
			.run((context) -> {
				assertThat(context).hasFailed().getFailure().hasStackTraceContaining("a registrar failed");
				assertThat(ProcessMaps.regions(directory)).isEmpty();
			});
	}

	@Test
	void aRegistrarCannotDeclareANameOnceMore() {
		this.contextRunner.withPropertyValues("mmap.mappings.geoip.location=" + directory.resolve("geoip.bin"))
			.withBean(MappingRegistrar.class, () -> (declarations) -> declarations.declare("geoip", spec("words.bin")))
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOf(InvalidMappingException.class)
				.hasMessage("Invalid mapping 'geoip': a mapping 'geoip' is declared already. Choose another name, or"
						+ " remove one of the declarations."));
	}

	@Test
	void customizersHaveTheLastWordInOrder() {
		this.contextRunner.withUserConfiguration(Customizers.class)
			.withPropertyValues("mmap.mappings.geoip.location=" + directory.resolve("geoip.bin"))
			.run((context) -> {
				MappingInfo mapping = context.getBean(MappingRegistry.class).mappings().getFirst();
				assertThat(mapping.length()).isEqualTo(4);
				assertThat(mapping.label()).isEqualTo("last: geoip");
				assertThat(mapping.access()).isEqualTo(MappingAccess.COPY_ON_WRITE);
			});
	}

	@Test
	void customizersAreAskedForEachMemberOfASet() {
		List<String> asked = new ArrayList<>();
		this.contextRunner
			.withBean(MappingSpecCustomizer.class, () -> (name, spec) -> asked.add(name + " " + spec.getClass()))
			.withPropertyValues("mmap.mappings.all.location=" + directory.resolve("*.bin"))
			.run((context) -> assertThat(asked).hasSize(2).allMatch((each) -> each.startsWith("all class")));
	}

	@Test
	void whatACustomizerMakesOfASpecIsChecked() {
		this.contextRunner.withBean(MappingSpecCustomizer.class, () -> (name, spec) -> spec.length(-7))
			.withPropertyValues("mmap.mappings.geoip.location=" + directory.resolve("geoip.bin"))
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("length must be positive, but is -7"));
	}

	@Test
	void aCustomizerCannotConfineADeclaredMappingToAThread() {
		this.contextRunner.withBean(MappingSpecCustomizer.class, () -> (name, spec) -> spec.confined(true))
			.withPropertyValues("mmap.mappings.geoip.location=" + directory.resolve("geoip.bin"))
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("confined makes no sense for a declared mapping"));
	}

	@Test
	void listenersAreToldInOrder() throws IOException {
		List<String> told = new ArrayList<>();
		this.contextRunner.withBean("second", MappingListener.class, () -> new Second(told))
			.withBean("first", MappingListener.class, () -> new First(told))
			.withPropertyValues("mmap.mappings.words.location=" + directory.resolve("words.bin"))
			.run((context) -> {
				Path next = Files.writeString(directory.resolve("next"), "new words");
				Files.move(next, directory.resolve("words.bin"), StandardCopyOption.REPLACE_EXISTING);
				context.getBean(MappingRegistry.class).reload("words");
				assertThat(MappedText.of(context.getBean(MemoryMapping.class))).isEqualTo("new words");
			});
		assertThat(told).containsExactly("first: mapped", "second: mapped", "first: reloaded", "second: reloaded",
				"first: unmapped", "second: unmapped");
	}

	private static MappingSpec spec(String file) {
		return MappingSpec.file(directory.resolve(file)).build();
	}

	@Configuration(proxyBeanMethods = false)
	static class Registrars {

		@Bean
		@Order(2)
		MappingRegistrar late() {
			return (declarations) -> declarations.declare("second", spec("words.bin"));
		}

		@Bean
		@Order(1)
		MappingRegistrar early() {
			return (declarations) -> declarations.declare("first", spec("geoip.bin"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		@Bean
		@Order(2)
		MappingSpecCustomizer late() {
			return (name, spec) -> {
				spec.label("last: " + name);
				if (spec instanceof FileMappingBuilder file) {
					file.access(MappingAccess.COPY_ON_WRITE);
				}
			};
		}

		@Bean
		@Order(1)
		MappingSpecCustomizer early() {
			return (name, spec) -> spec.label("first").length(4);
		}

	}

	@Order(1)
	static class First extends Recording {

		First(List<String> told) {
			super("first: ", told);
		}

	}

	@Order(2)
	static class Second extends Recording {

		Second(List<String> told) {
			super("second: ", told);
		}

	}

	abstract static class Recording implements MappingListener {

		private final String name;

		private final List<String> told;

		Recording(String name, List<String> told) {
			this.name = name;
			this.told = told;
		}

		@Override
		public void mapped(MappingInfo mapping) {
			this.told.add(this.name + "mapped");
		}

		@Override
		public void unmapped(MappingInfo mapping) {
			this.told.add(this.name + "unmapped");
		}

		@Override
		public void reloaded(MappingInfo mapping) {
			this.told.add(this.name + "reloaded");
		}

	}

}
