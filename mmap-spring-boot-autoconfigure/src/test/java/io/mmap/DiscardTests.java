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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.HugePagePool;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Content that is given up, and content that is not.
 */
@ExtendWith(NothingLeftBehind.class)
class DiscardTests {

	private static final int PAGE = (int) new LinuxSystemCalls().pageSize();

	private static final int SIZE = 16 * PAGE;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), ones(SIZE));
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
	}

	private static byte[] ones(int size) {
		byte[] ones = new byte[size];
		Arrays.fill(ones, (byte) 1);
		return ones;
	}

	@Test
	void pagesOfASharedFileAreReadAgain() {
		try (MemoryMapping mapping = this.registry.map(readWrite().build())) {
			mapping.segment().set(JAVA_BYTE, 5, (byte) 42);
			mapping.discard(DestructiveAdvice.DONT_NEED);
			assertThat(mapping.segment().get(JAVA_BYTE, 5)).isEqualTo((byte) 42);
			assertThat(mapping.segment().get(JAVA_BYTE, 6)).isEqualTo((byte) 1);
		}
	}

	@Test
	void anonymousPagesReadAsZeros() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			mapping.segment().fill((byte) 1);
			mapping.range(PAGE, PAGE).discard(DestructiveAdvice.DONT_NEED);
			assertThat(mapping.segment().get(JAVA_BYTE, PAGE - 1)).isEqualTo((byte) 1);
			assertThat(mapping.segment().get(JAVA_BYTE, PAGE)).isZero();
			assertThat(mapping.segment().get(JAVA_BYTE, 2 * PAGE - 1)).isZero();
			assertThat(mapping.segment().get(JAVA_BYTE, 2 * PAGE)).isEqualTo((byte) 1);
		}
	}

	@Test
	void partsOfHugePagesAreRefusedAndTheirNeighboursIntact() {
		try (HugePagePool pool = new HugePagePool(2)) {
			assertThat(pool).isNotNull();
			long huge = 2L << 20;
			MappingSpec spec = MappingSpec.anonymous(2 * huge).hugeTlb(HugePages.REQUIRE).hugePageSize(huge).build();
			try (MemoryMapping mapping = this.registry.map(spec)) {
				mapping.segment().fill((byte) 1);
				assertThatExceptionOfType(InvalidMappingException.class)
					.isThrownBy(() -> mapping.range(huge / 2, huge / 2).discard(DestructiveAdvice.DONT_NEED))
					.withMessageContaining("multiples of " + huge + " bytes");
				assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 1);
				mapping.range(huge, huge).discard(DestructiveAdvice.DONT_NEED);
				assertThat(mapping.segment().get(JAVA_BYTE, huge - 1)).isEqualTo((byte) 1);
				assertThat(mapping.segment().get(JAVA_BYTE, huge)).isZero();
			}
		}
	}

	@Test
	void theLastHugePageIsDiscardedAndAdvisedAlthoughTheMappingEndsWithinIt() {
		try (HugePagePool pool = new HugePagePool(1)) {
			assertThat(pool).isNotNull();
			MappingSpec spec = MappingSpec.anonymous(1 << 20).hugeTlb(HugePages.REQUIRE).hugePageSize(2L << 20).build();
			try (MemoryMapping mapping = this.registry.map(spec)) {
				mapping.segment().fill((byte) 1);
				mapping.advise(Advice.DONT_DUMP);
				mapping.discard(DestructiveAdvice.DONT_NEED);
				assertThat(mapping.segment().get(JAVA_BYTE, 5)).isZero();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	@Fault("discarded-changes")
	void changesThatAreInMemoryOnlyAreKept(DestructiveAdvice advice) {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.file).access(MappingAccess.COPY_ON_WRITE).build())) {
			mapping.segment().set(JAVA_BYTE, 0, (byte) 42);
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.discard(advice))
				.withMessageContaining("would be lost");
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 42);
		}
	}

	@ParameterizedTest
	@EnumSource
	void copiesAreKept(DestructiveAdvice advice) {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).copy(true).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.discard(advice))
				.withMessageContaining("the copy would read as zeros");
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(ones(SIZE));
		}
	}

	@Test
	void freeingIsForAnonymousMemoryOnly() {
		try (MemoryMapping mapping = this.registry.map(readWrite().build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.discard(DestructiveAdvice.FREE))
				.withMessageContaining("private anonymous memory");
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(ones(SIZE));
		}
	}

	@Test
	void anonymousPagesThatAreFreedReadAsBeforeOrAsZerosAndKeepWhatIsWrittenLater() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			mapping.segment().fill((byte) 1);
			mapping.discard(DestructiveAdvice.FREE);
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isBetween((byte) 0, (byte) 1);
			mapping.segment().set(JAVA_BYTE, 0, (byte) 2);
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 2);
		}
	}

	@Test
	void removedPagesBecomeAHoleOfTheFile() throws Exception {
		try (MemoryMapping mapping = this.registry.map(readWrite().build())) {
			mapping.flush();
			long before = blocks();
			mapping.range(4 * PAGE, 8 * PAGE).discard(DestructiveAdvice.REMOVE);
			assertThat(
					mapping.segment().asSlice(4 * PAGE, 8 * PAGE).mismatch(MemorySegment.ofArray(new byte[8 * PAGE])))
				.isEqualTo(-1);
			assertThat(blocks()).isEqualTo(before - 8 * PAGE / 512);
		}
		byte[] expected = ones(SIZE);
		Arrays.fill(expected, 4 * PAGE, 12 * PAGE, (byte) 0);
		assertThat(Files.readAllBytes(this.file)).isEqualTo(expected);
	}

	private long blocks() throws IOException {
		Process process = new ProcessBuilder("stat", "-c", "%b", this.file.toString()).start();
		return Long.parseLong(new String(process.getInputStream().readAllBytes()).strip());
	}

	@Test
	void inMemoryFilesGiveTheirMemoryBack() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.inMemoryFile("hole", SIZE - 100).build())) {
			mapping.segment().fill((byte) 1);
			mapping.discard(DestructiveAdvice.REMOVE);
			assertThat(mapping.residency().resident()).isZero();
			assertThat(mapping.segment().get(JAVA_BYTE, SIZE - 101)).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource(names = "FREE", mode = EnumSource.Mode.EXCLUDE)
	void partsOfPagesAreRefusedAndTheirNeighboursIntact(DestructiveAdvice advice) {
		try (MemoryMapping mapping = this.registry.map(readWrite().build())) {
			for (MappedRange range : new MappedRange[] { mapping.range(1, PAGE), mapping.range(0, PAGE - 1),
					mapping.range(100, 10) }) {
				assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> range.discard(advice))
					.withMessageContaining("multiples of " + PAGE);
			}
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(ones(SIZE));
		}
	}

	@Test
	void whatFollowsTheMappingInItsLastPageIsNotRemoved() throws IOException {
		try (MemoryMapping mapping = this.registry.map(readWrite().length(PAGE + 100).build())) {
			assertThatExceptionOfType(InvalidMappingException.class)
				.isThrownBy(() -> mapping.discard(DestructiveAdvice.REMOVE))
				.withMessageContaining("multiples of " + PAGE);
		}
		assertThat(Files.readAllBytes(this.file)).isEqualTo(ones(SIZE));
	}

	@Test
	void whatPrecedesTheMappingInItsFirstPageIsNotRemoved() throws IOException {
		try (MemoryMapping mapping = this.registry.map(readWrite().offset(100).build())) {
			assertThatExceptionOfType(InvalidMappingException.class)
				.isThrownBy(() -> mapping.discard(DestructiveAdvice.REMOVE))
				.withMessageContaining("100 bytes before the mapping");
			mapping.range(PAGE - 100, PAGE).discard(DestructiveAdvice.REMOVE);
		}
		byte[] expected = ones(SIZE);
		Arrays.fill(expected, PAGE, 2 * PAGE, (byte) 0);
		assertThat(Files.readAllBytes(this.file)).isEqualTo(expected);
	}

	@Test
	void theLastPageOfAFileIsRemovedUpToItsEnd() throws IOException {
		Files.write(this.file, ones(PAGE + 100));
		try (MemoryMapping mapping = this.registry.map(readWrite().build())) {
			mapping.range(PAGE, 100).discard(DestructiveAdvice.REMOVE);
		}
		assertThat(Files.readAllBytes(this.file)).isEqualTo(Arrays.copyOf(ones(PAGE), PAGE + 100));
	}

	@Test
	void nothingIsRemovedThroughAReadOnlyMapping() throws IOException {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			assertThatExceptionOfType(MappingException.class)
				.isThrownBy(() -> mapping.discard(DestructiveAdvice.REMOVE))
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EACCES));
		}
		assertThat(Files.readAllBytes(this.file)).isEqualTo(ones(SIZE));
	}

	@Test
	void theJdkMapperRefusesWithWhatToDo() {
		try (MappingRegistry jdk = MappingRegistry.builder().mapper(MapperType.JDK).build();
				MemoryMapping mapping = jdk.map(readWrite().build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.discard(DestructiveAdvice.DONT_NEED))
				.withMessageContaining("--enable-native-access=ALL-UNNAMED");
		}
	}

	private FileMappingBuilder readWrite() {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE);
	}

}
