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
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.mmap.MappingException;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MappingWarning;
import io.mmap.MemoryMapping;
import io.mmap.actuate.endpoint.MmapEndpoint;
import io.mmap.actuate.info.MmapInfoContributor;
import io.mmap.health.MmapHealthIndicator;
import io.mmap.metrics.MmapMetrics;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.info.Info;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * The lists in {@code docs/operations.md} are those of the code.
 */
@ExtendWith(NothingLeftBehind.class)
class OperationsGuideTests {

	private static final Pattern SANITIZED = Pattern.compile("sanitize\\(\"(\\w+)\"");

	private static final Pattern FIRST_WORD = Pattern.compile("`(\\w+)`");

	private static final Path GUIDE = Path.of("..", "docs", "operations.md");

	private static final Path ALERTS = Path.of("..", "observability", "alerts.yml");

	private static final Path MAIN = Path.of("src", "main", "java", "io", "mmap");

	private static final Pattern FIRST_CELL = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

	private static final Pattern DETAIL = Pattern
		.compile("(?:withDetail\\(|mmap.put\\(|putIfKnown\\(mmap, )\"(\\w+)\"");

	@ParameterizedTest
	@MethodSource("descriptors")
	void eachFieldOfTheEndpointIsExplained(Class<?> descriptor) throws IOException {
		assertThat(rows("### " + descriptor.getSimpleName())).containsExactlyElementsOf(
				Stream.of(descriptor.getRecordComponents()).map(RecordComponent::getName).toList());
	}

	static List<Class<?>> descriptors() {
		List<Class<?>> descriptors = new ArrayList<>();
		for (JavaClass type : new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackagesOf(MmapEndpoint.class)) {
			if (type.isRecord() && type.getSimpleName().endsWith("Descriptor")) {
				descriptors.add(type.reflect());
			}
		}
		assertThat(descriptors).hasSizeGreaterThan(20);
		return descriptors;
	}

	@Test
	void eachParameterOfTheEndpointIsExplained() throws IOException {
		List<String> parameters = Stream.of(MmapEndpoint.class.getDeclaredMethods())
			.filter((method) -> method.getName().equals("mmap") && method.getParameterCount() > 2)
			.flatMap((method) -> Stream.of(method.getParameters()))
			.map((parameter) -> parameter.getName())
			.toList();
		assertThat(rows("## The endpoint")).containsExactlyElementsOf(parameters);
	}

	/**
	 * What is refused says what is not.
	 */
	@Test
	void boundsDefaultsAndActionsAreThoseOfTheEndpoint() throws IOException {
		try (MappingRegistry registry = MappingRegistry.builder().build();
				MemoryMapping scratch = registry.map(MappingSpec.anonymous(4096).build())) {
			MmapEndpoint endpoint = new MmapEndpoint(registry, List.of(), Show.NEVER);
			String id = scratch.name();
			String guide = section("## The endpoint");
			assertThat(guide).contains("at most so many mappings (%s, %d if left out)".formatted(
					bounds(() -> endpoint.mmap(-1, null, null, null, null, null)),
					endpoint.mmap(null, null, null, null, null, null).selection().limit()));
			assertThat(guide).contains("`limit` (%d) and `parts` (%s, %d if left out".formatted(
					endpoint.mapping(id, null, null).selection().limit(), bounds(() -> endpoint.mapping(id, null, 0)),
					parts()));
			String actions = refusal(() -> endpoint.act(id, "unknown", null)).replaceAll(".*one of (.*), but.*", "$1");
			assertThat(actions.split(", ")).hasSizeGreaterThan(3)
				.allSatisfy((action) -> assertThat(guide).containsPattern("`(\\{\"action\": \")?" + action + "[`\"]"));
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
		try (Stream<Path> sources = Files.list(MAIN.resolve("actuate/endpoint"))) {
			for (Path source : sources.toList()) {
				SANITIZED.matcher(Files.readString(source)).results().forEach((match) -> keys.add(match.group(1)));
			}
		}
		String guide = section("## The endpoint");
		String named = guide.substring(guide.indexOf("Its keys are"), guide.indexOf("### MmapDescriptor"));
		assertThat(keys).isNotEmpty();
		assertThat(FIRST_WORD.matcher(named).results().map((match) -> match.group(1)))
			.containsExactlyInAnyOrderElementsOf(keys);
	}

	@Test
	void eachMeterIsExplained() throws IOException {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		try (MappingRegistry registry = MappingRegistry.builder().build();
				MemoryMapping scratch = registry.map(MappingSpec.anonymous(4096).build());
				MemoryMapping memory = registry.map(MappingSpec.inMemoryFile("memory", 4096).build());
				MmapMetrics metrics = new MmapMetrics(registry)) {
			scratch.segment().set(JAVA_BYTE, 0, (byte) 1);
			memory.unmap();
			assertThatExceptionOfType(MappingException.class)
				.isThrownBy(() -> registry.map(MappingSpec.file(Path.of("missing")).build()));
			metrics.bindTo(meters);
			await().until(() -> scrape(meters).contains("mmap.resident"));
			List<String> always = List.of("mmap.dirty", "mmap.warnings");
			assertThat(rows("## The meters")).containsExactlyInAnyOrderElementsOf(
					Stream.concat(scrape(meters).stream(), always.stream()).distinct().toList());
		}
	}

	private static List<String> scrape(SimpleMeterRegistry meters) {
		meters.getMeters().forEach(Meter::measure);
		meters.get("mmap.mapped").gauges().forEach((gauge) -> assertThat(gauge.value()).isNotNegative());
		return meters.getMeters().stream().map((meter) -> meter.getId().getName()).distinct().toList();
	}

	@Test
	void eachDetailOfHealthIsExplained() throws IOException {
		assertThat(rows("## Health")).containsExactlyInAnyOrderElementsOf(details(MmapHealthIndicator.class, "health"));
	}

	@Test
	void eachWarningIsExplained() throws IOException {
		assertThat(rows("### Warnings")).containsExactlyElementsOf(Stream.of(MappingWarning.Kind.values())
			.map((kind) -> kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.toList());
	}

	@Test
	void eachDetailOfInfoIsExplained() throws IOException {
		assertThat(rows("## Info")).containsExactlyElementsOf(details(MmapInfoContributor.class, "actuate/info"));
		try (MappingRegistry registry = MappingRegistry.builder().build()) {
			Info.Builder info = new Info.Builder();
			new MmapInfoContributor(registry).contribute(info);
			assertThat(info.build().getDetails()).extractingByKey("mmap")
				.asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
				.containsKeys("mapper", "platform", "kernel", "capabilities");
		}
	}

	@Test
	void eachAlertIsExplained() throws IOException {
		List<String> alerts = Pattern.compile("- alert: (\\w+)")
			.matcher(Files.readString(ALERTS))
			.results()
			.map((match) -> match.group(1))
			.toList();
		List<String> explained = Pattern.compile("^### (\\w+)$", Pattern.MULTILINE)
			.matcher(section("## Alerts"))
			.results()
			.map((match) -> match.group(1))
			.toList();
		assertThat(explained).isNotEmpty().containsExactlyElementsOf(alerts);
	}

	@Test
	void eachLinkWithinTheGuideLeadsSomewhere() throws IOException {
		String guide = Files.readString(GUIDE);
		List<String> anchors = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE)
			.matcher(guide)
			.results()
			.map((match) -> match.group(1).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
			.toList();
		List<String> links = Pattern.compile("\\]\\(#([^)]+)\\)")
			.matcher(guide)
			.results()
			.map((match) -> match.group(1))
			.toList();
		assertThat(links).hasSizeGreaterThan(10).allSatisfy((link) -> assertThat(anchors).contains(link));
	}

	/**
	 * Return which details a class writes, as its source says.
	 */
	private static List<String> details(Class<?> type, String directory) throws IOException {
		String source = Files.readString(MAIN.resolve(directory).resolve(type.getSimpleName() + ".java"));
		// Only what is written at the top level
		String contribution = source.substring(0, source.indexOf("\tprivate static"));
		return DETAIL.matcher(contribution)
			.results()
			.map((match) -> match.group(1))
			.filter((detail) -> !detail.equals("mmap"))
			.distinct()
			.toList();
	}

	/**
	 * Return the first cells of the tables of a section, without those below it.
	 */
	private static List<String> rows(String heading) throws IOException {
		return FIRST_CELL.matcher(section(heading).split("\n### ")[0])
			.results()
			.map((match) -> match.group(1))
			.toList();
	}

	private static String section(String heading) throws IOException {
		String guide = Files.readString(GUIDE);
		int start = guide.indexOf("\n" + heading + "\n");
		assertThat(start).as(heading).isPositive();
		String rest = guide.substring(start + heading.length() + 2);
		String level = heading.substring(0, heading.indexOf(' '));
		return rest.split("\n#{2," + level.length() + "} ")[0];
	}

}
