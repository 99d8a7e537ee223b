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
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Mappings that belong to the thread that has mapped them.
 */
@ExtendWith(NothingLeftBehind.class)
class ConfinedMappingTests {

	private static final int SIZE = 10_000;

	private static final Executor ANOTHER_THREAD = (task) -> Thread.ofPlatform().name("another").start(task);

	@TempDir
	Path directory;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	private DefaultMappingRegistry registry;

	private Path file;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[SIZE]);
		this.registry = builder(LeakDetectionLevel.SIMPLE).build();
	}

	private DefaultMappingRegistryBuilder builder(LeakDetectionLevel level) {
		return new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.leakDetection(level)
			.drainTimeout(Duration.ofMillis(20));
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void theThreadThatMapsItReadsWritesChangesAndUnmapsIt() throws IOException {
		try (MemoryMapping mapping = this.registry.map(readWrite().build())) {
			mapping.segment().set(JAVA_BYTE, 1, (byte) 42);
			mapping.flush();
			mapping.range(0, 1).prefault();
			assertThat(mapping.residency().resident()).isEqualTo(SIZE);
			try (MappingLease lease = mapping.acquire()) {
				assertThat(lease.segment().get(JAVA_BYTE, 1)).isEqualTo((byte) 42);
			}
		}
		assertThat(Files.readAllBytes(this.file)[1]).isEqualTo((byte) 42);
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	@Test
	void itsSegmentIsOfTheThreadThatMapsIt() {
		try (MemoryMapping mapping = this.registry.map(spec())) {
			MemorySegment segment = mapping.segment();
			assertThat(segment.isAccessibleBy(Thread.currentThread())).isTrue();
			assertThat(segment.isAccessibleBy(new Thread())).isFalse();
			assertThatExceptionOfType(WrongThreadException.class)
				.isThrownBy(() -> onAnotherThread(() -> segment.get(JAVA_BYTE, 0)));
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("uses")
	@Fault("confined-mapping-in-other-thread")
	void anotherThreadIsRefusedBeforeAnythingIsDone(String name, Consumer<MemoryMapping> use) {
		try (MemoryMapping mapping = this.registry.map(inMemory())) {
			List<String> made = this.calls.made();
			assertThatExceptionOfType(WrongThreadException.class)
				.isThrownBy(() -> onAnotherThread(() -> use.accept(mapping)))
				.withMessage("Mapping 'ad-hoc-1' of 10000 bytes of in-memory file 'confined' is confined to thread '"
						+ Thread.currentThread().getName() + "', and was to be used by thread 'another'. Only the"
						+ " thread that has mapped it may use, change and unmap it. Map it without 'confined' if others"
						+ " are to do so, too.");
			assertThat(this.calls.made()).isEqualTo(made);
			assertThat(mapping.length()).isEqualTo(SIZE);
			assertThat(mapping.protection()).containsExactlyInAnyOrder(Protection.READ, Protection.WRITE);
			assertThat(this.registry.errors()).isEmpty();
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
		}
	}

	static Stream<Arguments> uses() {
		return Stream.of(use("segment", MemoryMapping::segment), use("asByteBuffer", MemoryMapping::asByteBuffer),
				use("address", MemoryMapping::address), use("acquire", MemoryMapping::acquire),
				use("acquire by name", (mapping) -> mapping.acquire("indexer")),
				use("descriptor", MemoryMapping::descriptor),
				use("advise", (mapping) -> mapping.advise(Advice.SEQUENTIAL)),
				use("discard", (mapping) -> mapping.discard(DestructiveAdvice.REMOVE)),
				use("lock", MemoryMapping::lock), use("unlock", MemoryMapping::unlock),
				use("lockOnFault", MemoryMapping::lockOnFault), use("flush", MemoryMapping::flush),
				use("startFlush", MemoryMapping::startFlush), use("prefault", MemoryMapping::prefault),
				use("prefaultForWriting", MemoryMapping::prefaultForWriting),
				use("residency", MemoryMapping::residency), use("trackChanges", MemoryMapping::trackChanges),
				use("protect", (mapping) -> mapping.protect(Protection.READ)),
				use("resize", (mapping) -> mapping.resize(2 * SIZE)),
				use("seal", (mapping) -> mapping.seal(Seal.SHRINK)),
				use("seal against writing", (mapping) -> mapping.seal(Seal.WRITE)),
				use("a range", (mapping) -> mapping.range(0, 1).prefault()), use("unmap", MemoryMapping::unmap),
				use("close", MemoryMapping::close));
	}

	private static Arguments use(String name, Consumer<MemoryMapping> use) {
		return Arguments.of(name, use);
	}

	@Test
	void whatIsKnownOfItCanBeAskedByAnyThread() throws Exception {
		try (MemoryMapping mapping = this.registry.map(spec())) {
			mapping.prefault();
			onAnotherThread(() -> {
				assertThat(mapping.name()).isEqualTo("ad-hoc-1");
				assertThat(mapping.length()).isEqualTo(SIZE);
				assertThat(mapping.protection()).containsExactly(Protection.READ);
				assertThat(mapping).asString().doesNotContain("(unmapped)");
				assertThat(this.registry.find("ad-hoc-1")).containsSame(mapping);
				assertThat(this.registry.mappings()).singleElement().satisfies((info) -> {
					assertThat(info.isConfined()).isTrue();
					assertThat(info.address()).isPositive();
					assertThat(info.residency().resident()).isEqualTo(SIZE);
					assertThat(info.fileState()).isEqualTo(FileState.UNCHANGED);
				});
			});
		}
	}

	@Test
	void othersCanLookAtItWhileItsOwnerUnmapsIt() {
		AtomicBoolean ended = new AtomicBoolean();
		CountDownLatch begun = new CountDownLatch(1);
		CompletableFuture<Void> looking = CompletableFuture.runAsync(() -> {
			while (!ended.get()) {
				this.registry.mappings().forEach(MappingInfo::residency);
				this.registry.statistics();
				begun.countDown();
			}
		}, ANOTHER_THREAD);
		try {
			begun.await();
			for (int i = 0; i < 500; i++) {
				try (MemoryMapping mapping = this.registry.map(spec())) {
					assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
				}
			}
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
		finally {
			ended.set(true);
			looking.join();
		}
		assertThat(adHoc().mappings()).isZero();
		assertThat(adHoc().mappedBytes()).isZero();
	}

	@Test
	void anUnmapWaitsForItsOwnersLeases() {
		MemoryMapping mapping = this.registry.map(spec());
		MappingLease lease = mapping.acquire("indexer");
		assertThatExceptionOfType(MemoryInUseException.class).isThrownBy(mapping::unmap)
			.withMessageContaining("indexer");
		// Needs nothing of the memory
		onAnotherThread(lease::close);
		mapping.unmap();
	}

	@Test
	void anotherProtectionLengthAndSealKeepItConfined() {
		try (MemoryMapping mapping = this.registry.map(inMemory())) {
			mapping.segment().set(JAVA_BYTE, 1, (byte) 42);
			mapping.protect(Protection.READ);
			assertConfined(mapping);
			mapping.resize(100 * SIZE);
			assertConfined(mapping);
			mapping.protect(Protection.READ, Protection.WRITE);
			mapping.seal(Seal.WRITE);
			assertConfined(mapping);
			assertThat(mapping.segment().get(JAVA_BYTE, 1)).isEqualTo((byte) 42);
		}
		assertThat(adHoc().mappings()).isZero();
		assertThat(adHoc().mappedBytes()).isZero();
	}

	private static void assertConfined(MemoryMapping mapping) {
		assertThat(mapping.segment().isAccessibleBy(new Thread())).isFalse();
		assertThatExceptionOfType(WrongThreadException.class).isThrownBy(() -> onAnotherThread(mapping::close));
	}

	@Test
	void itCanBelongToAVirtualThread() throws Exception {
		MemoryMapping[] mapping = new MemoryMapping[1];
		CountDownLatch mapped = new CountDownLatch(1);
		CountDownLatch tried = new CountDownLatch(1);
		Thread thread = Thread.startVirtualThread(() -> {
			try (MemoryMapping own = this.registry.map(spec())) {
				mapping[0] = own;
				mapped.countDown();
				tried.await();
				assertThat(own.segment().get(JAVA_BYTE, 0)).isZero();
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
		});
		mapped.await();
		assertThatExceptionOfType(WrongThreadException.class).isThrownBy(() -> mapping[0].segment())
			.withMessageContaining("is confined to thread #" + thread.threadId() + ", and");
		tried.countDown();
		thread.join();
		assertThat(mapping[0]).asString().endsWith("(unmapped)");
		assertThat(adHoc().mappings()).isZero();
	}

	@Test
	void afterItWasUnmappedEveryThreadIsToldSo() {
		MemoryMapping mapping = this.registry.map(spec());
		mapping.close();
		mapping.close();
		onAnotherThread(mapping::close);
		assertThatExceptionOfType(MappingClosedException.class)
			.isThrownBy(() -> onAnotherThread(() -> mapping.segment()));
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(mapping::unmap)
			.withMessageContaining("was unmapped, as the cause of this exception says. Unmap it once")
			.havingCause()
			.withMessage("Unmapped by thread '" + Thread.currentThread().getName()
					+ "'; with leak detection of level 'detailed' its stack would be here");
	}

	@Test
	void theStackThatUnmapsItIsRecordedWhereThatOfItsCreationIs() {
		try (MappingRegistry registry = builder(LeakDetectionLevel.DETAILED).build()) {
			MemoryMapping mapping = registry.map(inMemory());
			mapping.resize(2 * SIZE);
			mapping.unmap();
			assertThatExceptionOfType(MappingClosedException.class).isThrownBy(mapping::unmap)
				.withMessageContaining("by the code that the cause of this exception shows")
				.satisfies(
						(ex) -> assertThat(ex.getCause().getStackTrace()).extracting(StackTraceElement::getMethodName)
							.contains("theStackThatUnmapsItIsRecordedWhereThatOfItsCreationIs"));
		}
	}

	@Test
	void anUnmapThatFailsCanBeRepeated() {
		MemoryMapping mapping = this.registry.map(spec());
		this.calls.failOnce("munmap", Errno.ENOMEM);
		assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::unmap);
		assertThat(adHoc().mappings()).isOne();
		mapping.unmap();
		assertThat(adHoc().mappings()).isZero();
	}

	@Test
	void theRegistryReportsItAndLeavesItToItsOwnerWhoeverClosesTheRegistry() {
		MemoryMapping mapping = this.registry.map(spec());
		try (CapturedLog log = new CapturedLog()) {
			onAnotherThread(this.registry::close);
			this.registry.close();
			assertThat(log.messages(Level.ERROR)).singleElement()
				.asString()
				.startsWith("LEAK: mapping 'ad-hoc-1' of 10000 bytes of file '" + this.file
						+ "' was still open when its registry was closed. It was mapped at ")
				.contains("It stays mapped, since it is confined to the thread that has mapped it, which alone can"
						+ " unmap it.");
			assertThat(log.messages(Level.WARN)).isEmpty();
		}
		assertThat(this.registry.leaks()).singleElement().satisfies((leak) -> {
			assertThat(leak.cause()).isEqualTo(LeakCause.OPEN_AT_SHUTDOWN);
			assertThat(leak.reclaimed()).isFalse();
		});
		assertThat(this.registry.mappings()).hasSize(1);
		assertThat(adHoc().mappings()).isOne();
		assertThat(adHoc().mappedBytes()).isEqualTo(SIZE);
		assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
		mapping.unmap();
		assertThat(this.registry.mappings()).isEmpty();
		assertThat(adHoc().mappings()).isZero();
		assertThat(adHoc().mappedBytes()).isZero();
		assertThat(adHoc().leaks(LeakCause.OPEN_AT_SHUTDOWN)).isOne();
	}

	@Test
	void withoutLeakDetectionTheRegistryLeavesItToItsOwnerWithoutAWord() {
		DefaultMappingRegistry registry = builder(LeakDetectionLevel.DISABLED).build();
		MemoryMapping mapping = registry.map(spec());
		registry.close();
		assertThat(registry.leaks()).isEmpty();
		assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
		mapping.close();
	}

	@Test
	void whatIsDroppedIsALeakWhoseMemoryIsGivenBack() {
		Garbage.collect(mapAndDrop());
		Garbage.collectUntil(() -> !this.registry.leaks().isEmpty());
		assertThat(this.registry.leaks()).singleElement().satisfies((leak) -> {
			assertThat(leak.cause()).isEqualTo(LeakCause.GARBAGE_COLLECTED);
			assertThat(leak.reclaimed()).isTrue();
			assertThat(leak.mapping().createdBy()).contains("ConfinedMappingTests.mapAndDrop");
		});
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(adHoc().mappings()).isZero();
		assertThat(adHoc().mappedBytes()).isZero();
	}

	private WeakReference<Object> mapAndDrop() {
		return new WeakReference<>(this.registry.map(spec()).segment().scope());
	}

	@Test
	void whatAThreadThatHasEndedLeftIsALeak() {
		WeakReference<Object> scope = CompletableFuture.supplyAsync(this::mapAndDrop, ANOTHER_THREAD).join();
		Garbage.collect(scope);
		Garbage.collectUntil(() -> !this.registry.leaks().isEmpty());
		assertThat(this.registry.leaks()).singleElement().extracting(MappingLeak::reclaimed).isEqualTo(true);
	}

	@Test
	@Fault("thread-ended-with-confined-mapping")
	void whatAThreadThatHasEndedLeftIsSaidToBeOutOfReach() throws InterruptedException {
		Garbage.collect(refusedWithoutItsOwner());
		Garbage.collectUntil(() -> !this.registry.leaks().isEmpty());
	}

	private WeakReference<Object> refusedWithoutItsOwner() throws InterruptedException {
		MemoryMapping[] mapping = new MemoryMapping[1];
		Thread owner = Thread.ofPlatform().start(() -> mapping[0] = this.registry.map(spec()));
		owner.join();
		assertThatExceptionOfType(WrongThreadException.class).isThrownBy(mapping[0]::close)
			.withMessageContaining("That thread has ended without unmapping it");
		return new WeakReference<>(mapping[0]);
	}

	@Test
	void whatCannotBeMappedLeavesNothing() {
		this.calls.failOnce("mmap", Errno.ENOMEM);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(spec()));
		assertThat(adHoc().mappings()).isZero();
	}

	@Test
	void theDescriptorOfTheCallerIsNotNeededAnyLonger() throws Exception {
		int descriptor = this.calls.proxy().open(this.file, 0, 0);
		MemoryMapping mapping;
		try {
			mapping = this.registry.map(MappingSpec.descriptor(descriptor).confined(true).build());
		}
		finally {
			this.calls.proxy().close(descriptor);
		}
		try (mapping) {
			assertThat(mapping.descriptor()).isPositive();
			assertThat(MemoryRegion.at(mapping.address()).name()).isEqualTo(this.file.toString());
		}
	}

	@Test
	void itIsNotPreloadedByAnotherThread() {
		try (MemoryMapping mapping = this.registry.map(spec())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::preload)
				.withMessageContaining("is confined to one thread. Use prefault.");
			assertThat(this.registry.preloads()).isEmpty();
		}
	}

	@Test
	void itIsNotDeclared() {
		MappingRegistry.Builder builder = MappingRegistry.builder();
		assertNotDeclared(() -> builder.declare("words", spec()));
		assertNotDeclared(() -> builder.declareSet("set", Map.of("words", spec())));
		assertNotDeclared(() -> MappingRegistry.builder().declareSet("set", () -> Map.of("words", spec())).build());
	}

	private static void assertNotDeclared(ThrowingCallable code) {
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(code)
			.withMessageContaining("confined makes no sense for a declared mapping")
			.satisfies((ex) -> assertThat(ex.option()).isEqualTo("confined"));
	}

	@Test
	void theJdkMapperMapsOnAnotherThreadAndSaysHowToGetTheNativeOne() {
		try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.JDK).build()) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(() -> registry.map(spec()))
				.withMessageContaining("the jdk mapper does not offer option 'confined'")
				.withMessageContaining("--enable-native-access")
				.satisfies((ex) -> assertThat(ex.option()).isEqualTo("confined"));
			assertThat(registry.mappings()).isEmpty();
		}
	}

	private MappingStatistics adHoc() {
		return this.registry.statistics().iterator().next();
	}

	private FileMappingBuilder readWrite() {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).confined(true);
	}

	private MappingSpec spec() {
		return MappingSpec.file(this.file).confined(true).build();
	}

	private static MappingSpec inMemory() {
		return MappingSpec.inMemoryFile("confined", SIZE).confined(true).build();
	}

	/**
	 * Do something on another thread, and throw what it throws.
	 */
	private static void onAnotherThread(Runnable work) {
		try {
			CompletableFuture.runAsync(work, ANOTHER_THREAD).join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			throw ex;
		}
	}

}
