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
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingRegistry;
import io.mmap.MappingRegistrar;
import io.mmap.MappingSet;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.autoconfigure.MmapAutoConfiguration;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code docs/mapping.md} shows works.
 */
@ExtendWith(NothingLeftBehind.class)
class MappingPageTests {

	@TempDir
	Path directory;

	@Test
	void whatIsDeclaredIsMapped() throws IOException {
		declarations().run((context) -> {
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			assertThat(registry.get("geoip").length()).isEqualTo(4096);
			assertThat(registry.get("geoip").segment().isReadOnly()).isTrue();
			assertThat(registry.get("counters").segment().isReadOnly()).isFalse();
			assertThat(this.directory.resolve("data/counters.bin")).hasSize(1 << 20);
			assertThat(context.getBean("mmap.geoip")).isSameAs(registry.get("geoip"));
		});
	}

	@Test
	void aSetIsInjected() throws IOException {
		declarations().withBean(Shards.class).run((context) -> {
			Shards shards = context.getBean(Shards.class);
			assertThat(shards.first.byteSize()).isEqualTo(3);
			assertThat(shards.indexed).containsOnlyKeys("2025/words.bin", "2026/words.bin")
				.containsEntry("2025/words.bin", 2L);
		});
	}

	@Test
	void codeDeclaresMappings() throws IOException {
		Path words = Files.write(this.directory.resolve("words.bin"), new byte[10]);
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class))
			.withUserConfiguration(Declaring.class)
			.withBean(Path.class, () -> words)
			.run((context) -> assertThat(context.getBean(MappingRegistry.class).get("words").length()).isEqualTo(10));
	}

	@Test
	void outsideOfSpringARegistryDoesTheSame() throws IOException {
		Path file = Files.write(this.directory.resolve("words.bin"), new byte[10]);
		assertThat(length(file)).isEqualTo(10);
	}

	private static long length(Path file) {
		// tag::mapping-plain[]
		MappingSpec spec = MappingSpec.file(file).build();
		try (MappingRegistry registry = MappingRegistry.builder().declare("words", spec).build()) {
			return registry.get("words").segment().byteSize();
		}
		// end::mapping-plain[]
	}

	@Test
	void codeMapsAPartOfAFile() throws IOException {
		Path file = Files.write(this.directory.resolve("index.bin"), new byte[4096 + (1 << 20)]);
		try (MappingRegistry registry = MappingRegistry.builder().build()) {
			assertThat(new Indexer().checksum(registry, file)).isZero();
			assertThat(registry.mappings()).isEmpty();
		}
	}

	@Test
	void whatIsDroppedIsLoggedAsThePageSays() throws IOException {
		Path file = Files.write(this.directory.resolve("index.bin"), new byte[1 << 20]);
		try (CapturedLog log = new CapturedLog(); MappingRegistry registry = MappingRegistry.builder().build()) {
			new Indexer().load(registry, file);
			Garbage.collectUntil(() -> !log.containing("LEAK:").isEmpty());
			String message = log.containing("LEAK:").getFirst().getFormattedMessage();
			assertThat(Page.of("docs/mapping.md").blocks("text")).singleElement()
				.asString()
				.isEqualToNormalizingWhitespace(message.replace(file.toString(), "/data/index.bin")
					.replaceAll("io\\.mmap\\.docs\\.MappingPageTests\\$Indexer\\.load\\(.*:\\d+\\)",
							"com.acme.Indexer.load(Indexer.java:42)"));
		}
	}

	private ApplicationContextRunner declarations() throws IOException {
		Path geoip = Files.write(this.directory.resolve("ip-country.bin"), new byte[4096]);
		Path shards = this.directory.resolve("shards");
		Files.createDirectories(shards.resolve("2025"));
		Files.createDirectories(shards.resolve("2026"));
		Files.writeString(shards.resolve("2025/words.bin"), "ab");
		Files.writeString(shards.resolve("2026/words.bin"), "abc");
		return DocumentedYaml.region("mapping-declarations")
			.with("/var/lib/geoip/ip-country.bin", geoip)
			.with("./data/counters.bin", this.directory.resolve("data/counters.bin"))
			.with("/var/lib/shards", shards)
			.runner();
	}

	// tag::mapping-set[]
	@Component
	static class Shards {

		final MemorySegment first;

		final Map<String, Long> indexed = new TreeMap<>();

		Shards(@Qualifier("shards") MappingSet shards) {
			this.first = shards.get("2026/words.bin").segment();
			shards.asMap().forEach((file, mapping) -> this.indexed.put(file, mapping.length()));
		}

	}
	// end::mapping-set[]

	/**
	 * Declares what configuration does not.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Declaring {

		// tag::mapping-registrar[]
		@Bean
		MappingRegistrar words(Path file) {
			return (declarations) -> declarations.declare("words", MappingSpec.file(file).preload(true).build());
		}
		// end::mapping-registrar[]

	}

	/**
	 * Maps what it needs for itself.
	 */
	private static final class Indexer {

		private long checksum(MappingRegistry registry, Path path) {
			// tag::mapping-ad-hoc[]
			MappingSpec part = MappingSpec.file(path).offset(4096).length(1 << 20).label("index").build();
			try (MemoryMapping mapping = registry.map(part)) {
				return checksum(mapping.segment());
			}
			// end::mapping-ad-hoc[]
		}

		private long checksum(MemorySegment segment) {
			return segment.elements(ValueLayout.JAVA_BYTE)
				.mapToLong((each) -> each.get(ValueLayout.JAVA_BYTE, 0))
				.sum();
		}

		private void load(MappingRegistry registry, Path path) {
			registry.map(MappingSpec.file(path).label("index").build());
		}

	}

}
