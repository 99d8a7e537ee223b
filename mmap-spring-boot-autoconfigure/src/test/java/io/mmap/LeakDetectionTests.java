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
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How mappings that were dropped without having been unmapped are found. The memory of a
 * mapping that the JDK made stays mapped when that happens, so it is these tests that
 * unmap it.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class LeakDetectionTests {

	private static final int SIZE = 10_000;

	private static final int PAGES = 3 * 4096;

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private final BlockingQueue<MappingLeak> leaks = new LinkedBlockingQueue<>();

	private CapturedLog log;

	private MappingRegistry registry;

	private Path file;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[SIZE]);
		this.log = new CapturedLog();
		this.registry = builder().build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		this.log.close();
		if (this.mapper == MapperType.JDK) {
			ProcessMaps.unmap(this.directory);
		}
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
	}

	@Test
	void aMappingThatWasUnmappedIsNoLeak() {
		WeakReference<Object> scope = mapAndUnmap();
		Garbage.collect(scope);
		Garbage.collectThoroughly();
		assertThat(this.registry.leaks()).isEmpty();
		assertThat(this.leaks).isEmpty();
	}

	@Test
	void aSegmentKeepsTheMemoryMappedAndIsNoLeak() throws Exception {
		MemorySegment segment = segmentOfDroppedMapping();
		assertNothingIsReportedYet();
		assertThat(segment.get(JAVA_BYTE, 1)).isZero();
		segment = MemorySegment.NULL;
		assertExactlyOneLeakIsReported();
	}

	@Test
	@Fault("slice-kept")
	void aSliceKeepsTheMemoryMappedAndIsNoLeak() throws Exception {
		MemorySegment slice = segmentOfDroppedMapping().asSlice(5000, 10).asReadOnly();
		assertNothingIsReportedYet();
		assertThat(slice.get(JAVA_BYTE, 1)).isZero();
		slice = MemorySegment.NULL;
		assertExactlyOneLeakIsReported();
	}

	@Test
	void aBufferKeepsTheMemoryMappedAndIsNoLeak() throws Exception {
		ByteBuffer buffer = bufferOfDroppedMapping();
		assertNothingIsReportedYet();
		assertThat(buffer.get(1)).isZero();
		buffer = ByteBuffer.allocate(0);
		assertExactlyOneLeakIsReported();
	}

	@Test
	@Fault("dropped-without-unmap")
	void aMappingOfWhichNothingIsLeftIsReportedOnceWithinASecond() throws Exception {
		WeakReference<Object> scope = mapAndDrop();
		Garbage.collect(scope);
		assertThat(this.leaks.poll(1, TimeUnit.SECONDS)).isNotNull();
		Garbage.collectThoroughly();
		assertThat(this.leaks).isEmpty();
		assertThat(this.registry.leaks()).hasSize(1);
	}

	@Test
	void havingBeenListedJustBeforeHidesNoLeak() throws Exception {
		WeakReference<Object> scope = mapAndDrop();
		List<MappingInfo> listed = this.registry.mappings();
		assertThat(listed).hasSize(1);
		assertThat(this.registry.find(listed.getFirst().name())).isPresent();
		Garbage.collect(scope);
		assertThat(this.leaks.poll(1, TimeUnit.SECONDS)).isNotNull();
		assertThat(listed.getFirst().length()).isEqualTo(SIZE);
		assertThat(this.registry.mappings()).isEmpty();
	}

	@Test
	void theReportSaysWhatLeakedAndWhere() throws Exception {
		Garbage.collect(mapAndDrop());
		MappingLeak leak = this.leaks.poll(1, TimeUnit.SECONDS);
		assertThat(leak).isNotNull();
		assertThat(leak.cause()).isEqualTo(LeakCause.GARBAGE_COLLECTED);
		assertThat(leak.reclaimed()).isEqualTo(this.mapper == MapperType.NATIVE);
		assertThat(leak.mapping().path()).isEqualTo(this.file);
		assertThat(leak.mapping().label()).isEqualTo("dropped");
		assertThat(leak.mapping().length()).isEqualTo(SIZE);
		assertThat(leak.mapping().createdBy()).contains("LeakDetectionTests.mapAndDrop(LeakDetectionTests.java:");
		assertThat(this.log.messages(Level.ERROR)).singleElement()
			.asString()
			.startsWith("LEAK: mapping 'ad-hoc-1' (dropped) of 10000 bytes of file '" + this.file + "'")
			.contains("mapAndDrop(LeakDetectionTests.java:");
	}

	@Test
	void theMemoryIsGivenBackWhereThatIsPossible() throws Exception {
		WeakReference<Object> scope = mapAndDrop();
		assertThat(ProcessMaps.bytes(this.file)).isEqualTo(PAGES);
		Garbage.collect(scope);
		this.registry.leaks();
		boolean reclaimed = this.mapper == MapperType.NATIVE;
		assertThat(ProcessMaps.bytes(this.file)).isEqualTo(reclaimed ? 0 : PAGES);
		assertThat(adHoc().mappedBytes()).isEqualTo(reclaimed ? 0 : SIZE);
		assertThat(adHoc().mappings()).isZero();
	}

	@Test
	void aThousandLeaksAreCountedAndLoggedOnceForTheirPlace() {
		WeakReference<Object> last = null;
		for (int i = 0; i < 1000; i++) {
			last = mapAndDrop();
		}
		assertThat(last).isNotNull();
		Garbage.collectUntil(() -> adHoc().leaks(LeakCause.GARBAGE_COLLECTED) == 1000);
		Garbage.collectThoroughly();
		assertThat(adHoc().leaks(LeakCause.GARBAGE_COLLECTED)).isEqualTo(1000);
		assertThat(adHoc().leakedBytes(LeakCause.GARBAGE_COLLECTED)).isEqualTo(1000L * SIZE);
		Garbage.collectUntil(() -> this.leaks.size() == 1000);
		assertThat(this.log.containing("LEAK:")).hasSize(1);
		assertThat(this.registry.leaks()).hasSize(100);
	}

	@Test
	void eachPlaceThatLeaksIsLogged() {
		Garbage.collect(mapAndDrop());
		Garbage.collect(mapAndDropElsewhere());
		Garbage.collectUntil(() -> this.log.containing("LEAK:").size() == 2);
		assertThat(this.log.messages(Level.ERROR)).anyMatch((message) -> message.contains("mapAndDrop("))
			.anyMatch((message) -> message.contains("mapAndDropElsewhere("));
	}

	@Test
	void detailedDetectionLogsTheStack() {
		this.registry.close();
		this.registry = builder().leakDetection(LeakDetectionLevel.DETAILED).build();
		Garbage.collect(mapAndDrop());
		Garbage.collectUntil(() -> !this.log.containing("LEAK:").isEmpty());
		assertThat(this.log.containing("LEAK:").getFirst().getThrowableProxy().getStackTraceElementProxyArray())
			.extracting((line) -> line.getStackTraceElement().getMethodName())
			.contains("mapAndDrop", "detailedDetectionLogsTheStack");
	}

	@Test
	void disabledDetectionReportsNothing() {
		this.registry.close();
		this.registry = builder().leakDetection(LeakDetectionLevel.DISABLED).build();
		try (MemoryMapping mapping = this.registry.map(spec())) {
			assertThat(this.registry.mappings()).singleElement().extracting(MappingInfo::createdBy).isNull();
			assertThat(mapping.length()).isEqualTo(SIZE);
		}
		assertThat(this.registry.leaks()).isEmpty();
	}

	@Test
	void withPolicyThrowTheUncaughtExceptionHandlerIsTold() throws Exception {
		BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
		Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
		Thread.setDefaultUncaughtExceptionHandler((thread, ex) -> uncaught.add(ex));
		try {
			this.registry.close();
			this.registry = builder().leakPolicy(LeakPolicy.THROW).build();
			for (int i = 0; i < 2; i++) {
				Garbage.collect(mapAndDrop());
				assertThat(uncaught.poll(1, TimeUnit.SECONDS)).isInstanceOfSatisfying(MappingLeakException.class,
						(ex) -> assertThat(ex.leak().mapping().path()).isEqualTo(this.file));
			}
		}
		finally {
			Thread.setDefaultUncaughtExceptionHandler(before);
		}
	}

	@Test
	void aListenerThatFailsStopsNeitherDetectionNorOtherListeners() throws Exception {
		this.registry.close();
		this.registry = MappingRegistry.builder().mapper(this.mapper).listener(new MappingListener() {

			@Override
			public void leaked(MappingLeak leak) {
				throw new IllegalStateException("on purpose");
			}

		}).listener(listener()).build();
		for (int i = 0; i < 2; i++) {
			Garbage.collect(mapAndDrop());
			assertThat(this.leaks.poll(1, TimeUnit.SECONDS)).isNotNull();
		}
	}

	@Test
	@Fault("registry-dropped")
	void aRegistryThatIsDroppedWithoutBeingClosedLeaksItsDeclaredMappings() throws Exception {
		openAndDropRegistryWithDeclaredMapping();
		Garbage.collectUntil(() -> !this.leaks.isEmpty());
		MappingLeak leak = this.leaks.take();
		assertThat(leak.mapping().name()).isEqualTo("declared");
		assertThat(leak.mapping().declared()).isTrue();
		assertThat(this.log.messages(Level.ERROR)).singleElement()
			.asString()
			.contains("'declared'", "its registry was dropped without having been closed");
	}

	private void openAndDropRegistryWithDeclaredMapping() {
		MappingRegistry dropped = builder().declare("declared", spec()).build();
		assertThat(dropped.get("declared").length()).isEqualTo(SIZE);
	}

	private MemorySegment segmentOfDroppedMapping() {
		return this.registry.map(spec()).segment();
	}

	private ByteBuffer bufferOfDroppedMapping() {
		return this.registry.map(spec()).asByteBuffer();
	}

	private WeakReference<Object> mapAndDrop() {
		return new WeakReference<>(this.registry.map(spec()).segment().scope());
	}

	private WeakReference<Object> mapAndDropElsewhere() {
		return new WeakReference<>(this.registry.map(spec()).segment().scope());
	}

	private WeakReference<Object> mapAndUnmap() {
		try (MemoryMapping mapping = this.registry.map(spec())) {
			return new WeakReference<>(mapping.segment().scope());
		}
	}

	private void assertNothingIsReportedYet() {
		WeakReference<MemoryMapping> handle = new WeakReference<>(this.registry.find("ad-hoc-1").orElse(null));
		Garbage.collect(handle);
		Garbage.collectThoroughly();
		assertThat(this.registry.leaks()).isEmpty();
		assertThat(this.leaks).isEmpty();
		assertThat(this.registry.mappings()).hasSize(1);
		assertThat(ProcessMaps.bytes(this.file)).isEqualTo(PAGES);
	}

	private void assertExactlyOneLeakIsReported() throws InterruptedException {
		Garbage.collectUntil(() -> adHoc().leaks(LeakCause.GARBAGE_COLLECTED) > 0);
		assertThat(this.leaks.poll(1, TimeUnit.SECONDS)).isNotNull();
		Garbage.collectThoroughly();
		assertThat(this.leaks).isEmpty();
		assertThat(adHoc().leaks(LeakCause.GARBAGE_COLLECTED)).isEqualTo(1);
	}

	private MappingStatistics adHoc() {
		return List.copyOf(this.registry.statistics()).getLast();
	}

	private MappingRegistry.Builder builder() {
		return MappingRegistry.builder().mapper(this.mapper).drainTimeout(Duration.ofMillis(100)).listener(listener());
	}

	private MappingListener listener() {
		return new MappingListener() {

			@Override
			public void leaked(MappingLeak leak) {
				LeakDetectionTests.this.leaks.add(leak);
			}

		};
	}

	private MappingSpec spec() {
		return MappingSpec.file(this.file).label("dropped").build();
	}

}
