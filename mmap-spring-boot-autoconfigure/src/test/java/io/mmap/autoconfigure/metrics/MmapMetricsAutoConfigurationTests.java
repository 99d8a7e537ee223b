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

package io.mmap.autoconfigure.metrics;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingListener;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.autoconfigure.BusyListener;
import io.mmap.autoconfigure.MmapAutoConfiguration;
import io.mmap.metrics.MmapMetrics;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When there are meters, and what they show last.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapMetricsAutoConfigurationTests {

	@TempDir
	Path directory;

	private Path geoip;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class, MmapMetricsAutoConfiguration.class));

	private final ApplicationContextRunner withMetrics = this.contextRunner
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class));

	@BeforeEach
	void writeFile() throws IOException {
		this.geoip = Files.writeString(this.directory.resolve("geoip.bin"), "countries");
	}

	@Test
	void metersAreBoundToTheMeterRegistry() {
		this.withMetrics.withPropertyValues("mmap.mappings.geoip.location=" + this.geoip).run((context) -> {
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.get("mmap.mapped").tag("name", "geoip").gauge().value()).isEqualTo(9);
			assertThat(meters.get("mmap.mapped").tag("name", "ad-hoc").gauge().value()).isZero();
		});
	}

	@Test
	void thereAreMetersWhenNothingIsDeclared() {
		this.withMetrics.run((context) -> assertThat(
				context.getBean(MeterRegistry.class).get("mmap.mapped").tag("name", "ad-hoc").gauge().value())
			.isZero());
	}

	@Test
	void withoutAMeterRegistryThereAreNoMeters() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MmapMetrics.class));
	}

	@Test
	void withoutAMappingRegistryThereAreNoMeters() {
		this.withMetrics.withPropertyValues("mmap.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MmapMetrics.class));
	}

	@Test
	void oneOfSeveralMappingRegistriesHasNoMeters() {
		this.withMetrics.withBean("first", MappingRegistry.class, () -> MappingRegistry.builder().build())
			.withBean("second", MappingRegistry.class, () -> MappingRegistry.builder().build())
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MmapMetrics.class));
	}

	@Test
	void withoutMicrometerThereAreNoMeters() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(MappingRegistry.class)
				.doesNotHaveBean("mmapMetrics"));
	}

	@Test
	void metersOfTheApplicationReplaceTheAutoConfiguredOnes() {
		this.withMetrics
			.withBean("ownMetrics", MmapMetrics.class, () -> new MmapMetrics(MappingRegistry.builder().build()))
			.run((context) -> assertThat(context).hasSingleBean(MmapMetrics.class).hasBean("ownMetrics"));
	}

	@Test
	void aMeterRegistryThatPublishesWhenItIsClosedKnowsOfLeaksFoundUntilThen() {
		LastWords lastWords = new LastWords();
		try (BusyListener listener = new BusyListener()) {
			this.withMetrics.withBean(MeterRegistry.class, () -> lastWords)
				.withBean(MappingListener.class, () -> listener)
				.run((context) -> {
					Garbage.collect(leak(context.getBean(MappingRegistry.class)));
					listener.awaitBusy();
					Garbage.collect(leak(context.getBean(MappingRegistry.class)));
					context.close();
					assertThat(lastWords.leaks).isEqualTo(2);
				});
		}
	}

	/**
	 * In a method of its own, so that no local variable keeps the mapping.
	 */
	private WeakReference<Object> leak(MappingRegistry registry) {
		return new WeakReference<>(registry.map(MappingSpec.file(this.geoip).build()).segment().scope());
	}

	/**
	 * Publishes for the last time when it is closed, as every push registry does.
	 */
	private static final class LastWords extends SimpleMeterRegistry {

		private double leaks = Double.NaN;

		@Override
		public void close() {
			this.leaks = get("mmap.leaks").tag("cause", "garbage-collected")
				.tag("name", "ad-hoc")
				.functionCounter()
				.count();
			super.close();
		}

	}

}
