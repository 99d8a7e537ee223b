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
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The content of a guarded mapping outlives the truncation of its file, with each mapper.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class GuardedMappingTests {

	private static final int LENGTH = 20_000;

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void declare() throws IOException {
		this.file = Files.writeString(this.directory.resolve("words.bin"), "w".repeat(LENGTH));
		this.registry = builder().declare("words", guarded(this.file)).build();
	}

	@AfterEach
	void close() {
		this.registry.close();
	}

	@Test
	void itIsGuardedFromTheStart() {
		assertThat(info().isGuarded()).isTrue();
		assertThat(info().isDetached()).isFalse();
		assertThat(this.registry.warnings()).isEmpty();
	}

	@Test
	void itsContentStaysWhenItsFileIsTruncated() throws IOException {
		MemoryMapping words = this.registry.get("words");
		try (CapturedLog log = new CapturedLog()) {
			truncate();
			assertThat(this.file).isEmptyFile();
			assertThat(text(words)).isEqualTo("w".repeat(LENGTH));
			await().untilAsserted(() -> assertThat(log.messages(Level.WARN)).singleElement()
				.asString()
				.contains("'words'", "was saved", "no longer that of the file"));
		}
	}

	@Test
	void itIsShownAsDetachedThen() throws IOException {
		truncate();
		await().untilAsserted(() -> assertThat(info().isDetached()).isTrue());
		assertThat(info().isGuarded()).isFalse();
		assertThat(info().fileState()).isEqualTo(FileState.UNKNOWN);
		assertThat(info().lostBytes()).as("nothing is lost").isZero();
		assertThat(statistics().detachedBytes()).isEqualTo(LENGTH);
		assertThat(this.registry.warnings()).singleElement().satisfies((warning) -> {
			assertThat(warning.kind()).isEqualTo(MappingWarning.Kind.DETACHED);
			assertThat(warning.message()).contains("until the mapping is reloaded");
		});
	}

	@Test
	void aReloadAttachesItToItsFileAgain() throws IOException {
		truncate();
		await().untilAsserted(() -> assertThat(info().isDetached()).isTrue());
		Path next = Files.writeString(this.directory.resolve("next"), "new");
		Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE);
		this.registry.reload("words");
		assertThat(text(this.registry.get("words"))).isEqualTo("new");
		assertThat(info().isDetached()).isFalse();
		assertThat(info().isGuarded()).isTrue();
		assertThat(statistics().detachedBytes()).isZero();
		assertThat(this.registry.warnings()).isEmpty();
	}

	@Test
	void whoWritesTheFileIsNoLongerHeldUpOnceItIsUnmapped() throws IOException {
		this.registry.close();
		truncate();
		assertThat(this.file).isEmptyFile();
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.doesNotContain("mmap-guard"));
	}

	@Test
	void aMappingOfCodeCanBeGuardedToo() throws IOException {
		Path other = Files.writeString(this.directory.resolve("other"), "other");
		try (MemoryMapping mapping = this.registry.map(guarded(other))) {
			try (FileChannel channel = FileChannel.open(other, StandardOpenOption.WRITE)) {
				channel.truncate(0);
			}
			assertThat(text(mapping)).isEqualTo("other");
		}
	}

	@Test
	void eachMemberOfASetIsGuarded() throws IOException {
		Path cat = Files.writeString(this.directory.resolve("cat"), "cat");
		Path dog = Files.writeString(this.directory.resolve("dog"), "dog");
		try (MappingRegistry animals = builder().declareSet("animals", Map.of("cat", guarded(cat), "dog", guarded(dog)))
			.build()) {
			for (Path file : new Path[] { cat, dog }) {
				try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
					channel.truncate(0);
				}
			}
			try (MappingSetLease lease = animals.set("animals").acquire()) {
				assertThat(new String(lease.segment("cat").toArray(JAVA_BYTE), StandardCharsets.UTF_8))
					.isEqualTo("cat");
				assertThat(new String(lease.segment("dog").toArray(JAVA_BYTE), StandardCharsets.UTF_8))
					.isEqualTo("dog");
			}
		}
	}

	@Test
	void whatCannotBeGuardedIsWatchedAndWarnedOf() throws IOException {
		Path other = Files.writeString(this.directory.resolve("other"), "other");
		try (FileChannel writer = FileChannel.open(other, StandardOpenOption.WRITE);
				CapturedLog log = new CapturedLog();
				MappingRegistry watching = builder().declare("other", guarded(other)).build()) {
			MappingInfo mapping = watching.mappings().getFirst();
			assertThat(mapping.isGuarded()).isFalse();
			assertThat(watching.warnings()).singleElement().satisfies((warning) -> {
				assertThat(warning.kind()).isEqualTo(MappingWarning.Kind.NOT_GUARDED);
				assertThat(warning.message()).contains("Cannot guard 'other'", "open", "detected only");
			});
			assertThat(log.messages(Level.WARN)).hasSize(1);
			writer.truncate(0);
			assertThat(mapping.lostBytes()).isEqualTo(5);
			assertThat(mapping.fileState()).isEqualTo(FileState.TRUNCATED);
		}
	}

	@Test
	void whatIsTooLongIsNotGuarded() {
		try (MappingRegistry watching = builder().guardMaxSize(LENGTH - 1)
			.declare("words", guarded(this.file))
			.build()) {
			assertThat(watching.mappings().getFirst().isGuarded()).isFalse();
			assertThat(watching.warnings()).singleElement()
				.extracting(MappingWarning::message)
				.asString()
				.contains(String.valueOf(LENGTH - 1), "mmap.guard.max-size");
		}
	}

	@Test
	void withoutNativeAccessNothingIsGuarded() {
		Mapper bare = new JdkMapper(null, "for a test", new Probes("for a test"));
		try (MappingRegistry watching = new DefaultMappingRegistryBuilder().mapper(bare)
			.declare("words", guarded(this.file))
			.build()) {
			assertThat(watching.mappings().getFirst().isGuarded()).isFalse();
			assertThat(watching.warnings()).singleElement()
				.extracting(MappingWarning::message)
				.asString()
				.contains("--enable-native-access");
		}
	}

	@Test
	void itsPagesAreNotDiscarded() {
		MemoryMapping words = this.registry.get("words");
		assertThatExceptionOfType(UnsupportedMappingOperationException.class)
			.isThrownBy(() -> words.discard(DestructiveAdvice.DONT_NEED))
			.withMessageContaining("the only copy of its content");
	}

	@Test
	void whatItsPagesAreIsUnknownOnceItIsDetached() throws IOException {
		MemoryMapping words = this.registry.get("words");
		truncate();
		await().untilAsserted(() -> assertThat(info().isDetached()).isTrue());
		assertThat(words.residency().reason()).contains("detached from its file");
	}

	@Test
	void itIsNotResizedOnceItIsDetached() throws IOException {
		if (this.mapper == MapperType.NATIVE) {
			MemoryMapping words = this.registry.get("words");
			truncate();
			await().untilAsserted(() -> assertThat(info().isDetached()).isTrue());
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(() -> words.resize(10))
				.withMessageContaining("detached from its file");
			assertThat(text(words)).isEqualTo("w".repeat(LENGTH));
		}
	}

	@Test
	void itIsGuardedStillAfterItWasResizedOrCouldNotBe() throws IOException {
		if (this.mapper == MapperType.NATIVE) {
			MemoryMapping words = this.registry.get("words");
			words.resize(10_000);
			assertThat(info().isGuarded()).isTrue();
			assertThatExceptionOfType(MappedRangeException.class).isThrownBy(() -> words.resize(100_000));
			assertThat(info().isGuarded()).isTrue();
			truncate();
			assertThat(text(words)).isEqualTo("w".repeat(10_000));
		}
	}

	@Test
	void contentOfMemoryThatWasReplacedIsSavedForThoseWhoHoldIt() throws IOException {
		MemoryMapping words = this.registry.get("words");
		try (MappingLease lease = words.acquire()) {
			Path kept = this.directory.resolve("kept");
			Files.createLink(kept, this.file);
			Path next = Files.writeString(this.directory.resolve("next"), "new");
			Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE);
			this.registry.reload("words");
			try (FileChannel channel = FileChannel.open(kept, StandardOpenOption.WRITE)) {
				channel.truncate(0);
			}
			assertThat(lease.segment().get(JAVA_BYTE, LENGTH - 1)).isEqualTo((byte) 'w');
		}
		await().atMost(Duration.ofSeconds(1))
			.untilAsserted(() -> assertThat(ProcessMaps.regions(this.directory)).hasSize(1));
		await().untilAsserted(() -> assertThat(statistics().detachedBytes()).isZero());
	}

	private MappingRegistry.Builder builder() {
		return MappingRegistry.builder().mapper(this.mapper);
	}

	private static MappingSpec guarded(Path file) {
		return MappingSpec.file(file).truncation(TruncationPolicy.GUARD).build();
	}

	private MappingInfo info() {
		return this.registry.mappings().getFirst();
	}

	private MappingStatistics statistics() {
		return this.registry.statistics().iterator().next();
	}

	private void truncate() throws IOException {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
			channel.truncate(0);
		}
	}

	private static String text(MemoryMapping mapping) {
		return new String(mapping.segment().toArray(JAVA_BYTE), StandardCharsets.UTF_8);
	}

}
