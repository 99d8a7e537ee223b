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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.MemoryRegion;
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
	void itIsNeitherResizedNorProtectedAsItWouldNotBeGuardedMeanwhile() throws IOException {
		MemoryMapping words = this.registry.get("words");
		for (ThrowingCallable change : List.<ThrowingCallable>of(() -> words.resize(10), words::protect)) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(change)
				.withMessageContaining("it is to be guarded");
		}
		assertThat(info().isGuarded()).isTrue();
		truncate();
		assertThat(text(words)).isEqualTo("w".repeat(LENGTH));
	}

	/**
	 * The memory of all members of a set goes at once with the JDK's mapper. A guard that
	 * came late would exchange memory that is somebody else's by then.
	 */
	@Test
	void noMemoryIsExchangedThatWentWithTheOtherMembersOfASet() throws Exception {
		Path directory = Files.createDirectory(this.directory.resolve("set"));
		int before = anonymousReadOnlyRegions();
		for (int round = 0; round < 20; round++) {
			Map<String, MappingSpec> specs = new LinkedHashMap<>();
			for (int i = 0; i < 12; i++) {
				Path file = Files.write(directory.resolve("file-" + i), new byte[9 * 4096]);
				specs.put("file-" + i, guarded(file));
			}
			MappingRegistry closing = builder().declareSet("set", specs).build();
			Process writers = new ProcessBuilder("sh", "-c", "for f in file-*; do : > $f & done; wait")
				.directory(directory.toFile())
				.start();
			Thread.sleep(round % 10);
			closing.close();
			assertThat(writers.waitFor(30, TimeUnit.SECONDS)).isTrue();
			assertThat(closing.statistics().iterator().next().detachedBytes()).isZero();
			assertThat(closing.warnings()).isEmpty();
		}
		assertThat(anonymousReadOnlyRegions()).isEqualTo(before);
	}

	private static int anonymousReadOnlyRegions() throws IOException {
		// Read at once, as what is in between changes
		return (int) new String(Files.readAllBytes(Path.of("/proc/self/maps")), StandardCharsets.ISO_8859_1).lines()
			.filter((line) -> line.matches("[0-9a-f]+-[0-9a-f]+ r--p 00000000 00:00 0 *"))
			.count();
	}

	@Test
	void aDetachedGenerationThatIsGoneIsNotWarnedOf() throws IOException {
		Path kept = Files.createLink(this.directory.resolve("kept"), this.file);
		try (MappingLease lease = this.registry.get("words").acquire()) {
			Path next = Files.writeString(this.directory.resolve("next"), "new");
			Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE);
			this.registry.reload("words");
			try (FileChannel channel = FileChannel.open(kept, StandardOpenOption.WRITE)) {
				channel.truncate(0);
			}
			await().untilAsserted(() -> assertThat(this.registry.warnings()).hasSize(1));
			assertThat(lease.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 'w');
		}
		await().untilAsserted(() -> assertThat(this.registry.warnings()).isEmpty());
	}

	@Test
	void whatIsLockedStaysSoWhenItIsDetached() throws IOException {
		if (this.mapper == MapperType.NATIVE) {
			Path other = Files.write(this.directory.resolve("locked"), new byte[LENGTH]);
			try (MemoryMapping mapping = this.registry
				.map(MappingSpec.file(other).locked(true).truncation(TruncationPolicy.GUARD).build())) {
				try (FileChannel channel = FileChannel.open(other, StandardOpenOption.WRITE)) {
					channel.truncate(0);
				}
				await().untilAsserted(
						() -> assertThat(MemoryRegion.at(mapping.address()).kilobytes("Locked")).isEqualTo(20));
			}
		}
	}

	@Test
	void contentThatCannotBeSavedIsWarnedOf() throws IOException {
		FaultySystemCalls calls = new FaultySystemCalls();
		calls.failOnce("moveOver", Errno.ENOMEM);
		try (MappingRegistry failing = new DefaultMappingRegistryBuilder()
			.mapper(new NativeMapper(calls.proxy(), "for a test"))
			.declare("words", guarded(Files.writeString(this.directory.resolve("other"), "other")))
			.build()) {
			try (FileChannel channel = FileChannel.open(this.directory.resolve("other"), StandardOpenOption.WRITE)) {
				assertThat(channel.size()).isEqualTo(5);
			}
			await().untilAsserted(() -> assertThat(failing.warnings()).singleElement().satisfies((warning) -> {
				assertThat(warning.kind()).isEqualTo(MappingWarning.Kind.NOT_GUARDED);
				assertThat(warning.message()).contains("could not be saved", "ENOMEM");
			}));
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
