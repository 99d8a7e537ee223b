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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import io.mmap.MappingRegistry;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is configured, either the application starts with exactly that, or the
 * analysis of the failure names a property that is to blame, and its value.
 */
class MappingPropertiesPropertyTests {

	private static final int SIZE = 10_000;

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.mmap");

	private @Nullable Level level;

	private Path directory = Path.of("");

	private Path file = Path.of("");

	private Environment environment = new StandardEnvironment();

	@BeforeProperty
	void writeFile() throws IOException {
		this.level = this.logger.getLevel();
		this.logger.setLevel(Level.ERROR);
		this.directory = Files.createTempDirectory("property");
		this.file = Files.write(this.directory.resolve("file"), new byte[SIZE]);
	}

	@AfterProperty
	void deleteFile() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
		this.logger.setLevel(this.level);
	}

	@Provide
	Arbitrary<Configured> anything() {
		Arbitrary<String> names = Arbitraries.frequencyOf(Tuple.of(6, Arbitraries.of("geoip", "a-1", "0", "x1-y2")),
				Tuple.of(1, Arbitraries.of("ad-hoc", "ad-hoc-1", "[Geo IP]", "[x.y]", "[\u00e4]", "-x", "x y")));
		Arbitrary<Written> option = Arbitraries.of(Option.values())
			.flatMap((each) -> Combinators
				.combine(Arbitraries.frequencyOf(Tuple.of(5, Arbitraries.of(each.valid)),
						Tuple.of(1, Arbitraries.of(each.invalid))), Arbitraries.of(Spelling.values()))
				.as((value, spelling) -> new Written(each, spelling, value)));
		return Combinators.combine(names, option.list().ofMaxSize(4).uniqueElements(Written::option))
			.as(Configured::new);
	}

	@Property(tries = 80, shrinking = ShrinkingMode.BOUNDED)
	void theApplicationStartsWithWhatIsConfiguredOrTheAnalysisSaysWhyNot(@ForAll("anything") Configured configured) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class))
			.withInitializer((context) -> this.environment = context.getEnvironment())
			.withPropertyValues(configured.properties(this.file).toArray(String[]::new))
			.run((context) -> {
				if (context.getStartupFailure() == null) {
					assertThat(configured.isValid()).isTrue();
					MappingRegistry registry = context.getBean(MappingRegistry.class);
					assertThat(registry.get(configured.name).length()).isEqualTo(configured.length());
					assertThat(registry.mappings()).singleElement()
						.satisfies((mapping) -> assertThat(mapping.offset()).isEqualTo(configured.offset()));
				}
				else {
					assertExplained(configured, context.getStartupFailure());
				}
			});
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
		assertThat(this.directory.toFile().list()).containsExactly("file");
	}

	private void assertExplained(Configured configured, Throwable failure) {
		assertThat(configured.isValid()).as(() -> "valid, but: " + failure).isFalse();
		FailureAnalysis analysis = analyze(failure);
		String text = analysis.getDescription() + analysis.getAction();
		assertThat(text).contains(configured.name.replaceAll("[\\[\\]]", ""));
		if (configured.hasValidName()) {
			assertThat(text).contains("mmap.mappings." + configured.name);
			assertThat(configured.blamed()).as(text).anySatisfy((written) -> {
				assertThat(text).contains(written.value);
				assertThat(text).contains(written.option.property);
			});
		}
	}

	private FailureAnalysis analyze(Throwable failure) {
		List<FailureAnalysis> analyses = new ArrayList<>();
		for (FailureAnalyzer analyzer : List.of(new InvalidPropertyFailureAnalyzer(this.environment),
				new DeclaredMappingFailureAnalyzer(this.environment))) {
			FailureAnalysis analysis = analyzer.analyze(failure);
			if (analysis != null) {
				analyses.add(analysis);
			}
		}
		assertThat(analyses).as(() -> "no analysis of " + failure).isNotEmpty();
		return analyses.getFirst();
	}

	/**
	 * What is configured for one mapping.
	 *
	 * @param name its name
	 * @param options its options
	 */
	record Configured(String name, List<Written> options) {

		List<String> properties(Path file) {
			Map<String, String> properties = new LinkedHashMap<>();
			properties.put("location", file.toString());
			this.options.forEach((each) -> properties.put(each.spelling.of(each.option.property), each.value));
			return properties.entrySet()
				.stream()
				.map((each) -> "mmap.mappings" + (this.name.startsWith("[") ? "" : ".") + this.name + "."
						+ each.getKey() + "=" + each.getValue())
				.toList();
		}

		boolean hasValidName() {
			return this.name.matches("[a-z0-9].*") && !this.name.startsWith("ad-hoc") && !this.name.contains(" ");
		}

		boolean isValid() {
			return hasValidName() && blamed().isEmpty();
		}

		/**
		 * Return what may be named as the reason.
		 */
		List<Written> blamed() {
			List<Written> blamed = new ArrayList<>(
					this.options.stream().filter((each) -> each.option.invalid.contains(each.value)).toList());
			boolean readOnly = !has(Option.ACCESS)
					|| value(Option.ACCESS).toLowerCase(Locale.ROOT).startsWith("read-only")
					|| value(Option.ACCESS).equals("READ_ONLY");
			for (Written each : this.options) {
				boolean contradicts = switch (each.option) {
					case RELOAD_ON_UPDATE -> each.value.equals("true") && !readOnly;
					case TRUNCATION -> each.value.equalsIgnoreCase("guard") && !readOnly;
					default -> false;
				};
				if (contradicts) {
					blamed.add(each);
				}
			}
			return blamed;
		}

		long offset() {
			return (has(Option.OFFSET)) ? bytes(value(Option.OFFSET)) : 0;
		}

		long length() {
			return (has(Option.LENGTH)) ? bytes(value(Option.LENGTH)) : SIZE - offset();
		}

		private boolean has(Option option) {
			return this.options.stream().anyMatch((each) -> each.option == option);
		}

		private String value(Option option) {
			return this.options.stream().filter((each) -> each.option == option).findFirst().orElseThrow().value;
		}

		private static long bytes(String size) {
			return size.endsWith("KB") ? 1024 * Long.parseLong(size.replace("KB", ""))
					: Long.parseLong(size.replace("B", ""));
		}

	}

	/**
	 * An option as it is written.
	 *
	 * @param option the option
	 * @param spelling how its name is written
	 * @param value its value
	 */
	record Written(Option option, Spelling spelling, String value) {

	}

	/**
	 * How a name of a property may be written.
	 */
	enum Spelling {

		KEBAB, CAMEL, UNDERSCORES, UPPER;

		String of(String property) {
			return switch (this) {
				case KEBAB -> property;
				case CAMEL -> {
					StringBuilder camel = new StringBuilder();
					for (String word : property.split("-")) {
						camel.append(
								(camel.isEmpty()) ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
					}
					yield camel.toString();
				}
				case UNDERSCORES -> property.replace('-', '_');
				case UPPER -> property.toUpperCase(Locale.ROOT);
			};
		}

	}

	/**
	 * What can be configured.
	 */
	enum Option {

		ACCESS("access", List.of("read-only", "READ_ONLY", "read-write", "copy-on-write"), List.of("sideways", "0")),

		OFFSET("offset", List.of("0", "100", "100B", "1KB"), List.of("-1", "many", "20KB", "99999999999999999999")),

		LENGTH("length", List.of("1", "10B", "1KB"), List.of("0", "-1KB", "1PBB", "1.5KB", "9999999999GB")),

		LAZY("lazy", List.of("false"), List.of("perhaps")),

		PRELOAD("preload", List.of("false"), List.of("2")),

		RELOAD_ON_UPDATE("reload-on-update", List.of("true", "false", "off"), List.of("sometimes")),

		TRUNCATION("truncation", List.of("detect", "DETECT", "guard"), List.of("ignore")),

		LABEL("label", List.of("fine", "G\u00f6del"), List.of("x".repeat(201))),

		ADVICE("advice", List.of("sequential", "will-need,dont-dump", "dont-dump"),
				List.of("wipe-on-fork", "best", "4,x")),

		HUGE_PAGES("huge-pages", List.of("never", "TRY"), List.of("all")),

		FLAGS("flags", List.of("0", "131072", "0x20000"), List.of("0x10", "MAP_FIXED", "99999999999")),

		UNKNOWN("lenght", List.of(), List.of("10B"));

		private final String property;

		private final List<String> valid;

		private final List<String> invalid;

		Option(String property, List<String> valid, List<String> invalid) {
			this.property = property;
			this.valid = (valid.isEmpty()) ? invalid : valid;
			this.invalid = invalid;
		}

	}

}
