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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.mmap.MemoryMapping;
import io.mmap.autoconfigure.health.MmapHealthContributorAutoConfiguration;
import io.mmap.autoconfigure.metrics.MmapMetricsAutoConfiguration;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * Applications that have some of the optional libraries: each starts, and each feature is
 * there when its libraries are.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapClassPathTests {

	private static final String ACTUATOR = "spring-boot-(starter-)?actuator.*\\.jar";

	private static final String HEALTH = "spring-boot-health-.*\\.jar";

	private static final String METRICS = "spring-boot-(starter-)?micrometer-metrics-.*\\.jar"
			+ "|micrometer-(core|jakarta9)-.*\\.jar|HdrHistogram-.*\\.jar";

	private static final String WEB = "spring-boot-(starter-)?(webmvc|webflux|tomcat|(reactor-)?netty|servlet|web-server"
			+ "|security).*\\.jar|spring-(web|webmvc|webflux|security-.*)-.*\\.jar|tomcat-embed-.*\\.jar"
			+ "|reactor-netty-.*\\.jar";

	private static final String CRAC = "crac-.*\\.jar";

	private static final String REGISTRY = "mappingRegistry";

	private static final String ENDPOINT = "mmapEndpoint";

	private static final String WEB_EXTENSION = "mmapEndpointWebExtension";

	private static final String HEALTH_INDICATOR = "mmapHealthIndicator";

	private static final String METERS = "mmapMetrics";

	private static final String INFO = "mmapInfoContributor";

	@TempDir
	Path directory;

	@ParameterizedTest
	@MethodSource("classPaths")
	void eachFeatureIsThereWhenItsLibrariesAre(List<String> missing, List<String> features) throws Exception {
		IsolatedClassPath classPath = new IsolatedClassPath();
		missing.forEach(classPath::without);
		Map<String, String> result = classPath.run(Application.class, file().toString());
		assertThat(result).containsEntry("content", "countries");
		assertThat(result.get("features").split(",")).containsExactlyInAnyOrderElementsOf(features);
	}

	static List<Arguments> classPaths() {
		return List.of(
				argumentSet("everything", List.of(),
						List.of(REGISTRY, ENDPOINT, WEB_EXTENSION, HEALTH_INDICATOR, METERS, INFO)),
				argumentSet("everything but the web", List.of(WEB),
						List.of(REGISTRY, ENDPOINT, WEB_EXTENSION, HEALTH_INDICATOR, METERS, INFO)),
				argumentSet("the starter alone", List.of(ACTUATOR, HEALTH, METRICS, WEB), List.of(REGISTRY)),
				argumentSet("everything but CRaC", List.of(CRAC),
						List.of(REGISTRY, ENDPOINT, WEB_EXTENSION, HEALTH_INDICATOR, METERS, INFO)),
				argumentSet("no actuator", List.of(ACTUATOR), List.of(REGISTRY, HEALTH_INDICATOR, METERS)),
				argumentSet("actuator without health", List.of(HEALTH),
						List.of(REGISTRY, ENDPOINT, WEB_EXTENSION, METERS, INFO)),
				argumentSet("actuator and health without metrics", List.of(METRICS),
						List.of(REGISTRY, ENDPOINT, WEB_EXTENSION, HEALTH_INDICATOR, INFO)),
				argumentSet("actuator alone", List.of(HEALTH, METRICS),
						List.of(REGISTRY, ENDPOINT, WEB_EXTENSION, INFO)),
				argumentSet("health alone", List.of(ACTUATOR, METRICS), List.of(REGISTRY, HEALTH_INDICATOR)),
				argumentSet("metrics alone", List.of(ACTUATOR, HEALTH), List.of(REGISTRY, METERS)));
	}

	@Test
	void theAutoConfigurationsBackOffWithoutTheirLibraries() {
		new ApplicationContextRunner()
			.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class,
					ConditionalOnEnabledInfoContributor.class, Health.class, MeterRegistry.class))
			.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class, MmapEndpointAutoConfiguration.class,
					MmapInfoContributorAutoConfiguration.class, MmapHealthContributorAutoConfiguration.class,
					MmapMetricsAutoConfiguration.class))
			.withPropertyValues("management.info.mmap.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean(REGISTRY)
				.doesNotHaveBean(ENDPOINT)
				.doesNotHaveBean(WEB_EXTENSION)
				.doesNotHaveBean(HEALTH_INDICATOR)
				.doesNotHaveBean(METERS)
				.doesNotHaveBean(INFO));
	}

	private Path file() throws IOException {
		return Files.writeString(this.directory.resolve("geoip.bin"), "countries");
	}

	/**
	 * Loaded with a class path of its own.
	 */
	public static class Application implements Function<String, Map<String, String>> {

		@Override
		public Map<String, String> apply(String file) {
			if (ClassUtils.isPresent("org.apache.catalina.webresources.TomcatURLStreamHandlerFactory", null)) {
				Tomcat.keepToItself();
			}
			SpringApplication application = new SpringApplication(TestConfiguration.class);
			application.setRegisterShutdownHook(false);
			try (ConfigurableApplicationContext context = application.run("--mmap.mappings.geoip.location=" + file,
					"--management.endpoints.web.exposure.include=*", "--management.info.mmap.enabled=true",
					"--server.port=0", "--server.address=127.0.0.1", "--spring.main.banner-mode=off",
					"--logging.level.root=warn")) {
				Map<String, String> result = new TreeMap<>();
				result.put("content", MappedText.of(context.getBean(MemoryMapping.class)));
				result.put("features", String.join(",", Arrays.stream(context.getBeanDefinitionNames())
					.filter(List.of(REGISTRY, ENDPOINT, WEB_EXTENSION, HEALTH_INDICATOR, METERS, INFO)::contains)
					.toList()));
				return result;
			}
		}

	}

	/**
	 * Only loaded when there is Tomcat.
	 */
	static class Tomcat {

		/**
		 * A process can have one factory only, and may have that of another Tomcat.
		 */
		static void keepToItself() {
			TomcatURLStreamHandlerFactory.disable();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestConfiguration {

	}

}
