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
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
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
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Truncation, change in place and replacement are told apart, and the first two noticed
 * without anybody asking.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class FileStateTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void declare() throws IOException {
		this.file = Files.write(this.directory.resolve("words.bin"), new byte[10_000]);
		this.registry = registry(MappingSpec.file(this.file).build());
	}

	private MappingRegistry registry(MappingSpec spec) {
		return MappingRegistry.builder()
			.mapper(this.mapper)
			.truncationCheckInterval(Duration.ofMillis(20))
			.declare("words", spec)
			.build();
	}

	@AfterEach
	void close() {
		this.registry.close();
	}

	@Test
	void aFileIsUnchangedAtFirst() {
		assertThat(state()).isEqualTo(FileState.UNCHANGED);
	}

	@Test
	void aFileThatIsTooShortWasTruncated() throws IOException {
		truncate(this.file, 4000);
		assertThat(state()).isEqualTo(FileState.TRUNCATED);
		assertThat(info().lostBytes()).isEqualTo(6000);
	}

	@Test
	void aFileThatWasWrittenToWasModified() throws IOException {
		modify();
		assertThat(state()).isEqualTo(FileState.MODIFIED);
		assertThat(info().lostBytes()).isZero();
	}

	@Test
	void aFileThatHasGrownWasModified() throws IOException {
		Files.write(this.file, new byte[10], StandardOpenOption.APPEND);
		assertThat(state()).isEqualTo(FileState.MODIFIED);
	}

	@Test
	void whatIsMappedToBeWrittenIsNotCalledModified() throws Exception {
		try (MappingRegistry writing = registry(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build())) {
			writing.get("words").segment().set(JAVA_BYTE, 0, (byte) 1);
			writing.get("words").flush();
			modify();
			assertThat(writing.mappings().getFirst().fileState()).isEqualTo(FileState.UNCHANGED);
			assertThat(writing.warnings()).isEmpty();
		}
	}

	@Test
	@Fault("replaced-while-mapped")
	void aFileWhosePathLeadsElsewhereWasReplaced() throws IOException {
		Path other = Files.write(this.directory.resolve("other"), new byte[5]);
		Files.move(other, this.file, StandardCopyOption.ATOMIC_MOVE);
		assertThat(state()).isEqualTo(FileState.REPLACED);
		assertThat(info().lostBytes()).isZero();
	}

	@Test
	@Fault("deleted-while-mapped")
	void aFileWhosePathLeadsNowhereWasDeleted() throws IOException {
		Files.delete(this.file);
		assertThat(state()).isEqualTo(FileState.DELETED);
	}

	@Test
	void memoryWithoutAFileHasNoState() {
		if (this.mapper == MapperType.NATIVE) {
			try (MemoryMapping memory = this.registry.map(MappingSpec.anonymous(10).build())) {
				assertThat(memory.length()).isEqualTo(10);
				assertThat(this.registry.mappings().getLast().fileState()).isEqualTo(FileState.UNKNOWN);
			}
		}
	}

	@Test
	void aCopyHasNoneEither() throws IOException {
		if (this.mapper == MapperType.NATIVE) {
			try (MappingRegistry copying = registry(MappingSpec.file(this.file).copy(true).build())) {
				truncate(this.file, 0);
				assertThat(copying.mappings().getFirst().fileState()).isEqualTo(FileState.UNKNOWN);
				assertThat(copying.mappings().getFirst().lostBytes()).isZero();
			}
		}
	}

	@Test
	void aTruncationIsLoggedOnce() throws Exception {
		try (CapturedLog log = new CapturedLog()) {
			truncate(this.file, 4000);
			await().untilAsserted(() -> assertThat(log.messages(Level.ERROR)).isNotEmpty());
			Thread.sleep(100);
			assertThat(log.messages(Level.ERROR)).singleElement()
				.asString()
				.contains("'words'", "truncated to 4000 bytes", "bytes 4000 to 10000 of the mapping are lost");
		}
	}

	@Test
	void aMemberThatHasComeLaterIsLookedAt() throws IOException {
		Path set = Files.createDirectory(this.directory.resolve("set"));
		Path late = set.resolve("late");
		try (MappingRegistry growing = MappingRegistry.builder()
			.mapper(this.mapper)
			.truncationCheckInterval(Duration.ofMillis(20))
			.declareSet("set", () -> (Files.exists(late)) ? Map.of("late", MappingSpec.file(late).build()) : Map.of())
			.build()) {
			Files.write(late, new byte[10_000]);
			growing.reload("set");
			Files.write(late, new byte[10], StandardOpenOption.APPEND);
			await().untilAsserted(() -> assertThat(growing.warnings()).hasSize(1));
		}
	}

	@Test
	@Fault("changed-in-place")
	void aChangeInPlaceIsWarnedOf() throws Exception {
		try (CapturedLog log = new CapturedLog()) {
			modify();
			await().untilAsserted(() -> assertThat(this.registry.warnings()).singleElement().satisfies((warning) -> {
				assertThat(warning.name()).isEqualTo("words");
				assertThat(warning.kind()).isEqualTo(MappingWarning.Kind.MODIFIED_IN_PLACE);
			}));
			assertThat(log.messages(Level.WARN)).singleElement().asString().contains("changed in place");
		}
		this.registry.reload("words");
		assertThat(this.registry.warnings()).isEmpty();
		assertThat(state()).isEqualTo(FileState.UNCHANGED);
	}

	@Test
	@Fault("changed-through-another-mapping")
	void aStoreIntoMemoryThatSomebodyElseHasMappedIsFoundWhenSomebodyAsks() throws Exception {
		Object inode = Files.getAttribute(this.file, "unix:ino");
		await().until(() -> ProcessMaps.watchedInodes().contains(inode));
		// So that the time of the change is another one
		Thread.sleep(50);
		try (Arena arena = Arena.ofConfined();
				FileChannel channel = FileChannel.open(this.file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			channel.map(FileChannel.MapMode.READ_WRITE, 0, 10_000, arena).set(JAVA_BYTE, 0, (byte) 1);
			await().until(() -> !this.registry.warnings().isEmpty());
		}
	}

	@Test
	@Fault("moved-away-and-truncated")
	void aFileThatWasMovedAwayAndTruncatedThenIsFoundByTheNativeMapper() throws Exception {
		if (this.mapper == MapperType.NATIVE) {
			// The first look has opened it
			Thread.sleep(200);
			Path moved = Files.move(this.file, this.directory.resolve("moved"));
			assertThat(state()).isEqualTo(FileState.DELETED);
			truncate(moved, 4000);
			assertThat(state()).isEqualTo(FileState.TRUNCATED);
		}
	}

	private FileState state() {
		return info().fileState();
	}

	private MappingInfo info() {
		return this.registry.mappings().getFirst();
	}

	private void modify() throws IOException {
		Files.write(this.file, new byte[] { 1, 2, 3 }, StandardOpenOption.WRITE);
	}

	private static void truncate(Path file, long length) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			channel.truncate(length);
		}
	}

}
