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
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

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
import io.mmap.testsupport.ReachableObjects;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * A lease keeps memory as it is, and tells apart what goes wrong with it.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class MappingLeaseTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	private MemoryMapping mapping;

	@BeforeEach
	void map() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[20_000]);
		this.registry = registry(Duration.ofMillis(50));
		this.mapping = this.registry.map(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build());
	}

	@AfterEach
	void close() {
		this.mapping.close();
		this.registry.close();
	}

	private MappingRegistry registry(Duration drainTimeout) {
		return MappingRegistry.builder()
			.mapper(this.mapper)
			.drainTimeout(drainTimeout)
			.declare("words", MappingSpec.file(this.file).build())
			.build();
	}

	@Test
	void itsMemoryIsThatOfTheMapping() {
		try (MappingLease lease = this.mapping.acquire()) {
			lease.segment().set(JAVA_BYTE, 0, (byte) 7);
			assertThat(this.mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 7);
			assertThat(lease.segment().byteSize()).isEqualTo(20_000);
			assertThat(lease.generation()).isEqualTo(1);
			assertThat(lease)
				.hasToString("MappingLease on generation 1 of 'ad-hoc-1' of 20000 bytes of file '" + this.file + "'");
		}
	}

	@Test
	void itIsCountedUntilItIsClosed() {
		MappingLease first = this.mapping.acquire();
		MappingLease second = this.mapping.acquire("somebody");
		assertThat(leases()).isEqualTo(2);
		first.close();
		first.close();
		assertThat(leases()).isEqualTo(1);
		second.close();
		assertThat(leases()).isZero();
	}

	private long leases() {
		return this.registry.mappings().getLast().leases();
	}

	@Test
	void anUnmapWaitsUntilItIsClosed() throws Exception {
		try (MappingRegistry patient = registry(Duration.ofSeconds(30))) {
			MemoryMapping leased = patient.map(MappingSpec.file(this.file).build());
			MappingLease lease = leased.acquire();
			Thread unmapping = Thread.ofPlatform().start(leased::unmap);
			assertThat(unmapping.join(Duration.ofMillis(100))).isFalse();
			assertThat(lease.segment().get(JAVA_BYTE, 19_999)).isZero();
			lease.close();
			assertThat(unmapping.join(Duration.ofSeconds(10))).isTrue();
			assertThatExceptionOfType(MappingClosedException.class).isThrownBy(leased::segment);
		}
	}

	@Test
	void nobodyGetsAnotherOneWhileTheMappingIsBeingUnmapped() throws Exception {
		try (MappingRegistry patient = registry(Duration.ofSeconds(30))) {
			MemoryMapping leased = patient.map(MappingSpec.file(this.file).build());
			MappingLease lease = leased.acquire();
			Thread unmapping = Thread.ofPlatform().start(leased::unmap);
			while (unmapping.getState() != Thread.State.TIMED_WAITING) {
				Thread.onSpinWait();
			}
			assertThatExceptionOfType(MappingClosedException.class).isThrownBy(leased::acquire)
				.withMessageContaining("is being unmapped at this moment");
			assertThatExceptionOfType(MappingClosedException.class).isThrownBy(leased::address);
			lease.close();
			unmapping.join();
		}
	}

	@Test
	void anUnmapNamesWhoHoldsItForTooLongAndLeavesTheMappingInPlace() {
		try (MappingLease indexer = this.mapping.acquire("indexer"); MappingLease other = this.mapping.acquire()) {
			assertThatIllegalStateException().isThrownBy(this.mapping::unmap)
				.withMessageContaining("is in use: it is held by indexer (thread '" + Thread.currentThread().getName()
						+ "') and by 1 lease or operation without an owner's name");
			assertThat(ProcessMaps.regions(this.file)).hasSize(2);
			assertThat(this.mapping.segment().get(JAVA_BYTE, 0)).isZero();
			try (MappingLease another = this.mapping.acquire()) {
				assertThat(another.segment().address()).isEqualTo(indexer.segment().address());
				assertThat(other.segment().address()).isEqualTo(indexer.segment().address());
			}
		}
		this.mapping.unmap();
		assertThat(ProcessMaps.regions(this.file)).hasSize(1);
	}

	@Test
	@Fault("in-use-at-shutdown")
	void theEndOfTheRegistryNamesWhoHoldsItForTooLongAndLeavesTheMappingInPlace() {
		MappingLease lease = this.registry.get("words").acquire("search");
		try (CapturedLog log = new CapturedLog()) {
			this.registry.close();
			assertThat(log.messages(Level.WARN)).singleElement()
				.asString()
				.contains("'words'", "stays mapped", "drain timeout of PT0.05S", "held by search (thread '");
		}
		assertThat(lease.segment().get(JAVA_BYTE, 0)).isZero();
		assertThat(ProcessMaps.regions(this.file)).hasSize(1);
		lease.close();
		this.registry.close();
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
	}

	@Test
	void aThreadThatIsInterruptedWaitsAllTheSameAndStaysInterrupted() {
		try (MappingLease lease = this.mapping.acquire("indexer")) {
			Thread.currentThread().interrupt();
			long start = System.nanoTime();
			assertThatIllegalStateException().isThrownBy(this.mapping::unmap)
				.withMessageContaining("is in use: it is held by indexer (thread '")
				.withMessageNotContaining("without an owner's name");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
			assertThat(Thread.interrupted()).isTrue();
			assertThat(lease.generation()).isEqualTo(1);
		}
	}

	@Test
	void itMayBeClosedByAnotherThread() throws InterruptedException {
		MappingLease lease = this.mapping.acquire();
		Thread.ofVirtual().start(lease::close).join();
		this.mapping.unmap();
		assertThatIllegalStateException().isThrownBy(lease::segment);
	}

	@Test
	void closedByManyThreadsItIsGivenBackOnce() throws InterruptedException {
		try (MappingLease kept = this.mapping.acquire()) {
			for (int i = 0; i < 200; i++) {
				MappingLease lease = this.mapping.acquire();
				CountDownLatch start = new CountDownLatch(1);
				Runnable close = () -> {
					try {
						start.await();
						lease.close();
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
				};
				List<Thread> threads = List.of(Thread.ofPlatform().start(close), Thread.ofPlatform().start(close));
				start.countDown();
				for (Thread thread : threads) {
					thread.join();
				}
				assertThat(leases()).isEqualTo(1);
			}
			assertThat(kept.segment().get(JAVA_BYTE, 0)).isZero();
		}
	}

	@Test
	void afterItWasClosedItGivesNothing() {
		MappingLease lease = this.mapping.acquire();
		lease.close();
		assertThatIllegalStateException().isThrownBy(lease::segment)
			.withMessage("The lease on mapping 'ad-hoc-1' of 20000 bytes of file '" + this.file
					+ "' was closed. Acquire another one from the mapping.");
		assertThatIllegalStateException().isThrownBy(() -> lease.read((segment) -> segment.get(JAVA_BYTE, 0)));
	}

	@Test
	void nobodyGetsOneOnMemoryThatWasUnmapped() {
		this.mapping.unmap();
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(this.mapping::acquire)
			.satisfies((ex) -> assertThat(ex.getCause()).hasMessageContaining("Unmapped by thread"));
	}

	@Test
	void whatTheReaderFindsIsReturned() {
		try (MappingLease lease = this.mapping.acquire()) {
			assertThat(lease.<Byte, RuntimeException>read((segment) -> segment.get(JAVA_BYTE, 5))).isZero();
		}
	}

	@Test
	@Fault("truncated-while-read")
	void aTruncatedFileIsToldFromEverythingElse() throws IOException {
		try (MappingLease lease = this.mapping.acquire()) {
			truncate(5000);
			assertThatExceptionOfType(MappingTruncatedException.class)
				.isThrownBy(() -> lease.read((segment) -> segment.get(JAVA_BYTE, 19_000)))
				.withMessageContainingAll("'ad-hoc-1' of 20000 bytes", "was truncated", "the file has 5000 bytes now",
						"bytes are free on its file system")
				.withCauseInstanceOf(InternalError.class)
				.satisfies((ex) -> {
					assertThat(ex.mappedLength()).isEqualTo(20_000);
					assertThat(ex.fileLength()).isEqualTo(5000);
				});
		}
	}

	@Test
	void anErrorOfTheSameKindThatIsAboutSomethingElseIsLeftAlone() throws IOException {
		InternalError other = new InternalError("something else");
		InternalError fault = new InternalError("a fault occurred in an unsafe memory access operation");
		try (MappingLease lease = this.mapping.acquire()) {
			assertThatExceptionOfType(InternalError.class).isThrownBy(() -> lease.read((segment) -> {
				throw fault;
			})).as("the file is as it was").isSameAs(fault);
			truncate(5000);
			assertThatExceptionOfType(InternalError.class).isThrownBy(() -> lease.read((segment) -> {
				throw other;
			})).isSameAs(other);
		}
	}

	@Test
	void memoryThatIsGoneIsToldWithWhoUnmappedIt() {
		MappingLease lease = this.mapping.acquire();
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(() -> lease.read((segment) -> {
			lease.close();
			unmapHere();
			return segment.get(JAVA_BYTE, 0);
		}))
			.satisfies((ex) -> assertThat(ex.getCause().getStackTrace()).extracting(StackTraceElement::getMethodName)
				.contains("unmapHere"))
			.satisfies(
					(ex) -> assertThat(ex.getSuppressed()).singleElement().isInstanceOf(IllegalStateException.class));
	}

	private void unmapHere() {
		this.mapping.unmap();
	}

	@Test
	void anIllegalStateThatIsNotOfTheMemoryIsLeftAlone() {
		IllegalStateException own = new IllegalStateException("Already closed");
		MappingLease lease = this.mapping.acquire();
		assertThatIllegalStateException().isThrownBy(() -> lease.read((segment) -> {
			throw own;
		})).isSameAs(own);
		assertThatIllegalStateException().isThrownBy(() -> lease.read((segment) -> {
			lease.close();
			this.mapping.unmap();
			throw own;
		})).isSameAs(own);
	}

	@Test
	void whatElseTheReaderThrowsIsThrown() {
		try (MappingLease lease = this.mapping.acquire()) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> lease.read((segment) -> {
				throw new IOException("no");
			})).withMessage("no");
		}
	}

	@Test
	void whoeverHasItKeepsTheMemoryFromBeingALeak() {
		try (MappingLease lease = this.mapping.acquire()) {
			assertThat(ReachableObjects.from(lease).contains(this.mapping.segment().scope())).isTrue();
		}
	}

	private void truncate(long length) throws IOException {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
			channel.truncate(length);
		}
	}

}
