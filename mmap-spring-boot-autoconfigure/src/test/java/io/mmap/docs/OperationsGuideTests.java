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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import io.mmap.MappingRegistry;
import io.mmap.MappingWarning;
import io.mmap.actuate.info.MmapInfoContributor;
import io.mmap.health.MmapHealthIndicator;

import org.springframework.boot.actuate.info.Info;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The lists in {@code docs/operations.md} are those of the code.
 */
class OperationsGuideTests {

	private static final Page GUIDE = Page.of("docs/operations.md");

	private static final Path ALERTS = Path.of("..", "observability", "alerts.yml");

	private static final Path MAIN = Path.of("src", "main", "java", "io", "mmap");

	private static final Pattern FIRST_CELL = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

	private static final Pattern DETAIL = Pattern
		.compile("(?:withDetail\\(|mmap.put\\(|putIfKnown\\(mmap, )\"(\\w+)\"");

	@Test
	void eachDetailOfHealthIsExplained() throws IOException {
		assertThat(rows("## Health")).containsExactlyInAnyOrderElementsOf(details(MmapHealthIndicator.class, "health"));
	}

	@Test
	void eachWarningIsExplained() {
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
			.matcher(GUIDE.section("## Alerts"))
			.results()
			.map((match) -> match.group(1))
			.toList();
		assertThat(explained).isNotEmpty().containsExactlyElementsOf(alerts);
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
	private static List<String> rows(String heading) {
		return FIRST_CELL.matcher(GUIDE.section(heading).split("\n### ")[0])
			.results()
			.map((match) -> match.group(1))
			.toList();
	}

}
