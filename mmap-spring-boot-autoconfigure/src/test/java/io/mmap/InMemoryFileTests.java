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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.HugePagePool;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Files that exist in memory only.
 */
@ExtendWith(NothingLeftBehind.class)
class InMemoryFileTests {

	private static final int SIZE = 10_000;

	private static final int HUGE = 2 << 20;

	private static final String NAME = "in-memory-file-tests";

	private final FaultySystemCalls calls = new FaultySystemCalls();

	private final SystemCalls real = new LinuxSystemCalls();

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() {
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		assertNothingIsLeft();
	}

	private void assertNothingIsLeft() {
		assertThat(ProcessMaps.descriptors().values()).noneMatch((target) -> target.contains(NAME));
		assertThat(regions()).isEmpty();
	}

	private static List<String> regions() {
		return ProcessMaps.regions().stream().filter((line) -> line.contains(NAME)).toList();
	}

	@Test
	void itConsistsOfZerosOfTheLengthAskedFor() throws SystemCallException {
		try (MemoryMapping mapping = map()) {
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertThat(content(mapping)).containsOnly(0).hasSize(SIZE);
			assertThat(this.real.fstat(mapping.descriptor()).size()).isEqualTo(SIZE);
		}
	}

	@Test
	void itsNameIsShownByTheSystem() {
		try (MemoryMapping mapping = map()) {
			assertThat(MemoryRegion.at(mapping.address()).name()).isEqualTo("/memfd:" + NAME + " (deleted)");
			assertThat(ProcessMaps.descriptors().get(mapping.descriptor())).contains("memfd:" + NAME);
		}
	}

	@Test
	void aNameOfSeveralLinesIsRefused() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.inMemoryFile("a\nb", SIZE).build())
			.withMessageContaining("no control characters");
	}

	@Test
	void aNameOf249BytesIsAccepted() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.inMemoryFile("x".repeat(249), SIZE).build())) {
			assertThat(MemoryRegion.at(mapping.address()).name()).contains("x".repeat(249));
		}
	}

	@Test
	void aNameOf250BytesIsRefused() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.inMemoryFile("x".repeat(248) + "é", SIZE).build())
			.withMessageContaining("at most 249 bytes");
	}

	@Test
	void anotherProcessReadsItThroughTheDescriptor() throws Exception {
		try (MemoryMapping mapping = map()) {
			mapping.segment().fill((byte) 42);
			assertThat(readByAnotherProcess(mapping.descriptor())).containsOnly(42).hasSize(SIZE);
		}
	}

	@Test
	void whatAnotherProcessWritesIsSeen() throws Exception {
		try (MemoryMapping mapping = map()) {
			Process process = new ProcessBuilder("dd", "of=" + path(mapping.descriptor()), "conv=notrunc", "bs=1",
					"seek=5000", "status=none")
				.start();
			process.getOutputStream().write(new byte[] { 1, 2, 3 });
			process.getOutputStream().close();
			assertThat(process.waitFor()).isZero();
			assertThat(mapping.segment().asSlice(5000, 3).toArray(JAVA_BYTE)).containsExactly(1, 2, 3);
		}
	}

	@Test
	void aSecondMappingOfItsDescriptorSharesItsContent() {
		try (MemoryMapping mapping = map(); MemoryMapping second = second(mapping, MappingAccess.READ_WRITE)) {
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
			second.segment().set(JAVA_BYTE, SIZE - 1, (byte) 2);
			assertThat(second.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 1);
			assertThat(mapping.segment().get(JAVA_BYTE, SIZE - 1)).isEqualTo((byte) 2);
		}
	}

	@Test
	void sealedAgainstShrinkingItDoesNotGetShorter() {
		try (MemoryMapping mapping = map(Seal.SHRINK)) {
			assertThatExceptionOfType(SystemCallException.class)
				.isThrownBy(() -> this.real.ftruncate(mapping.descriptor(), 0))
				.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.EPERM));
		}
	}

	@Test
	void sealedAgainstGrowingItDoesNotGetLonger() {
		try (MemoryMapping mapping = map(Seal.GROW)) {
			assertThatExceptionOfType(SystemCallException.class)
				.isThrownBy(() -> this.real.ftruncate(mapping.descriptor(), 2 * SIZE))
				.satisfies((ex) -> assertThat(ex.errno()).isEqualTo(Errno.EPERM));
		}
	}

	@Test
	void sealedAgainstGrowingItIsNotResizedAndTheRemedySaysWhy() {
		try (MemoryMapping mapping = map(Seal.GROW)) {
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.resize(2 * SIZE))
				.satisfies((ex) -> assertThat(ex.remedy()).contains("F_SEAL_GROW"));
			assertThat(mapping.length()).isEqualTo(SIZE);
		}
	}

	@Test
	void sealedAgainstFutureWritersItIsMappedWritableByNobodyElse() {
		try (MemoryMapping mapping = map(Seal.FUTURE_WRITE)) {
			assertThatExceptionOfType(MappedFileAccessDeniedException.class)
				.isThrownBy(() -> second(mapping, MappingAccess.READ_WRITE))
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EPERM))
				.satisfies((ex) -> assertThat(ex.remedy()).contains("sealed against writing", "read-only"));
		}
	}

	@Test
	void sealedAgainstFutureWritersItIsStillWrittenThroughItsOwnMapping() {
		try (MemoryMapping mapping = map(Seal.FUTURE_WRITE);
				MemoryMapping second = second(mapping, MappingAccess.READ_ONLY)) {
			mapping.segment().fill((byte) 42);
			assertThat(content(second)).containsOnly(42);
		}
	}

	@Test
	void sealedAgainstSealsItTakesNoMore() {
		try (MemoryMapping mapping = map(Seal.SEAL)) {
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.seal(Seal.SHRINK))
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EPERM))
				.satisfies((ex) -> assertThat(ex.remedy()).contains("F_SEAL_SEAL"));
		}
	}

	@Test
	void severalSealsAreAddedAtOnce() throws SystemCallException {
		try (MemoryMapping mapping = map()) {
			mapping.seal(Seal.SHRINK, Seal.GROW);
			assertThat(this.real.seals(mapping.descriptor())).isEqualTo(Seal.SHRINK.bits() | Seal.GROW.bits());
		}
	}

	@Test
	void aSealAgainstWritingIsRefusedBeforeThereIsContent() {
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> map(Seal.WRITE))
			.withMessageContaining("zeros for ever");
	}

	@Test
	void sealingAgainstWritingEndsTheSegmentsThatWereHandedOut() {
		try (MemoryMapping mapping = map()) {
			MemorySegment segment = mapping.segment();
			mapping.seal(Seal.WRITE);
			assertThatIllegalStateException().isThrownBy(() -> segment.set(JAVA_BYTE, 0, (byte) 1));
		}
	}

	@Test
	void sealedAgainstWritingItHasItsContentForReading() {
		try (MemoryMapping mapping = map()) {
			mapping.segment().fill((byte) 42);
			mapping.seal(Seal.WRITE);
			assertThat(mapping.segment().isReadOnly()).isTrue();
			assertThat(content(mapping)).containsOnly(42).hasSize(SIZE);
			assertThat(MemoryRegion.at(mapping.address()).permissions()).startsWith("r--");
		}
	}

	@Test
	void sealedAgainstWritingNobodyWritesIt() throws SystemCallException {
		try (MemoryMapping mapping = map()) {
			mapping.seal(Seal.WRITE, Seal.SHRINK);
			assertThat(this.real.seals(mapping.descriptor())).isEqualTo(Seal.WRITE.bits() | Seal.SHRINK.bits());
			assertThatExceptionOfType(MappedFileAccessDeniedException.class)
				.isThrownBy(() -> second(mapping, MappingAccess.READ_WRITE));
		}
	}

	@Test
	void sealedAgainstWritingItCannotBeMadeWritable() {
		try (MemoryMapping mapping = map()) {
			mapping.seal(Seal.WRITE);
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.protect(Protection.READ, Protection.WRITE))
				.withMessageContaining("sealed against writing");
		}
	}

	@Test
	void sealedAgainstWritingItCanBeSealedFurther() throws SystemCallException {
		try (MemoryMapping mapping = map()) {
			mapping.seal(Seal.WRITE);
			mapping.seal(Seal.WRITE, Seal.SHRINK);
			assertThat(this.real.seals(mapping.descriptor())).isEqualTo(Seal.WRITE.bits() | Seal.SHRINK.bits());
		}
	}

	@Test
	void sealedAgainstWritingItStaysLocked() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.inMemoryFile(NAME, SIZE).locked(true).build())) {
			assertThat(MemoryRegion.at(mapping.address()).flags()).contains("lo");
			mapping.seal(Seal.WRITE);
			assertThat(MemoryRegion.at(mapping.address()).flags()).contains("lo");
		}
	}

	@Test
	void sealedAgainstWritingItKeepsTheAdviceOfTheSpec() {
		MappingSpec spec = MappingSpec.inMemoryFile(NAME, SIZE).advice(Advice.DONT_DUMP, Advice.DONT_FORK).build();
		try (MemoryMapping mapping = this.registry.map(spec)) {
			mapping.seal(Seal.WRITE);
			assertThat(MemoryRegion.at(mapping.address()).flags()).contains("dd", "dc");
		}
	}

	@Test
	void itIsNotSealedAgainstWritingWhileAnotherMappingCanWrite() throws SystemCallException {
		try (MemoryMapping mapping = map(); MemoryMapping second = second(mapping, MappingAccess.READ_WRITE)) {
			second.segment().fill((byte) 42);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.seal(Seal.WRITE))
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EBUSY))
				.satisfies((ex) -> assertThat(ex.remedy()).contains("another mapping"));
			assertThat(this.real.seals(mapping.descriptor())).isZero();
		}
	}

	@Test
	void whatCouldNotBeSealedIsWritableAndSharedAsBefore() {
		try (MemoryMapping mapping = map(); MemoryMapping second = second(mapping, MappingAccess.READ_WRITE)) {
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.seal(Seal.WRITE));
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo("rw-s");
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
			second.segment().set(JAVA_BYTE, 1, (byte) 2);
			assertThat(content(mapping)).isEqualTo(content(second)).startsWith(1, 2);
		}
	}

	@Test
	void itCanBeSealedOnceTheOtherMappingWasUnmapped() {
		try (MemoryMapping mapping = map()) {
			MemoryMapping second = second(mapping, MappingAccess.READ_WRITE);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.seal(Seal.WRITE));
			second.unmap();
			mapping.seal(Seal.WRITE);
			assertThat(mapping.segment().isReadOnly()).isTrue();
		}
	}

	@Test
	void whatCouldNeitherBeSealedNorRestoredIsReadOnlyInsteadOfCrashing() {
		try (MemoryMapping mapping = map()) {
			mapping.segment().fill((byte) 42);
			this.calls.failOnce("addSeals", Errno.EIO);
			this.calls.failOnce("mmap", 0);
			this.calls.failOnce("mmap", Errno.ENOMEM);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.seal(Seal.WRITE))
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EIO));
			assertThat(mapping.protection()).containsExactly(Protection.READ);
			assertThat(mapping.segment().isReadOnly()).isTrue();
			assertThat(content(mapping)).containsOnly(42);
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.protect(Protection.READ, Protection.WRITE));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "mmap", "addSeals" })
	void aSealAgainstWritingThatFailsLeavesItAsItWas(String call) {
		try (MemoryMapping mapping = map()) {
			mapping.segment().fill((byte) 42);
			this.calls.failOnce(call, Errno.ENOMEM);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.seal(Seal.WRITE))
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.ENOMEM));
			assertThat(content(mapping)).containsOnly(42);
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo("rw-s");
		}
	}

	@Test
	void onlyInMemoryFilesCanBeSealed() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.seal(Seal.SHRINK))
				.withMessageContaining("only in-memory files");
		}
	}

	@Test
	void aSealIsKnownByItsNumber() {
		assertThat(Seal.ofBits(2)).isEqualTo(Seal.SHRINK);
		assertThat(Seal.of("4")).isEqualTo(Seal.GROW);
		assertThat(Seal.of("FUTURE_WRITE")).isEqualTo(Seal.FUTURE_WRITE);
	}

	@Test
	void aSealThatIsUnknownHereIsGivenByNumber() throws Exception {
		// F_SEAL_EXEC, Linux 6.3: rules out all writing, too, if the file is executable

		Seal seal = Seal.ofBits(0x20);
		assertThat(seal.isNumberOnly()).isTrue();
		assertThat(seal).hasToString("seal 32 (a number without a name here)");
		try (MemoryMapping mapping = map()) {
			Files.setPosixFilePermissions(Path.of(path(mapping.descriptor())),
					PosixFilePermissions.fromString("rw-------"));
			mapping.seal(seal);
			assertThat(this.real.seals(mapping.descriptor()) & 0x20).isEqualTo(0x20);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, 3, Integer.MIN_VALUE })
	void aNumberThatCannotBeASealIsRefused(int bits) {
		assertThatIllegalArgumentException().isThrownBy(() -> Seal.ofBits(bits)).withMessageContaining("" + bits);
	}

	@Test
	void aFileOfHugePagesIsMappedByItsDescriptorInWholeOnes() {
		try (HugePagePool pool = new HugePagePool(4)) {
			assertThat(pool).isNotNull();
			long huge = 2L << 20;
			MappingSpec spec = MappingSpec.inMemoryFile("huge", 2 * huge)
				.hugeTlb(HugePages.REQUIRE)
				.hugePageSize(huge)
				.build();
			try (MemoryMapping file = this.registry.map(spec)) {
				file.segment().set(JAVA_BYTE, huge + 5, (byte) 42);
				DescriptorMappingBuilder part = MappingSpec.descriptor(file.descriptor())
					.access(MappingAccess.READ_WRITE)
					.offset(huge + 5)
					.length(4096);
				try (MemoryMapping mapping = this.registry.map(part.build())) {
					assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 42);
					assertThat(MemoryRegion.at(mapping.address()).kilobytes("Size")).isEqualTo(huge / 1024);
					assertThatExceptionOfType(UnsupportedMappingOperationException.class)
						.isThrownBy(() -> mapping.resize(huge / 2));
				}
				assertThatExceptionOfType(UnsupportedMappingOperationException.class)
					.isThrownBy(() -> this.registry.map(part.reserve(huge).build()))
					.withMessageContaining("'reserve'");
			}
		}
	}

	@Test
	void itsDescriptorIsClosedWhenItIsUnmapped() {
		MemoryMapping mapping = map();
		mapping.unmap();
		assertNothingIsLeft();
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(mapping::descriptor);
	}

	@Test
	void withoutAPoolHugePagesAreTriedOnceAndOneLineSaysSo() {
		MappingSpec spec = MappingSpec.inMemoryFile(NAME, moreThanThePool()).hugeTlb(HugePages.TRY).build();
		try (CapturedLog log = new CapturedLog(); MemoryMapping mapping = this.registry.map(spec)) {
			assertThat(log.containing("without huge pages from the pool")).singleElement()
				.satisfies((event) -> assertThat(event.getLevel()).isEqualTo(Level.INFO));
			assertThat(MemoryRegion.at(mapping.address()).kilobytes("KernelPageSize")).isEqualTo(4);
		}
	}

	@Test
	void withoutAPoolRequiredHugePagesAreRefusedWithWhatToDo() {
		MappingSpec spec = MappingSpec.inMemoryFile(NAME, moreThanThePool()).hugeTlb(HugePages.REQUIRE).build();
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(spec))
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.ENOMEM))
			.satisfies((ex) -> assertThat(ex.remedy()).contains("vm.nr_hugepages"));
	}

	@Test
	void withAPoolThePagesAreTakenFromIt() {
		try (HugePagePool pool = new HugePagePool(4)) {
			assertThat(pool).isNotNull();
			MappingSpec spec = MappingSpec.inMemoryFile(NAME, HUGE + 1).hugeTlb(HugePages.REQUIRE).build();
			try (MemoryMapping mapping = this.registry.map(spec)) {
				MemoryRegion region = MemoryRegion.at(mapping.address());
				assertThat(region.kilobytes("KernelPageSize")).isEqualTo(HUGE / 1024);
				assertThat(region.kilobytes("Size")).isEqualTo(2 * HUGE / 1024);
				mapping.segment().fill((byte) 42);
				assertThat(mapping.segment().get(JAVA_BYTE, HUGE)).isEqualTo((byte) 42);
			}
			assertNothingIsLeft();
		}
	}

	@Test
	void hugePagesFromThePoolAreSealedWithoutTakingMoreOfThem() {
		try (HugePagePool pool = new HugePagePool(1)) {
			assertThat(pool).isNotNull();
			MappingSpec spec = MappingSpec.inMemoryFile(NAME, HUGE).hugeTlb(HugePages.REQUIRE).build();
			try (MemoryMapping mapping = this.registry.map(spec)) {
				mapping.segment().fill((byte) 42);
				mapping.seal(Seal.WRITE);
				assertThat(content(mapping)).containsOnly(42).hasSize(HUGE);
			}
		}
	}

	@Test
	void hugePagesThatNeedNotExistAreRefused() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.inMemoryFile(NAME, HUGE).hugeTlb(HugePages.REQUIRE).noReserve(true).build())
			.withMessageContaining("no-reserve makes no sense with huge-tlb");
	}

	@ParameterizedTest
	@ValueSource(strings = { "memfdCreate", "fstat", "ftruncate", "mmap", "mlock", "addSeals", "segment" })
	void aCallThatFailsLeavesNothingOpenOrMapped(String call) {
		MappingSpec spec = MappingSpec.inMemoryFile(NAME, SIZE).locked(true).seals(Seal.SHRINK).build();
		this.calls.failOnce(call, Errno.ENOMEM);
		try (CapturedLog log = new CapturedLog()) {
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> this.registry.map(spec))
				.withStackTraceContaining("errno 12");
			assertThat(log.containing("Closing the descriptor")).as("closed twice").isEmpty();
		}
		assertNothingIsLeft();
		assertThat(this.registry.mappings()).isEmpty();
	}

	private MemoryMapping map(Seal... seals) {
		return this.registry.map(MappingSpec.inMemoryFile(NAME, SIZE).seals(seals).build());
	}

	private MemoryMapping second(MemoryMapping mapping, MappingAccess access) {
		return this.registry.map(MappingSpec.descriptor(mapping.descriptor()).access(access).build());
	}

	private static byte[] content(MemoryMapping mapping) {
		return mapping.segment().toArray(JAVA_BYTE);
	}

	private static byte[] readByAnotherProcess(int descriptor) throws IOException, InterruptedException {
		Process process = new ProcessBuilder("cat", path(descriptor)).start();
		byte[] content = process.getInputStream().readAllBytes();
		assertThat(process.waitFor()).isZero();
		return content;
	}

	private static String path(int descriptor) {
		return "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
	}

	private static long moreThanThePool() {
		return (HugePagePool.size() + 1000) * HUGE;
	}

}
