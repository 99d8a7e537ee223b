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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.LeakCause;
import io.mmap.MappingException;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MappingValidator;
import io.mmap.MappingWarning;
import io.mmap.MemoryMapping;
import io.mmap.ReloadOutcome;
import io.mmap.metrics.MmapMetrics;
import io.mmap.testsupport.NothingLeftBehind;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * {@code docs/meters.md} has each meter that is registered, and no other, with its type,
 * unit and tags.
 */
@ExtendWith(NothingLeftBehind.class)
class MetersPageTests {

	private static final Page PAGE = Page.of("docs/meters.md");

	private static final Pattern ROW = Pattern.compile("^\\| `(mmap\\.[a-z.]+)` \\| (\\w+) \\| (\\w*) \\| ([^|]*) \\|",
			Pattern.MULTILINE);

	private static final Pattern TAG = Pattern.compile("`(\\w+)`");

	@TempDir
	Path directory;

	@Test
	void eachMeterIsThereWithItsTypeUnitAndTags() throws Exception {
		Path file = Files.write(this.directory.resolve("geoip.bin"), new byte[4096]);
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		MappingValidator validator = (candidate) -> {
			if (candidate.segment().byteSize() != 4096) {
				throw new IllegalStateException("another length");
			}
		};
		try (MappingRegistry registry = MappingRegistry.builder()
			.declare("geoip", MappingSpec.file(file).build())
			.validator(validator)
			.build();
				MemoryMapping memory = registry.map(MappingSpec.inMemoryFile("memory", 4096).build());
				MmapMetrics metrics = new MmapMetrics(registry)) {
			memory.segment().set(JAVA_BYTE, 0, (byte) 1);
			assertThatExceptionOfType(MappingException.class)
				.isThrownBy(() -> registry.map(MappingSpec.file(Path.of("missing")).build()));
			Files.write(file, new byte[100]);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> registry.reload("geoip"));
			metrics.bindTo(meters);
			await().until(
					() -> scrape(meters).keySet().containsAll(List.of("mmap.resident", "mmap.dirty", "mmap.warnings")));
			Map<String, String> expected = new TreeMap<>();
			ROW.matcher(PAGE.text())
				.results()
				.forEach((row) -> expected.put(row.group(1), describe(row.group(2), row.group(3),
						TAG.matcher(row.group(4)).results().map((tag) -> tag.group(1)).toList())));
			assertThat(scrape(meters)).isEqualTo(expected);
		}
	}

	@Test
	void valuesOfTagsAreNamed() {
		String tags = PAGE.section("## Tags");
		for (Enum<?> constant : List.<Enum<?>>of(ReloadOutcome.SUCCESS, ReloadOutcome.FAILURE,
				LeakCause.GARBAGE_COLLECTED, LeakCause.OPEN_AT_SHUTDOWN)) {
			assertThat(tags).contains("`" + constant.name().toLowerCase(Locale.ROOT).replace('_', '-') + "`");
		}
		assertThat(tags).contains("`" + MappingWarning.PROCESS + "`");
		assertThat(ReloadOutcome.values()).hasSize(2);
		assertThat(LeakCause.values()).hasSize(2);
	}

	private static Map<String, String> scrape(SimpleMeterRegistry meters) {
		meters.getMeters().forEach(Meter::measure);
		meters.get("mmap.mapped").gauges().forEach((gauge) -> assertThat(gauge.value()).isNotNegative());
		return meters.getMeters()
			.stream()
			.map(Meter::getId)
			.collect(
					Collectors.toMap(Meter.Id::getName,
							(id) -> describe(id.getType().name(), (id.getBaseUnit() != null) ? id.getBaseUnit() : "",
									id.getTags().stream().map(Tag::getKey).toList()),
							(one, other) -> one, TreeMap::new));
	}

	private static String describe(String type, String unit, List<String> tags) {
		return "%s in '%s' by %s".formatted(type.toLowerCase(Locale.ROOT), unit, tags.stream().sorted().toList());
	}

}
