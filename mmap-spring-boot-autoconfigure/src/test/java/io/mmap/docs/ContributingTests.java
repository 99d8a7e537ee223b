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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Newcomers find in the code what {@code CONTRIBUTING.md} tells them.
 */
class ContributingTests {

	private static final Path ROOT = Path.of("..");

	private static final Path JAVA = Path.of("src", "main", "java");

	private static final Path TESTS = Path.of("src", "test", "java");

	private static final Pattern SECTION = Pattern.compile("^## (.*)\\n((?:(?!## ).*\\n?)*)", Pattern.MULTILINE);

	private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]\\w*)(?:\\.(\\w+))?`");

	private static final Pattern FILE = Pattern.compile("`([\\w./-]+/[\\w./-]+)`");

	private static final Pattern ITEM = Pattern.compile("^\\d+\\. (.*(?:\\n   .*)*)", Pattern.MULTILINE);

	private static final Pattern CLAIM = Pattern
		.compile("takes (one|three|five) files?[^:]*:\\n\\n((?:\\d+\\. .*\\n(?:   .*\\n)*)+)");

	private Map<String, String> sections = Map.of();

	private Map<String, String> main = Map.of();

	private Map<String, String> tests = Map.of();

	@BeforeEach
	void read() throws IOException {
		this.sections = SECTION.matcher(Files.readString(ROOT.resolve("CONTRIBUTING.md")))
			.results()
			.collect(Collectors.toMap((section) -> section.group(1), (section) -> section.group(2)));
		this.main = sources(JAVA);
		this.tests = sources(TESTS);
	}

	private static Map<String, String> sources(Path root) throws IOException {
		try (Stream<Path> files = Files.walk(root)) {
			return files.filter((file) -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
				.collect(Collectors.toMap((file) -> file.getFileName().toString().replace(".java", ""),
						ContributingTests::read, (one, other) -> one + other));
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void theClassesOnTheWayFromAPropertyToMunmapExist() {
		List<MatchResult> classes = classes(section("From a property to `munmap`"));
		assertThat(classes).hasSizeGreaterThan(50).allSatisfy((named) -> assertExists(named, this.main));
	}

	/**
	 * Of two steps that follow each other, one speaks of the other in its code.
	 */
	@Test
	void eachStepOnTheWayLeadsToTheNext() {
		for (List<String> steps : List.of(steps("1. `MmapProperties`"), steps("1. `Shutdown`"))) {
			assertThat(steps).hasSizeGreaterThan(3);
			for (int i = 1; i < steps.size(); i++) {
				List<String> one = names(steps.get(i - 1));
				List<String> next = names(steps.get(i));
				assertThat(one.stream()
					.anyMatch((each) -> next.stream().anyMatch((other) -> know(each, other) || know(other, each))))
					.as("%s and %s", one, next)
					.isTrue();
			}
		}
	}

	@Test
	void whatIsNamedForThoseWhoAddSomethingExists() {
		for (String title : List.of("Adding an option to a mapping", "Adding a meter", "Adding a system call")) {
			assertThat(classes(section(title))).hasSizeGreaterThan(5).allSatisfy((named) -> {
				boolean test = this.tests.containsKey(named.group(1));
				assertExists(named, (test) ? this.tests : this.main);
			});
			assertThat(FILE.matcher(section(title)).results())
				.allSatisfy((file) -> assertThat(ROOT.resolve(file.group(1))).exists());
		}
	}

	@Test
	void eachOfThemTakesTheNumberOfFilesThatIsSaid() {
		Map<String, Integer> numbers = Map.of("one", 1, "three", 3, "five", 5);
		List<MatchResult> claims = CLAIM.matcher(String.join("\n", this.sections.values())).results().toList();
		assertThat(claims).hasSize(4).allSatisfy((claim) -> {
			List<String> files = ITEM.matcher(claim.group(2))
				.results()
				.map((item) -> names(item.group(1)).getFirst())
				.toList();
			assertThat(files).hasSize(numbers.getOrDefault(claim.group(1), 0)).doesNotHaveDuplicates();
			assertThat(this.main).containsKeys(files.toArray(String[]::new));
		});
	}

	private String section(String title) {
		return this.sections.getOrDefault(title, "");
	}

	private List<String> steps(String first) {
		String text = section("From a property to `munmap`");
		int start = text.indexOf(first);
		assertThat(start).as(first).isNotNegative();
		int end = text.indexOf("\n\n", start);
		return ITEM.matcher(text.substring(start, end)).results().map((item) -> item.group(1)).toList();
	}

	private static List<MatchResult> classes(String text) {
		return CLASS.matcher(text).results().toList();
	}

	private static List<String> names(String text) {
		return classes(text).stream().map((named) -> named.group(1)).toList();
	}

	private boolean know(String one, String other) {
		return Pattern.compile("\\b" + other + "\\b").matcher(this.main.getOrDefault(one, "")).find();
	}

	private static void assertExists(MatchResult named, Map<String, String> sources) {
		assertThat(sources).containsKey(named.group(1));
		if (named.group(2) != null) {
			assertThat(sources.get(named.group(1))).as(named.group()).containsPattern("\\b" + named.group(2) + "\\b");
		}
	}

}
