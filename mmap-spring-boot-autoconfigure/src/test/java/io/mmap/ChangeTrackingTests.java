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
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.ChangeTracking.ChangedRange;
import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.Requirement;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which pages are said to have been written.
 */
@ExtendWith(NothingLeftBehind.class)
class ChangeTrackingTests {

	private static final long PAGE = new LinuxSystemCalls().pageSize();

	private static final long SIZE = 64 * PAGE;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	private Map<Integer, String> descriptors;

	@BeforeEach
	void openRegistry() throws IOException {
		Capability capability = new Probes(new LinuxSystemCalls()).get("change-tracking");
		Requirement.check(capability.available(), capability.reason());
		this.file = Files.write(this.directory.resolve("file"), new byte[(int) SIZE]);
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
		this.descriptors = ProcessMaps.descriptors();
	}

	@AfterEach
	void closeRegistry() {
		if (this.registry != null) {
			this.registry.close();
			assertThat(trackingDescriptors()).isEmpty();
			assertThat(ProcessMaps.regions(this.file)).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void exactlyTheWrittenPagesAreFound(Kind kind) {
		try (MemoryMapping mapping = this.registry.map(kind.spec(this.file));
				ChangeTracking tracking = mapping.trackChanges()) {
			MemorySegment segment = mapping.segment();
			segment.set(JAVA_BYTE, 3 * PAGE + 7, (byte) 1);
			segment.set(JAVA_BYTE, 10 * PAGE - 1, (byte) 1);
			segment.set(JAVA_BYTE, 10 * PAGE, (byte) 1);
			assertThat(segment.get(JAVA_BYTE, 20 * PAGE)).isZero();
			assertThat(tracking.changes()).containsExactly(new ChangedRange(3 * PAGE, PAGE),
					new ChangedRange(9 * PAGE, 2 * PAGE));
		}
	}

	@ParameterizedTest
	@EnumSource
	void pagesThatWereWrittenBeforeAreNotFound(Kind kind) {
		try (MemoryMapping mapping = this.registry.map(kind.spec(this.file))) {
			mapping.segment().fill((byte) 1);
			try (ChangeTracking tracking = mapping.trackChanges()) {
				mapping.segment().set(JAVA_BYTE, SIZE - 1, (byte) 2);
				assertThat(tracking.changes()).containsExactly(new ChangedRange(SIZE - PAGE, PAGE));
			}
		}
	}

	@Test
	void aMarkForgetsWhatWasWrittenBefore() {
		try (MemoryMapping mapping = this.registry.map(spec()); ChangeTracking tracking = mapping.trackChanges()) {
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
			tracking.mark();
			assertThat(tracking.changes()).isEmpty();
			mapping.segment().set(JAVA_BYTE, 0, (byte) 2);
			assertThat(tracking.changes()).containsExactly(new ChangedRange(0, PAGE));
		}
	}

	@Test
	void lookingAtChangesDoesNotForgetThem() {
		try (MemoryMapping mapping = this.registry.map(spec()); ChangeTracking tracking = mapping.trackChanges()) {
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
			assertThat(tracking.changes()).isEqualTo(tracking.changes()).hasSize(1);
		}
	}

	@Test
	void changesAreReturnedAndMarkedInOneStep() {
		try (MemoryMapping mapping = this.registry.map(spec()); ChangeTracking tracking = mapping.trackChanges()) {
			mapping.segment().set(JAVA_BYTE, PAGE, (byte) 1);
			assertThat(tracking.changesAndMark()).containsExactly(new ChangedRange(PAGE, PAGE));
			assertThat(tracking.changesAndMark()).isEmpty();
			mapping.segment().set(JAVA_BYTE, 5 * PAGE, (byte) 1);
			assertThat(tracking.changesAndMark()).containsExactly(new ChangedRange(5 * PAGE, PAGE));
		}
	}

	@Test
	void moreRangesThanOneScanFindsAreAllFound() {
		long pages = 5000;
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(pages * PAGE).build());
				ChangeTracking tracking = mapping.trackChanges()) {
			for (long page = 0; page < pages; page += 2) {
				mapping.segment().set(JAVA_BYTE, page * PAGE, (byte) 1);
			}
			assertThat(tracking.changesAndMark()).hasSize((int) pages / 2)
				.last()
				.isEqualTo(new ChangedRange((pages - 2) * PAGE, PAGE));
			assertThat(tracking.changes()).isEmpty();
		}
	}

	@Test
	void rangesAreCutToAMappingThatStartsAndEndsWithinPages() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).offset(100).length(2 * PAGE).build());
				ChangeTracking tracking = mapping.trackChanges()) {
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
			mapping.segment().set(JAVA_BYTE, 2 * PAGE - 1, (byte) 1);
			assertThat(tracking.changes()).containsExactly(new ChangedRange(0, PAGE - 100),
					new ChangedRange(2 * PAGE - 100, 100));
		}
	}

	@Test
	void nothingIsFoundAfterTheTrackingWasClosed() {
		try (MemoryMapping mapping = this.registry.map(spec())) {
			ChangeTracking tracking = mapping.trackChanges();
			tracking.close();
			tracking.close();
			assertThatExceptionOfType(MappingClosedException.class).isThrownBy(tracking::changes)
				.withMessageContaining("has ended");
			assertThat(trackingDescriptors()).isEmpty();
		}
	}

	@Test
	void oneAtATimeIsTracked() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(1 << 20).build());
				ChangeTracking tracking = mapping.trackChanges()) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::trackChanges)
				.withMessageContaining("tracked already");
			assertThat(tracking.changes()).isEmpty();
		}
	}

	@Test
	void anotherTrackingCanFollow() {
		try (MemoryMapping mapping = this.registry.map(spec())) {
			mapping.trackChanges().close();
			try (ChangeTracking tracking = mapping.trackChanges()) {
				mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
				assertThat(tracking.changes()).hasSize(1);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void theTrackingEndsWithTheGeneration(End end) {
		MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).reserve(2 * SIZE).build());
		ChangeTracking tracking = mapping.trackChanges();
		assertThat(trackingDescriptors()).hasSize(2);
		end.action.accept(mapping);
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(tracking::mark)
			.withMessageContaining("has ended");
		assertThat(trackingDescriptors()).isEmpty();
		tracking.close();
		mapping.close();
	}

	@Test
	void aMappingThatCannotBeWrittenIsRefused() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::trackChanges)
				.withMessageContaining("read-write or copy-on-write");
		}
	}

	@Test
	void whereASystemCallIsBlockedThatIsSaidWithTheReason() {
		this.calls.failOnce("userfaultfd", Errno.EPERM);
		try (MemoryMapping mapping = this.registry.map(spec())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::trackChanges)
				.withMessageContaining("'change-tracking' is not available here")
				.withMessageContaining("EPERM");
			assertThat(this.registry.capabilities().isAvailable("change-tracking")).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "userfaultfd", "trackWrites", "open" })
	void aStepThatFailsLeavesNoDescriptor(String call) {
		this.registry.capabilities();
		try (MemoryMapping mapping = this.registry.map(spec())) {
			this.calls.failOnce(call, Errno.EMFILE);
			assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::trackChanges)
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EMFILE));
			assertThat(trackingDescriptors()).isEmpty();
			mapping.trackChanges().close();
		}
	}

	@Test
	void aScanThatFailsIsReportedAndTheTrackingGoesOn() {
		this.registry.capabilities();
		try (MemoryMapping mapping = this.registry.map(spec()); ChangeTracking tracking = mapping.trackChanges()) {
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
			this.calls.failOnce("scanPages", Errno.ENOMEM);
			assertThatExceptionOfType(MappingException.class).isThrownBy(tracking::changes)
				.withMessageContaining("find changes of");
			assertThat(tracking.changes()).hasSize(1);
		}
	}

	@Test
	void theJdkMapperRefusesWithWhatToDo() {
		try (MappingRegistry jdk = MappingRegistry.builder().mapper(MapperType.JDK).build();
				MemoryMapping mapping = jdk.map(spec())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::trackChanges)
				.withMessageContaining("--enable-native-access=ALL-UNNAMED");
		}
	}

	private MappingSpec spec() {
		return Kind.SHARED_FILE.spec(this.file);
	}

	private List<String> trackingDescriptors() {
		Map<Integer, String> opened = ProcessMaps.descriptors();
		opened.keySet().removeAll(this.descriptors.keySet());
		return opened.values()
			.stream()
			.filter((target) -> target.contains("userfaultfd") || target.endsWith("/pagemap"))
			.toList();
	}

	/**
	 * What is mapped.
	 */
	enum Kind {

		SHARED_FILE, COPY_ON_WRITE, IN_MEMORY_FILE, ANONYMOUS, SHARED_ANONYMOUS;

		private MappingSpec spec(Path file) {
			return switch (this) {
				case SHARED_FILE -> MappingSpec.file(file).access(MappingAccess.READ_WRITE).build();
				case COPY_ON_WRITE -> MappingSpec.file(file).access(MappingAccess.COPY_ON_WRITE).build();
				case IN_MEMORY_FILE -> MappingSpec.inMemoryFile("tracked", SIZE).build();
				case ANONYMOUS -> MappingSpec.anonymous(SIZE).build();
				case SHARED_ANONYMOUS -> MappingSpec.anonymous(SIZE).shared(true).build();
			};
		}

	}

	/**
	 * How a generation ends.
	 */
	enum End {

		UNMAP(MemoryMapping::unmap), GROW((mapping) -> mapping.resize(2 * SIZE)),
		SHRINK((mapping) -> mapping.resize(PAGE)), NARROW((mapping) -> mapping.protect(Protection.READ)),
		WIDEN((mapping) -> {
			mapping.protect(Protection.READ);
			mapping.protect(Protection.READ, Protection.WRITE);
		});

		private final Consumer<MemoryMapping> action;

		End(Consumer<MemoryMapping> action) {
			this.action = action;
		}

	}

}
