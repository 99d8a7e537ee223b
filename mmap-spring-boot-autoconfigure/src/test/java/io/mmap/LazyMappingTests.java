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

package io.mmap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Declared mappings that wait for their first use, with each mapper.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class LazyMappingTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	@Test
	void nothingIsMappedOrCreatedUntilTheFirstUse() {
		Path file = this.directory.resolve("counters.bin");
		try (MappingRegistry registry = builder()
			.declare("counters",
					MappingSpec.file(file).access(MappingAccess.READ_WRITE).length(10).create(true).lazy(true).build())
			.build()) {
			MemoryMapping mapping = registry.get("counters");
			mapping.flush();
			assertThat(mapping).hasToString("MemoryMapping 'counters' of file '" + file + "' (not mapped yet)");
			assertThat(registry.mappings()).isEmpty();
			assertThat(file).doesNotExist();
			assertThat(mapping.length()).isEqualTo(10);
			assertThat(registry.mappings()).hasSize(1);
			assertThat(ProcessMaps.regions(file)).hasSize(1);
		}
	}

	@Test
	void manyFirstUsersMapItOnce() throws Exception {
		Path file = Files.writeString(this.directory.resolve("words.bin"), "words");
		List<String> mapped = new CopyOnWriteArrayList<>();
		try (MappingRegistry registry = builder().listener(new MappingListener() {

			@Override
			public void mapped(MappingInfo mapping) {
				mapped.add(mapping.name());
			}

		}).declare("words", MappingSpec.file(file).lazy(true).build()).build();
				ExecutorService threads = Executors.newFixedThreadPool(8)) {
			MemoryMapping mapping = registry.get("words");
			CountDownLatch start = new CountDownLatch(1);
			List<Future<Long>> addresses = IntStream.range(0, 8).mapToObj((i) -> threads.submit(() -> {
				start.await();
				return mapping.address();
			})).toList();
			start.countDown();
			for (Future<Long> address : addresses) {
				assertThat(address.get()).isEqualTo(mapping.address());
			}
			assertThat(ProcessMaps.regions(file)).hasSize(1);
			assertThat(mapped).containsExactly("words");
		}
	}

	@Test
	void whatGoesWrongIsThrownToTheFirstUserAndTriedAgainByTheNext() throws IOException {
		Path file = this.directory.resolve("words.bin");
		try (MappingRegistry registry = builder().declare("words", MappingSpec.file(file).lazy(true).build()).build()) {
			MemoryMapping mapping = registry.get("words");
			assertThatExceptionOfType(MappedFileNotFoundException.class).isThrownBy(mapping::segment);
			Files.writeString(file, "words");
			assertThat(new String(mapping.segment().toArray(JAVA_BYTE), StandardCharsets.UTF_8)).isEqualTo("words");
		}
	}

	@Test
	void whatWasNeverUsedCannotBeUsedAfterTheEndOfTheRegistry() throws IOException {
		Path file = Files.writeString(this.directory.resolve("words.bin"), "words");
		MemoryMapping mapping;
		try (MappingRegistry registry = builder().declare("words", MappingSpec.file(file).lazy(true).build()).build()) {
			mapping = registry.get("words");
		}
		assertThatIllegalStateException().isThrownBy(mapping::segment)
			.withMessageContaining("registry was closed")
			.havingCause()
			.withMessageContaining("Closed by thread");
	}

	@Test
	void aReloadLeavesItToTheFirstUser() throws IOException {
		Path file = Files.writeString(this.directory.resolve("words.bin"), "words");
		try (MappingRegistry registry = builder().declare("words", MappingSpec.file(file).lazy(true).build()).build()) {
			registry.reload("words");
			assertThat(registry.mappings()).isEmpty();
		}
	}

	@Test
	void nothingIsLookedAfterUntilSomethingIsMapped() throws IOException {
		Path file = Files.writeString(this.directory.resolve("words.bin"), "words");
		// Those of other tests may end meanwhile
		Set<Thread> others = workers();
		try (MappingRegistry registry = builder().lazy(true)
			.declare("words", MappingSpec.file(file).reloadOnUpdate(true).build())
			.build()) {
			assertThat(others).containsAll(workers());
			assertThat(registry.get("words").length()).isEqualTo(5);
			assertThat(workers().stream().filter((thread) -> !others.contains(thread))).hasSize(1);
		}
	}

	private static Set<Thread> workers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("mmap-worker"))
			.collect(Collectors.toSet());
	}

	@Test
	void aRegistryCanBeLazyAboutEverything() {
		try (MappingRegistry registry = builder().lazy(true)
			.declare("words", MappingSpec.file(this.directory.resolve("missing")).build())
			.declareSet("set", Map.of("a", MappingSpec.file(this.directory.resolve("missing")).build()))
			.build()) {
			assertThat(registry.mappings()).isEmpty();
			assertThat(registry.set("set").mappings()).hasSize(1);
		}
	}

	private MappingRegistry.Builder builder() {
		return MappingRegistry.builder().mapper(this.mapper);
	}

}
