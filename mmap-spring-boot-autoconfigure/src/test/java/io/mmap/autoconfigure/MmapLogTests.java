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
import java.util.List;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the log says in good weather.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapLogTests {

	@TempDir
	Path directory;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class));

	@BeforeEach
	void writeFile() throws IOException {
		Files.writeString(this.directory.resolve("geoip.bin"), "countries");
	}

	@Test
	void oneLineForTheMapperForEachDeclarationAndForTheEnd() {
		try (CapturedLog log = new CapturedLog()) {
			this.contextRunner
				.withPropertyValues("mmap.mappings.geoip.location=" + this.directory.resolve("geoip.bin"),
						"mmap.mappings.counters.location=" + this.directory.resolve("counters.bin"),
						"mmap.mappings.counters.access=read-write", "mmap.mappings.counters.length=1KB",
						"mmap.mappings.counters.create=true")
				.run((context) -> {
					try (MemoryMapping adHoc = context.getBean(MappingRegistry.class)
						.map(MappingSpec.file(this.directory.resolve("geoip.bin")).build())) {
						assertThat(adHoc.length()).isEqualTo(9);
					}
				});
			List<String> lines = log.messages(Level.INFO)
				.stream()
				.map((line) -> line.replace(this.directory.toString(), "<dir>").replaceAll("[0-9.]+ ms", "N ms"))
				.toList();
			assertThat(lines).containsExactly(
					"Mapping with the native mapper: native access is granted; set 'mmap.mapper' to 'jdk' to map with"
							+ " FileChannel.map instead",
					"Mapped 'geoip' of 9 bytes of file '<dir>/geoip.bin', read-only, in N ms",
					"Mapped 'counters' of 1024 bytes of file '<dir>/counters.bin', read-write, in N ms",
					"Unmapped 2 mappings, 1033 bytes, in N ms");
			assertThat(log.messages(Level.WARN)).isEmpty();
			assertThat(log.messages(Level.ERROR)).isEmpty();
		}
	}

	@Test
	void nothingWhereNothingIsMapped() {
		try (CapturedLog log = new CapturedLog()) {
			this.contextRunner.run((context) -> assertThat(context).hasNotFailed());
			assertThat(log.messages(Level.INFO)).isEmpty();
		}
	}

	@Test
	void oneLineForWhatIsOptionalAndMissing() {
		try (CapturedLog log = new CapturedLog()) {
			this.contextRunner
				.withPropertyValues("mmap.mappings.geoip.location=optional:" + this.directory.resolve("missing.bin"))
				.run((context) -> assertThat(context).hasNotFailed());
			assertThat(log.messages(Level.INFO)).containsExactly("Mapping 'geoip' is optional, and nothing is at '"
					+ this.directory.resolve("missing.bin") + "': not mapped");
		}
	}

}
