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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.Linux;
import io.mmap.testsupport.CallFault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Memory that is kept out of core dumps and forked processes, whatever becomes of its
 * mapping.
 */
@ExtendWith(NothingLeftBehind.class)
class WithheldMemoryTests {

	private static final int SIZE = 20_000;

	private static final int HUGE = 2 << 20;

	private static final String DONT_DUMP = "dd";

	private static final String DONT_FORK = "dc";

	@TempDir
	Path directory;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	private MappingRegistry registry;

	private Path file;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.writeString(this.directory.resolve("secrets.bin"), "s".repeat(SIZE));
		this.registry = builder().build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	static Stream<MappingBuilder<?>> sources() throws IOException {
		Path file = Files.writeString(Files.createTempFile("secrets", ".bin"), "s".repeat(SIZE));
		file.toFile().deleteOnExit();
		return Stream.of(MappingSpec.file(file), MappingSpec.file(file).access(MappingAccess.READ_WRITE),
				MappingSpec.file(file).access(MappingAccess.COPY_ON_WRITE), MappingSpec.file(file).copy(true),
				MappingSpec.file(file).copy(true).hugePages(HugePages.TRY),
				MappingSpec.file(file).access(MappingAccess.READ_WRITE).length(SIZE).reserve(HUGE),
				MappingSpec.anonymous(SIZE), MappingSpec.anonymous(SIZE).shared(true),
				MappingSpec.anonymous(SIZE).locked(true), MappingSpec.anonymous(HUGE).hugePages(HugePages.TRY),
				MappingSpec.inMemoryFile("secrets", SIZE));
	}

	@ParameterizedTest
	@MethodSource("sources")
	void whateverIsMappedIsWithheldFromTheStart(MappingBuilder<?> builder) {
		try (MemoryMapping mapping = this.registry.map(builder.dontDump(true).dontFork(true).build())) {
			assertWithheld(mapping);
		}
	}

	@Test
	void eachIsAnOptionOfItsOwn() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).dontDump(true).build())) {
			assertThat(MemoryRegion.at(mapping.address()).flags()).contains(DONT_DUMP).doesNotContain(DONT_FORK);
		}
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).dontFork(true).build())) {
			assertThat(MemoryRegion.at(mapping.address()).flags()).contains(DONT_FORK).doesNotContain(DONT_DUMP);
		}
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			assertThat(MemoryRegion.at(mapping.address()).flags()).doesNotContain(DONT_DUMP, DONT_FORK);
		}
	}

	@Test
	void whatACopyReadsIsWithheldBeforeItIsRead() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.file).copy(true).dontDump(true).dontFork(true).build())) {
			assertThat(this.calls.made()).containsSubsequence("mmap", "madvise", "madvise", "pread");
			assertWithheld(mapping);
		}
	}

	@Test
	void whatIsAddedToItIsWithheld() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(SIZE).reserve(HUGE).dontDump(true).dontFork(true).build())) {
			mapping.resize(10 * SIZE);
			assertWithheld(mapping);
		}
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(SIZE).dontDump(true).dontFork(true).build())) {
			mapping.resize(10 * SIZE);
			assertWithheld(mapping);
		}
	}

	@Test
	void anotherProtectionChangesNothingAboutIt() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(SIZE).dontDump(true).dontFork(true).build())) {
			mapping.protect(Protection.READ);
			assertWithheld(mapping);
		}
	}

	@Test
	void sealingChangesNothingAboutIt() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.inMemoryFile("secrets", SIZE).dontDump(true).dontFork(true).build())) {
			mapping.seal(Seal.WRITE);
			assertWithheld(mapping);
		}
	}

	@Test
	void whatIsSealedIsAccessibleOnlyWhenItIsWithheld() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.inMemoryFile("secrets", SIZE).dontDump(true).dontFork(true).build())) {
			int before = this.calls.made().size();
			mapping.seal(Seal.WRITE);
			assertThat(this.calls.made().stream().skip(before)).containsSubsequence("mmap", "madvise", "madvise",
					"mprotect", "addSeals");
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
		}
	}

	@Test
	void whatIsNotWithheldIsSealedWithoutAnotherCall() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.inMemoryFile("words", SIZE).build())) {
			int before = this.calls.made().size();
			mapping.seal(Seal.WRITE);
			assertThat(this.calls.made().stream().skip(before)).doesNotContain("madvise", "mprotect");
		}
	}

	@Test
	void whatCannotBeWithheldAgainIsNotAccessibleAnyMore() {
		try (MemoryMapping mapping = withheldInVain()) {
			assertThat(MemoryRegion.at(mapping.address()).permissions()).startsWith("---");
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::segment);
		}
	}

	@Test
	void whatCouldNotBeWithheldAgainCannotBeMadeAccessible() {
		try (MemoryMapping mapping = withheldInVain()) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.protect(Protection.READ))
				.withMessageContaining("could not be kept out of core dumps");
			assertThat(MemoryRegion.at(mapping.address()).permissions()).startsWith("---");
		}
	}

	@Test
	void whatCouldNotBeWithheldAgainCannotBeMadeAccessibleWithAnotherLengthEither() {
		try (MemoryMapping mapping = withheldInVain()) {
			mapping.resize(10 * SIZE);
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.protect(Protection.READ));
		}
	}

	@Test
	void whatIsSealedInVainIsAsItWas() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.inMemoryFile("secrets", SIZE).dontDump(true).dontFork(true).build())) {
			this.calls.failOnce("madvise", Errno.EINVAL);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.seal(Seal.WRITE));
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
			assertWithheld(mapping);
		}
	}

	@Test
	void whatIsAddedWithoutHeapToWithholdItIsNotAccessible() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(SIZE).reserve(HUGE).dontDump(true).dontFork(true).build())) {
			CallFault fault = new CallFault("madvise", 1, CallFault.Kind.NO_HEAP, 0);
			this.calls.failAt(fault);
			assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> mapping.resize(10 * SIZE))
				.withMessage(fault.message());
			assertThat(MemoryRegion.at(mapping.address() + 2 * SIZE).permissions()).isEqualTo("---p");
		}
	}

	/**
	 * Return what was to be sealed, and could be withheld neither as what it was to be
	 * nor as what it was.
	 */
	private MemoryMapping withheldInVain() {
		MemoryMapping mapping = this.registry
			.map(MappingSpec.inMemoryFile("secrets", SIZE).dontDump(true).dontFork(true).build());
		this.calls.failOnce("madvise", Errno.EINVAL);
		this.calls.failOnce("madvise", Errno.EINVAL);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> mapping.seal(Seal.WRITE))
			.withMessageContaining("madvise(")
			.satisfies((ex) -> assertThat(ex.getCause().getSuppressed()).hasSize(1));
		return mapping;
	}

	@Test
	void aReloadChangesNothingAboutIt() throws IOException {
		try (MappingRegistry declared = builder()
			.declare("secrets", MappingSpec.file(this.file).dontDump(true).dontFork(true).build())
			.build()) {
			Path next = Files.writeString(this.directory.resolve("next"), "t".repeat(SIZE));
			Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE);
			declared.reload("secrets");
			assertThat(declared.get("secrets").segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 't');
			assertWithheld(declared.get("secrets"));
		}
	}

	@Test
	void whatIsSavedFromATruncationIsWithheldBeforeItIsRead() throws IOException {
		try (MappingRegistry guarding = builder().declare("secrets", guarded()).build()) {
			MemoryMapping secrets = guarding.get("secrets");
			int before = this.calls.made().size();
			truncate();
			await().until(() -> guarding.mappings().getFirst().isDetached());
			assertThat(secrets.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 's');
			assertWithheld(secrets);
			assertThat(this.calls.made().stream().skip(before)).containsSubsequence("mmap", "madvise", "madvise",
					"pread", "moveOver");
		}
	}

	@Test
	void whatCannotBeWithheldIsNotSaved() throws IOException {
		try (MappingRegistry guarding = builder().declare("secrets", guarded()).build()) {
			this.calls.failOnce("madvise", Errno.EINVAL);
			truncate();
			await().until(() -> !guarding.warnings().isEmpty());
			assertThat(guarding.warnings()).singleElement()
				.satisfies((warning) -> assertThat(warning.kind()).isEqualTo(MappingWarning.Kind.NOT_GUARDED));
			assertThat(guarding.mappings().getFirst().isDetached()).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void whatCannotBeWithheldIsNotMapped(int call) {
		this.calls.failOnce("madvise", (call == 1) ? Errno.EINVAL : 0);
		this.calls.failOnce("madvise", (call == 2) ? Errno.EINVAL : 0);
		assertThatExceptionOfType(MappingException.class)
			.isThrownBy(() -> this.registry.map(MappingSpec.file(this.file).dontDump(true).dontFork(true).build()))
			.withMessageContaining("madvise(")
			.withMessageContaining("EINVAL");
		assertThat(this.registry.mappings()).isEmpty();
	}

	@Test
	void whatIsBroughtInAtOnceIsWithheldBefore() {
		for (MappingSpec spec : List.of(MappingSpec.anonymous(SIZE).dontDump(true).populate(true).build(),
				MappingSpec.anonymous(SIZE).dontFork(true).locked(true).build())) {
			try (MemoryMapping mapping = this.registry.map(spec)) {
				assertThat(PageMaker.flags(spec, -1, 0) & (Linux.MAP_POPULATE | Linux.MAP_LOCKED)).isZero();
				assertThat(mapping.residency().resident()).isEqualTo(SIZE);
			}
		}
	}

	@Test
	void adviceThatWouldUndoItIsRefused() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(SIZE).dontDump(true).advice(Advice.DO_DUMP).build())
			.withMessageContaining("advice do-dump contradicts dont-dump");
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> MappingSpec.anonymous(SIZE).dontFork(true).advice(Advice.ofNumber(11)).build())
			.withMessageContaining("advice do-fork contradicts dont-fork");
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.anonymous(SIZE).dontDump(true).dontFork(true).build())) {
			for (Advice advice : List.of(Advice.DO_DUMP, Advice.DO_FORK, Advice.ofNumber(17))) {
				assertThatExceptionOfType(UnsupportedMappingOperationException.class)
					.isThrownBy(() -> mapping.advise(advice))
					.withMessageContaining("is refused");
				assertThatExceptionOfType(UnsupportedMappingOperationException.class)
					.isThrownBy(() -> mapping.range(0, 4096).advise(advice));
			}
			assertWithheld(mapping);
		}
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			mapping.advise(Advice.DONT_DUMP);
			mapping.advise(Advice.DO_DUMP);
			assertThat(MemoryRegion.at(mapping.address()).flags()).doesNotContain(DONT_DUMP);
		}
	}

	@Test
	void theJdkMapperRefusesIt() {
		try (MappingRegistry jdk = MappingRegistry.builder().mapper(MapperType.JDK).build()) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> jdk.map(MappingSpec.file(this.file).dontDump(true).build()))
				.withMessageContaining("option 'dont-dump'")
				.withMessageContaining("--enable-native-access");
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> jdk.map(MappingSpec.file(this.file).dontFork(true).build()))
				.withMessageContaining("option 'dont-fork'");
		}
	}

	private MappingSpec guarded() {
		return MappingSpec.file(this.file).truncation(TruncationPolicy.GUARD).dontDump(true).dontFork(true).build();
	}

	private void truncate() throws IOException {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
			channel.truncate(0);
		}
	}

	/**
	 * Look at the first page and at the last one.
	 */
	private static void assertWithheld(MemoryMapping mapping) {
		assertThat(MemoryRegion.at(mapping.address()).flags()).contains(DONT_DUMP, DONT_FORK);
		assertThat(MemoryRegion.at(mapping.address() + mapping.length() - 1).flags()).contains(DONT_DUMP, DONT_FORK);
	}

	private DefaultMappingRegistryBuilder builder() {
		return new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"));
	}

}
