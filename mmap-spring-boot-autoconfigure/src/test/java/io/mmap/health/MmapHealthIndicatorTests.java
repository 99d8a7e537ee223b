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

package io.mmap.health;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.Advice;
import io.mmap.MappingException;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.ManyRegions;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * When mappings are healthy. No test touches memory that its file has lost.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapHealthIndicatorTests {

	private static final int SIZE = 3 * 4096;

	@TempDir
	Path directory;

	private Path geoip;

	private MappingRegistry registry;

	@BeforeEach
	void map() throws IOException {
		this.geoip = Files.write(this.directory.resolve("geoip.bin"), new byte[SIZE]);
		Path words = Files.write(this.directory.resolve("words.bin"), new byte[100]);
		this.registry = MappingRegistry.builder()
			.declare("geoip", MappingSpec.file(this.geoip).build())
			.declare("words", MappingSpec.file(words).build())
			.build();
	}

	@AfterEach
	void close() {
		this.registry.close();
	}

	@Test
	void mappingsWhoseFilesAreAsTheyWereAreUp() {
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails())
			.containsExactlyInAnyOrderEntriesOf(Map.of("mappings", 2L, "mapped", SIZE + 100L));
	}

	@Test
	void noMappingAtAllIsUp() {
		try (MappingRegistry empty = MappingRegistry.builder().build()) {
			Health health = health(empty);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsExactlyInAnyOrderEntriesOf(Map.of("mappings", 0L, "mapped", 0L));
		}
	}

	@Test
	@Fault("truncated-while-mapped")
	void aTruncatedFileIsDownWithTheRangeThatIsLost() throws IOException {
		truncate(4096);
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).extractingByKey("truncated")
			.asInstanceOf(InstanceOfAssertFactories.map(String.class, String.class))
			.containsOnlyKeys("geoip")
			.hasEntrySatisfying("geoip", (lost) -> assertThat(lost).contains("bytes 4096 to 12288"));
	}

	@Test
	void whatIsLeftOfATruncatedFileCanStillBeRead() throws IOException {
		truncate(4096);
		assertThat(health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(this.registry.get("geoip").segment().get(JAVA_BYTE, 4095)).isZero();
	}

	@Test
	void aFileThatIsLongEnoughAgainIsUp() throws IOException {
		truncate(4096);
		assertThat(health().getStatus()).isEqualTo(Status.DOWN);
		Files.write(this.geoip, new byte[SIZE]);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void aFileThatGrewIsUp() throws IOException {
		Files.write(this.geoip, new byte[100], StandardOpenOption.APPEND);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void aFileThatLostBytesBehindTheMappingIsUp() throws IOException {
		try (MappingRegistry start = MappingRegistry.builder()
			.declare("start", MappingSpec.file(this.geoip).length(4096).build())
			.build()) {
			truncate(4096);
			assertThat(health(start).getStatus()).isEqualTo(Status.UP);
		}
	}

	@Test
	void theLostRangeIsThatOfTheMappingAndNotOfTheFile() throws IOException {
		try (MappingRegistry end = MappingRegistry.builder()
			.declare("end", MappingSpec.file(this.geoip).offset(4096).build())
			.build()) {
			truncate(2 * 4096);
			assertThat(health(end).getDetails().get("truncated")).asString().contains("bytes 4096 to 8192");
		}
	}

	@Test
	void aFileThatWasReplacedByRenameIsUp() throws IOException {
		Path next = Files.write(this.directory.resolve("next.bin"), new byte[10]);
		Files.move(next, this.geoip, StandardCopyOption.ATOMIC_MOVE);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void aFileThatWasDeletedIsUp() throws IOException {
		Files.delete(this.geoip);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void anAdHocMappingIsCountedButItsFileIsNotJudged() throws IOException {
		Path file = Files.write(this.directory.resolve("ad-hoc.bin"), new byte[SIZE]);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build())) {
			Files.write(file, new byte[10]);
			Health health = health();
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("mappings", 3L)
				.containsEntry("mapped", SIZE + 100 + mapping.length());
		}
	}

	@Test
	void warningsAreAmongTheDetailsAndLeaveTheStatusAsItIs() throws IOException {
		Files.delete(this.geoip);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.reload("geoip"));
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		String message = this.registry.warnings().getFirst().message();
		assertThat(message).contains("could not be reloaded");
		assertThat(health.getDetails()).containsEntry("warnings",
				List.of(Map.of("name", "geoip", "kind", "reload-failing", "message", message)));
	}

	@Test
	void howMuchIsInMemoryIsNoMatterOfHealth() throws InterruptedException {
		this.registry.get("geoip").preload().await();
		Health loaded = health();
		this.registry.get("geoip").advise(Advice.PAGE_OUT);
		assertThat(health()).isEqualTo(loaded);
		assertThat(loaded.getStatus()).isEqualTo(Status.UP);
		assertThat(loaded.getDetails()).containsOnlyKeys("mappings", "mapped");
	}

	@Test
	void whenTheRegionsOfTheProcessComeToAnEndThereIsAWarning() throws Exception {
		assertThat(health().getDetails()).doesNotContainKey("warnings");
		try (ManyRegions regions = ManyRegions.upTo(0.82);
				MappingRegistry another = MappingRegistry.builder().build()) {
			assertThat(regions).isNotNull();
			Health health = health(another);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).extractingByKey("warnings")
				.asString()
				.contains("name=process", "kind=regions-near-limit", "vm.max_map_count");
		}
	}

	@Test
	void aClosedRegistryIsUp() {
		this.registry.close();
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		assertThat(health().getDetails()).containsEntry("mappings", 0L);
	}

	private Health health() {
		return health(this.registry);
	}

	private static Health health(MappingRegistry registry) {
		return new MmapHealthIndicator(registry).health();
	}

	private void truncate(long size) throws IOException {
		try (FileChannel channel = FileChannel.open(this.geoip, StandardOpenOption.WRITE)) {
			channel.truncate(size);
		}
	}

}
