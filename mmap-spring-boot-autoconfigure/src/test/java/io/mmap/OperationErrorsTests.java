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
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.Requirement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What fails is counted, by operation and error number, once for each time that it was
 * tried.
 */
@ExtendWith(NothingLeftBehind.class)
class OperationErrorsTests {

	private static final int SIZE = 10_000;

	private static final Executor THREADS = (task) -> Thread.ofPlatform().start(task);

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private DefaultMappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[SIZE]);
		this.registry = builder().build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void nothingIsCountedWhereNothingFails() throws Exception {
		try (MemoryMapping mapping = this.registry.map(writable())) {
			mapping.advise(Advice.WILL_NEED);
			mapping.prefault();
			mapping.preload().await();
			mapping.flush();
			mapping.resize(SIZE / 2);
			mapping.protect(Protection.READ);
		}
		assertThat(this.registry.errors()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "open", "fstat", "mmap" })
	void aMappingThatFails(String call) {
		this.calls.failOnce(call, Errno.EMFILE);
		assertFails(() -> this.registry.map(readOnly()));
		assertThat(this.registry.errors()).containsExactly(errors("map", "EMFILE", 1));
	}

	@Test
	void whatTheKernelItselfRefusesToMap() {
		assertFails(() -> this.registry.map(MappingSpec.anonymous(1L << 60).build()));
		assertFails(() -> this.registry.map(MappingSpec.file(this.directory.resolve("missing")).build()));
		assertThat(this.registry.errors()).containsExactly(errors("map", "ENOENT", 1), errors("map", "ENOMEM", 1));
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void whatFailsWithoutAnErrorNumber(MapperType mapper) {
		try (MappingRegistry other = MappingRegistry.builder().mapper(mapper).build()) {
			assertFails(() -> other.map(MappingSpec.file(this.directory).build()));
			assertFails(() -> other.map(MappingSpec.file(this.file).offset(SIZE).length(1L).build()));
			assertThat(other.errors()).containsExactly(errors("map", OperationErrors.NO_ERRNO, 2));
		}
	}

	@Test
	void theJdkHidesTheErrorNumber() {
		try (MappingRegistry other = MappingRegistry.builder().mapper(MapperType.JDK).build()) {
			assertFails(() -> other.map(MappingSpec.file(this.directory.resolve("missing")).build()));
			assertThat(other.errors()).containsExactly(errors("map", "none", 1));
		}
	}

	@Test
	void aNumberWithoutANameIsCountedTogetherWithOthers() {
		this.calls.failOnce("mmap", 4000);
		this.calls.failOnce("mmap", 4001);
		assertFails(() -> this.registry.map(readOnly()));
		assertFails(() -> this.registry.map(readOnly()));
		assertThat(this.registry.errors()).containsExactly(errors("map", "other", 2));
	}

	@Test
	void theFailuresOfAllMappingsAreCountedTogetherInTheOrderOfOperations() {
		DefaultMappingRegistry declaring = builder().declare("words", writable())
			.declare("other", MappingSpec.file(this.file).build())
			.build();
		try (declaring; MemoryMapping adHoc = declaring.map(readOnly())) {
			failNext("madvise", Errno.EIO, () -> declaring.get("words").advise(Advice.WILL_NEED));
			failNext("madvise", Errno.EIO, () -> declaring.get("other").advise(Advice.WILL_NEED));
			failNext("madvise", Errno.EAGAIN, () -> adHoc.advise(Advice.WILL_NEED));
			failNext("msync", Errno.EIO, () -> declaring.get("words").flush());
			assertThat(declaring.errors()).containsExactly(errors("flush", "EIO", 1), errors("advise", "EAGAIN", 1),
					errors("advise", "EIO", 2));
		}
	}

	@Test
	void eachOperationOnPagesIsCountedUnderItsName() {
		MemoryMapping mapping = this.registry.map(writable());
		failNext("startWriting", Errno.EIO, mapping::startFlush);
		failNext("madvise", Errno.EIO, mapping::prefault);
		failNext("madvise", Errno.EIO, mapping::prefaultForWriting);
		failNext("madvise", Errno.EIO, () -> mapping.advise(Advice.SEQUENTIAL));
		failNext("mlock", Errno.EIO, mapping::lock);
		failNext("mlock2", Errno.EIO, mapping::lockOnFault);
		failNext("munlock", Errno.EIO, mapping::unlock);
		failNext("mprotect", Errno.EIO, () -> mapping.protect(Protection.READ));
		failNext("mremap", Errno.EIO, () -> mapping.resize(SIZE / 2));
		failNext("munmap", Errno.EIO, mapping::unmap);
		mapping.unmap();
		assertThat(this.registry.errors()).containsExactly(errors("unmap", "EIO", 1), errors("start-flush", "EIO", 1),
				errors("prefault", "EIO", 2), errors("advise", "EIO", 1), errors("lock", "EIO", 2),
				errors("unlock", "EIO", 1), errors("protect", "EIO", 1), errors("resize", "EIO", 1));
	}

	@Test
	void pagesThatCannotBeDiscarded() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			failNext("madvise", Errno.EIO, () -> mapping.discard(DestructiveAdvice.DONT_NEED));
		}
		assertThat(this.registry.errors()).containsExactly(errors("discard", "EIO", 1));
	}

	@Test
	void anInMemoryFileThatCannotBeSealed() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.inMemoryFile("words", SIZE).build())) {
			failNext("addSeals", Errno.EBUSY, () -> mapping.seal(Seal.GROW));
			failNext("addSeals", Errno.EBUSY, () -> mapping.seal(Seal.WRITE));
		}
		assertThat(this.registry.errors()).containsExactly(errors("seal", "EBUSY", 2));
	}

	@Test
	void changesThatCannotBeTracked() {
		Requirement.check(this.registry.capabilities().isAvailable("change-tracking"), "a kernel that tracks changes");
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			failNext("userfaultfd", Errno.EMFILE, mapping::trackChanges);
			try (ChangeTracking tracking = mapping.trackChanges()) {
				failNext("scanPages", Errno.ENOMEM, tracking::changes);
			}
		}
		assertThat(this.registry.errors()).containsExactly(errors("track-changes", "EMFILE", 1),
				errors("find-changes", "ENOMEM", 1));
	}

	@Test
	void pagesThatAFileHasLost() throws IOException {
		try (MemoryMapping mapping = this.registry.map(readOnly())) {
			setLength(0);
			assertFails(mapping::prefault);
		}
		assertThat(this.registry.errors()).containsExactly(errors("prefault", "EFAULT", 1));
	}

	@Test
	void aFileThatIsTooShortForTheNewLength() {
		try (MemoryMapping mapping = this.registry.map(writable())) {
			assertFails(() -> mapping.resize(2 * SIZE));
		}
		assertThat(this.registry.errors()).containsExactly(errors("resize", "none", 1));
	}

	@Test
	void aFlushThatFailsIsCountedOnceAndAsAnErrorOfItsMapping() {
		try (MemoryMapping mapping = this.registry.map(writable())) {
			failNext("msync", Errno.EIO, mapping::flush);
			failNext("msync", Errno.ENOSPC, mapping.range(0, 100)::flush);
			mapping.flush();
		}
		assertThat(this.registry.errors()).containsExactly(errors("flush", "EIO", 1), errors("flush", "ENOSPC", 1));
		assertThat(adHoc(this.registry).flushErrors()).isEqualTo(2);
	}

	@Test
	void aFlushInTheBackgroundIsCountedEachTimeItIsTried() {
		for (int i = 0; i < 3; i++) {
			this.calls.failOnce("msync", Errno.EIO);
		}
		MappingSpec spec = MappingSpec.file(this.file)
			.access(MappingAccess.READ_WRITE)
			.flushInterval(Duration.ofMillis(5))
			.build();
		try (MemoryMapping mapping = this.registry.map(spec)) {
			await().until(() -> adHoc(this.registry).flushCount() > 0);
			assertThat(mapping.length()).isEqualTo(SIZE);
		}
		assertThat(this.registry.errors()).containsExactly(errors("flush", "EIO", 3));
	}

	@Test
	void aFlushBeforeUnmappingIsCountedOnceAndNotAsAFailureToUnmap() {
		this.calls.failOnce("msync", Errno.EIO);
		this.registry.map(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).flushOnUnmap(true).build())
			.unmap();
		assertThat(this.registry.errors()).containsExactly(errors("flush", "EIO", 1));
	}

	@Test
	void aPreloadThatFailsIsCountedBeforeItsEndIsKnown() throws Exception {
		try (MemoryMapping mapping = this.registry.map(readOnly())) {
			this.calls.failOnce("madvise", Errno.EIO);
			assertThat(mapping.preload().await()).isEqualTo(MappingPreload.State.FAILED);
			assertThat(this.registry.errors()).containsExactly(errors("preload", "EIO", 1));
		}
	}

	@Test
	void aPreloadMayFailWithoutAnErrorNumber() throws Exception {
		try (MappingRegistry other = MappingRegistry.builder().mapper(MapperType.JDK).build();
				MemoryMapping mapping = other.map(readOnly())) {
			setLength(0);
			assertThat(mapping.preload().await()).isEqualTo(MappingPreload.State.FAILED);
			assertThat(other.errors()).containsExactly(errors("preload", "none", 1));
		}
	}

	@Test
	void aPreloadThatIsCancelledIsNoError() throws Exception {
		MappingPreload preload;
		try (MappingRegistry other = MappingRegistry.builder().preloadRateLimit(1L).build();
				MemoryMapping mapping = other.map(MappingSpec.anonymous(4 << 20).build())) {
			preload = mapping.preload();
			assertThat(preload.cancel()).isTrue();
			assertThat(preload.await()).isEqualTo(MappingPreload.State.CANCELLED);
			assertThat(other.errors()).isEmpty();
		}
	}

	@Test
	void aLeakThatCannotBeGivenBack() throws Exception {
		// First, since the collector may be faster than the next line
		this.calls.failOnce("munmap", Errno.EINVAL);
		assertThat(this.registry.map(readOnly()).length()).isEqualTo(SIZE);
		Garbage.collectUntil(() -> !this.registry.leaks().isEmpty());
		assertThat(this.registry.errors()).containsExactly(errors("unmap", "EINVAL", 1));
		this.calls.proxy().munmap(this.registry.leaks().getFirst().mapping().address(), SIZE);
	}

	@Test
	void aFailureToUnmapWhenTheRegistryIsClosedIsCountedAndSoIsTheNextOne() {
		DefaultMappingRegistry declaring = builder().declare("words", readOnly()).build();
		this.calls.failOnce("munmap", Errno.EINVAL);
		this.calls.failOnce("munmap", Errno.EINVAL);
		declaring.close();
		declaring.close();
		declaring.close();
		assertThat(declaring.mappings()).isEmpty();
		assertThat(declaring.errors()).containsExactly(errors("unmap", "EINVAL", 2));
	}

	@Test
	void aDeclaredMappingThatCannotBeMadeAtTheStart() {
		DefaultMappingRegistry declaring = builder().lazy(true).declare("words", readOnly()).build();
		this.calls.failOnce("mmap", Errno.ENOMEM);
		assertThatExceptionOfType(DeclaredMappingException.class).isThrownBy(declaring::mapDeclared);
		assertThat(declaring.errors()).containsExactly(errors("map", "ENOMEM", 1));
	}

	@Test
	void aSetOfWhichOneMemberCannotBeMapped() {
		DefaultMappingRegistry declaring = builder().lazy(true)
			.declareSet("set", Map.of("a", readOnly(), "b", readOnly()))
			.build();
		this.calls.failOnce("mmap", 0);
		this.calls.failOnce("mmap", Errno.ENOMEM);
		try (declaring) {
			assertThatExceptionOfType(DeclaredMappingException.class).isThrownBy(declaring::mapDeclared);
		}
		assertThat(declaring.errors()).containsExactly(errors("map", "ENOMEM", 1));
	}

	@Test
	void aReloadThatFailsHasFailedToMap() {
		try (DefaultMappingRegistry declaring = builder().declare("words", readOnly()).build()) {
			failNext("open", Errno.EACCES, () -> declaring.reload("words"));
			assertThat(declaring.errors()).containsExactly(errors("map", "EACCES", 1));
			assertThat(List.copyOf(declaring.statistics()).getFirst().reloads(ReloadOutcome.FAILURE)).isEqualTo(1);
		}
	}

	@Test
	void contentThatIsRefusedIsNoErrorOfAnOperation() {
		try (DefaultMappingRegistry declaring = builder().validator((candidate) -> {
			if (candidate.generation() > 1) {
				throw new IllegalStateException("refused");
			}
		}).declare("words", readOnly()).build()) {
			assertThatExceptionOfType(MappingRefusedException.class).isThrownBy(() -> declaring.reload("words"));
			assertThat(declaring.errors()).isEmpty();
		}
	}

	@Test
	void aMappingThatCannotBeGuarded() {
		this.calls.failOnce("setLease", Errno.EAGAIN);
		try (MemoryMapping mapping = this.registry.map(guarded())) {
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertThat(this.registry.errors()).containsExactly(errors("guard", "EAGAIN", 1));
		}
	}

	@Test
	void contentThatCannotBeSaved() throws IOException {
		this.calls.failOnce("moveOver", Errno.ENOMEM);
		try (MemoryMapping mapping = this.registry.map(guarded())) {
			setLength(SIZE);
			await()
				.untilAsserted(() -> assertThat(this.registry.errors()).containsExactly(errors("guard", "ENOMEM", 1)));
			assertThat(mapping.length()).isEqualTo(SIZE);
		}
	}

	@Test
	void contentThatWasSavedButCannotBeLockedAgain() throws IOException {
		this.calls.failOnce("mlock", 0);
		this.calls.failOnce("mlock", Errno.ENOMEM);
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.file).truncation(TruncationPolicy.GUARD).locked(true).build())) {
			setLength(0);
			await()
				.untilAsserted(() -> assertThat(this.registry.errors()).containsExactly(errors("lock", "ENOMEM", 1)));
			assertThat(mapping.length()).isEqualTo(SIZE);
		}
	}

	@Test
	void argumentsThatAreRefusedAreNoErrors() {
		try (MemoryMapping mapping = this.registry.map(readOnly())) {
			assertThatIllegalArgumentException().isThrownBy(() -> mapping.resize(0));
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::flush);
			assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> mapping.range(0, SIZE + 1));
		}
		assertThat(this.registry.errors()).isEmpty();
	}

	@Test
	void memoryThatIsInUseIsNoError() {
		try (DefaultMappingRegistry impatient = builder().drainTimeout(Duration.ZERO).build()) {
			MemoryMapping mapping = impatient.map(readOnly());
			try (MappingLease lease = mapping.acquire()) {
				assertThatIllegalStateException().isThrownBy(mapping::unmap);
				assertThat(lease.segment().byteSize()).isEqualTo(SIZE);
			}
			mapping.unmap();
			assertThat(impatient.errors()).isEmpty();
		}
	}

	@Test
	void anOptionThatIsWantedOnlyAsFarAsItGoesIsNoError() {
		this.calls.failOnce("madvise", Errno.EINVAL);
		this.registry.map(MappingSpec.file(this.file).advice(Advice.SEQUENTIAL).build()).close();
		assertThat(this.calls.made()).contains("madvise");
		assertThat(this.registry.errors()).isEmpty();
	}

	@Test
	void whatFailsOnSeveralThreadsIsCountedExactly() {
		try (MemoryMapping mapping = this.registry.map(readOnly())) {
			for (int i = 0; i < 400; i++) {
				this.calls.failOnce("madvise", (i % 2 == 0) ? Errno.EIO : Errno.ENOMEM);
			}
			CompletableFuture.allOf(IntStream.range(0, 4).mapToObj((thread) -> CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 100; i++) {
					assertFails(() -> mapping.advise(Advice.WILL_NEED));
				}
			}, THREADS)).toArray(CompletableFuture[]::new)).join();
		}
		assertThat(this.registry.errors()).containsExactly(errors("advise", "EIO", 200),
				errors("advise", "ENOMEM", 200));
	}

	@Test
	void operationsAreNamedInLowerCaseWithHyphensAndNoTwoTheSame() {
		assertThat(MappingOperation.values()).extracting(MappingOperation::id)
			.allMatch((id) -> id.matches("[a-z]+(-[a-z]+)*"))
			.doesNotHaveDuplicates();
	}

	private void failNext(String call, int errno, Runnable operation) {
		this.calls.failOnce(call, errno);
		assertFails(operation);
	}

	private static void assertFails(Runnable operation) {
		assertThatExceptionOfType(MappingException.class).isThrownBy(operation::run);
	}

	private static OperationErrors errors(String operation, String errno, long count) {
		return new OperationErrors(operation, errno, count);
	}

	private void setLength(long length) throws IOException {
		try (RandomAccessFile written = new RandomAccessFile(this.file.toFile(), "rw")) {
			written.setLength(length);
		}
	}

	private static MappingStatistics adHoc(MappingRegistry registry) {
		return List.copyOf(registry.statistics()).getLast();
	}

	private DefaultMappingRegistryBuilder builder() {
		return new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"));
	}

	private MappingSpec readOnly() {
		return MappingSpec.file(this.file).build();
	}

	private MappingSpec writable() {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build();
	}

	private MappingSpec guarded() {
		return MappingSpec.file(this.file).truncation(TruncationPolicy.GUARD).build();
	}

}
