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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.ThreadSwitches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Where nothing happens no thread of a registry is woken.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class IdleTests {

	private static final Duration INTERVAL = Duration.ofMillis(20);

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private final ThreadSwitches switches = new ThreadSwitches();

	private Path file;

	@BeforeEach
	void create() throws IOException {
		this.file = Files.write(this.directory.resolve("words.bin"), new byte[10_000]);
	}

	@Test
	void noThreadIsWokenWhileNothingHappens() throws Exception {
		try (MappingRegistry registry = registry()) {
			awaitWatch();
			Map<String, Long> before = this.switches.ofNewThreads();
			assertThat(before.keySet()).anyMatch((thread) -> thread.startsWith("mmap-watch"))
				.anyMatch((thread) -> thread.startsWith("mmap-worker"));
			Thread.sleep(1000);
			assertThat(this.switches.ofNewThreads()).containsAllEntriesOf(before);
			Files.write(this.file, new byte[1], StandardOpenOption.APPEND);
			await().until(() -> !registry.warnings().isEmpty());
			assertThat(this.switches.ofNewThreads()).doesNotContainEntry(watch(before), before.get(watch(before)));
		}
	}

	@Test
	void whatIsMappedAfterAReloadIsWatched() throws Exception {
		try (MappingRegistry registry = registry()) {
			awaitWatch();
			Path next = Files.write(this.directory.resolve("next"), new byte[10_000]);
			Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE);
			registry.reload("words");
			awaitWatch();
		}
	}

	@Test
	void theThreadsEndWithARegistryThatWasDroppedWithoutHavingBeenClosed() throws Exception {
		if (this.mapper == MapperType.NATIVE) {
			registry();
			awaitWatch();
			Set<String> threads = this.switches.ofNewThreads().keySet();
			Garbage.collectUntil(() -> Collections.disjoint(this.switches.ofNewThreads().keySet(), threads));
			assertThat(ProcessMaps.watchedInodes()).doesNotContain(inode());
		}
	}

	private static String watch(Map<String, Long> threads) {
		return threads.keySet().stream().filter((thread) -> thread.startsWith("mmap-watch")).findFirst().orElseThrow();
	}

	private MappingRegistry registry() {
		return MappingRegistry.builder()
			.mapper(this.mapper)
			.truncationCheckInterval(INTERVAL)
			.declare("words", MappingSpec.file(this.file).build())
			.declare("lazy", MappingSpec.file(this.file).lazy(true).build())
			.declareSet("set", Map.of("a", MappingSpec.file(this.file).build()))
			.build();
	}

	private void awaitWatch() throws Exception {
		await().until(() -> ProcessMaps.watchedInodes().contains(inode()));
		// The look at the files comes after that
		Thread.sleep(200);
	}

	private Long inode() throws IOException {
		return (Long) Files.getAttribute(this.file, "unix:ino");
	}

}
