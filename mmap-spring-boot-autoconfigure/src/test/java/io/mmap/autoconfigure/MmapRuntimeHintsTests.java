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
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.actuate.endpoint.MmapActionDescriptor;
import io.mmap.actuate.endpoint.MmapDescriptor;
import io.mmap.actuate.endpoint.MmapEndpoint;
import io.mmap.actuate.endpoint.MmapEndpointWebExtension;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.context.servlet.AnnotationConfigServletWebApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.javapoet.ClassName;
import org.springframework.mock.web.MockServletContext;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a native image is told of an application that uses this library: everything that
 * is found by reflection, and what is mapped from its class path.
 */
class MmapRuntimeHintsTests {

	private static final Path SPRING_FACTORIES = Path.of("src", "main", "resources", "META-INF", "spring.factories");

	@ParameterizedTest
	@ValueSource(classes = { MmapProperties.class, MappingProperties.class, MmapEndpointProperties.class })
	void propertiesCanBeBound(Class<?> properties) throws NoSuchMethodException {
		RuntimeHints hints = process();
		assertThat(ReflectionUtils.getUniqueDeclaredMethods(properties))
			.filteredOn((method) -> method.getName().startsWith("set"))
			.isNotEmpty()
			.allSatisfy((setter) -> assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(setter))
				.as("%s", setter)
				.accepts(hints));
		assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(properties.getDeclaredConstructor()))
			.accepts(hints);
	}

	@Test
	void aPropertyIsFoundByTheNameThatItIsGiven() {
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(MappingProperties.class, "map32Bit"))
			.accepts(process());
	}

	@ParameterizedTest
	@ValueSource(classes = { MmapEndpoint.class, MmapEndpointWebExtension.class })
	void operationsOfTheEndpointCanBeInvokedAndAnswered(Class<?> endpoint) {
		RuntimeHints hints = process();
		assertThat(operations(endpoint)).hasSize(4)
			.allSatisfy((operation) -> assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(operation))
				.as("%s", operation)
				.accepts(hints));
		Set<Class<?>> records = new LinkedHashSet<>();
		operations(endpoint).forEach((operation) -> collectRecords(operation.getGenericReturnType(), records));
		assertThat(records).contains(MmapDescriptor.class, MmapDescriptor.LeakDescriptor.class,
				MmapActionDescriptor.class);
		assertThat(records).allSatisfy((type) -> {
			for (RecordComponent component : type.getRecordComponents()) {
				assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(component.getAccessor()))
					.as("%s", component.getAccessor())
					.accepts(hints);
			}
		});
	}

	@Test
	void whatSpringFactoriesListCanBeMade() throws IOException {
		RuntimeHints hints = process();
		Properties factories = PropertiesLoaderUtils.loadProperties(new FileSystemResource(SPRING_FACTORIES));
		List<String> classes = factories.values()
			.stream()
			.flatMap((names) -> Stream.of(StringUtils.commaDelimitedListToStringArray(names.toString())))
			.toList();
		assertThat(classes).contains(SpringBootVersionInitializer.class.getName(),
				DeclaredMappingFailureAnalyzer.class.getName());
		assertThat(classes).allSatisfy((name) -> assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(Class.forName(name).getDeclaredConstructors()[0])).accepts(hints));
	}

	@Test
	void whatIsDeclaredOnTheClassPathIsContained() {
		RuntimeHints hints = process("mmap.mappings.geoip.location=classpath:data/geoip.bin",
				"mmap.mappings.words.location=optional:classpath:/data/words.bin",
				"mmap.mappings.shards.location=classpath*:shards/**/?.bin",
				"mmap.mappings.elsewhere.location=file:/srv/elsewhere.bin");
		assertThat(RuntimeHintsPredicates.resource().forResource("data/geoip.bin")).accepts(hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("data/words.bin")).accepts(hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("shards/2026/a.bin")).accepts(hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("srv/elsewhere.bin")).rejects(hints);
		assertThat(RuntimeHintsPredicates.resource().forResource("data/other.bin")).rejects(hints);
	}

	@Test
	void nothingIsContainedOfADisabledLibrary() {
		RuntimeHints hints = process("mmap.enabled=false", "mmap.mappings.geoip.location=classpath:data/geoip.bin");
		assertThat(RuntimeHintsPredicates.resource().forResource("data/geoip.bin")).rejects(hints);
	}

	private static RuntimeHints process(String... properties) {
		try (AnnotationConfigServletWebApplicationContext context = new AnnotationConfigServletWebApplicationContext()) {
			context.setServletContext(new MockServletContext());
			TestPropertyValues.of("management.endpoints.web.exposure.include=mmap").and(properties).applyTo(context);
			context.register(MmapAutoConfiguration.class, MmapEndpointAutoConfiguration.class,
					EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class);
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get(MmapRuntimeHintsTests.class)), new InMemoryGeneratedFiles());
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			return generation.getRuntimeHints();
		}
	}

	private static Stream<Method> operations(Class<?> endpoint) {
		return Stream.of(endpoint.getDeclaredMethods())
			.filter((method) -> Modifier.isPublic(method.getModifiers()))
			.filter((method) -> AnnotatedElementUtils.isAnnotated(method, ReadOperation.class)
					|| AnnotatedElementUtils.isAnnotated(method, WriteOperation.class)
					|| AnnotatedElementUtils.isAnnotated(method, DeleteOperation.class));
	}

	/**
	 * Collects what is part of an answer.
	 */
	private static void collectRecords(Type type, Set<Class<?>> records) {
		ResolvableType resolvable = ResolvableType.forType(type);
		for (ResolvableType generic : resolvable.getGenerics()) {
			collectRecords(generic.getType(), records);
		}
		Class<?> resolved = resolvable.resolve(Object.class);
		if (resolved.isRecord() && records.add(resolved)) {
			for (RecordComponent component : resolved.getRecordComponents()) {
				collectRecords(component.getGenericType(), records);
			}
		}
	}

}
