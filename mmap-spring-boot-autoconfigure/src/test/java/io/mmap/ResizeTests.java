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
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import io.mmap.internal.ffi.Errno;
import io.mmap.testsupport.BlockedWrite;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.CallFault;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Changes of the length of mappings.
 */
@ExtendWith(NothingLeftBehind.class)
class ResizeTests {

	private static final int SIZE = 10_000;

	private static final int LARGER = 1_000_000;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() {
		this.file = this.directory.resolve("file");
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		assertThat(adHoc().mappedBytes()).isZero();
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
	}

	@Test
	void aFileThatIsCreatedGrowsWithItsMappingAndKeepsItsContent() throws IOException {
		try (MemoryMapping mapping = this.registry.map(creating().build())) {
			mapping.segment().set(JAVA_BYTE, SIZE - 1, (byte) 42);
			mapping.resize(LARGER);
			assertThat(mapping.length()).isEqualTo(LARGER);
			assertThat(mapping.segment().get(JAVA_BYTE, SIZE - 1)).isEqualTo((byte) 42);
			mapping.segment().set(JAVA_BYTE, LARGER - 1, (byte) 43);
		}
		assertThat(Files.readAllBytes(this.file)).hasSize(LARGER).endsWith(43);
	}

	@Test
	void whatCannotBeBroughtIntoMemoryForWantOfHeapIsLoggedAndUsable() {
		Logger logger = (Logger) LoggerFactory.getLogger("io.mmap");
		logger.setLevel(Level.DEBUG);
		try (CapturedLog log = new CapturedLog();
				MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).populate(true).build())) {
			CallFault fault = new CallFault("madvise", 1, CallFault.Kind.NO_HEAP, 0);
			this.calls.failAt(fault);
			mapping.resize(LARGER);
			mapping.segment().set(JAVA_BYTE, LARGER - 1, (byte) 1);
			assertThat(log.containing("is brought into memory by those who use it")).singleElement()
				.satisfies((event) -> assertThat(event.getThrowableProxy().getMessage()).isEqualTo(fault.message()));
		}
		finally {
			logger.setLevel(null);
		}
	}

	@Test
	void noFileIsEverMadeShorter() throws IOException {
		try (MemoryMapping mapping = this.registry.map(creating().build())) {
			mapping.resize(100);
			assertThat(mapping.segment().byteSize()).isEqualTo(100);
		}
		assertThat(this.file).hasSize(SIZE);
	}

	@Test
	void aReadOnlyMappingFollowsAFileThatHasGrown() throws IOException {
		Files.write(this.file, new byte[SIZE]);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			Files.write(this.file, new byte[] { 1, 2, 3 }, StandardOpenOption.APPEND);
			mapping.resize(SIZE + 3);
			assertThat(mapping.segment().get(JAVA_BYTE, SIZE + 2)).isEqualTo((byte) 3);
		}
	}

	@Test
	void aMappingThatStartsWithinAPageKeepsItsOffset() throws IOException {
		byte[] content = new byte[LARGER];
		content[5000] = 1;
		content[LARGER - 1] = 2;
		Files.write(this.file, content);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).offset(5000).length(10).build())) {
			mapping.resize(LARGER - 5000);
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 1);
			assertThat(mapping.segment().get(JAVA_BYTE, LARGER - 5001)).isEqualTo((byte) 2);
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { SIZE + 1, Long.MAX_VALUE })
	void aLengthBeyondTheEndOfTheFileIsRefused(long length) throws IOException {
		Files.write(this.file, new byte[SIZE]);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			MemorySegment segment = mapping.segment();
			assertThatExceptionOfType(MappedRangeException.class).isThrownBy(() -> mapping.resize(length))
				.withMessageContaining("which has 10000 bytes");
			assertThat(segment.get(JAVA_BYTE, SIZE - 1)).isZero();
		}
	}

	@Test
	void anOffsetAndALengthThatNoFileCanHaveAreRefused() throws IOException {
		Files.write(this.file, new byte[SIZE]);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).offset(1).build())) {
			assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> mapping.resize(Long.MAX_VALUE))
				.withMessageContaining("2^63-1");
		}
	}

	@Test
	void anInMemoryFileGrows() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.inMemoryFile("grows", SIZE).build())) {
			mapping.segment().set(JAVA_BYTE, 0, (byte) 42);
			mapping.resize(LARGER);
			mapping.segment().set(JAVA_BYTE, LARGER - 1, (byte) 43);
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 42);
		}
	}

	@Test
	void anonymousMemoryMayMoveAndWhatWasHandedOutThrows() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			MemorySegment before = mapping.segment();
			before.set(JAVA_BYTE, 0, (byte) 42);
			mapping.resize(LARGER);
			assertThatIllegalStateException().isThrownBy(() -> before.get(JAVA_BYTE, 0));
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 42);
			assertThat(mapping.segment().address()).isEqualTo(mapping.address());
			mapping.segment().set(JAVA_BYTE, LARGER - 1, (byte) 1);
		}
	}

	@Test
	@Fault("growth-without-memory")
	void sharedAnonymousMemoryDoesNotGrowSinceItsNewPagesCouldNotBeAccessed() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).shared(true).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.resize(LARGER))
				.withMessageContaining("in-memory file");
			mapping.resize(100);
			mapping.segment().set(JAVA_BYTE, 99, (byte) 1);
		}
	}

	@Test
	void sharedAnonymousMemoryGrowsWithinAReserve() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(SIZE).shared(true).reserve(LARGER).build())) {
			mapping.resize(LARGER);
			mapping.segment().fill((byte) 1);
			assertThat(mapping.segment().get(JAVA_BYTE, LARGER - 1)).isEqualTo((byte) 1);
		}
	}

	@Test
	void growingWithinAReserveMovesNothingAndKeepsSegmentsValid() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).reserve(LARGER).build())) {
			MemorySegment before = mapping.segment();
			long address = mapping.address();
			mapping.resize(LARGER);
			mapping.segment().set(JAVA_BYTE, 5, (byte) 42);
			mapping.segment().set(JAVA_BYTE, LARGER - 1, (byte) 42);
			assertThat(before.get(JAVA_BYTE, 5)).isEqualTo((byte) 42);
			assertThat(mapping.address()).isEqualTo(address);
		}
	}

	@Test
	void aFileGrowsWithinAReserveFromTheMiddleOfAPage() throws IOException {
		try (MemoryMapping mapping = this.registry.map(creating().offset(5000).reserve(LARGER).build())) {
			MemorySegment before = mapping.segment();
			mapping.resize(LARGER);
			for (int i = 0; i < LARGER; i += 1000) {
				mapping.segment().set(JAVA_BYTE, i, (byte) (i / 1000));
			}
			assertThat(before.get(JAVA_BYTE, 3000)).isEqualTo((byte) 3);
		}
		byte[] content = Files.readAllBytes(this.file);
		assertThat(content).hasSize(5000 + LARGER);
		for (int i = 0; i < LARGER; i += 1000) {
			assertThat(content[5000 + i]).isEqualTo((byte) (i / 1000));
		}
	}

	@Test
	void shrinkingWithinAReserveEndsTheAccessThroughOldSegmentsAndCanBeUndone() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(LARGER).reserve(LARGER).build())) {
			MemorySegment before = mapping.segment();
			before.fill((byte) 1);
			mapping.resize(SIZE);
			assertThatIllegalStateException().isThrownBy(() -> before.get(JAVA_BYTE, 0));
			mapping.resize(LARGER);
			assertThat(mapping.segment().get(JAVA_BYTE, SIZE - 1)).isEqualTo((byte) 1);
			assertThat(mapping.segment().get(JAVA_BYTE, LARGER - 1)).isZero();
			assertThat(mapping.address()).isEqualTo(before.address());
		}
	}

	@Test
	void aLengthBeyondTheReserveIsRefused() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).reserve(LARGER).build())) {
			assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> mapping.resize(LARGER + 1))
				.withMessageContaining("reserve");
			assertThat(mapping.length()).isEqualTo(SIZE);
		}
	}

	@Test
	void theReserveIsGivenBackWithTheMapping() throws IOException {
		long reserve = 1L << 30;
		MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).reserve(reserve).build());
		mapping.resize(LARGER);
		long address = mapping.address();
		assertThat(regionsIn(address, address + reserve)).isNotEmpty();
		mapping.close();
		assertThat(regionsIn(address, address + reserve)).isEmpty();
	}

	private static List<String> regionsIn(long start, long end) throws IOException {
		return Files.readAllLines(Path.of("/proc/self/maps")).stream().filter((line) -> {
			String[] range = line.substring(0, line.indexOf(' ')).split("-");
			return Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), end) < 0
					&& Long.compareUnsigned(Long.parseUnsignedLong(range[1], 16), start) > 0;
		}).toList();
	}

	@ParameterizedTest
	@ValueSource(strings = { "mremap", "allocate", "fstat", "open" })
	void theLengthStaysWhenASystemCallFails(String call) {
		try (MemoryMapping mapping = this.registry.map(creating().build())) {
			mapping.segment().set(JAVA_BYTE, SIZE - 1, (byte) 42);
			this.calls.failOnce(call, Errno.ENOMEM);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.resize(LARGER))
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.ENOMEM));
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertThat(mapping.segment().get(JAVA_BYTE, SIZE - 1)).isEqualTo((byte) 42);
			mapping.resize(LARGER);
			assertThat(mapping.length()).isEqualTo(LARGER);
		}
	}

	@Test
	void aGrowthWithinAReserveThatFailsKeepsEvenTheSegments() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).reserve(LARGER).build())) {
			MemorySegment segment = mapping.segment();
			this.calls.failOnce("mmap", Errno.ENOMEM);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.resize(LARGER));
			segment.set(JAVA_BYTE, SIZE - 1, (byte) 1);
			assertThat(mapping.length()).isEqualTo(SIZE);
			mapping.resize(LARGER);
		}
	}

	@Test
	void aShrinkingWithinAReserveThatFailsKeepsTheLength() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(LARGER).reserve(LARGER).build())) {
			this.calls.failOnce("mmap", Errno.ENOMEM);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.resize(SIZE));
			mapping.segment().set(JAVA_BYTE, LARGER - 1, (byte) 1);
		}
	}

	@Test
	void statisticsAndGenerationsFollow() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			mapping.resize(LARGER);
			assertThat(adHoc().mappedBytes()).isEqualTo(LARGER);
			mapping.resize(100);
			assertThat(adHoc().mappedBytes()).isEqualTo(100);
			assertThat(adHoc().mappings()).isEqualTo(1);
			assertThat(adHoc().mapCount()).isEqualTo(1);
			assertThat(this.registry.mappings()).singleElement()
				.satisfies((info) -> assertThat(info.generation()).isEqualTo(3))
				.satisfies((info) -> assertThat(info.length()).isEqualTo(100));
		}
	}

	@Test
	void theProtectionOutlivesAChangeOfTheLength() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).reserve(LARGER).build())) {
			mapping.protect(Protection.READ);
			mapping.resize(LARGER);
			assertThat(mapping.protection()).containsExactly(Protection.READ);
			assertThat(mapping.segment().isReadOnly()).isTrue();
		}
	}

	@Test
	void whatIsAddedIsPopulatedToo() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(1 << 20).populate(true).hugePages(HugePages.NEVER).build())) {
			mapping.resize(4 << 20);
			assertThat(mapping.residency().resident()).isEqualTo(4 << 20);
		}
	}

	@Test
	void aMappingThatRequiresHugePagesIsRefused() {
		MappingSpec spec = MappingSpec.anonymous(4 << 20).hugePages(HugePages.REQUIRE).build();
		try (MemoryMapping mapping = this.registry.map(spec)) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.resize(8 << 20))
				.withMessageContaining("requires huge pages");
			mapping.segment().fill((byte) 1);
		}
	}

	@Test
	void operationsOnAllOfAMappingFollowItsLength() {
		MappingSpec spec = MappingSpec.anonymous(1 << 20).reserve(8 << 20).build();
		try (MemoryMapping mapping = this.registry.map(spec)) {
			MappedRange range = mapping.range(0, 1 << 20);
			mapping.resize(2 << 20);
			mapping.prefaultForWriting();
			assertThat(mapping.residency().resident()).isEqualTo(2 << 20);
			assertThat(range.residency().resident()).isEqualTo(1 << 20);
			mapping.resize(4096);
			assertThat(mapping.residency().resident()).isEqualTo(4096);
			assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(range::residency);
		}
	}

	@Test
	void aMemberOfASetIsRefused() throws IOException {
		Files.write(this.file, new byte[SIZE]);
		try (MappingRegistry declaring = new DefaultMappingRegistryBuilder()
			.mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.declareSet("set", Map.of("member", MappingSpec.file(this.file).build()))
			.build()) {
			MemoryMapping member = declaring.set("set").get("member");
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(() -> member.resize(1))
				.withMessageContaining("member of a set");
		}
	}

	@Test
	void aCopyIsRefused() throws IOException {
		Files.write(this.file, new byte[SIZE]);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).copy(true).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(() -> mapping.resize(1))
				.withMessageContaining("copy");
		}
	}

	@Test
	void anEmptyMappingIsRefused() throws IOException {
		Files.createFile(this.file);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(() -> mapping.resize(1))
				.withMessageContaining("no bytes");
		}
	}

	@Test
	void aLengthThatIsNotPositiveIsRefused() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> mapping.resize(0))
				.withMessageContaining("must be positive");
		}
	}

	@Test
	void theJdkMapperRefusesWithWhatToDoAndKeepsTheMapping() throws IOException {
		Files.write(this.file, new byte[SIZE]);
		try (MappingRegistry jdk = MappingRegistry.builder().mapper(MapperType.JDK).build();
				MemoryMapping mapping = jdk.map(MappingSpec.file(this.file).build())) {
			MemorySegment segment = mapping.segment();
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(() -> mapping.resize(1))
				.withMessageContaining("--enable-native-access=ALL-UNNAMED");
			assertThat(segment.get(JAVA_BYTE, 0)).isZero();
		}
	}

	@Test
	void aMappingWithAPartThatIsLockedCannotGrowAndThatIsExplained() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(3 * 4096).build())) {
			mapping.segment().set(JAVA_BYTE, 0, (byte) 42);
			mapping.range(4096, 4096).lock();
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.resize(LARGER))
				.withMessageContaining("Parts of the mapping have different properties")
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EFAULT));
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 42);
			mapping.unlock();
			mapping.resize(LARGER);
		}
	}

	@Test
	void nothingIsChangedWhileANativeCallUsesTheMemory() throws IOException {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(LARGER).build())) {
			try (BlockedWrite write = new BlockedWrite(mapping.asByteBuffer())) {
				assertThatIllegalStateException().isThrownBy(() -> mapping.resize(2 * LARGER));
				assertThat(write.isBlocked()).isTrue();
				assertThat(mapping.length()).isEqualTo(LARGER);
			}
			mapping.resize(2 * LARGER);
		}
	}

	private FileMappingBuilder creating() {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).length(SIZE).create(true);
	}

	private MappingStatistics adHoc() {
		return List.copyOf(this.registry.statistics()).getLast();
	}

}
