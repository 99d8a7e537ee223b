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
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

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
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A file that took the place of the one that is mapped is noticed, however that came.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class ReloadOnUpdateTests {

	private static final Duration LONG_ENOUGH = Duration.ofMillis(400);

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void write() throws IOException {
		this.file = Files.writeString(this.directory.resolve("words.bin"), "old");
	}

	@AfterEach
	void close() {
		if (this.registry != null) {
			this.registry.close();
		}
	}

	@Test
	void aFileThatWasRenamedOverItIsMapped() throws IOException {
		MemoryMapping words = watch(this.file);
		replace("brand-new");
		await().untilAsserted(() -> assertThat(text(words)).isEqualTo("brand-new"));
		await().untilAsserted(() -> assertThat(ProcessMaps.regions(this.directory)).hasSize(1));
		assertThat(this.registry.statistics().iterator().next().reloads(ReloadOutcome.SUCCESS)).isEqualTo(1);
	}

	@Test
	void eachOfSeveralReplacementsIsMapped() throws IOException {
		MemoryMapping words = watch(this.file);
		for (int i = 0; i < 5; i++) {
			String content = "content " + i;
			replace(content);
			await().untilAsserted(() -> assertThat(text(words)).isEqualTo(content));
		}
	}

	/**
	 * As Kubernetes mounts a ConfigMap: words.bin leads to ..data/words.bin, and ..data
	 * to a directory that is replaced as a whole.
	 */
	@Test
	void aSymbolicLinkThatLeadsElsewhereIsFollowed() throws IOException {
		version("..2026_01", "first");
		Files.createSymbolicLink(this.directory.resolve("..data"), Path.of("..2026_01"));
		Path link = Files.createSymbolicLink(this.directory.resolve("linked.bin"), Path.of("..data/words.bin"));
		MemoryMapping words = watch(link);
		assertThat(text(words)).isEqualTo("first");
		version("..2026_02", "second");
		Path next = Files.createSymbolicLink(this.directory.resolve("..data_tmp"), Path.of("..2026_02"));
		Files.move(next, this.directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
		await().untilAsserted(() -> assertThat(text(words)).isEqualTo("second"));
	}

	private void version(String name, String content) throws IOException {
		Files.writeString(Files.createDirectory(this.directory.resolve(name)).resolve("words.bin"), content);
	}

	@Test
	void nothingIsReloadedThatWasNotReplaced() throws Exception {
		MemoryMapping words = watch(this.file);
		Files.writeString(this.directory.resolve("other.bin"), "other");
		Files.setLastModifiedTime(this.file, FileTime.fromMillis(0));
		Thread.sleep(LONG_ENOUGH);
		assertThat(generation(words)).isEqualTo(1);
	}

	@Test
	void aFileThatIsChangedInPlaceIsNotReloaded() throws Exception {
		MemoryMapping words = watch(this.file);
		Files.writeString(this.file, "OLD", StandardOpenOption.WRITE);
		Thread.sleep(LONG_ENOUGH);
		assertThat(generation(words)).isEqualTo(1);
		assertThat(text(words)).isEqualTo("OLD");
	}

	@Test
	void whatIsNotToBeWatchedIsLeftAlone() throws Exception {
		this.registry = builder().declare("words", MappingSpec.file(this.file).build()).build();
		replace("new");
		Thread.sleep(LONG_ENOUGH);
		assertThat(text(this.registry.get("words"))).isEqualTo("old");
	}

	@Test
	void itIsNotReloadedBeforeNothingHasChangedForTheQuietPeriod() throws Exception {
		this.registry = builder().reloadQuietPeriod(Duration.ofMillis(600))
			.declare("words", MappingSpec.file(this.file).reloadOnUpdate(true).build())
			.build();
		MemoryMapping words = this.registry.get("words");
		long last = 0;
		for (int i = 0; i < 4; i++) {
			replace("content " + i);
			last = System.nanoTime();
			Thread.sleep(Duration.ofMillis(150));
		}
		assertThat(generation(words)).isEqualTo(1);
		await().untilAsserted(() -> assertThat(text(words)).isEqualTo("content 3"));
		assertThat(Duration.ofNanos(System.nanoTime() - last)).isGreaterThanOrEqualTo(Duration.ofMillis(590));
		assertThat(generation(words)).isEqualTo(2);
	}

	@Test
	void changesThatNeverEndDoNotKeepItFromBeingReloaded() {
		this.registry = builder().reloadQuietPeriod(Duration.ofMillis(100))
			.declare("words", MappingSpec.file(this.file).reloadOnUpdate(true).build())
			.build();
		MemoryMapping words = this.registry.get("words");
		await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
			replace("content " + System.nanoTime());
			assertThat(generation(words)).isGreaterThan(1);
		});
	}

	@Test
	@Fault("replaced-by-bad-content")
	void aReplacementThatIsRefusedKeepsTheOldAndIsTriedOnce() throws Exception {
		this.registry = builder().reloadQuietPeriod(Duration.ZERO).validator((candidate) -> {
			if (candidate.segment().get(JAVA_BYTE, 0) == 'b') {
				throw new IOException("it is bad");
			}
		}).declare("words", MappingSpec.file(this.file).reloadOnUpdate(true).build()).build();
		MemoryMapping words = this.registry.get("words");
		MappingStatistics statistics = this.registry.statistics().iterator().next();
		try (CapturedLog log = new CapturedLog()) {
			replace("bad");
			await().untilAsserted(() -> assertThat(statistics.reloads(ReloadOutcome.FAILURE)).isEqualTo(1));
			Thread.sleep(LONG_ENOUGH);
			assertThat(statistics.reloads(ReloadOutcome.FAILURE)).isEqualTo(1);
			assertThat(log.messages(Level.WARN)).singleElement()
				.asString()
				.contains("mapping 'words'", "old ones stay in use", "it is bad");
		}
		assertThat(text(words)).isEqualTo("old");
		assertThat(this.registry.warnings()).extracting(MappingWarning::kind)
			.containsExactly(MappingWarning.Kind.RELOAD_FAILING);
		replace("good");
		await().untilAsserted(() -> assertThat(text(words)).isEqualTo("good"));
		assertThat(this.registry.warnings()).isEmpty();
	}

	@Test
	@Fault("deleted-while-watched")
	void aFileThatIsDeletedStaysMappedAndIsWarnedOf() throws IOException {
		MemoryMapping words = watch(this.file);
		Files.delete(this.file);
		await().untilAsserted(() -> assertThat(this.registry.warnings()).singleElement()
			.extracting(MappingWarning::message)
			.asString()
			.contains("does not exist"));
		assertThat(text(words)).isEqualTo("old");
		Files.writeString(this.file, "again");
		await().untilAsserted(() -> assertThat(text(words)).isEqualTo("again"));
	}

	@Test
	void aSetIsReloadedAsAWholeAndFindsWhatIsNew() throws IOException {
		Path set = Files.createDirectory(this.directory.resolve("set"));
		Files.writeString(set.resolve("a"), "a 1");
		this.registry = builder().reloadQuietPeriod(Duration.ofMillis(200))
			.declareSet("letters", () -> files(set))
			.build();
		MappingSet letters = this.registry.set("letters");
		Files.writeString(set.resolve("b"), "b 2");
		Files.writeString(this.directory.resolve("next"), "a 2");
		Files.move(this.directory.resolve("next"), set.resolve("a"), StandardCopyOption.ATOMIC_MOVE);
		await().untilAsserted(() -> assertThat(letters.asMap()).containsOnlyKeys("a", "b"));
		assertThat(text(letters.get("a"))).isEqualTo("a 2");
		assertThat(generation(letters.get("b"))).isEqualTo(2);
		Files.delete(set.resolve("a"));
		await().untilAsserted(() -> assertThat(letters.asMap()).containsOnlyKeys("b"));
	}

	@Test
	void aSetWithMembersThatAreNotWatchedIsReloadedOnce() throws Exception {
		Path other = Files.writeString(this.directory.resolve("other.bin"), "other");
		this.registry = builder()
			.declareSet("letters", Map.of("a", MappingSpec.file(this.file).reloadOnUpdate(true).build(), "b",
					MappingSpec.file(other).build()))
			.build();
		MemoryMapping words = this.registry.set("letters").get("a");
		Thread.sleep(LONG_ENOUGH);
		assertThat(generation(words)).isEqualTo(1);
		replace("new");
		await().untilAsserted(() -> assertThat(text(words)).isEqualTo("new"));
		Thread.sleep(LONG_ENOUGH);
		assertThat(generation(words)).isEqualTo(2);
	}

	@Test
	void anEmptySetThatIsNotToBeWatchedIsNotReloaded() throws Exception {
		Path set = Files.createDirectory(this.directory.resolve("set"));
		this.registry = builder().declareSet("letters", () -> {
			Map<String, MappingSpec> specs = new TreeMap<>();
			files(set).keySet().forEach((key) -> specs.put(key, MappingSpec.file(set.resolve(key)).build()));
			return specs;
		}).build();
		Files.writeString(set.resolve("a"), "a 1");
		Thread.sleep(LONG_ENOUGH);
		assertThat(this.registry.set("letters").asMap()).isEmpty();
		this.registry.reload("letters");
		Thread.sleep(LONG_ENOUGH);
		assertThat(generation(this.registry.set("letters").get("a"))).isEqualTo(2);
	}

	@Test
	void aFileThatIsBackAsItWasIsNoLongerWarnedOf() throws IOException {
		MemoryMapping words = watch(this.file);
		Path kept = Files.createLink(this.directory.resolve("kept"), this.file);
		Files.delete(this.file);
		await().untilAsserted(() -> assertThat(this.registry.warnings()).hasSize(1));
		Files.move(kept, this.file);
		await().untilAsserted(() -> assertThat(this.registry.warnings()).isEmpty());
		assertThat(generation(words)).isEqualTo(1);
	}

	@Test
	void aSetThatIsEmptyAtFirstFindsWhatComes() throws IOException {
		Path set = Files.createDirectory(this.directory.resolve("set"));
		this.registry = builder().declareSet("letters", () -> files(set)).build();
		Files.writeString(set.resolve("a"), "a 1");
		await().untilAsserted(() -> assertThat(this.registry.set("letters").asMap()).containsOnlyKeys("a"));
	}

	private static Map<String, MappingSpec> files(Path directory) {
		Map<String, MappingSpec> specs = new TreeMap<>();
		try (Stream<Path> files = Files.list(directory)) {
			files.forEach((file) -> specs.put(file.getFileName().toString(),
					MappingSpec.file(file).reloadOnUpdate(true).build()));
		}
		catch (IOException ex) {
			throw new IllegalStateException("The directory cannot be listed", ex);
		}
		return specs;
	}

	@Test
	void whatWasNotUsedYetIsNotMappedByAReplacement() throws Exception {
		this.registry = builder().declare("words", MappingSpec.file(this.file).reloadOnUpdate(true).lazy(true).build())
			.build();
		replace("new");
		Thread.sleep(LONG_ENOUGH);
		assertThat(this.registry.mappings()).isEmpty();
		assertThat(text(this.registry.get("words"))).isEqualTo("new");
	}

	private MemoryMapping watch(Path path) {
		this.registry = builder().declare("words", MappingSpec.file(path).reloadOnUpdate(true).build()).build();
		return this.registry.get("words");
	}

	private MappingRegistry.Builder builder() {
		return MappingRegistry.builder()
			.mapper(this.mapper)
			.reloadCheckInterval(Duration.ofMillis(10))
			.reloadQuietPeriod(Duration.ofMillis(30));
	}

	private static int generation(MemoryMapping mapping) {
		try (MappingLease lease = mapping.acquire()) {
			return lease.generation();
		}
	}

	private void replace(String content) throws IOException {
		Path next = Files.writeString(this.directory.resolve("next"), content);
		Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	private static String text(MemoryMapping mapping) {
		try (MappingLease lease = mapping.acquire()) {
			MemorySegment segment = lease.segment();
			return new String(segment.toArray(JAVA_BYTE), StandardCharsets.UTF_8);
		}
	}

}
