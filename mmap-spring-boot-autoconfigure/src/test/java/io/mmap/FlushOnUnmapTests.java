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
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Changes that are written before memory is unmapped.
 */
@ExtendWith(NothingLeftBehind.class)
class FlushOnUnmapTests {

	private static final int SIZE = 10_000;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private CapturedLog log;

	private DefaultMappingRegistry registry;

	@BeforeEach
	void open() throws IOException {
		this.file = Files.write(this.directory.resolve("counters.bin"), new byte[SIZE]);
		this.log = new CapturedLog();
		this.registry = builder().build();
	}

	@AfterEach
	void close() {
		this.registry.close();
		this.log.close();
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
	}

	@Test
	void unmapWritesChangesFirst() {
		this.registry.map(spec().build()).unmap();
		assertThat(flushesAndUnmaps()).containsExactly("msync", "munmap");
		assertThat(adHoc(this.registry).flushCount()).isEqualTo(1);
	}

	@Test
	void closeWritesChangesFirst() {
		MemoryMapping mapping = this.registry.map(spec().build());
		mapping.close();
		mapping.close();
		assertThat(flushesAndUnmaps()).containsExactly("msync", "munmap");
	}

	@Test
	void theEndOfTheRegistryWritesChangesFirst() {
		DefaultMappingRegistry declaring = builder().declare("counters", spec().build()).build();
		MemoryMapping orphan = declaring.map(spec().exclusive(false).build());
		declaring.close();
		assertThat(flushesAndUnmaps()).containsExactly("msync", "munmap", "msync", "munmap");
		assertThat(orphan.length()).isEqualTo(SIZE);
	}

	@Test
	void withoutTheOptionNothingIsWritten() {
		this.registry.map(spec().flushOnUnmap(false).build()).unmap();
		assertThat(flushesAndUnmaps()).containsExactly("munmap");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void eachMapperDoesIt(MapperType mapper) throws IOException {
		try (MappingRegistry each = MappingRegistry.builder().mapper(mapper).build()) {
			MemoryMapping mapping = each.map(spec().build());
			MappingInfo info = each.mappings().getFirst();
			mapping.segment().set(JAVA_BYTE, SIZE - 1, (byte) 42);
			mapping.unmap();
			assertThat(info.lastFlush()).isNotNull();
			assertThat(adHoc(each).flushCount()).isEqualTo(1);
			assertThat(Files.readAllBytes(this.file)[SIZE - 1]).isEqualTo((byte) 42);
		}
	}

	@Test
	void aFailureIsLoggedAndCountedAndTheMemoryUnmappedAllTheSame() {
		MemoryMapping mapping = this.registry.map(spec().build());
		this.calls.failOnce("msync", Errno.EIO);
		mapping.unmap();
		assertThat(flushesAndUnmaps()).containsExactly("msync", "munmap");
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
		assertThat(adHoc(this.registry).flushErrors()).isEqualTo(1);
		assertThat(adHoc(this.registry).flushCount()).isZero();
		assertThat(this.registry.warnings()).isEmpty();
		assertThat(this.log.messages(Level.ERROR)).singleElement()
			.asString()
			.contains("is unmapped although the flush before that failed, so that changes may be lost")
			.contains("EIO");
	}

	@Test
	void nothingIsWrittenWhileALeaseKeepsTheMemoryMapped() {
		try (DefaultMappingRegistry impatient = builder().drainTimeout(Duration.ZERO).build();
				MemoryMapping mapping = impatient.map(spec().build())) {
			try (MappingLease lease = mapping.acquire("reader")) {
				assertThatIllegalStateException().isThrownBy(mapping::unmap).withMessageContaining("reader");
				assertThat(flushesAndUnmaps()).isEmpty();
				assertThat(lease.segment().get(JAVA_BYTE, 0)).isZero();
			}
		}
		assertThat(flushesAndUnmaps()).containsExactly("msync", "munmap");
	}

	@Test
	void whatIsReplacedIsNotWritten() {
		try (MemoryMapping mapping = this.registry.map(spec().build())) {
			mapping.protect(Protection.READ);
			mapping.resize(SIZE / 2);
			assertThat(flushesAndUnmaps()).doesNotContain("msync");
		}
		assertThat(flushesAndUnmaps()).containsOnlyOnce("msync");
	}

	@Test
	void unmappingThatIsTriedAgainDoesNotWriteAgain() {
		MemoryMapping mapping = this.registry.map(spec().build());
		this.calls.failOnce("munmap", Errno.ENOMEM);
		assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::unmap);
		mapping.unmap();
		assertThat(flushesAndUnmaps()).containsExactly("msync", "munmap", "munmap");
	}

	@Test
	void aLeakIsNotWritten() {
		Garbage.collect(mapAndDrop());
		Garbage.collectUntil(() -> !this.registry.leaks().isEmpty());
		assertThat(flushesAndUnmaps()).containsExactly("munmap");
	}

	private WeakReference<Object> mapAndDrop() {
		return new WeakReference<>(this.registry.map(spec().build()).segment().scope());
	}

	private List<String> flushesAndUnmaps() {
		return this.calls.made().stream().filter(List.of("msync", "munmap")::contains).toList();
	}

	private DefaultMappingRegistryBuilder builder() {
		return new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"));
	}

	private FileMappingBuilder spec() {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).flushOnUnmap(true);
	}

	private static MappingStatistics adHoc(MappingRegistry registry) {
		return registry.statistics()
			.stream()
			.filter((statistics) -> statistics.name().equals(MappingStatistics.AD_HOC))
			.findFirst()
			.orElseThrow();
	}

}
