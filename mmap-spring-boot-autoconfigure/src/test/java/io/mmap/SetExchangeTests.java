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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.internal.ffi.SystemCalls;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Files that are exchanged while the members of a set are being mapped do not end up
 * beside those that were there before.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class SetExchangeTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private int exchanges;

	@BeforeEach
	void write() throws IOException {
		exchange();
	}

	@Test
	@Fault("replaced-while-set-is-mapped")
	void whatIsMappedBelongsTogether() {
		try (MappingRegistry registry = registry(1); MappingSetLease lease = registry.set("animals").acquire()) {
			assertThat(text(lease, "cat")).isEqualTo("version 2");
			assertThat(text(lease, "dog")).isEqualTo("version 2");
			assertThat(ProcessMaps.regions(this.directory)).hasSize(2);
		}
	}

	@Test
	@Fault("replaced-without-end")
	void whatNeverComesToRestIsNotMapped() {
		assertThatExceptionOfType(DeclaredMappingException.class).isThrownBy(() -> registry(Integer.MAX_VALUE))
			.withMessageContaining("its files were replaced 5 times while they were being mapped");
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
	}

	private MappingRegistry registry(int times) {
		Map<String, MappingSpec> specs = new LinkedHashMap<>();
		for (String key : new String[] { "cat", "dog" }) {
			specs.put(key, MappingSpec.file(this.directory.resolve("current").resolve(key)).build());
		}
		return new DefaultMappingRegistryBuilder().mapper(new Exchanging(Mappers.of(this.mapper), times))
			.declareSet("animals", specs)
			.build();
	}

	/**
	 * Have 'current' lead to a directory with another version, as Kubernetes does.
	 */
	private void exchange() throws IOException {
		this.exchanges++;
		Path version = Files.createDirectory(this.directory.resolve("version-" + this.exchanges));
		Files.writeString(version.resolve("cat"), "version " + this.exchanges);
		Files.writeString(version.resolve("dog"), "version " + this.exchanges);
		Path next = Files.createSymbolicLink(this.directory.resolve("next"), version);
		Files.move(next, this.directory.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
	}

	private static String text(MappingSetLease lease, String key) {
		return new String(lease.segment(key).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
	}

	/**
	 * Exchanges the files between the first and the second.
	 */
	private final class Exchanging implements Mapper {

		private final Mapper mapper;

		private int left;

		private Exchanging(Mapper mapper, int times) {
			this.mapper = mapper;
			this.left = times;
		}

		@Override
		public MappedMemory map(MappingSpec spec, Path file, Arena arena) {
			if (file.endsWith("dog") && this.left > 0) {
				this.left--;
				try {
					exchange();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
			return this.mapper.map(spec, file, arena);
		}

		@Override
		public MappedMemory map(MappingSpec spec, String name, Arena arena) {
			return this.mapper.map(spec, name, arena);
		}

		@Override
		public MapperInfo info() {
			return this.mapper.info();
		}

		@Override
		public Capabilities capabilities() {
			return this.mapper.capabilities();
		}

		@Override
		public @Nullable SystemCalls calls() {
			return this.mapper.calls();
		}

		@Override
		public void close() {
			this.mapper.close();
		}

	}

}
