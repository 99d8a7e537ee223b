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

package io.mmap.docs;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.Advice;
import io.mmap.ChangeTracking;
import io.mmap.ChangeTracking.ChangedRange;
import io.mmap.HugePages;
import io.mmap.MapperType;
import io.mmap.MappingAccess;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.Protection;
import io.mmap.Residency;
import io.mmap.Seal;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.Requirement;

import static io.mmap.MappingAccess.READ_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code docs/native.md} shows works. Its tables name tests of their own.
 */
@ExtendWith(NothingLeftBehind.class)
class NativePageTests {

	@TempDir
	Path directory;

	private Path path;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.path = Files.write(this.directory.resolve("content.bin"), new byte[4096]);
		this.registry = MappingRegistry.builder().mapper(MapperType.NATIVE).build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void notOnlyFilesCanBeMapped() {
		Path path = this.path;
		int fd = 0;
		// tag::native-sources[]
		// whatever a descriptor is open on
		MappingSpec device = MappingSpec.descriptor(fd).access(READ_WRITE).length(4096).build();
		// memory without a file
		MappingSpec scratch = MappingSpec.anonymous(512 << 20).hugePages(HugePages.TRY).build();
		// to be handed to another process
		MappingSpec frames = MappingSpec.inMemoryFile("frames", 1 << 20).seals(Seal.SHRINK).build();
		// the content of a file, safe from truncation
		MappingSpec table = MappingSpec.file(path).copy(true).build();
		// end::native-sources[]
		assertThat(device).isNotNull();
		try (MemoryMapping memory = this.registry.map(scratch);
				MemoryMapping file = this.registry.map(frames);
				MemoryMapping copy = this.registry.map(table)) {
			assertThat(List.of(memory.length(), file.length(), copy.length())).containsExactly(512L << 20, 1L << 20,
					4096L);
		}
	}

	@Test
	void aMappingCanDoWhatTheSystemCanDoWithItsPages() {
		Requirement.check(
				this.registry.capabilities()
					.all()
					.stream()
					.anyMatch((capability) -> capability.name().equals("change-tracking") && capability.available()),
				"the right to track changes (userfaultfd and PAGEMAP_SCAN)");
		MappingSpec spec = MappingSpec.file(this.path)
			.access(MappingAccess.READ_WRITE)
			.create(true)
			.length(1 << 20)
			.reserve(4 << 20)
			.build();
		try (MemoryMapping mapping = this.registry.map(spec)) {
			List<ChangedRange> written;
			// tag::native-operations[]
			// into memory, or an exception: no surprise later
			mapping.prefault();
			// what can be done with a mapping can be done with a range
			mapping.range(0, 1 << 20).lock();
			mapping.advise(Advice.SEQUENTIAL);
			// how much is in memory, or why that is unknown
			Residency residency = mapping.residency();
			// with room reserved, segments that were handed out stay valid
			mapping.resize(2 << 20);
			// exactly the pages that were written
			try (ChangeTracking tracking = mapping.trackChanges()) {
				mapping.segment().set(ValueLayout.JAVA_BYTE, 4096, (byte) 1);
				written = tracking.changes();
			}
			// segments that could be written throw from now on
			mapping.protect(Protection.READ);
			// end::native-operations[]
			assertThat(written).containsExactly(new ChangedRange(4096, 4096));
			assertThat(residency.resident()).isIn(null, 1L << 20);
			assertThat(mapping.length()).isEqualTo(2 << 20);
			assertThat(mapping.segment().isReadOnly()).isTrue();
		}
	}

}
