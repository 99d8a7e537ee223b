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
import java.util.Map;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What cannot be done with a mapping, with each mapper: what the user reads.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class MisuseTests {

	private static final String CLOSED_REMEDY = "by the code that the cause of this exception shows."
			+ " Unmap it once, when nobody uses it any more.";

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path file;

	@BeforeEach
	void writeFile() throws IOException {
		this.file = Files.write(this.directory.resolve("file.bin"), new byte[4096]);
	}

	@ParameterizedTest
	@CsvSource({ "READ_WRITE, read-write", "COPY_ON_WRITE, copy-on-write" })
	void whatCanBeWrittenMayNotBeReloaded(MappingAccess access, String text) {
		try (MappingRegistry registry = builder()
			.declare("counters", MappingSpec.file(this.file).access(access).build())
			.build()) {
			assertNotReloaded(registry, "counters", "Mapping 'counters' cannot be reloaded: its access is " + text
					+ ", and what was written to the memory would be lost or torn apart. Map it read-only.");
		}
	}

	@Test
	void aMemberOfASetMayNotBeReloaded() {
		try (MappingRegistry registry = set()) {
			assertNotReloaded(registry, "words.1", "Mapping 'words.1' cannot be reloaded: it is a member of a set,"
					+ " whose memory belongs together. Reload the set.");
		}
	}

	@Test
	void whatWasNotDeclaredMayNotBeReloaded() {
		try (MappingRegistry registry = builder().build(); MemoryMapping mapping = map(registry)) {
			assertNotReloaded(registry, mapping.name(), "Mapping 'ad-hoc-1' cannot be reloaded: it was not declared,"
					+ " but belongs to the code that called MappingRegistry.map. Unmap it, and map it again.");
		}
	}

	@Test
	void whatDoesNotExistCannotBeReloaded() {
		try (MappingRegistry registry = builder().declare("geoip", MappingSpec.file(this.file).build()).build()) {
			assertThatExceptionOfType(NoSuchMappingException.class).isThrownBy(() -> registry.reload("goip"))
				.withMessage("There is no mapping 'goip'. Did you mean 'geoip'? There are: geoip.");
			assertThat(ProcessMaps.regions(this.file)).hasSize(1);
		}
	}

	@Test
	void aFileThatIsMissingWhenItIsReloadedLeavesTheOldMemoryMapped() throws IOException {
		try (MappingRegistry registry = builder().declare("geoip", MappingSpec.file(this.file).build()).build()) {
			Files.delete(this.file);
			assertThatExceptionOfType(MappedFileNotFoundException.class).isThrownBy(() -> registry.reload("geoip"))
				.withMessage("Cannot map file '" + this.file
						+ "' (read-only, offset 0, to the end): the file does not exist. Check the path.");
			assertThat(registry.get("geoip").segment().byteSize()).isEqualTo(4096);
			assertThat(ProcessMaps.regions(this.file)).hasSize(1);
		}
	}

	@Test
	void aSegmentOfUnmappedMemory() {
		try (MappingRegistry registry = builder().build()) {
			assertClosed(unmapped(registry)::segment, "unmapHere");
		}
	}

	@Test
	void aBufferOverUnmappedMemory() {
		try (MappingRegistry registry = builder().build()) {
			assertClosed(unmapped(registry)::asByteBuffer, "unmapHere");
		}
	}

	@Test
	void theAddressOfUnmappedMemory() {
		try (MappingRegistry registry = builder().build()) {
			assertClosed(unmapped(registry)::address, "unmapHere");
		}
	}

	@Test
	void flushingUnmappedMemory() {
		try (MappingRegistry registry = builder().build()) {
			assertClosed(unmapped(registry)::flush, "unmapHere");
		}
	}

	@Test
	void unmappingTwice() {
		try (MappingRegistry registry = builder().build()) {
			assertClosed(unmapped(registry)::unmap, "unmapHere");
			assertThat(registry.statistics()).extracting(MappingStatistics::unmapCount).containsExactly(1L);
		}
	}

	@Test
	void lookingUpADeclaredMappingAfterItsRegistryWasClosed() throws IOException {
		Path file = Files.write(this.directory.resolve("declared.bin"), new byte[10]);
		MappingRegistry closed = MappingRegistry.builder()
			.mapper(this.mapper)
			.declare("used", MappingSpec.file(file).build())
			.declare("lazy", MappingSpec.file(file).lazy(true).build())
			.build();
		closed.close();
		for (String name : List.of("used", "lazy")) {
			assertThat(closed.find(name)).isEmpty();
			assertThatIllegalStateException().isThrownBy(() -> closed.get(name))
				.withMessage("The mapping registry was closed, so nothing can be mapped any more")
				.havingCause()
				.withMessageContaining("Closed by thread");
		}
	}

	@Test
	void aDeclaredMappingAfterItsRegistryWasClosed() {
		MappingRegistry registry = builder().declare("geoip", MappingSpec.file(this.file).build()).build();
		MemoryMapping mapping = registry.get("geoip");
		closeHere(registry);
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(mapping::segment)
			.withMessage("Mapping 'geoip' of 4096 bytes of file '" + this.file + "' was unmapped, " + CLOSED_REMEDY)
			.havingCause()
			.satisfies((cause) -> assertThat(cause.getStackTrace()).extracting(StackTraceElement::getMethodName)
				.contains("closeHere"));
		assertThat(registry.mappings()).isEmpty();
	}

	private void assertNotReloaded(MappingRegistry registry, String name, String message) {
		long mapped = ProcessMaps.bytes(this.directory);
		assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(() -> registry.reload(name))
			.withMessage(message);
		assertThat(registry.mappings()).extracting(MappingInfo::generation).containsOnly(1);
		assertThat(ProcessMaps.bytes(this.directory)).isEqualTo(mapped);
	}

	private void assertClosed(ThrowingCallable use, String culprit) {
		assertThatExceptionOfType(MappingClosedException.class).isThrownBy(use)
			.withMessage("Mapping 'ad-hoc-1' of 4096 bytes of file '" + this.file + "' was unmapped, " + CLOSED_REMEDY)
			.havingCause()
			.withMessage("Unmapped by thread '" + Thread.currentThread().getName() + "'")
			.satisfies((cause) -> assertThat(cause.getStackTrace()).extracting(StackTraceElement::getMethodName)
				.contains(culprit));
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	private MemoryMapping unmapped(MappingRegistry registry) {
		MemoryMapping mapping = map(registry);
		unmapHere(mapping);
		assertThat(registry.mappings()).isEmpty();
		return mapping;
	}

	private static void unmapHere(MemoryMapping mapping) {
		mapping.unmap();
	}

	private static void closeHere(MappingRegistry registry) {
		registry.close();
	}

	private MemoryMapping map(MappingRegistry registry) {
		return registry.map(MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build());
	}

	private MappingRegistry set() {
		return builder().declareSet("words", Map.of("file", MappingSpec.file(this.file).build())).build();
	}

	private MappingRegistry.Builder builder() {
		return MappingRegistry.builder().mapper(this.mapper);
	}

}
