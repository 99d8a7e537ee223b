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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.health.MmapHealthIndicator;
import io.mmap.testsupport.BlockedWrite;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.boot.health.contributor.Status;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What is done when CRaC is about to take a checkpoint, and after a restore. The test
 * calls what CRaC would call; no checkpoint is taken.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class CheckpointTests {

	private static final Context<? extends Resource> CONTEXT = Core.getGlobalContext();

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path words;

	private Path counters;

	@BeforeEach
	void create() throws IOException {
		this.words = Files.writeString(this.directory.resolve("words.bin"), "words");
		this.counters = Files.write(this.directory.resolve("counters.bin"), new byte[10_000]);
	}

	@Test
	void noFileIsMappedOpenOrLockedAtTheCheckpointAndAllAreMappedAgainAfterwards() throws Exception {
		try (DefaultMappingRegistry registry = builder().declare("words", words())
			.declare("counters", counters())
			.declareSet("set", Map.of("a", words(), "b", words()))
			.build()) {
			MemoryMapping mapping = registry.get("counters");
			mapping.segment().set(JAVA_BYTE, 1, (byte) 42);
			resource(registry).beforeCheckpoint(CONTEXT);
			assertThat(registry.mappings()).isEmpty();
			assertThat(ProcessMaps.regions(this.directory)).isEmpty();
			assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
			assertThat(ProcessMaps.locks(this.counters)).isEmpty();
			resource(registry).afterRestore(CONTEXT);
			assertThat(registry.mappings()).hasSize(4).extracting(MappingInfo::generation).containsOnly(2);
			assertThat(ProcessMaps.locks(this.counters)).isNotEmpty();
			assertThat(mapping.segment().get(JAVA_BYTE, 1)).isEqualTo((byte) 42);
			assertThat(text(registry.get("words"))).isEqualTo("words");
			try (MappingSetLease lease = registry.set("set").acquire()) {
				assertThat(lease.generation()).isEqualTo(2);
				assertThat(lease.segments()).hasSize(2);
			}
		}
	}

	@Test
	void theSystemTellsOfNothingAtTheCheckpointAndOfTheFilesAfterwards() throws Exception {
		Object inode = Files.getAttribute(this.words, "unix:ino");
		try (DefaultMappingRegistry registry = (DefaultMappingRegistry) MappingRegistry.builder()
			.mapper(this.mapper)
			.truncationCheckInterval(Duration.ofMillis(20))
			.declare("words", words())
			.build()) {
			await().until(() -> ProcessMaps.watchedInodes().contains(inode));
			Integer descriptor = ProcessMaps.inotifyDescriptors()
				.entrySet()
				.stream()
				.filter((each) -> each.getValue().contains(inode))
				.findFirst()
				.orElseThrow()
				.getKey();
			resource(registry).beforeCheckpoint(CONTEXT);
			assertThat(ProcessMaps.inotifyDescriptors()).doesNotContainKey(descriptor);
			Thread.sleep(100);
			assertThat(ProcessMaps.watchedInodes()).doesNotContain((Long) inode);
			resource(registry).afterRestore(CONTEXT);
			await().until(() -> ProcessMaps.watchedInodes().contains(inode));
		}
	}

	@Test
	void whatCanBeWrittenIsFlushedFirst() throws Exception {
		try (DefaultMappingRegistry registry = builder().declare("counters", counters()).build()) {
			resource(registry).beforeCheckpoint(CONTEXT);
			assertThat(registry.statistics().iterator().next().flushCount()).isEqualTo(1);
			resource(registry).afterRestore(CONTEXT);
			assertThat(registry.mappings().getFirst().lastFlush()).isNotNull();
		}
	}

	@Test
	void inBetweenNothingCanBeUsedOrMapped() throws Exception {
		try (DefaultMappingRegistry registry = builder().declare("words", words())
			.declareSet("set", Map.of("a", words()))
			.build()) {
			MemoryMapping mapping = registry.get("words");
			resource(registry).beforeCheckpoint(CONTEXT);
			assertThatIllegalStateException().isThrownBy(mapping::segment)
				.withMessageContaining("unmapped for a checkpoint");
			assertThatIllegalStateException().isThrownBy(mapping::acquire)
				.withMessageContaining("unmapped for a checkpoint");
			assertThatIllegalStateException().isThrownBy(() -> registry.set("set").acquire())
				.withMessageContaining("unmapped for a checkpoint");
			assertThatIllegalStateException().isThrownBy(() -> registry.map(words()))
				.withMessageContaining("unmapped for a checkpoint");
			assertThat(ProcessMaps.regions(this.directory)).isEmpty();
			resource(registry).afterRestore(CONTEXT);
			assertThat(text(mapping)).isEqualTo("words");
		}
	}

	@Test
	void aFileThatHasChangedMeanwhileIsWhatIsMapped() throws Exception {
		try (DefaultMappingRegistry registry = builder().declare("words", words()).build()) {
			MemoryMapping mapping = registry.get("words");
			resource(registry).beforeCheckpoint(CONTEXT);
			Files.writeString(this.words, "other words");
			resource(registry).afterRestore(CONTEXT);
			assertThat(text(mapping)).isEqualTo("other words");
		}
	}

	@Test
	void aLazyMappingWaitsForItsNextUse() throws Exception {
		MappingSpec lazy = MappingSpec.file(this.words).lazy(true).build();
		try (DefaultMappingRegistry registry = builder().declare("words", lazy).build()) {
			MemoryMapping mapping = registry.get("words");
			assertThat(text(mapping)).isEqualTo("words");
			resource(registry).beforeCheckpoint(CONTEXT);
			resource(registry).afterRestore(CONTEXT);
			assertThat(registry.mappings()).isEmpty();
			assertThat(text(mapping)).isEqualTo("words");
			assertThat(registry.mappings().getFirst().generation()).isEqualTo(2);
		}
	}

	@Test
	void whoHoldsALeaseIsNamedAndEverythingStaysAsItWas() throws Exception {
		try (DefaultMappingRegistry registry = builder().drainTimeout(Duration.ofMillis(50))
			.declare("words", words())
			.declare("counters", counters())
			.build(); MappingLease lease = registry.get("words").acquire("reader")) {
			// Declared later, so that it would be unmapped first
			MemoryMapping mapping = registry.get("counters");
			long address = mapping.address();
			assertThatIllegalStateException().isThrownBy(() -> resource(registry).beforeCheckpoint(CONTEXT))
				.withMessageContaining("'words'")
				.withMessageContaining("reader");
			assertThat(registry.mappings()).extracting(MappingInfo::generation).containsExactly(1, 1);
			assertThat(mapping.address()).isEqualTo(address);
			try (MappingLease another = registry.get("words").acquire()) {
				assertThat(another.segment()).isEqualTo(lease.segment());
			}
			resource(registry).afterRestore(CONTEXT);
			assertThat(mapping.address()).isEqualTo(address);
		}
	}

	@Test
	void whatWasUnmappedBeforeItHadToBeRefusedIsMappedAgain() throws Exception {
		Path large = Files.write(this.directory.resolve("large.bin"), new byte[1 << 20]);
		try (DefaultMappingRegistry registry = builder().declare("large", MappingSpec.file(large).build())
			.declare("words", words())
			.build()) {
			MemoryMapping mapping = registry.get("words");
			try (BlockedWrite write = new BlockedWrite(registry.get("large").asByteBuffer())) {
				assertThatIllegalStateException().isThrownBy(() -> resource(registry).beforeCheckpoint(CONTEXT))
					.withMessageContaining("'large'")
					.withMessageContaining("a native call or channel operation");
				assertThat(write.isBlocked()).isTrue();
			}
			assertThat(text(mapping)).isEqualTo("words");
			assertThat(registry.mappings()).extracting(MappingInfo::generation).containsExactly(1, 2);
			resource(registry).beforeCheckpoint(CONTEXT);
			assertThat(ProcessMaps.regions(this.directory)).isEmpty();
			resource(registry).afterRestore(CONTEXT);
			assertThat(registry.mappings()).extracting(MappingInfo::generation).containsExactly(2, 3);
		}
	}

	@Test
	@Fault("checkpoint-with-open-mapping")
	void anAdHocMappingIsRefusedWithTheLineThatMappedIt() {
		try (DefaultMappingRegistry registry = builder().declare("words", words()).build();
				MemoryMapping mapping = registry.map(words())) {
			assertThatIllegalStateException().isThrownBy(() -> resource(registry).beforeCheckpoint(CONTEXT))
				.withMessageContaining("'" + mapping.name() + "'")
				.withMessageContaining("CheckpointTests.java:");
			assertThat(registry.mappings()).hasSize(2);
			assertThat(text(registry.get("words"))).isEqualTo("words");
		}
	}

	@Test
	void privateChangesAreNotLost() {
		MappingSpec spec = MappingSpec.file(this.words).access(MappingAccess.COPY_ON_WRITE).build();
		try (DefaultMappingRegistry registry = builder().declare("scratch", spec).build()) {
			registry.get("scratch").segment().set(JAVA_BYTE, 0, (byte) 'W');
			assertThatIllegalStateException().isThrownBy(() -> resource(registry).beforeCheckpoint(CONTEXT))
				.withMessageContaining("'scratch'")
				.withMessageContaining("would be lost");
			assertThat(text(registry.get("scratch"))).isEqualTo("Words");
		}
	}

	@Test
	void whatCannotBeMappedAgainIsNamedAndTheOthersAreMapped() throws Exception {
		try (DefaultMappingRegistry registry = builder().declare("words", words())
			.declare("counters", counters())
			.build()) {
			resource(registry).beforeCheckpoint(CONTEXT);
			Files.delete(this.words);
			assertThatExceptionOfType(DeclaredMappingException.class)
				.isThrownBy(() -> resource(registry).afterRestore(CONTEXT))
				.satisfies((ex) -> assertThat(ex.name()).isEqualTo("words"))
				.withCauseInstanceOf(MappedFileNotFoundException.class);
			assertThat(registry.mappings()).extracting(MappingInfo::name).containsExactly("counters");
			assertThat(registry.warnings()).singleElement()
				.extracting(MappingWarning::message)
				.asString()
				.contains("could not be mapped again", "on the next use");
			assertThat(new MmapHealthIndicator(registry).health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(new MmapHealthIndicator(registry).health().getDetails()).containsEntry("gone", List.of("words"));
			Files.writeString(this.words, "again");
			assertThat(text(registry.get("words"))).isEqualTo("again");
			assertThat(registry.warnings()).isEmpty();
			assertThat(new MmapHealthIndicator(registry).health().getStatus()).isEqualTo(Status.UP);
		}
	}

	@Test
	void aClosedRegistryDoesNothing() throws Exception {
		DefaultMappingRegistry registry = builder().declare("words", words()).build();
		registry.close();
		resource(registry).beforeCheckpoint(CONTEXT);
		resource(registry).afterRestore(CONTEXT);
		assertThat(registry.mappings()).isEmpty();
	}

	@Test
	void aRegistryThatIsClosedInBetweenStaysClosed() throws Exception {
		DefaultMappingRegistry registry = builder().declare("words", words()).build();
		resource(registry).beforeCheckpoint(CONTEXT);
		registry.close();
		resource(registry).afterRestore(CONTEXT);
		assertThat(registry.mappings()).isEmpty();
		assertThat(registry.find("words")).isEmpty();
	}

	@Test
	void listenersAreToldOfBoth() throws Exception {
		List<String> events = new CopyOnWriteArrayList<>();
		try (DefaultMappingRegistry registry = builder().listener(new MappingListener() {

			@Override
			public void mapped(MappingInfo mapping) {
				events.add("mapped " + mapping.generation());
			}

			@Override
			public void unmapped(MappingInfo mapping) {
				events.add("unmapped " + mapping.generation());
			}

		}).declare("words", words()).build()) {
			resource(registry).beforeCheckpoint(CONTEXT);
			resource(registry).afterRestore(CONTEXT);
			assertThat(events).containsExactly("mapped 1", "unmapped 1", "mapped 2");
		}
	}

	@Test
	void flushesInTheBackgroundGoOn() throws Exception {
		MappingSpec spec = MappingSpec.file(this.counters)
			.access(MappingAccess.READ_WRITE)
			.flushInterval(Duration.ofMillis(5))
			.build();
		try (DefaultMappingRegistry registry = builder().declare("counters", spec).build()) {
			resource(registry).beforeCheckpoint(CONTEXT);
			Thread.sleep(50);
			resource(registry).afterRestore(CONTEXT);
			long before = registry.statistics().iterator().next().flushCount();
			long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
			while (registry.statistics().iterator().next().flushCount() == before && System.nanoTime() < end) {
				Thread.sleep(2);
			}
			assertThat(registry.statistics().iterator().next().flushCount()).isGreaterThan(before);
		}
	}

	@Test
	void memoryThatNoFileIsBehindStays() throws Exception {
		if (this.mapper == MapperType.NATIVE) {
			try (DefaultMappingRegistry registry = builder().declare("scratch", MappingSpec.anonymous(100).build())
				.declare("frames", MappingSpec.inMemoryFile("frames", 100).build())
				.build()) {
				registry.get("scratch").segment().set(JAVA_BYTE, 0, (byte) 1);
				resource(registry).beforeCheckpoint(CONTEXT);
				assertThat(registry.get("scratch").segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 1);
				resource(registry).afterRestore(CONTEXT);
				assertThat(registry.mappings()).extracting(MappingInfo::generation).containsExactly(1, 1);
			}
		}
	}

	private static Resource resource(DefaultMappingRegistry registry) {
		return (Resource) registry.checkpointResource();
	}

	private DefaultMappingRegistryBuilder builder() {
		return new DefaultMappingRegistryBuilder().mapper(this.mapper);
	}

	private MappingSpec words() {
		return MappingSpec.file(this.words).build();
	}

	private MappingSpec counters() {
		return MappingSpec.file(this.counters).access(MappingAccess.READ_WRITE).build();
	}

	private static String text(MemoryMapping mapping) {
		return new String(mapping.segment().toArray(JAVA_BYTE), StandardCharsets.UTF_8);
	}

}
