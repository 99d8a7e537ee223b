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

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a mapping means to other processes: that of the parameter against one that maps
 * likewise or with the other mapper.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class ExclusiveMappingTests {

	private static final int ROUNDS = 30;

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[10_000]);
		this.registry = MappingRegistry.builder().mapper(this.mapper).build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	@Fault("locked-by-another-process")
	void aSecondProcessThatWritesIsToldWhatToDoAndKeepsNothingOfTheFile(MapperType other) throws Exception {
		try (MappingProcess process = MappingProcess.start(other);
				MemoryMapping mapping = this.registry.map(readWrite())) {
			assertThat(mapping.length()).isEqualTo(10_000);
			assertThat(process.map(this.file, MappingAccess.READ_WRITE, true))
				.startsWith("MappedFileLockedException: Cannot map file '" + this.file
						+ "' (read-write, offset 0, to the end): ")
				.contains("has the file locked")
				.contains("fuser -v " + this.file)
				.contains("Set 'exclusive' to false, in each of the processes,")
				.endsWith("Regions 0, descriptors 0");
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void aSecondProcessMapsOnceTheFirstHasUnmapped(MapperType other) throws Exception {
		try (MappingProcess process = MappingProcess.start(other)) {
			try (MemoryMapping mapping = this.registry.map(readWrite())) {
				assertThat(mapping.length()).isEqualTo(10_000);
				assertThat(process.map(this.file, MappingAccess.READ_WRITE, true)).contains("Locked");
			}
			assertThat(process.map(this.file, MappingAccess.READ_WRITE, true)).isEqualTo("mapped");
			assertThatExceptionOfType(MappedFileLockedException.class).isThrownBy(() -> this.registry.map(readWrite()));
			assertThat(process.unmap()).isEqualTo("unmapped");
			this.registry.map(readWrite()).close();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	@Fault("killed-while-mapped-exclusive")
	void aProcessThatIsKilledLeavesNoLock(MapperType other) throws Exception {
		try (MappingProcess process = MappingProcess.start(other)) {
			assertThat(process.map(this.file, MappingAccess.READ_WRITE, true)).isEqualTo("mapped");
			assertThatExceptionOfType(MappedFileLockedException.class).isThrownBy(() -> this.registry.map(readWrite()));
			process.kill();
			this.registry.map(readWrite()).close();
		}
	}

	@Test
	void othersThatDoNotAskForTheLockAreNotHindered() throws Exception {
		try (MappingProcess process = MappingProcess.start(this.mapper);
				MemoryMapping mapping = this.registry.map(readWrite())) {
			assertThat(process.map(this.file, MappingAccess.READ_ONLY, false)).isEqualTo("mapped");
			assertThat(process.map(this.file, MappingAccess.COPY_ON_WRITE, false)).isEqualTo("mapped");
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
			assertThat(process.map(this.file, MappingAccess.READ_WRITE, false)).isEqualTo("mapped");
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 'c');
		}
	}

	@Test
	void whoDoesNotAskForTheLockDoesNotHinderOthers() throws Exception {
		try (MappingProcess process = MappingProcess.start(this.mapper)) {
			assertThat(process.map(this.file, MappingAccess.READ_ONLY, false)).isEqualTo("mapped");
			assertThat(process.map(this.file, MappingAccess.COPY_ON_WRITE, false)).isEqualTo("mapped");
			assertThat(process.map(this.file, MappingAccess.READ_WRITE, false)).isEqualTo("mapped");
			this.registry.map(readWrite()).close();
		}
	}

	@Test
	void readersThatComeAndGoInThisProcessDoNotLetOthersIn() throws Exception {
		try (MappingProcess process = MappingProcess.start(this.mapper);
				MemoryMapping mapping = this.registry.map(readWrite())) {
			this.registry.map(MappingSpec.file(this.file).build()).close();
			assertThat(mapping.length()).isEqualTo(10_000);
			assertThat(process.map(this.file, MappingAccess.READ_WRITE, true)).contains("Locked");
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	void oneOfTwoProcessesThatCreateAFileGetsItAndTheOtherLeavesItThere(MapperType other) throws Exception {
		try (MappingProcess process = MappingProcess.start(other)) {
			for (int i = 0; i < ROUNDS; i++) {
				Path contested = this.directory.resolve("contested" + i);
				process.beginToCreate(contested);
				MemoryMapping mapping = create(contested);
				boolean won = mapping != null;
				String answer = process.answer();
				assertThat(answer).as("round " + i).startsWith((won) ? "MappedFileLockedException" : "mapped");
				assertThat(Files.readAllBytes(contested)).hasSize(4096).startsWith((byte) ((won) ? 'p' : 'c'));
				assertThat(process.unmap()).isEqualTo("unmapped");
				if (mapping != null) {
					mapping.close();
				}
			}
		}
	}

	/**
	 * Return {@code null} if the other process has the file.
	 */
	private MemoryMapping create(Path contested) {
		try {
			MemoryMapping mapping = this.registry
				.map(MappingSpec.file(contested).access(MappingAccess.READ_WRITE).length(4096).create(true).build());
			mapping.segment().set(JAVA_BYTE, 0, (byte) 'p');
			return mapping;
		}
		catch (MappedFileLockedException ex) {
			return null;
		}
	}

	private MappingSpec readWrite() {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build();
	}

}
