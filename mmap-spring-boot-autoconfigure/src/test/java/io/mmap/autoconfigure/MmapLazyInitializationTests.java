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
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistry;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Applications that make their beans lazily, and injection points that do.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapLazyInitializationTests {

	@TempDir
	Path directory;

	private Path geoip;

	private Path words;

	@BeforeEach
	void writeFiles() throws IOException {
		this.geoip = Files.writeString(this.directory.resolve("geoip.bin"), "countries");
		this.words = Files.writeString(this.directory.resolve("words.bin"), "nouns and verbs");
	}

	@Test
	void aLazyApplicationMapsNothingUntilABeanNeedsIt() {
		try (ConfigurableApplicationContext context = runLazily(Eager.class)) {
			assertThat(ProcessMaps.regions(this.directory)).isEmpty();
			assertThat(MappedText.of(context.getBean(Eager.class).geoip)).isEqualTo("countries");
		}
	}

	@Test
	void aLazyApplicationDoesNotMapWhenItIsOnlyAskedWhatItHas() {
		try (ConfigurableApplicationContext context = runLazily()) {
			assertThat(context.getBeanNamesForType(MemoryMapping.class)).containsExactly("mmap.geoip", "mmap.words");
			assertThat(context.getType("mmap.geoip")).isEqualTo(MemoryMapping.class);
			assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		}
	}

	@Test
	void aLazyApplicationMapsEachFileOnce() {
		try (ConfigurableApplicationContext context = runLazily(Eager.class, All.class)) {
			context.getBean(Eager.class);
			context.getBean(All.class);
			context.getBean(MappingRegistry.class);
			assertMappedOnce();
		}
	}

	@Test
	void aLazyApplicationUnmapsWhenItIsClosed() {
		ConfigurableApplicationContext context = runLazily(Eager.class);
		Eager eager = context.getBean(Eager.class);
		context.close();
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThatIllegalStateException().isThrownBy(eager.geoip::segment);
	}

	@Test
	void aLazyApplicationThatNeverNeededItsMappingsIsClosedWithoutMakingThem() {
		Path created = this.directory.resolve("counters.bin");
		run(true, List.of("--mmap.mappings.counters.location=" + created, "--mmap.mappings.counters.create=true",
				"--mmap.mappings.counters.access=read-write", "--mmap.mappings.counters.length=1KB"))
			.close();
		assertThat(created).doesNotExist();
	}

	@Test
	void aLazyInjectionPointMapsWhenItIsFirstUsed() {
		try (ConfigurableApplicationContext context = runLazily(LazyPoint.class)) {
			LazyPoint point = context.getBean(LazyPoint.class);
			assertThat(ProcessMaps.regions(this.directory)).isEmpty();
			assertThat(MappedText.of(point.geoip)).isEqualTo("countries");
			assertThat(MappedText.of(point.geoip)).isEqualTo("countries");
			assertMappedOnce();
		}
	}

	@Test
	void aLazyInjectionPointUsesTheMappingThatIsThere() {
		try (ConfigurableApplicationContext context = run(false, List.of(), LazyPoint.class)) {
			LazyPoint point = context.getBean(LazyPoint.class);
			assertThat(point.geoip.address()).isEqualTo(context.getBean(MappingRegistry.class).get("geoip").address());
			assertMappedOnce();
		}
	}

	@Test
	void aLazyInjectionPointMayNotCloseADeclaredMappingEither() {
		try (ConfigurableApplicationContext context = runLazily(LazyPoint.class)) {
			LazyPoint point = context.getBean(LazyPoint.class);
			assertThatIllegalStateException().isThrownBy(point.geoip::close).withMessageContaining("'geoip'");
			assertThat(MappedText.of(point.geoip)).isEqualTo("countries");
		}
	}

	@Test
	void aLazyInjectionPointCanBeReadWhileItsBeanIsDestroyed() {
		ConfigurableApplicationContext context = runLazily(LazyPoint.class);
		LazyPoint point = context.getBean(LazyPoint.class);
		point.geoip.length();
		context.close();
		assertThat(point.readWhenDestroyed).isEqualTo("countries");
	}

	@Test
	void aProviderMapsWhenItIsAsked() {
		try (ConfigurableApplicationContext context = runLazily(Provider.class)) {
			Provider provider = context.getBean(Provider.class);
			assertThat(ProcessMaps.regions(this.directory)).isEmpty();
			assertThat(MappedText.of(provider.geoip.getObject())).isEqualTo("countries");
			assertThat(provider.geoip.getObject()).isSameAs(provider.geoip.getObject());
			assertMappedOnce();
		}
	}

	@Test
	void anOptionalMappingIsThereWhenItIsDeclared() {
		try (ConfigurableApplicationContext context = runLazily(Optionals.class)) {
			Optionals optionals = context.getBean(Optionals.class);
			assertThat(optionals.geoip).map(MappedText::of).hasValue("countries");
			assertMappedOnce();
		}
	}

	@Test
	void anOptionalMappingIsEmptyWhenItIsNotDeclared() {
		try (ConfigurableApplicationContext context = runLazily(Optionals.class)) {
			assertThat(context.getBean(Optionals.class).missing).isEmpty();
		}
	}

	@Test
	void allMappingsCanBeInjectedByTheNamesOfTheirBeans() {
		try (ConfigurableApplicationContext context = runLazily(All.class)) {
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			assertThat(context.getBean(All.class).map).containsExactly(Map.entry("mmap.geoip", registry.get("geoip")),
					Map.entry("mmap.words", registry.get("words")));
			assertMappedOnce();
		}
	}

	@Test
	void allMappingsCanBeInjectedInTheOrderOfDeclaration() {
		try (ConfigurableApplicationContext context = runLazily(All.class)) {
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			assertThat(context.getBean(All.class).list).containsExactly(registry.get("geoip"), registry.get("words"));
			assertMappedOnce();
		}
	}

	private ConfigurableApplicationContext runLazily(Class<?>... beans) {
		return run(true, List.of(), beans);
	}

	private ConfigurableApplicationContext run(boolean lazy, List<String> arguments, Class<?>... beans) {
		return new SpringApplicationBuilder(Application.class).sources(beans)
			.web(WebApplicationType.NONE)
			.properties("spring.main.lazy-initialization=" + lazy, "mmap.mappings.geoip.location=" + this.geoip,
					"mmap.mappings.words.location=" + this.words)
			.run(arguments.toArray(String[]::new));
	}

	private void assertMappedOnce() {
		assertThat(ProcessMaps.regions(this.geoip)).hasSize(1);
		assertThat(ProcessMaps.regions(this.words)).hasSize(1);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MmapAutoConfiguration.class)
	static class Application {

	}

	static class Eager {

		private final MemoryMapping geoip;

		Eager(@Qualifier("geoip") MemoryMapping geoip) {
			this.geoip = geoip;
		}

	}

	static class LazyPoint implements DisposableBean {

		private final MemoryMapping geoip;

		private String readWhenDestroyed = "";

		LazyPoint(@Lazy @Qualifier("geoip") MemoryMapping geoip) {
			this.geoip = geoip;
		}

		@Override
		public void destroy() {
			this.readWhenDestroyed = MappedText.of(this.geoip);
		}

	}

	record Provider(@Qualifier("geoip") ObjectProvider<MemoryMapping> geoip) {

	}

	record Optionals(@Qualifier("geoip") Optional<MemoryMapping> geoip,
			@Qualifier("missing") Optional<MemoryMapping> missing) {

	}

	record All(Map<String, MemoryMapping> map, List<MemoryMapping> list) {

	}

}
