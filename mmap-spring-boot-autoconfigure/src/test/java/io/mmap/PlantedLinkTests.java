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
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.internal.ffi.SystemCalls;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Symbolic links that somebody plants after the path was checked, and before the file is
 * opened.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class PlantedLinkTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	@Test
	@Fault("link-planted-in-between")
	void aLinkToAFileIsNotFollowed() throws IOException {
		Path precious = Files.writeString(this.directory.resolve("precious"), "mine");
		Path file = this.directory.resolve("file");
		assertRefused(file, file, precious);
		assertThat(precious).hasContent("mine");
	}

	@Test
	void aLinkToAFileThatThisProcessHasLockedIsNotFollowed() throws IOException {
		Path precious = Files.write(this.directory.resolve("precious"), new byte[10_000]);
		Path file = this.directory.resolve("file");
		try (MappingRegistry registry = MappingRegistry.builder().mapper(this.mapper).build();
				MemoryMapping mapping = registry
					.map(MappingSpec.file(precious).access(MappingAccess.READ_WRITE).build())) {
			assertRefused(file, file, precious);
			assertThat(mapping.length()).isEqualTo(10_000);
		}
	}

	@Test
	void aLinkThatLeadsNowhereCreatesNothingThere() {
		Path target = this.directory.resolve("target");
		Path file = this.directory.resolve("file");
		assertRefused(file, file, target);
		assertThat(target).doesNotExist();
	}

	@Test
	void aLinkToADirectoryIsNotFollowed() throws IOException {
		// Not with the mapper of the JDK, which has no way to notice
		Mapper nativeMapper = Mappers.of(MapperType.NATIVE);
		Path target = Files.createDirectory(this.directory.resolve("target"));
		Path link = this.directory.resolve("link");
		assertRefused(nativeMapper, link.resolve("file"), link, target);
		assertThat(target).isEmptyDirectory();
	}

	private void assertRefused(Path file, Path link, Path target) {
		assertRefused(Mappers.of(this.mapper), file, link, target);
	}

	private static void assertRefused(Mapper mapper, Path file, Path link, Path target) {
		try (MappingRegistry registry = new DefaultMappingRegistryBuilder().mapper(new Planting(mapper, link, target))
			.build()) {
			assertThatExceptionOfType(MappingException.class)
				.isThrownBy(() -> registry.map(CreatedFileTests.creating(file)))
				.withMessageContaining(file.toString());
		}
		assertThat(link).isSymbolicLink();
	}

	/**
	 * Plants a link just before it maps.
	 */
	private record Planting(Mapper mapper, Path link, Path target) implements Mapper {

		@Override
		public MappedMemory map(MappingSpec spec, String name, Arena arena) {
			throw new IllegalStateException("Nothing but files is mapped here");
		}

		@Override
		public Capabilities capabilities() {
			throw new IllegalStateException("Nobody asks here");
		}

		@Override
		public MapperInfo info() {
			return this.mapper.info();
		}

		@Override
		public @Nullable SystemCalls calls() {
			return this.mapper.calls();
		}

		@Override
		public MappedMemory map(MappingSpec spec, Path file, Arena arena) {
			try {
				Files.createSymbolicLink(this.link, this.target);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			return this.mapper.map(spec, file, arena);
		}

		@Override
		public void close() {
			this.mapper.close();
		}

	}

}
