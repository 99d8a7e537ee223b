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
import java.util.List;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.Linux;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.HugePagePool;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.Requirement;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Memory that no file is behind.
 */
@ExtendWith(NothingLeftBehind.class)
class AnonymousMappingTests {

	private static final int SIZE = 10_000;

	private static final int HUGE = 2 << 20;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() {
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		assertThat(this.registry.mappings()).isEmpty();
	}

	@Test
	void itConsistsOfZerosOfTheLengthAskedFor() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertThat(mapping.segment().toArray(JAVA_BYTE)).containsOnly(0).hasSize(SIZE);
		}
	}

	@Test
	void itCanBeWritten() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			mapping.segment().set(JAVA_BYTE, SIZE - 1, (byte) 42);
			assertThat(mapping.segment().get(JAVA_BYTE, SIZE - 1)).isEqualTo((byte) 42);
		}
	}

	@Test
	void itIsGoneWhenItWasUnmapped() {
		MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).shared(true).build());
		String region = MemoryRegion.at(mapping.address()).toString();
		long address = mapping.address();
		mapping.unmap();
		assertThat(MemoryRegion.find(address).map(MemoryRegion::toString)).isNotEqualTo(region);
	}

	@Test
	void itIsPrivateUnlessToldOtherwise() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo("rw-p");
		}
	}

	@Test
	void itCanBeShared() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).shared(true).build())) {
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo("rw-s");
			mapping.segment().fill((byte) 42);
			assertThat(mapping.segment().toArray(JAVA_BYTE)).containsOnly(42).hasSize(SIZE);
		}
	}

	@Test
	void itsLabelIsShownByKernelsThatCanDoThat() {
		Capability names = this.registry.capabilities().get("memory-names");
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).label("scratch").build())) {
			if (names.available()) {
				assertThat(MemoryRegion.at(mapping.address()).name()).isEqualTo("[anon:scratch]");
			}
			else {
				assertThat(names.reason()).contains("prctl", "the kernel");
			}
		}
	}

	@Test
	void itHasNoDescriptor() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::descriptor);
		}
	}

	@Test
	void itCannotBeFlushed() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::flush)
				.withMessageContaining("no file is behind it");
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1 })
	void aLengthThatIsNotPositiveIsRefused(long length) {
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> MappingSpec.anonymous(length).build())
			.withMessageContaining("but is " + length);
	}

	@Test
	void itsPagesAreHugeWhereThatIsRequired() {
		assumeTransparentHugePages();
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(2 * HUGE).hugePages(HugePages.REQUIRE).build())) {
			MemoryRegion region = MemoryRegion.at(mapping.address());
			assertThat(region.kilobytes("AnonHugePages")).isEqualTo(2 * HUGE / 1024);
			assertThat(region.flags()).contains("hg");
			assertThat(mapping.segment().toArray(JAVA_BYTE)).containsOnly(0);
		}
	}

	@Test
	void itsPagesBecomeHugeWhereThatIsTried() {
		assumeTransparentHugePages();
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(2 * HUGE).hugePages(HugePages.TRY).build())) {
			assertThat(MemoryRegion.at(mapping.address()).flags()).contains("hg");
			mapping.segment().fill((byte) 1);
			assertThat(MemoryRegion.at(mapping.address()).kilobytes("AnonHugePages")).isPositive();
		}
	}

	@Test
	void itsPagesStaySmallWhereThatIsWanted() {
		assumeTransparentHugePages();
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(2 * HUGE).hugePages(HugePages.NEVER).build())) {
			mapping.segment().fill((byte) 1);
			assertThat(MemoryRegion.at(mapping.address()).flags()).contains("nh");
			assertThat(MemoryRegion.at(mapping.address()).kilobytes("AnonHugePages")).isZero();
		}
	}

	@Test
	void hugePagesAreNotRequiredOfWhatFillsNone() {
		assumeTransparentHugePages();
		int before = this.calls.made().size();
		MappingSpec spec = MappingSpec.anonymous(4096).hugePages(HugePages.REQUIRE).build();
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> this.registry.map(spec))
			.withMessageContaining("4096 bytes do not fill one")
			.satisfies((ex) -> assertThat(ex.remedy()).contains("larger length"));
		List<String> made = this.calls.made().subList(before, this.calls.made().size());
		assertThat(made).containsOnlyOnce("mmap").endsWith("munmap");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3 })
	void hugePagesThatCannotBeHadLeaveNothingMapped(int passing) {
		assumeTransparentHugePages();
		for (int i = 0; i < passing; i++) {
			this.calls.failOnce("madvise", 0);
		}
		this.calls.failOnce("madvise", Errno.ENOMEM);
		MappingSpec spec = MappingSpec.anonymous(HUGE).hugePages(HugePages.REQUIRE).build();
		if (passing == 0) {
			// That is to prefer huge pages, after which they are required all the same
			this.registry.map(spec).close();
		}
		else {
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(spec))
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.ENOMEM));
		}
		assertThat(this.registry.mappings()).isEmpty();
	}

	@Test
	void withoutAPoolHugePagesAreTriedOnceAndOneLineSaysSo() {
		try (CapturedLog log = new CapturedLog();
				MemoryMapping mapping = this.registry
					.map(MappingSpec.anonymous(moreThanThePool()).hugeTlb(HugePages.TRY).build())) {
			assertThat(log.containing("without huge pages from the pool")).singleElement()
				.satisfies((event) -> assertThat(event.getLevel()).isEqualTo(Level.INFO));
			assertThat(MemoryRegion.at(mapping.address()).kilobytes("KernelPageSize")).isEqualTo(4);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void withoutAPoolRequiredHugePagesAreRefusedWithWhatToDo(boolean shared) {
		MappingSpec spec = MappingSpec.anonymous(moreThanThePool()).shared(shared).hugeTlb(HugePages.REQUIRE).build();
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(spec))
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.ENOMEM))
			.satisfies((ex) -> assertThat(ex.remedy()).contains("vm.nr_hugepages"));
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEVER")
	void withAPoolThePagesAreTakenFromIt(HugePages wanted) {
		try (HugePagePool pool = new HugePagePool(4); CapturedLog log = new CapturedLog()) {
			assertThat(pool).isNotNull();
			MappingSpec spec = MappingSpec.anonymous(HUGE + 1).hugeTlb(wanted).hugePageSize(HUGE).build();
			try (MemoryMapping mapping = this.registry.map(spec)) {
				MemoryRegion region = MemoryRegion.at(mapping.address());
				assertThat(region.kilobytes("KernelPageSize")).isEqualTo(HUGE / 1024);
				assertThat(region.kilobytes("Size")).isEqualTo(2 * HUGE / 1024);
				assertThat(mapping.length()).isEqualTo(HUGE + 1);
				mapping.segment().fill((byte) 42);
				assertThat(mapping.segment().get(JAVA_BYTE, HUGE)).isEqualTo((byte) 42);
				long address = mapping.address();
				mapping.unmap();
				assertThat(MemoryRegion.find(address).filter((each) -> each.flags().contains("ht"))).isEmpty();
			}
			assertThat(log.containing("without huge pages")).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEVER")
	void hugePagesThatNeedNotExistAreRefused(HugePages wanted) {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(HUGE).hugeTlb(wanted).noReserve(true).build())
			.withMessageContaining("no-reserve makes no sense with huge-tlb");
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(HUGE).hugeTlb(wanted).flags(Linux.MAP_NORESERVE).build())
			.withMessageContaining("no-reserve makes no sense with huge-tlb");
	}

	@Test
	void sharedMemoryIsTakenFromThePoolToo() {
		try (HugePagePool pool = new HugePagePool(1)) {
			assertThat(pool).isNotNull();
			MappingSpec spec = MappingSpec.anonymous(HUGE).shared(true).hugeTlb(HugePages.REQUIRE).build();
			try (MemoryMapping mapping = this.registry.map(spec)) {
				MemoryRegion region = MemoryRegion.at(mapping.address());
				assertThat(region.kilobytes("KernelPageSize")).isEqualTo(HUGE / 1024);
				assertThat(region.permissions()).isEqualTo("rw-s");
				mapping.protect(Protection.READ);
				assertThat(mapping.segment().get(JAVA_BYTE, HUGE - 1)).isZero();
			}
		}
	}

	@Test
	void hugePagesOfASizeThatTheKernelDoesNotHaveAreRefused() {
		MappingSpec spec = MappingSpec.anonymous(4 << 20).hugeTlb(HugePages.REQUIRE).hugePageSize(4 << 20).build();
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(spec))
			.satisfies((ex) -> assertThat(ex.remedy()).contains("no huge pages of 4096 kB"));
	}

	@Test
	void aSizeOfHugePagesThatIsNoPowerOfTwoIsRefused() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(SIZE).hugeTlb(HugePages.TRY).hugePageSize(3 << 20).build())
			.withMessageContaining("huge-page-size must be a power of two of at least 65536, but is " + (3 << 20));
	}

	@Test
	@Fault("more-memory-than-there-is")
	void moreThanThereIsMemoryIsRefusedWithWhatToDo() throws Exception {
		assumeOvercommitIsHeuristic();
		MappingSpec spec = MappingSpec.anonymous(1L << 40).build();
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(spec))
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.ENOMEM))
			.satisfies((ex) -> assertThat(ex.remedy()).contains("'no-reserve'"));
	}

	@Test
	void moreThanThereIsMemoryIsMappedWithoutReserve() throws Exception {
		assumeOvercommitIsHeuristic();
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(1L << 40).noReserve(true).build())) {
			mapping.segment().set(JAVA_BYTE, (1L << 40) - 1, (byte) 42);
			assertThat(mapping.segment().get(JAVA_BYTE, (1L << 40) - 1)).isEqualTo((byte) 42);
		}
	}

	@Test
	void aFlagThatIsGivenByNumberIsUsed(@TempDir Path directory) throws IOException {
		// One that no kernel knows, which shared mappings of files are refused for
		Path file = Files.write(directory.resolve("file"), new byte[SIZE]);
		assertThatExceptionOfType(MappingException.class)
			.isThrownBy(() -> this.registry.map(MappingSpec.file(file).flags(0x2000000).build()))
			.withMessageContaining("MAP_SHARED_VALIDATE|0x2000000")
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EOPNOTSUPP));
	}

	@ParameterizedTest
	@ValueSource(ints = { Linux.MAP_FIXED, Linux.MAP_SHARED, Linux.MAP_ANONYMOUS, Linux.MAP_HUGETLB, Linux.MAP_32BIT,
			Linux.MAP_LOCKED, Linux.MAP_POPULATE, Linux.MAP_NORESERVE, Linux.MAP_SYNC })
	void aFlagThatHasAnOptionOrDoesHarmIsRefusedAsANumber(int flag) {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(SIZE).flags(flag).build())
			.withMessageContaining("not to be given by number: 0x" + Integer.toHexString(flag));
	}

	@Test
	void aProtectionBitThatHasAnOptionIsRefusedAsANumber() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(SIZE).protectionBits(Linux.PROT_EXEC).build())
			.withMessageContaining("protection-bits");
	}

	@Test
	void lockedMemoryIsKeptInMemory() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).locked(true).build())) {
			MemoryRegion region = MemoryRegion.at(mapping.address());
			assertThat(region.flags()).contains("lo");
			assertThat(region.kilobytes("Rss")).isEqualTo(region.kilobytes("Size"));
		}
	}

	@Test
	void populatedMemoryIsThereFromTheStart() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(1 << 20).shared(true).populate(true).build())) {
			assertThat(MemoryRegion.at(mapping.address()).kilobytes("Rss")).isEqualTo(1024);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void populatedMemoryConsistsOfHugePagesIfTheseAreTried(boolean reserve) {
		assumeTransparentHugePages();
		AnonymousMappingBuilder builder = MappingSpec.anonymous(4 * HUGE).hugePages(HugePages.TRY).populate(true);
		if (reserve) {
			builder.reserve(8 * HUGE);
		}
		try (MemoryMapping mapping = this.registry.map(builder.build())) {
			MemoryRegion region = MemoryRegion.at(mapping.address());
			assertThat(region.kilobytes("Rss")).isEqualTo(4 * HUGE / 1024);
			assertThat(region.kilobytes("AnonHugePages")).isGreaterThanOrEqualTo(3 * HUGE / 1024);
		}
	}

	@Test
	void populatedMemoryThatMayNotBeWrittenIsReadIn() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(1 << 20)
			.shared(true)
			.protection(Protection.READ)
			.advice(Advice.DONT_DUMP)
			.populate(true)
			.build())) {
			assertThat(MemoryRegion.at(mapping.address()).kilobytes("Rss")).isEqualTo(1024);
		}
	}

	@Test
	void memoryThatPermitsNothingCannotBeBroughtIn() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(SIZE).protection().locked(true).build())
			.withMessageContaining("as locked wants it");
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(HUGE).protection().hugePages(HugePages.REQUIRE).build())
			.withMessageContaining("as huge-pages wants it");
	}

	@Test
	void aLengthThatNoAddressSpaceHasIsRefused() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(Long.MAX_VALUE).build())
			.withMessageContaining("at most 2^62");
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(SIZE).reserve(Long.MAX_VALUE).build())
			.withMessageContaining("at most 2^62");
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> mapping.resize(Long.MAX_VALUE))
				.withMessageContaining("at most 2^62");
		}
	}

	@Test
	void memoryAtALowAddressFitsInto32Bits() {
		assumeThat(Linux.hasMap32Bit()).as("skipped: MAP_32BIT exists on x86-64 only").isTrue();
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).map32Bit(true).build())) {
			assertThat(mapping.address()).isPositive().isLessThan(1L << 32);
		}
	}

	@Test
	void adviceIsGivenWhenItIsMapped() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(SIZE).advice(Advice.DONT_FORK, Advice.DONT_DUMP).build())) {
			assertThat(MemoryRegion.at(mapping.address()).flags()).contains("dc", "dd");
		}
	}

	@Test
	void adviceForPrivateMemoryIsRefusedForSharedMemory() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(SIZE).shared(true).advice(Advice.MERGEABLE).build())
			.withMessageContaining("private anonymous memory only");
	}

	@ParameterizedTest
	@ValueSource(strings = { "mmap", "mlock", "segment" })
	void aCallThatFailsLeavesNothingMapped(String call) {
		this.calls.failOnce(call, Errno.EAGAIN);
		MappingSpec spec = MappingSpec.anonymous(SIZE).locked(true).build();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> this.registry.map(spec))
			.withStackTraceContaining("errno 11");
		assertMapsAndUnmapsAreBalanced((call.equals("mmap")) ? 1 : 0);
	}

	private void assertMapsAndUnmapsAreBalanced(int failed) {
		List<String> made = this.calls.made();
		assertThat(made.stream().filter("munmap"::equals).count())
			.isEqualTo(made.stream().filter("mmap"::equals).count() - failed);
	}

	private static long moreThanThePool() {
		return (HugePagePool.size() + 1000) * HUGE;
	}

	private void assumeTransparentHugePages() {
		Requirement.check(PageSize.transparentHuge().orElse(0) == HUGE, "huge pages of two mebibytes are needed");
		Capability capability = this.registry.capabilities().get("transparent-huge-pages");
		Requirement.check(capability.available(), capability.reason());
	}

	private static void assumeOvercommitIsHeuristic() throws Exception {
		Requirement.check(Files.readString(Path.of("/proc/sys/vm/overcommit_memory")).strip().equals("0"),
				"vm.overcommit_memory has to be 0");
	}

}
