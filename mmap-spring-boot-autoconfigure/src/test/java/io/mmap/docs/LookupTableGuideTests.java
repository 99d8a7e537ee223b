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
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.mmap.MappingPreload;
import io.mmap.MappingRegistry;
import io.mmap.MemoryMapping;
import io.mmap.docs.IpCountries.Range;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The table of {@code docs/guides/lookup-table.md}.
 */
@ExtendWith(NothingLeftBehind.class)
class LookupTableGuideTests {

	private static final int RANGES = 20_000;

	private final Random random = new Random(1);

	private final TreeMap<Integer, String> expected = new TreeMap<>(Integer::compareUnsigned);

	@TempDir
	Path directory;

	private Path file;

	@BeforeEach
	void writeFile() throws IOException {
		while (this.expected.size() < RANGES) {
			this.expected.put(this.random.nextInt(), "" + letter() + letter());
		}
		this.file = this.directory.resolve("countries.bin");
		IpCountries.write(this.file, ranges(this.expected));
	}

	private char letter() {
		return (char) ('A' + this.random.nextInt(26));
	}

	private static List<Range> ranges(TreeMap<Integer, String> countries) {
		List<Range> ranges = new ArrayList<>();
		countries.forEach((first, country) -> ranges.add(new Range(first, country)));
		return ranges;
	}

	@Test
	void eachAddressHasTheCountryOfItsRange() {
		runner().run((context) -> {
			IpCountries countries = context.getBean(IpCountries.class);
			for (int i = 0; i < 20_000; i++) {
				int address = this.random.nextInt();
				assertThat(countries.country(address)).isEqualTo(expected(address));
			}
			for (int first : this.expected.keySet()) {
				assertThat(countries.country(first)).isEqualTo(expected(first));
				assertThat(countries.country(first - 1)).isEqualTo(expected(first - 1));
			}
		});
	}

	private String expected(int address) {
		var entry = this.expected.floorEntry(address);
		return (entry != null) ? entry.getValue() : "";
	}

	@Test
	void anyNumberOfThreadsLookThingsUp() {
		Executor threads = (task) -> Thread.ofPlatform().start(task);
		runner().run((context) -> {
			IpCountries countries = context.getBean(IpCountries.class);
			List<CompletableFuture<Void>> all = new ArrayList<>();
			for (int seed = 0; seed < 4; seed++) {
				Random addresses = new Random(seed);
				all.add(CompletableFuture.runAsync(() -> {
					for (int i = 0; i < 10_000; i++) {
						int address = addresses.nextInt();
						assertThat(countries.country(address)).isEqualTo(expected(address));
					}
				}, threads));
			}
			CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
		});
	}

	@Test
	void itIsPreloaded() {
		runner().run((context) -> await()
			.untilAsserted(() -> assertThat(context.getBean(MappingRegistry.class).preloads()).singleElement()
				.extracting(MappingPreload::state)
				.isEqualTo(MappingPreload.State.COMPLETED)));
	}

	@Test
	void anEmptyTableIsATable() throws IOException {
		IpCountries.write(this.file, List.of());
		runner().run((context) -> assertThat(context.getBean(IpCountries.class).country(1)).isEmpty());
	}

	@Test
	void whoReadsWhenItIsReplacedReadsTheOldOne() {
		runner().run((context) -> {
			IpCountries countries = context.getBean(IpCountries.class);
			int address = this.expected.lastKey();
			IpCountries.write(this.file, List.of(new Range(0, "XX")));
			assertThat(countries.country(address)).isEqualTo(expected(address));
		});
		runner().run((context) -> assertThat(context.getBean(IpCountries.class).country(5)).isEqualTo("XX"));
	}

	@ParameterizedTest
	@CsvSource({ "0, it is no table of countries", "4, its version is", "8, it is not complete",
			"100000, it is damaged: its checksum is another one" })
	void theApplicationDoesNotStartWithATableThatIsNotIntact(int changed, String problem) throws IOException {
		byte[] content = Files.readAllBytes(this.file);
		content[changed]++;
		Files.write(this.file, content);
		runner().run((context) -> assertThat(context).getFailure().hasStackTraceContaining(problem));
	}

	@Test
	void theApplicationDoesNotStartWithHalfATable() throws IOException {
		Files.write(this.file, List.of("half"));
		runner()
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("it is no table of countries"));
	}

	@Test
	void theFileIsOfTheLayout() {
		runner().run((context) -> {
			MemoryMapping mapping = context.getBean(MappingRegistry.class).get("countries");
			assertThat(mapping.length()).isEqualTo(IpCountries.HEADER + RANGES * IpCountries.RANGE);
			assertThat(mapping.segment().asSlice(0, 4).toArray(ValueLayout.JAVA_BYTE)).asString().isEqualTo("IPC1");
		});
	}

	private ApplicationContextRunner runner() {
		return GuideYaml.contextRunner("lookup-table.yml")
			.withPropertyValues("mmap.mappings.countries.location=" + this.file)
			.withUserConfiguration(CountriesApplication.class);
	}

}
