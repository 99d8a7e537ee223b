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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingInfo;
import io.mmap.MappingListener;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.NoSuchMappingException;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Which beans there are, and what an application can do with them.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapAutoConfigurationTests {

	@TempDir
	Path directory;

	private Path geoip;

	private Path words;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class));

	@BeforeEach
	void writeFiles() throws IOException {
		this.geoip = Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		this.words = Files.writeString(this.directory.resolve("words.bin"), "nouns and verbs");
	}

	@Test
	void withoutDeclarationsNothingIsMappedAndNoThreadIsStarted() {
		Set<Thread> before = ownThreads();
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(MappingRegistry.class).doesNotHaveBean(MemoryMapping.class);
			assertThat(context.getBean(MappingRegistry.class).mappings()).isEmpty();
			assertThat(ProcessMaps.regions(this.directory)).isEmpty();
			assertThat(before).containsAll(ownThreads());
		});
	}

	@Test
	void aDeclaredMappingIsMappedWithoutAnyoneAskingForIt() {
		declaringGeoip().run((context) -> assertThat(ProcessMaps.regions(this.geoip)).hasSize(1));
	}

	@Test
	void aDeclaredMappingIsFoundInTheRegistry() {
		declaringGeoip().run((context) -> {
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			assertThat(MappedText.of(registry.get("geoip"))).isEqualTo("countries");
			assertThat(registry.mappings()).singleElement().satisfies((mapping) -> {
				assertThat(mapping.declared()).isTrue();
				assertThat(mapping.name()).isEqualTo("geoip");
				assertThat(mapping.path()).isEqualTo(this.geoip);
			});
		});
	}

	@Test
	void declaredMappingsAreMadeInTheOrderOfDeclaration() {
		declaringBoth().run(
				(context) -> assertThat(context.getBean(MappingRegistry.class).mappings()).extracting(MappingInfo::name)
					.containsExactly("words", "geoip"));
	}

	@Test
	void aBeanThatInjectsTheRegistryCanReadDeclaredMappingsInItsConstructor() {
		declaringGeoip().withUserConfiguration(RegistryReader.class)
			.run((context) -> assertThat(context.getBean(RegistryReader.class).content).isEqualTo("countries"));
	}

	@Test
	void aBeanCanInjectADeclaredMappingByItsName() {
		declaringBoth().withUserConfiguration(QualifiedReader.class)
			.run((context) -> assertThat(context.getBean(QualifiedReader.class).content).isEqualTo("countries"));
	}

	@Test
	void theOnlyDeclaredMappingNeedsNoQualifier() {
		declaringGeoip().withUserConfiguration(UnqualifiedReader.class)
			.run((context) -> assertThat(context.getBean(UnqualifiedReader.class).content).isEqualTo("countries"));
	}

	@Test
	void oneOfTwoDeclaredMappingsNeedsAQualifier() {
		declaringBoth().withUserConfiguration(UnqualifiedReader.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(NoUniqueBeanDefinitionException.class)
				.hasMessageContaining("mmap.geoip")
				.hasMessageContaining("mmap.words"));
	}

	@Test
	void aQualifierThatIsNotDeclaredFailsStartUp() {
		this.contextRunner.withPropertyValues("mmap.mappings.words.location=" + this.words)
			.withUserConfiguration(QualifiedReader.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("Qualifier(\"geoip\")"));
	}

	@Test
	void theBeanOfAMappingIsTheHandleOfTheRegistry() {
		declaringGeoip().run((context) -> assertThat(context.getBean("mmap.geoip"))
			.isSameAs(context.getBean(MappingRegistry.class).get("geoip")));
	}

	@Test
	void theBeanOfAMappingDoesNotCollideWithABeanOfTheApplication() {
		declaringGeoip().withBean("geoip", String.class, () -> "a bean of the application").run((context) -> {
			assertThat(context.getBean("geoip")).isEqualTo("a bean of the application");
			assertThat(context.getBean("mmap.geoip")).isInstanceOf(MemoryMapping.class);
		});
	}

	@Test
	@Fault("declared-mapping-closed")
	void anApplicationThatClosesADeclaredMappingIsRefused() {
		declaringGeoip().run((context) -> {
			MemoryMapping mapping = context.getBean(MemoryMapping.class);
			assertThatIllegalStateException().isThrownBy(mapping::close).withMessageContaining("'geoip'");
			assertThatIllegalStateException().isThrownBy(mapping::unmap).withMessageContaining("'geoip'");
			assertThat(MappedText.of(mapping)).isEqualTo("countries");
		});
	}

	@Test
	void anAdHocMappingCanBeMadeBesideDeclaredOnes() {
		declaringGeoip().run((context) -> {
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			try (MemoryMapping mapping = registry.map(MappingSpec.file(this.words).build())) {
				assertThat(MappedText.of(mapping)).isEqualTo("nouns and verbs");
			}
			assertThat(ProcessMaps.regions(this.words)).isEmpty();
		});
	}

	@Test
	void whenDisabledThereAreNoBeansAndNoFileIsTouched() {
		Path created = this.directory.resolve("counters.bin");
		declaringGeoip()
			.withPropertyValues("mmap.enabled=false", "mmap.mappings.counters.location=" + created,
					"mmap.mappings.counters.access=read-write", "mmap.mappings.counters.length=1KB",
					"mmap.mappings.counters.create=true")
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.doesNotHaveBean(MappingRegistry.class)
					.doesNotHaveBean(MemoryMapping.class)
					.doesNotHaveBean(MmapProperties.class);
				assertThat(created).doesNotExist();
				assertThat(ProcessMaps.regions(this.directory)).isEmpty();
			});
	}

	@Test
	void whenLazyNothingIsMappedBeforeItIsNeeded() {
		declaringGeoip()
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(ProcessMaps.regions(this.geoip)).isEmpty();
				assertThat(MappedText.of(context.getBean(MemoryMapping.class))).isEqualTo("countries");
			});
	}

	@Test
	void aRegistryOfTheApplicationReplacesTheAutoConfiguredOne() {
		this.contextRunner.withUserConfiguration(OwnRegistry.class)
			.run((context) -> assertThat(context).hasSingleBean(MappingRegistry.class)
				.hasBean("ownRegistry")
				.doesNotHaveBean("mappingRegistry"));
	}

	@Test
	void withARegistryOfTheApplicationDeclarationsAreNotMadeBehindItsBack() {
		declaringGeoip().withUserConfiguration(OwnRegistry.class).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(MemoryMapping.class);
			assertThat(ProcessMaps.regions(this.geoip)).isEmpty();
			assertThatExceptionOfType(NoSuchMappingException.class)
				.isThrownBy(() -> context.getBean(MappingRegistry.class).get("geoip"));
		});
	}

	@Test
	void anApplicationMayHaveSeveralRegistriesOfItsOwn() {
		declaringGeoip().withBean("first", MappingRegistry.class, () -> MappingRegistry.builder().build())
			.withBean("second", MappingRegistry.class, () -> MappingRegistry.builder().build())
			.run((context) -> assertThat(context).hasNotFailed().getBeans(MappingRegistry.class).hasSize(2));
	}

	@Test
	void listenersAreCalledInTheirOrder() {
		declaringGeoip().withUserConfiguration(Listeners.class).run((context) -> {
			News news = context.getBean(News.class);
			assertThat(news.told).containsExactly("first mapped geoip", "second mapped geoip");
			context.close();
			assertThat(news.told.subList(2, 4)).containsExactly("first unmapped geoip", "second unmapped geoip");
		});
	}

	private ApplicationContextRunner declaringGeoip() {
		return this.contextRunner.withPropertyValues("mmap.mappings.geoip.location=" + this.geoip);
	}

	private ApplicationContextRunner declaringBoth() {
		return this.contextRunner.withPropertyValues("mmap.mappings.words.location=" + this.words,
				"mmap.mappings.geoip.location=" + this.geoip);
	}

	/**
	 * Those of other tests may not have ended yet.
	 */
	private static Set<Thread> ownThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("mmap-"))
			.collect(Collectors.toSet());
	}

	static class RegistryReader {

		private final String content;

		RegistryReader(MappingRegistry registry) {
			this.content = MappedText.of(registry.get("geoip"));
		}

	}

	static class QualifiedReader {

		private final String content;

		QualifiedReader(@Qualifier("geoip") MemoryMapping mapping) {
			this.content = MappedText.of(mapping);
		}

	}

	static class UnqualifiedReader {

		private final String content;

		UnqualifiedReader(MemoryMapping mapping) {
			this.content = MappedText.of(mapping);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRegistry {

		@Bean
		MappingRegistry ownRegistry() {
			return MappingRegistry.builder().build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		@Bean
		News news() {
			return new News(new ArrayList<>());
		}

		@Bean
		@Order(2)
		MappingListener secondListener(News news) {
			return news.listener("second");
		}

		@Bean
		@Order(1)
		MappingListener firstListener(News news) {
			return news.listener("first");
		}

	}

	/**
	 * What listeners were told.
	 *
	 * @param told who was told what, in this order
	 */
	record News(List<String> told) {

		MappingListener listener(String name) {
			return new MappingListener() {

				@Override
				public void mapped(MappingInfo mapping) {
					News.this.told.add(name + " mapped " + mapping.name());
				}

				@Override
				public void unmapped(MappingInfo mapping) {
					News.this.told.add(name + " unmapped " + mapping.name());
				}

			};
		}

	}

}
