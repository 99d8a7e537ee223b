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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.management.JMException;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A whole application, asked over JMX by somebody who has none of its classes.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapEndpointJmxTests {

	@TempDir
	Path directory;

	private Path geoip;

	private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

	@BeforeEach
	void writeFile() throws IOException {
		this.geoip = Files.write(this.directory.resolve("geoip.bin"), new byte[10_000]);
	}

	@Test
	void everythingIsShown() throws Exception {
		try (Application application = new Application()) {
			Map<String, Object> shown = application.invoke("mmap", null, null, null, null, null, null);
			assertThat(shown).containsOnlyKeys("mapper", "totals", "limits", "process", "capabilities", "leaks",
					"errors", "warnings", "preloads", "names", "selection", "mappings");
			assertThat(shown).extractingByKey("totals", InstanceOfAssertFactories.MAP).containsEntry("mapped", 10_000L);
			assertThat(mappings(shown)).singleElement().satisfies((mapping) -> {
				assertThat(mapping).containsEntry("name", "geoip").containsEntry("path", "******");
				assertThat(Instant.parse((String) mapping.get("mappedAt"))).isBefore(Instant.now());
			});
			assertThat(shown.toString()).doesNotContain(this.directory.toString());
		}
	}

	@Test
	void mappingsAreListedAsTheParametersSay() throws Exception {
		try (Application application = new Application();
				MemoryMapping mapping = application.registry().map(MappingSpec.anonymous(4096).build())) {
			assertThat(mappings(application.invoke("mmap", 0, null, null, null, null, null))).isEmpty();
			assertThat(mappings(application.invoke("mmap", 5, "geo", "declared", "file", "mapped", null)))
				.extracting((shown) -> shown.get("name"))
				.containsExactly("geoip");
			assertThat(mappings(application.invoke("mmap", null, null, "ad-hoc", null, null, "JmxTests")))
				.extracting((shown) -> shown.get("name"))
				.containsExactly(mapping.name());
		}
	}

	@Test
	void aMappingIsShownInDetail() throws Exception {
		try (Application application = new Application()) {
			Map<String, Object> shown = application.invoke("mapping", "geoip", null, 2);
			assertThat(shown).containsEntry("name", "geoip").containsEntry("kind", "mapping");
			assertThat(mappings(shown).getFirst()).extractingByKey("parts", InstanceOfAssertFactories.MAP)
				.extractingByKey("resident", InstanceOfAssertFactories.LIST)
				.hasSize(2);
			assertThat(application.invoke("mapping", "unknown", null, null)).isNull();
		}
	}

	@Test
	void whatMakesNoSenseIsRefused() throws Exception {
		try (Application application = new Application()) {
			assertThatExceptionOfType(ReflectionException.class)
				.isThrownBy(() -> application.invoke("mmap", 1001, null, null, null, null, null))
				.withMessageContaining("'limit' must be a number from 0 to 1000, but is '1001'");
		}
	}

	@Test
	void pathsAreShownIfThatIsConfiguredAsThereIsNobodyToAuthorize() throws Exception {
		try (Application application = new Application("management.endpoint.mmap.show-values=when-authorized")) {
			assertThat(mappings(application.invoke("mapping", "geoip", null, null)).getFirst()).containsEntry("path",
					this.geoip.toString());
		}
	}

	@Test
	void whatIsUnknownIsNull() throws Exception {
		try (Application application = new Application("mmap.mapper=jdk")) {
			Map<String, Object> shown = application.invoke("mapping", "geoip", null, null);
			assertThat(mappings(shown)).singleElement()
				.extracting((mapping) -> mapping.get("residency"), InstanceOfAssertFactories.MAP)
				.containsEntry("resident", null)
				.containsEntry("dirty", null)
				.containsKey("reason");
			assertThat(application.invoke("mapping", "unknown", null, null)).isNull();
		}
	}

	@Test
	void withoutUnrestrictedAccessThereAreOperationsToLookOnly() throws Exception {
		try (Application application = new Application()) {
			assertThat(application.operations()).extracting(MBeanFeatureInfo::getName)
				.containsExactlyInAnyOrder("mmap", "mapping");
		}
	}

	@Test
	void withUnrestrictedAccessMappingsAreActedUpon() throws Exception {
		try (Application application = new Application("management.endpoint.mmap.access=unrestricted");
				MemoryMapping mapping = application.registry().map(MappingSpec.file(this.geoip).build())) {
			assertThat(application.operations()).extracting(MBeanFeatureInfo::getName)
				.containsExactlyInAnyOrder("mmap", "mapping", "act", "unmap");
			assertThat(application.invoke("act", "geoip", "advise", "random")).containsEntry("outcome", "done");
			assertThat(application.invoke("act", "geoip", "reload", null)).containsEntry("outcome", "done");
			assertThat(application.invoke("act", "geoip", "flush", null)).containsEntry("outcome", "refused")
				.containsEntry("message", "******");
			assertThat(application.invoke("act", "unknown", "flush", null)).isNull();
			assertThat(application.invoke("unmap", "geoip")).containsEntry("outcome", "refused");
			assertThat(application.invoke("unmap", mapping.name())).containsEntry("outcome", "done");
			assertThat(application.registry().find(mapping.name())).isEmpty();
		}
	}

	@Test
	void withoutAccessThereIsNoBean() throws Exception {
		try (Application application = new Application("management.endpoint.mmap.access=none")) {
			assertThat(this.server.queryNames(application.name(), null)).isEmpty();
		}
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> mappings(Map<String, Object> shown) {
		return (List<Map<String, Object>>) shown.get("mappings");
	}

	/**
	 * Transfer what was returned to a client that has classes of the JDK only.
	 */
	private static Object transfer(Object returned) throws IOException, ClassNotFoundException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(returned);
		}
		try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
			in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("java.**;!*"));
			return in.readObject();
		}
	}

	/**
	 * An application whose endpoints are exposed by JMX.
	 */
	private final class Application implements AutoCloseable {

		private final ConfigurableApplicationContext context;

		Application(String... properties) {
			SpringApplication application = new SpringApplication(TestConfiguration.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			application.setRegisterShutdownHook(false);
			application
				.setDefaultProperties(Map.of("spring.jmx.enabled", "true", "management.endpoints.jmx.exposure.include",
						"mmap", "mmap.mappings.geoip.location", MmapEndpointJmxTests.this.geoip.toString()));
			this.context = application
				.run(Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new));
		}

		MappingRegistry registry() {
			return this.context.getBean(MappingRegistry.class);
		}

		ObjectName name() throws JMException {
			return new ObjectName("org.springframework.boot:type=Endpoint,name=Mmap");
		}

		List<MBeanOperationInfo> operations() throws JMException {
			return List.of(MmapEndpointJmxTests.this.server.getMBeanInfo(name()).getOperations());
		}

		@SuppressWarnings("unchecked")
		Map<String, Object> invoke(String operation, Object... parameters)
				throws JMException, IOException, ClassNotFoundException {
			MBeanOperationInfo info = operations().stream()
				.filter((each) -> each.getName().equals(operation))
				.findFirst()
				.orElseThrow();
			String[] signature = Stream.of(info.getSignature()).map(MBeanParameterInfo::getType).toArray(String[]::new);
			return (Map<String, Object>) transfer(
					MmapEndpointJmxTests.this.server.invoke(name(), operation, parameters, signature));
		}

		@Override
		public void close() {
			this.context.close();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TestConfiguration {

	}

}
