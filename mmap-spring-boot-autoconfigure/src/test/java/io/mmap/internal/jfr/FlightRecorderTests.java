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

package io.mmap.internal.jfr;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappedFileNotFoundException;
import io.mmap.MapperType;
import io.mmap.MappingAccess;
import io.mmap.MappingClosedException;
import io.mmap.MappingException;
import io.mmap.MappingLeak;
import io.mmap.MappingListener;
import io.mmap.MappingPreload;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.BlockedWrite;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.NothingLeftBehind;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What the flight recorder records.
 */
@ExtendWith(NothingLeftBehind.class)
class FlightRecorderTests {

	// More than fits into a pipe
	private static final int SIZE = 100_000;

	private static final List<String> EVENTS = List.of("io.mmap.Map", "io.mmap.Unmap", "io.mmap.Flush",
			"io.mmap.Prefault", "io.mmap.Preload", "io.mmap.Leak");

	@TempDir
	Path directory;

	private Path file;

	@BeforeEach
	void createFile() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[SIZE]);
	}

	@Test
	void mappingFlushingAndUnmappingAreRecordedInThisOrder() throws Exception {
		List<RecordedEvent> events = recorded(() -> {
			try (MappingRegistry registry = MappingRegistry.builder().declare("words", writable()).build()) {
				registry.get("words").flush();
			}
		});
		assertThat(events).extracting((event) -> event.getEventType().getName())
			.containsExactly("io.mmap.Map", "io.mmap.Flush", "io.mmap.Unmap");
		assertThat(events).allSatisfy((event) -> {
			assertThat(event.getString("name")).isEqualTo("words");
			assertThat(event.getLong("bytes")).isEqualTo(SIZE);
			assertThat(event.getString("outcome")).isEqualTo("success");
			assertThat(event.getDuration()).isPositive();
			assertThat(event.getEventType().getCategoryNames()).containsExactly("Memory Mapping");
			assertThat(event.getEventType().getDescription()).isNotBlank();
			assertThat(event.getEventType().getField("bytes").getContentType()).isEqualTo("jdk.jfr.DataAmount");
		});
	}

	@Test
	void theStackIsRecordedOfWhoMapsAndUnmaps() throws Exception {
		List<RecordedEvent> events = recorded(() -> {
			try (MappingRegistry registry = MappingRegistry.builder().build();
					MemoryMapping mapping = registry.map(writable())) {
				mapping.flush();
			}
		});
		assertThat(events).hasSize(3);
		assertThat(methods(events.get(0).getStackTrace()))
			.anyMatch((method) -> method.contains("theStackIsRecordedOf"));
		assertThat(events.get(1).getStackTrace()).isNull();
		assertThat(methods(events.get(2).getStackTrace()))
			.anyMatch((method) -> method.contains("theStackIsRecordedOf"));
	}

	@Test
	void aFileThatCannotBeMappedIsRecorded() throws Exception {
		MappingSpec missing = MappingSpec.file(this.directory.resolve("missing")).length(123).build();
		List<RecordedEvent> events = recorded(() -> {
			try (MappingRegistry registry = MappingRegistry.builder().build()) {
				assertThatExceptionOfType(MappedFileNotFoundException.class).isThrownBy(() -> registry.map(missing));
			}
		});
		assertThat(events).singleElement().satisfies((event) -> {
			assertThat(event.getEventType().getName()).isEqualTo("io.mmap.Map");
			assertThat(event.getString("name")).isEqualTo("ad-hoc-1");
			assertThat(event.getLong("bytes")).isEqualTo(123);
			assertThat(event.getString("outcome")).isEqualTo("MappedFileNotFoundException");
		});
	}

	@Test
	void memoryThatCannotBeUnmappedYetIsRecordedEachTimeItIsTried() throws Exception {
		List<RecordedEvent> events = recorded(() -> {
			try (MappingRegistry registry = MappingRegistry.builder().build()) {
				MemoryMapping mapping = registry.map(writable());
				try (BlockedWrite write = new BlockedWrite(mapping.asByteBuffer())) {
					assertThatIllegalStateException().isThrownBy(mapping::close);
					assertThat(write.isBlocked()).isTrue();
				}
				mapping.close();
				mapping.close();
			}
		});
		assertThat(events).filteredOn((event) -> event.getEventType().getName().equals("io.mmap.Unmap"))
			.extracting((event) -> event.getString("outcome"))
			.containsExactly("MemoryInUseException", "success");
	}

	@Test
	void aFlushOfWhatWasUnmappedIsRecorded() throws Exception {
		List<RecordedEvent> events = recorded(() -> {
			try (MappingRegistry registry = MappingRegistry.builder().build()) {
				MemoryMapping mapping = registry.map(writable());
				mapping.close();
				assertThatExceptionOfType(MappingClosedException.class).isThrownBy(mapping::flush);
			}
		});
		assertThat(events).extracting((event) -> event.getString("outcome"))
			.containsExactly("success", "success", "MappingClosedException");
	}

	@Test
	void aLeakIsRecordedWithTheCodeThatMadeIt() throws Exception {
		List<RecordedEvent> events = recorded(() -> {
			BlockingQueue<MappingLeak> leaks = new LinkedBlockingQueue<>();
			MappingListener listener = new MappingListener() {

				@Override
				public void leaked(MappingLeak leak) {
					leaks.add(leak);
				}

			};
			try (MappingRegistry registry = MappingRegistry.builder()
				.mapper(MapperType.NATIVE)
				.listener(listener)
				.build()) {
				Garbage.collect(mapAndDrop(registry));
				assertThat(leaks.poll(10, TimeUnit.SECONDS)).isNotNull();
			}
		});
		assertThat(events).filteredOn((event) -> event.getEventType().getName().equals("io.mmap.Leak"))
			.singleElement()
			.satisfies((event) -> {
				assertThat(event.getString("name")).isEqualTo("ad-hoc-1");
				assertThat(event.getLong("bytes")).isEqualTo(SIZE);
				assertThat(event.getString("outcome")).isEqualTo("reclaimed");
				assertThat(event.getString("cause")).isEqualTo("garbage-collected");
				assertThat(event.getString("createdBy")).contains("FlightRecorderTests.mapAndDrop(");
				assertThat(event.getStackTrace()).isNotNull();
			});
	}

	@Test
	void whatIsOpenWhenItsRegistryIsClosedIsRecordedAsALeak() throws Exception {
		List<RecordedEvent> events = recorded(() -> {
			MappingRegistry registry = MappingRegistry.builder().drainTimeout(Duration.ZERO).build();
			MemoryMapping mapping = registry.map(writable());
			registry.close();
			assertThatExceptionOfType(MappingClosedException.class).isThrownBy(mapping::segment);
		});
		assertThat(events).filteredOn((event) -> event.getEventType().getName().equals("io.mmap.Leak"))
			.singleElement()
			.satisfies((event) -> assertThat(event.getString("cause")).isEqualTo("open-at-shutdown"));
	}

	@Test
	void prefaultingIsRecorded() throws Exception {
		List<RecordedEvent> events = recorded(() -> {
			try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.NATIVE).build();
					MemoryMapping mapping = registry.map(writable())) {
				mapping.range(0, 100).prefault();
				truncate();
				assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::prefault);
			}
		});
		assertThat(events).filteredOn((event) -> event.getEventType().getName().equals("io.mmap.Prefault"))
			.allSatisfy((event) -> assertThat(event.getString("name")).isEqualTo("ad-hoc-1"))
			.allSatisfy((event) -> assertThat(event.getStackTrace()).isNull())
			.extracting((event) -> event.getString("outcome"))
			.containsExactly("success", "MappingException");
	}

	@Test
	void aPreloadInTheBackgroundIsRecordedWithItsTime() throws Exception {
		List<RecordedEvent> events = recorded(() -> {
			try (MappingRegistry registry = MappingRegistry.builder()
				.declare("words", MappingSpec.file(this.file).preload(true).build())
				.build()) {
				registry.preloads().getFirst().await();
			}
		});
		assertThat(preloads(events)).singleElement().satisfies((event) -> {
			assertThat(event.getString("name")).isEqualTo("words");
			assertThat(event.getLong("bytes")).isEqualTo(SIZE);
			assertThat(event.getString("outcome")).isEqualTo("success");
			assertThat(event.getDuration()).isPositive();
			assertThat(event.getThread().getJavaName()).isEqualTo("mmap-preload");
			assertThat(event.getStackTrace()).isNull();
			assertThat(event.getEventType().getCategoryNames()).containsExactly("Memory Mapping");
			assertThat(event.getEventType().getDescription()).isNotBlank();
		});
	}

	@Test
	void aPreloadThatFailsIsRecordedWithWhatWasLoaded() throws Exception {
		List<RecordedEvent> events = recorded(() -> {
			try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.NATIVE).build();
					MemoryMapping mapping = registry.map(writable())) {
				truncate();
				mapping.preload().await();
			}
		});
		assertThat(preloads(events)).singleElement().satisfies((event) -> {
			assertThat(event.getLong("bytes")).isZero();
			assertThat(event.getString("outcome")).isEqualTo("MappingException");
		});
	}

	@Test
	void aPreloadThatIsCancelledIsRecordedWithWhatWasLoaded() throws Exception {
		Path large = Files.write(this.directory.resolve("large"), new byte[3 << 20]);
		List<RecordedEvent> events = recorded(() -> {
			try (MappingRegistry registry = MappingRegistry.builder()
				.preloadRateLimit(1L)
				.declare("large", MappingSpec.file(large).preload(true).build())
				.build()) {
				MappingPreload preload = registry.preloads().getFirst();
				while (preload.loaded() == 0) {
					Thread.onSpinWait();
				}
				preload.cancel();
			}
		});
		assertThat(preloads(events)).singleElement().satisfies((event) -> {
			assertThat(event.getLong("bytes")).isEqualTo(1 << 20);
			assertThat(event.getString("outcome")).isEqualTo("cancelled");
		});
	}

	@Test
	void whatIsNotEnabledIsNotRecorded() throws Exception {
		List<RecordedEvent> events = recorded(Set.copyOf(EVENTS), () -> {
			try (MappingRegistry registry = MappingRegistry.builder().build()) {
				MemoryMapping mapping = registry.map(writable());
				mapping.flush();
				FlightRecorder.leak("words", 1, true, "cause", null);
				FlightRecorder.prefault().succeeded("words", 1);
				mapping.preload().await();
				mapping.close();
			}
		});
		assertThat(events).isEmpty();
	}

	@Test
	void nothingIsMadeForAnOperationThatIsNotRecorded() {
		assertThat(List.of(FlightRecorder.map(), FlightRecorder.unmap(), FlightRecorder.flush(),
				FlightRecorder.prefault(), FlightRecorder.preload()))
			.containsOnly(FlightRecorder.NOT_RECORDED);
	}

	@Test
	void noEventIsRegisteredBeforeAnybodyAsksForARecordingAndThoseAreRecordedWhoComeLater() throws Exception {
		Path dump = this.directory.resolve("late.jfr");
		JavaProcess result = JavaProcess.run(this.directory, System.getProperty("java.class.path"),
				List.of("--enable-native-access=ALL-UNNAMED"), LateRecording.class, this.file.toString(),
				dump.toString());
		assertThat(result.output()).contains("registered before: []");
		assertThat(result.exitCode()).isZero();
		assertThat(RecordingFile.readAllEvents(dump)).extracting((event) -> event.getEventType().getName())
			.containsExactly("io.mmap.Map", "io.mmap.Unmap");
	}

	@Test
	void aRuntimeWithoutAFlightRecorderMapsAndUnmaps() throws Exception {
		JavaProcess result = JavaProcess.run(this.directory, System.getProperty("java.class.path"),
				List.of("--limit-modules", "java.base,java.logging,java.management,java.naming,java.xml",
						"--enable-native-access=ALL-UNNAMED"),
				Main.class, this.file.toString());
		assertThat(result.output()).contains("flight recorder: false", "read 0, failed", ", unmapped");
		assertThat(result.exitCode()).isZero();
	}

	private MappingSpec writable() {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build();
	}

	private void truncate() throws IOException {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
			channel.truncate(0);
		}
	}

	private static List<RecordedEvent> preloads(List<RecordedEvent> events) {
		return events.stream().filter((event) -> event.getEventType().getName().equals("io.mmap.Preload")).toList();
	}

	private WeakReference<Object> mapAndDrop(MappingRegistry registry) {
		return new WeakReference<>(registry.map(writable()).segment().scope());
	}

	private static List<String> methods(RecordedStackTrace stack) {
		return stack.getFrames().stream().map((frame) -> frame.getMethod().getName()).toList();
	}

	private List<RecordedEvent> recorded(Action action) throws Exception {
		return recorded(Set.of(), action);
	}

	private List<RecordedEvent> recorded(Set<String> disabled, Action action) throws Exception {
		Path dump = this.directory.resolve("dump.jfr");
		try (Recording recording = new Recording()) {
			EVENTS.forEach(recording::enable);
			disabled.forEach(recording::disable);
			recording.start();
			action.run();
			recording.stop();
			recording.dump(dump);
		}
		return RecordingFile.readAllEvents(dump)
			.stream()
			.filter((event) -> event.getEventType().getName().startsWith("io.mmap."))
			.toList();
	}

	/**
	 * What is recorded.
	 */
	interface Action {

		void run() throws Exception;

	}

	/**
	 * What the process runs that is recorded from some time on only.
	 */
	static final class LateRecording {

		public static void main(String[] args) throws IOException {
			Path file = Path.of(args[0]);
			try (MappingRegistry registry = MappingRegistry.builder().build()) {
				registry.map(MappingSpec.file(file).build()).close();
				// Makes the first recorder itself, so that only what was registered until
				// then is there
				List<String> registered = jdk.jfr.FlightRecorder.getFlightRecorder()
					.getEventTypes()
					.stream()
					.map(EventType::getName)
					.filter((name) -> name.startsWith("io.mmap."))
					.toList();
				System.out.println("registered before: " + registered);
				try (Recording recording = new Recording()) {
					EVENTS.forEach(recording::enable);
					recording.start();
					registry.map(MappingSpec.file(file).build()).close();
					recording.stop();
					recording.dump(Path.of(args[1]));
				}
			}
		}

	}

	/**
	 * What the process without a flight recorder runs.
	 */
	static final class Main {

		public static void main(String[] args) {
			System.out.println("flight recorder: " + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
			Path file = Path.of(args[0]);
			try (MappingRegistry registry = MappingRegistry.builder().build()) {
				try (MemoryMapping mapping = registry
					.map(MappingSpec.file(file).access(MappingAccess.READ_WRITE).build())) {
					mapping.flush();
					System.out.print("read " + mapping.segment().get(JAVA_BYTE, 0));
				}
				try (MemoryMapping mapping = registry.map(MappingSpec.file(Path.of(file + ".missing")).build())) {
					System.out.print(", mapped " + mapping);
				}
				catch (MappedFileNotFoundException ex) {
					System.out.print(", failed");
				}
				registry.map(MappingSpec.file(file).build());
			}
			System.out.println(", unmapped");
		}

	}

}
