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
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.mmap.Capability;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.OperationErrors;
import io.mmap.actuate.endpoint.MmapEndpoint;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * {@code docs/endpoint.md} has each field and parameter of the endpoint, and nothing
 * else.
 */
class EndpointFieldsTests {

	private static final String NAME = "docs/endpoint.md";

	private static final Pattern FIELD = Pattern.compile("\\| `(\\w+)` \\| ([^|]*) \\| ([^|]*) \\|(.*)");

	private static final Pattern PARAMETER = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE);

	private static final Pattern SANITIZED = Pattern.compile("sanitize\\(\"(\\w+)\"");

	private static final Pattern WORD = Pattern.compile("`(\\w+)`");

	private static final Path ENDPOINT = Path.of("src", "main", "java", "io", "mmap", "actuate", "endpoint");

	private static final Set<String> UNITS = Set.of("seconds", "percent");

	private static final Set<String> UNITS_AND_NONE = Set.of("", "bytes", "regions, or bytes");

	@Test
	void eachFieldIsThereWithItsType() {
		Page page = Page.of(NAME);
		List<String> lines = new ArrayList<>();
		List<RecordComponent> expected = List.of();
		int next = 0;
		for (String line : page.lines()) {
			Matcher field = FIELD.matcher(line);
			if (line.startsWith("### ")) {
				String heading = line.substring(4);
				expected = descriptors().stream()
					.filter((type) -> type.getSimpleName().equals(heading))
					.findFirst()
					.map((type) -> List.of(type.getRecordComponents()))
					.orElse(List.of());
				next = 0;
			}
			else if (field.matches() && next < expected.size()) {
				RecordComponent component = expected.get(next++);
				line = "| `%s` | %s | %s |%s".formatted(field.group(1), type(component), field.group(3),
						field.group(4));
			}
			lines.add(line);
		}
		GeneratedPage.check(NAME, String.join("\n", lines) + "\n", getClass());
	}

	@ParameterizedTest
	@MethodSource("descriptors")
	void eachFieldIsExplained(Class<?> descriptor) {
		assertThat(fields(descriptor)).extracting((field) -> field.group(1))
			.containsExactlyElementsOf(
					Stream.of(descriptor.getRecordComponents()).map(RecordComponent::getName).toList());
		assertThat(fields(descriptor)).allSatisfy((field) -> assertThat(field.group(4).split("\\|")[0]).isNotBlank());
	}

	@ParameterizedTest
	@MethodSource("descriptors")
	void numbersHaveAUnitUnlessTheyCount(Class<?> descriptor) {
		assertThat(fields(descriptor)).allSatisfy((field) -> {
			String unit = field.group(3).strip();
			if (field.group(2).contains("number")) {
				assertThat(unit).as(field.group(1)).isIn(UNITS);
			}
			else if (field.group(2).contains("integer")) {
				assertThat(unit).as(field.group(1)).isIn(UNITS_AND_NONE);
			}
			else {
				assertThat(unit).as(field.group(1)).isEmpty();
			}
		});
	}

	private static List<MatchResult> fields(Class<?> descriptor) {
		return Page.of(NAME)
			.section("### " + descriptor.getSimpleName())
			.lines()
			.map(FIELD::matcher)
			.filter(Matcher::matches)
			.map(Matcher::toMatchResult)
			.toList();
	}

	static List<Class<?>> descriptors() {
		List<Class<?>> descriptors = new ArrayList<>(List.of(OperationErrors.class, Capability.class));
		for (JavaClass type : new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackagesOf(MmapEndpoint.class)) {
			if (type.isRecord() && type.getSimpleName().endsWith("Descriptor")) {
				descriptors.add(type.reflect());
			}
		}
		assertThat(descriptors).hasSizeGreaterThan(20);
		return descriptors;
	}

	/**
	 * Say what a field looks like in JSON, where what is unknown is left out unless its
	 * record says otherwise.
	 */
	private static String type(RecordComponent component) {
		Class<?> owner = component.getDeclaringRecord();
		boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
		boolean always = owner.isAnnotationPresent(JsonInclude.class)
				&& !component.isAnnotationPresent(JsonInclude.class);
		return type(component.getGenericType()) + ((!nullable) ? "" : (always) ? " or `null`" : ", or left out");
	}

	private static String type(Type type) {
		if (type instanceof ParameterizedType generic) {
			Type element = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
			return ((generic.getRawType() == Map.class) ? "object of " : "list of ") + type(element);
		}
		Class<?> plain = (Class<?>) type;
		if (plain.isRecord()) {
			return "[%s](#%s)".formatted(plain.getSimpleName(), plain.getSimpleName().toLowerCase(Locale.ROOT));
		}
		if (plain == int.class || plain == long.class || plain == Integer.class || plain == Long.class) {
			return "integer";
		}
		if (plain == double.class || plain == Double.class) {
			return "number";
		}
		if (plain == boolean.class) {
			return "boolean";
		}
		assertThat(plain).isIn(String.class, Object.class, Instant.class);
		return (plain == Instant.class) ? "time" : "text";
	}

	@Test
	void eachParameterIsExplained() {
		List<String> parameters = Stream.of(MmapEndpoint.class.getDeclaredMethods())
			.filter((method) -> method.getName().equals("mmap") && method.getParameterCount() > 2)
			.flatMap((method) -> Stream.of(method.getParameters()))
			.map((parameter) -> parameter.getName())
			.toList();
		assertThat(PARAMETER.matcher(Page.of(NAME).section("### Parameters")).results().map((match) -> match.group(1)))
			.containsExactlyElementsOf(parameters);
	}

	@Test
	void eachOperationOverJmxIsThereWithItsParameters() {
		List<String> expected = Stream.of(MmapEndpoint.class.getMethods())
			.filter((method) -> method.isAnnotationPresent(ReadOperation.class)
					|| method.isAnnotationPresent(WriteOperation.class)
					|| method.isAnnotationPresent(DeleteOperation.class))
			.map((method) -> "| `%s` | %s |".formatted(method.getName(),
					Stream.of(method.getParameters())
						.map((parameter) -> "`" + parameter.getName() + "`")
						.collect(Collectors.joining(", "))))
			.sorted()
			.toList();
		assertThat(Page.of(NAME).section("## Over JMX").lines().filter((line) -> line.startsWith("| `")).sorted())
			.containsExactlyElementsOf(expected);
	}

	/**
	 * What is refused says what is not.
	 */
	@Test
	void boundsDefaultsAndActionsAreThoseOfTheEndpoint() {
		try (MappingRegistry registry = MappingRegistry.builder().build();
				MemoryMapping scratch = registry.map(MappingSpec.anonymous(4096).build())) {
			MmapEndpoint endpoint = new MmapEndpoint(registry, List.of(), Show.NEVER);
			String id = scratch.name();
			String page = Page.of(NAME).text();
			assertThat(page).contains("at most so many mappings (%s, %d if left out)".formatted(
					bounds(() -> endpoint.mmap(-1, null, null, null, null, null)),
					endpoint.mmap(null, null, null, null, null, null).selection().limit()));
			assertThat(page).contains("`limit` (%d) and `parts` (%s, %d if left out".formatted(
					endpoint.mapping(id, null, null).selection().limit(), bounds(() -> endpoint.mapping(id, null, 0)),
					parts()));
			String actions = refusal(() -> endpoint.act(id, "unknown", null)).replaceAll(".*one of (.*), but.*", "$1");
			assertThat(actions.split(", ")).hasSizeGreaterThan(3)
				.allSatisfy((action) -> assertThat(page).contains("`{\"action\": \"" + action + "\""));
		}
	}

	private static String bounds(ThrowingCallable call) {
		return refusal(call).replaceAll(".*a number from (\\d+ to \\d+), but.*", "$1");
	}

	private static String refusal(ThrowingCallable call) {
		return catchThrowableOfType(InvalidEndpointRequestException.class, call).getMessage();
	}

	private static int parts() {
		try (MappingRegistry registry = MappingRegistry.builder().build();
				MemoryMapping large = registry.map(MappingSpec.anonymous(1 << 20).build())) {
			return new MmapEndpoint(registry, List.of(), Show.NEVER).mapping(large.name(), null, null)
				.mappings()
				.getFirst()
				.parts()
				.resident()
				.size();
		}
	}

	@Test
	void eachKeyOfASanitizingFunctionIsNamed() throws IOException {
		Set<String> keys = new TreeSet<>();
		try (Stream<Path> sources = Files.list(ENDPOINT)) {
			for (Path source : sources.toList()) {
				SANITIZED.matcher(Files.readString(source)).results().forEach((match) -> keys.add(match.group(1)));
			}
		}
		String section = Page.of(NAME).section("## Paths and addresses");
		String named = section.substring(section.indexOf("Its keys are"), section.indexOf(". With"));
		assertThat(keys).isNotEmpty();
		assertThat(WORD.matcher(named).results().map((match) -> match.group(1)))
			.containsExactlyInAnyOrderElementsOf(keys);
	}

}
