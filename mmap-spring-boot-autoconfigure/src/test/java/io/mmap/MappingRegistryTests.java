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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What the registry does with its mappings, with each mapper.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
@Timeout(60)
class MappingRegistryTests {

	private static final int SIZE = 10_000;

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	@Test
	void declaredMappingsAreMadeAtOnceAndUnmappedWithTheRegistry() throws IOException {
		Path file = file();
		MemorySegment segment;
		try (MappingRegistry registry = builder().declare("geoip", MappingSpec.file(file).build()).build()) {
			assertThat(ProcessMaps.regions(file)).hasSize(1);
			assertThat(registry.get("geoip").name()).isEqualTo("geoip");
			assertThat(registry.find("geoip")).containsSame(registry.get("geoip"));
			segment = registry.get("geoip").segment();
			assertThat(segment.byteSize()).isEqualTo(SIZE);
		}
		assertThat(segment.scope().isAlive()).isFalse();
		assertThat(ProcessMaps.regions(file)).isEmpty();
	}

	@Test
	void declaredMappingsAreNotForTheApplicationToClose() throws IOException {
		try (MappingRegistry registry = builder().declare("geoip", MappingSpec.file(file()).build()).build()) {
			MemoryMapping mapping = registry.get("geoip");
			assertThatIllegalStateException().isThrownBy(mapping::close).withMessageContaining("declared");
			assertThatIllegalStateException().isThrownBy(mapping::unmap).withMessageContaining("declared");
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
		}
	}

	@Test
	void aDeclarationThatFailsLeavesNothingMapped() throws IOException {
		Path missing = this.directory.resolve("missing");
		MappingRegistry.Builder builder = builder().declare("good", MappingSpec.file(file()).build())
			.declare("bad", MappingSpec.file(missing).build())
			.declare("never-reached", MappingSpec.file(file()).build());
		assertThatExceptionOfType(DeclaredMappingException.class).isThrownBy(builder::build)
			.withMessageContaining("'bad'")
			.withMessageContaining(missing.toString())
			.satisfies((ex) -> assertThat(ex.name()).isEqualTo("bad"));
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	@Test
	@Fault("unknown-name")
	void anUnknownNameIsAnsweredWithTheKnownOnes() throws IOException {
		try (MappingRegistry registry = builder().declare("geoip", MappingSpec.file(file()).build())
			.declare("counters", MappingSpec.file(file()).build())
			.build()) {
			assertThat(registry.find("geo")).isEmpty();
			assertThatExceptionOfType(NoSuchMappingException.class).isThrownBy(() -> registry.get("geo"))
				.withMessageContaining("'geo'")
				.withMessageContaining("counters, geoip")
				.satisfies((ex) -> assertThat(ex.knownNames()).containsExactlyInAnyOrder("geoip", "counters"));
		}
	}

	@Test
	void adHocMappingsCanBeFoundByTheirIdWhileTheyAreOpen() throws IOException {
		try (MappingRegistry registry = builder().build()) {
			MemoryMapping mapping = registry.map(MappingSpec.file(file()).build());
			assertThat(mapping.name()).isEqualTo("ad-hoc-1");
			assertThat(registry.get("ad-hoc-1")).isSameAs(mapping);
			mapping.close();
			assertThat(registry.find("ad-hoc-1")).isEmpty();
			assertThat(registry.mappings()).isEmpty();
		}
	}

	@Test
	void mappingsAreListedInOrder() throws IOException {
		try (MappingRegistry registry = builder().declare("second", MappingSpec.file(file()).build())
			.declare("first", MappingSpec.file(file()).build())
			.build()) {
			List<MemoryMapping> adHoc = new ArrayList<>();
			for (int i = 0; i < 12; i++) {
				adHoc.add(registry.map(MappingSpec.file(file()).label("number " + i).build()));
			}
			assertThat(registry.mappings()).extracting(MappingInfo::name)
				.startsWith("second", "first", "ad-hoc-1", "ad-hoc-2")
				.endsWith("ad-hoc-10", "ad-hoc-11", "ad-hoc-12");
			MappingInfo last = registry.mappings().getLast();
			assertThat(last.label()).isEqualTo("number 11");
			assertThat(last.address()).isEqualTo(adHoc.getLast().address());
			assertThat(last.createdBy()).contains("mappingsAreListedInOrder(MappingRegistryTests.java:");
			adHoc.forEach(MemoryMapping::close);
		}
	}

	@Test
	void figuresAgreeWithWhatIsMapped() throws IOException {
		Path file = file();
		try (MappingRegistry registry = builder().declare("geoip", MappingSpec.file(file).build()).build()) {
			MemoryMapping adHoc = registry.map(MappingSpec.file(file).length(5).build());
			assertThat(registry.statistics()).extracting(MappingStatistics::name).containsExactly("geoip", "ad-hoc");
			assertThat(registry.statistics()).extracting(MappingStatistics::mappedBytes)
				.containsExactly((long) SIZE, 5L);
			assertThat(registry.statistics()).extracting(MappingStatistics::mappings).containsExactly(1L, 1L);
			adHoc.close();
			assertThat(registry.statistics()).extracting(MappingStatistics::mappedBytes)
				.containsExactly((long) SIZE, 0L);
			assertThat(registry.statistics()).extracting(MappingStatistics::mapCount).containsExactly(1L, 1L);
			assertThat(registry.statistics()).extracting(MappingStatistics::unmapCount).containsExactly(0L, 1L);
			assertThat(registry.statistics()).allSatisfy((each) -> assertThat(each.mapNanos()).isPositive());
		}
	}

	@Test
	void listenersAreToldInOrder() throws IOException {
		List<String> told = new ArrayList<>();
		try (MappingRegistry registry = builder().listener(listener("a", told))
			.listener(listener("b", told))
			.declare("geoip", MappingSpec.file(file()).build())
			.build()) {
			registry.map(MappingSpec.file(file()).build()).close();
		}
		assertThat(told).containsExactly("a mapped geoip", "b mapped geoip", "a mapped ad-hoc-1", "b mapped ad-hoc-1",
				"a unmapped ad-hoc-1", "b unmapped ad-hoc-1", "a unmapped geoip", "b unmapped geoip");
	}

	@Test
	void anAdHocMappingThatIsOpenAtTheEndIsReportedAndUnmapped() throws IOException {
		MappingRegistry registry = builder().build();
		MemoryMapping orphan = registry.map(MappingSpec.file(file()).label("orphan").build());
		try (CapturedLog log = new CapturedLog()) {
			registry.close();
			assertThat(log.messages(Level.ERROR)).singleElement()
				.asString()
				.startsWith("LEAK: mapping 'ad-hoc-1' (orphan)")
				.contains("still open when its registry was closed")
				.contains("anAdHocMappingThatIsOpenAtTheEndIsReportedAndUnmapped(MappingRegistryTests.java:");
		}
		assertThat(registry.leaks()).singleElement().satisfies((leak) -> {
			assertThat(leak.cause()).isEqualTo(LeakCause.OPEN_AT_SHUTDOWN);
			assertThat(leak.reclaimed()).isTrue();
		});
		assertThat(adHoc(registry).leaks(LeakCause.OPEN_AT_SHUTDOWN)).isEqualTo(1);
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(orphan::segment);
	}

	@Test
	void aSliceThatIsInUseAtTheEndIsReportedButNotPulledFromUnderItsReader() throws IOException {
		Path file = file();
		MappingRegistry registry = builder().build();
		MemorySegment slice = registry.map(MappingSpec.file(file).build()).segment().asSlice(100, 10);
		Garbage.collectUntil(() -> registry.find("ad-hoc-1").isEmpty());
		registry.close();
		assertThat(slice.get(JAVA_BYTE, 0)).isZero();
		assertThat(ProcessMaps.regions(file)).hasSize(1);
		assertThat(registry.leaks()).singleElement().satisfies((leak) -> {
			assertThat(leak.cause()).isEqualTo(LeakCause.OPEN_AT_SHUTDOWN);
			assertThat(leak.reclaimed()).isFalse();
		});
		if (this.mapper == MapperType.NATIVE) {
			slice = MemorySegment.NULL;
			Garbage.collectUntil(() -> ProcessMaps.regions(file).isEmpty());
			assertThat(registry.leaks()).hasSize(1);
			assertThat(adHoc(registry).leaks(LeakCause.GARBAGE_COLLECTED)).isZero();
			Garbage.collectUntil(() -> threads("mmap-worker").isEmpty());
		}
		else {
			ProcessMaps.unmap(this.directory);
		}
	}

	@Test
	void whatIsCollectedDuringTheEndIsReportedOnce() throws IOException {
		List<MappingLeak> told = new CopyOnWriteArrayList<>();
		List<WeakReference<?>> dropped = new ArrayList<>();
		MappingRegistry registry = builder().listener(new MappingListener() {

			@Override
			public void unmapped(MappingInfo mapping) {
				dropped.forEach(Garbage::collect);
			}

			@Override
			public void leaked(MappingLeak leak) {
				told.add(leak);
			}

		}).build();
		MemoryMapping orphan = registry.map(MappingSpec.file(file()).build());
		dropped.add(mapAndDrop(registry));
		registry.close();
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(orphan::segment);
		Garbage.collectUntil(() -> told.size() == 2);
		Garbage.collectThoroughly();
		assertThat(told).extracting((leak) -> leak.mapping().name()).containsExactlyInAnyOrder("ad-hoc-1", "ad-hoc-2");
		assertThat(
				adHoc(registry).leaks(LeakCause.OPEN_AT_SHUTDOWN) + adHoc(registry).leaks(LeakCause.GARBAGE_COLLECTED))
			.isEqualTo(2);
		ProcessMaps.unmap(this.directory);
	}

	@Test
	void whatItsOwnerUnmapsDuringTheEndIsNoLeak() throws IOException {
		List<MemoryMapping> owned = new ArrayList<>();
		List<WeakReference<?>> scopes = new ArrayList<>();
		MappingRegistry registry = builder().listener(new MappingListener() {

			@Override
			public void unmapped(MappingInfo mapping) {
				if (!owned.isEmpty()) {
					MemoryMapping second = owned.removeFirst();
					scopes.add(new WeakReference<>(second));
					second.close();
					second = null;
					scopes.forEach(Garbage::collect);
				}
			}

		}).build();
		MemoryMapping orphan = registry.map(MappingSpec.file(file()).build());
		owned.add(registry.map(MappingSpec.file(file()).build()));
		registry.close();
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(orphan::segment);
		assertThat(registry.leaks()).extracting((leak) -> leak.mapping().name()).containsExactly("ad-hoc-1");
	}

	@Test
	void aDrainTimeoutMayBeLongerThanAnyLife() throws Exception {
		Path file = file();
		MappingRegistry registry = builder().drainTimeout(Duration.ofDays(400_000))
			.declare("buffer", MappingSpec.file(file).access(MappingAccess.READ_WRITE).build())
			.build();
		try (BlockedRead read = new BlockedRead(registry.get("buffer").asByteBuffer())) {
			Thread closer = Thread.ofPlatform().start(registry::close);
			assertThat(closer.join(Duration.ofMillis(100))).isFalse();
			read.finish();
			assertThat(closer.join(Duration.ofSeconds(10))).isTrue();
		}
		assertThat(ProcessMaps.regions(file)).isEmpty();
	}

	@Test
	@Fault("listener-throws")
	void aListenerThatFailsInTheWorstWayKeepsNothingMapped() throws IOException {
		MappingRegistry registry = builder().declare("first", MappingSpec.file(file()).build())
			.declare("second", MappingSpec.file(file()).build())
			.listener(new MappingListener() {

				@Override
				public void mapped(MappingInfo mapping) {
					throw new NoClassDefFoundError("on purpose");
				}

				@Override
				public void unmapped(MappingInfo mapping) {
					throw new NoClassDefFoundError("on purpose");
				}

			})
			.build();
		registry.map(MappingSpec.file(file()).build()).close();
		registry.close();
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	@Test
	void anUncaughtExceptionHandlerThatFailsKeepsNothingMapped() throws IOException {
		MappingRegistry registry = builder().leakPolicy(LeakPolicy.THROW)
			.declare("declared", MappingSpec.file(file()).build())
			.build();
		List<MemoryMapping> orphans = List.of(registry.map(MappingSpec.file(file()).build()),
				registry.map(MappingSpec.file(file()).build()));
		Thread thread = Thread.currentThread();
		Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
		thread.setUncaughtExceptionHandler((ignored, ex) -> {
			throw new IllegalStateException(ex);
		});
		try {
			registry.close();
		}
		finally {
			thread.setUncaughtExceptionHandler(before);
		}
		assertThat(orphans).hasSize(2);
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(registry.leaks()).hasSize(2);
	}

	@Test
	void closingAgainUnmapsWhatWasInUseTheFirstTime() throws Exception {
		Path file = file();
		MappingRegistry registry = builder().drainTimeout(Duration.ZERO)
			.declare("buffer", MappingSpec.file(file).access(MappingAccess.READ_WRITE).build())
			.build();
		try (BlockedRead read = new BlockedRead(registry.get("buffer").asByteBuffer())) {
			registry.close();
			assertThat(ProcessMaps.regions(file)).hasSize(1);
			read.finish();
		}
		registry.close();
		assertThat(ProcessMaps.regions(file)).isEmpty();
	}

	@Test
	void theMapperIsNamedOnceWithTheFirstMapping() throws IOException {
		try (CapturedLog log = new CapturedLog(); MappingRegistry registry = builder().build()) {
			assertThat(log.messages(Level.INFO)).isEmpty();
			registry.map(MappingSpec.file(file()).build()).close();
			registry.map(MappingSpec.file(file()).build()).close();
			assertThat(log.messages(Level.INFO)).singleElement()
				.asString()
				.startsWith("Mapping with the " + Text.of(this.mapper) + " mapper: chosen by configuration");
		}
	}

	@Test
	void nothingCanBeMappedAfterTheEnd() throws IOException {
		Path file = file();
		MappingRegistry registry = builder().build();
		registry.close();
		registry.close();
		assertThatIllegalStateException().isThrownBy(() -> registry.map(MappingSpec.file(file).build()))
			.withMessageContaining("registry was closed")
			.havingCause()
			.satisfies((cause) -> assertThat(cause.getStackTrace()).extracting(StackTraceElement::getMethodName)
				.contains("nothingCanBeMappedAfterTheEnd"));
		assertThat(registry.mappings()).isEmpty();
	}

	@Test
	void noThreadOfOursOutlivesTheRegistry() throws IOException {
		// Those of earlier tests, which dropped mappings on purpose
		Garbage.collectUntil(() -> threads("mmap-worker").isEmpty() && threads("mmap-mapper").isEmpty());
		try (MappingRegistry registry = builder().build()) {
			assertThat(threads("mmap-worker")).isEmpty();
			registry.map(MappingSpec.file(file()).build()).close();
			assertThat(threads("mmap-worker")).singleElement().matches(Thread::isDaemon);
		}
		Garbage.collectUntil(() -> threads("mmap-worker").isEmpty() && threads("mmap-mapper").isEmpty());
	}

	@Test
	@Fault("used-by-channel-at-unmap")
	void unmappingIsRefusedWhileAChannelUsesTheMemory() throws Exception {
		try (MappingRegistry registry = builder().build();
				MemoryMapping mapping = registry.map(MappingSpec.file(file()).access(MappingAccess.READ_WRITE).build());
				BlockedRead read = new BlockedRead(mapping.asByteBuffer())) {
			assertThatIllegalStateException().isThrownBy(mapping::unmap).withMessageContaining("using its memory");
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
			read.finish();
			mapping.unmap();
		}
	}

	@Test
	void closingTheRegistryWaitsForAChannelThatUsesTheMemory() throws Exception {
		Path file = file();
		MappingRegistry registry = builder().drainTimeout(Duration.ofSeconds(30))
			.declare("buffer", MappingSpec.file(file).access(MappingAccess.READ_WRITE).build())
			.build();
		try (BlockedRead read = new BlockedRead(registry.get("buffer").asByteBuffer())) {
			Thread closer = Thread.ofPlatform().start(registry::close);
			assertThat(closer.join(Duration.ofMillis(200))).isFalse();
			assertThat(ProcessMaps.regions(file)).hasSize(1);
			read.finish();
			assertThat(closer.join(Duration.ofSeconds(10))).isTrue();
		}
		assertThat(ProcessMaps.regions(file)).isEmpty();
	}

	@Test
	void whatIsInUseForTooLongStaysMappedAndIsNamed() throws Exception {
		Path file = file();
		MappingRegistry registry = builder().drainTimeout(Duration.ofMillis(50))
			.declare("buffer", MappingSpec.file(file).access(MappingAccess.READ_WRITE).build())
			.build();
		MemoryMapping mapping = registry.get("buffer");
		try (CapturedLog log = new CapturedLog(); BlockedRead read = new BlockedRead(mapping.asByteBuffer())) {
			registry.close();
			assertThat(log.messages(Level.WARN)).singleElement().asString().contains("'buffer'", "stays mapped");
			assertThat(ProcessMaps.regions(file)).hasSize(1);
			assertThat(registry.mappings()).extracting(MappingInfo::name).containsExactly("buffer");
			read.finish();
		}
		((DefaultMemoryMapping) mapping).release(Drain.NONE);
	}

	@Test
	void concurrentUnmapsTakePlaceOnce() throws Exception {
		Path file = file();
		try (MappingRegistry registry = builder().build(); ExecutorService threads = Executors.newFixedThreadPool(4)) {
			for (int i = 0; i < 200; i++) {
				MemoryMapping mapping = registry.map(MappingSpec.file(file).build());
				CountDownLatch start = new CountDownLatch(1);
				Callable<Boolean> unmap = () -> {
					start.await();
					try {
						mapping.unmap();
						return true;
					}
					catch (MappingClosedException ex) {
						return false;
					}
				};
				List<Future<Boolean>> results = new ArrayList<>();
				for (int thread = 0; thread < 4; thread++) {
					results.add(threads.submit(unmap));
				}
				start.countDown();
				int succeeded = 0;
				for (Future<Boolean> result : results) {
					succeeded += result.get() ? 1 : 0;
				}
				assertThat(succeeded).isEqualTo(1);
			}
			assertThat(adHoc(registry).unmapCount()).isEqualTo(200);
		}
	}

	@Test
	void manyThreadsMapFindListAndUnmap() throws Exception {
		Path file = file();
		AtomicInteger mapped = new AtomicInteger();
		MappingRegistry registry = builder().declare("geoip", MappingSpec.file(file).build()).build();
		try (registry; ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<?>> results = new ArrayList<>();
			for (int thread = 0; thread < 8; thread++) {
				results.add(threads.submit(() -> {
					for (int i = 0; i < 100; i++) {
						int length = ThreadLocalRandom.current().nextInt(1, SIZE);
						try (MemoryMapping mapping = registry.map(MappingSpec.file(file).length(length).build())) {
							mapped.incrementAndGet();
							assertThat(registry.get(mapping.name())).isSameAs(mapping);
							assertThat(registry.mappings()).extracting(MappingInfo::name)
								.contains("geoip", mapping.name());
							assertThat(mapping.segment().get(JAVA_BYTE, length - 1)).isZero();
						}
					}
				}));
			}
			for (Future<?> result : results) {
				result.get();
			}
			assertThat(adHoc(registry).mapCount()).isEqualTo(mapped.get()).isEqualTo(800);
			assertThat(adHoc(registry).mappings()).isZero();
			assertThat(adHoc(registry).mappedBytes()).isZero();
		}
		assertThat(registry.leaks()).isEmpty();
	}

	@Test
	void closingTheRegistryWhileOthersMapLeavesNothingMapped() throws Exception {
		Path file = file();
		for (int round = 0; round < 20; round++) {
			MappingRegistry registry = builder().leakDetection(LeakDetectionLevel.DISABLED).build();
			Queue<MemoryMapping> mappings = new ConcurrentLinkedQueue<>();
			try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
				CountDownLatch mapping = new CountDownLatch(3);
				List<Future<?>> results = new ArrayList<>();
				for (int thread = 0; thread < 3; thread++) {
					results.add(threads.submit(() -> {
						while (true) {
							mappings.add(registry.map(MappingSpec.file(file).build()));
							mapping.countDown();
						}
					}));
				}
				mapping.await();
				registry.close();
				for (Future<?> result : results) {
					assertThatExceptionOfType(ExecutionException.class).isThrownBy(result::get)
						.withMessageContaining("registry was closed");
				}
			}
			assertThat(mappings).allSatisfy((each) -> assertThatIllegalStateException().isThrownBy(each::segment));
			assertThat(ProcessMaps.regions(file)).isEmpty();
			assertThat(adHoc(registry).mappedBytes()).isZero();
		}
	}

	private WeakReference<?> mapAndDrop(MappingRegistry registry) throws IOException {
		return new WeakReference<>(registry.map(MappingSpec.file(file()).build()).segment().scope());
	}

	private static MappingListener listener(String name, List<String> told) {
		return new MappingListener() {

			@Override
			public void mapped(MappingInfo mapping) {
				told.add(name + " mapped " + mapping.name());
			}

			@Override
			public void unmapped(MappingInfo mapping) {
				told.add(name + " unmapped " + mapping.name());
			}

		};
	}

	private static MappingStatistics adHoc(MappingRegistry registry) {
		return List.copyOf(registry.statistics()).getLast();
	}

	private static List<Thread> threads(String name) {
		return Thread.getAllStackTraces().keySet().stream().filter((each) -> each.getName().equals(name)).toList();
	}

	private MappingRegistry.Builder builder() {
		return MappingRegistry.builder().mapper(this.mapper);
	}

	private Path file() throws IOException {
		return Files.write(Files.createTempFile(this.directory, "file", ".bin"), new byte[SIZE]);
	}

	/**
	 * A thread that is blocked in reading from a socket into a buffer.
	 */
	private static final class BlockedRead implements AutoCloseable {

		private final ServerSocketChannel server;

		private final SocketChannel writer;

		private final Thread thread;

		BlockedRead(ByteBuffer buffer) throws IOException {
			this.server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			this.writer = SocketChannel.open(this.server.getLocalAddress());
			SocketChannel reader = this.server.accept();
			CountDownLatch reading = new CountDownLatch(1);
			this.thread = Thread.ofPlatform().start(() -> {
				try (reader) {
					reading.countDown();
					reader.read(buffer);
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			try {
				reading.await();
				while (this.thread.getStackTrace().length > 0
						&& !this.thread.getStackTrace()[0].getMethodName().matches("read0|poll|park")) {
					Thread.sleep(1);
				}
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		}

		void finish() throws Exception {
			this.writer.write(ByteBuffer.allocate(1));
			this.thread.join();
		}

		@Override
		public void close() throws IOException {
			this.writer.close();
			this.server.close();
		}

	}

}
