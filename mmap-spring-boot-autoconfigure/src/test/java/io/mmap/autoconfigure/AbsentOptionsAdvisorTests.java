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

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.mmap.Advice;
import io.mmap.MappingAccess;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which options of a declared mapping are looked for.
 */
@ExtendWith(NothingLeftBehind.class)
class AbsentOptionsAdvisorTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class))
		.withPropertyValues("mmap.mappings.geoip.location=optional:/missing");

	@Test
	void anOptionThatNobodyHasWrittenIsNotLookedFor() {
		Set<String> asked = ConcurrentHashMap.newKeySet();
		Map<String, Object> properties = new HashMap<>(Map.of("mmap.mappings.geoip.lazy", "true")) {

			@Override
			public @Nullable Object get(Object name) {
				asked.add((String) name);
				return super.get(name);
			}

		};
		this.contextRunner.withInitializer(with(new MapPropertySource("asked", properties))).run((context) -> {
			assertThat(mapping(context.getBean(MmapProperties.class)).isLazy()).isTrue();
			assertThat(asked).contains("mmap.mappings.geoip.lazy")
				.doesNotContain("mmap.mappings.geoip.huge-pages", "mmap.mappings.geoip.seals");
		});
	}

	@Test
	void anOptionThatASourceHasButDoesNotListIsFound() {
		MapPropertySource source = new MapPropertySource("more", Map.of("mmap.mappings.geoip.offset", "0")) {

			@Override
			public @Nullable Object getProperty(String name) {
				return name.equals("mmap.mappings.geoip.lazy") ? "true" : super.getProperty(name);
			}

		};
		this.contextRunner.withInitializer(with(source))
			.run((context) -> assertThat(mapping(context.getBean(MmapProperties.class)).isLazy()).isTrue());
	}

	@Test
	void anOptionInVariablesOfAnotherSourceIsFound() {
		this.contextRunner
			.withInitializer(
					with(new SystemEnvironmentPropertySource("dotenv", Map.of("MMAP_MAPPINGS_GEOIP_LAZY", "true"))))
			.run((context) -> assertThat(mapping(context.getBean(MmapProperties.class)).isLazy()).isTrue());
	}

	@Test
	void anotherSpellingOfAnOptionIsFound() {
		this.contextRunner
			.withPropertyValues("mmap.mappings.geoip.flushOnUnmap=true", "mmap.mappings.geoip.ACCESS=read-write")
			.run((context) -> {
				MappingProperties mapping = mapping(context.getBean(MmapProperties.class));
				assertThat(mapping.getFlushOnUnmap()).isTrue();
				assertThat(mapping.getAccess()).isEqualTo(MappingAccess.READ_WRITE);
			});
	}

	@Test
	void anOptionWithManyValuesIsFound() {
		this.contextRunner
			.withPropertyValues("mmap.mappings.geoip.advice[0]=will-need", "mmap.mappings.geoip.advice[1]=sequential")
			.run((context) -> assertThat(mapping(context.getBean(MmapProperties.class)).getAdvice())
				.containsExactly(Advice.of("will-need"), Advice.of("sequential")));
	}

	@Test
	void anOptionInTheEnvironmentIsFoundHoweverItsHyphensAreWritten() {
		this.contextRunner
			.withInitializer(with(new SystemEnvironmentPropertySource("systemEnvironment",
					Map.of("MMAP_MAPPINGS_GEOIP_LAZY", "true", "MMAP_MAPPINGS_GEOIP_NO_RESERVE", "true"))))
			.run((context) -> {
				MappingProperties mapping = mapping(context.getBean(MmapProperties.class));
				assertThat(mapping.isLazy()).isTrue();
				assertThat(mapping.isNoReserve()).isTrue();
			});
	}

	@Test
	void anOptionInASourceThatCannotTellItsNamesIsFound() {
		PropertySource<Object> source = new PropertySource<>("secret", new Object()) {

			@Override
			public @Nullable Object getProperty(String name) {
				return name.equals("mmap.mappings.geoip.lazy") ? "true" : null;
			}

		};
		this.contextRunner.withInitializer(with(source))
			.run((context) -> assertThat(mapping(context.getBean(MmapProperties.class)).isLazy()).isTrue());
	}

	private static MappingProperties mapping(MmapProperties properties) {
		return properties.getMappings().get("geoip");
	}

	private static ApplicationContextInitializer<ConfigurableApplicationContext> with(PropertySource<?> source) {
		return (context) -> context.getEnvironment().getPropertySources().addFirst(source);
	}

}
