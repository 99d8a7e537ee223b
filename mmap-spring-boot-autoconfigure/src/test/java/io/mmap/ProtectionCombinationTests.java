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
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.mmap.internal.ffi.Linux;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Every combination of what pages can permit, shared and private.
 */
@ExtendWith(NothingLeftBehind.class)
class ProtectionCombinationTests {

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[] { 1, 2, 3 });
		this.registry = MappingRegistry.builder().mapper(MapperType.NATIVE).build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
	}

	static List<Arguments> combinations() {
		List<Arguments> combinations = new ArrayList<>();
		for (MappingAccess access : List.of(MappingAccess.READ_WRITE, MappingAccess.COPY_ON_WRITE)) {
			for (int bits = 0; bits < 8; bits++) {
				Set<Protection> protection = EnumSet.noneOf(Protection.class);
				for (Protection each : Protection.values()) {
					if ((bits & (1 << each.ordinal())) != 0) {
						protection.add(each);
					}
				}
				combinations.add(Arguments.of(access, protection));
			}
		}
		return combinations;
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void thePagesPermitExactlyWhatWasAskedFor(MappingAccess access, Set<Protection> protection) {
		try (MemoryMapping mapping = this.registry.map(spec(access, protection))) {
			assertThat(mapping.protection()).isEqualTo(protection);
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo(permissions(access, protection));
		}
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void thePagesPermitExactlyWhatTheyAreChangedTo(MappingAccess access, Set<Protection> protection) {
		try (MemoryMapping mapping = this.registry.map(spec(access, EnumSet.of(Protection.READ, Protection.WRITE)))) {
			mapping.protect(protection.toArray(Protection[]::new));
			assertThat(mapping.protection()).isEqualTo(protection);
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo(permissions(access, protection));
		}
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void thereIsASegmentIfAndOnlyIfThePagesCanBeRead(MappingAccess access, Set<Protection> protection) {
		try (MemoryMapping mapping = this.registry.map(spec(access, protection))) {
			if (protection.contains(Protection.READ)) {
				assertThat(mapping.segment().toArray(JAVA_BYTE)).containsExactly(1, 2, 3);
				assertThat(mapping.segment().isReadOnly()).isEqualTo(!protection.contains(Protection.WRITE));
			}
			else {
				assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::segment)
					.withMessageContaining("may not be read");
				assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::asByteBuffer);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("combinations")
	void whatMayBeWrittenIsWritten(MappingAccess access, Set<Protection> protection) throws IOException {
		boolean writable = protection.containsAll(List.of(Protection.READ, Protection.WRITE));
		try (MemoryMapping mapping = this.registry.map(spec(access, protection))) {
			if (writable) {
				mapping.segment().set(JAVA_BYTE, 0, (byte) 42);
			}
			else if (protection.contains(Protection.READ)) {
				assertThatExceptionOfType(IllegalArgumentException.class)
					.isThrownBy(() -> mapping.segment().set(JAVA_BYTE, 0, (byte) 42));
			}
		}
		assertThat(Files.readAllBytes(this.file)).startsWith((writable && access == MappingAccess.READ_WRITE) ? 42 : 1);
	}

	@Test
	void aReadOnlyMappingCanNeverBeMadeWritable() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			assertThatExceptionOfType(InvalidMappingException.class)
				.isThrownBy(() -> mapping.protect(Protection.READ, Protection.WRITE))
				.withMessageContaining("the access is read-only");
		}
	}

	@Test
	@SuppressWarnings("restricted")
	void aFunctionThatWasWrittenIntoAPageIsExecuted() throws Throwable {
		assumeThat(Linux.hasMap32Bit()).as("skipped: the function is one for x86-64").isTrue();
		// mov eax, 42; ret
		byte[] code = { (byte) 0xb8, 42, 0, 0, 0, (byte) 0xc3 };
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(4096).build())) {
			MemorySegment.copy(MemorySegment.ofArray(code), 0, mapping.segment(), 0, code.length);
			mapping.protect(Protection.READ, Protection.EXECUTE);
			MethodHandle function = Linker.nativeLinker()
				.downcallHandle(MemorySegment.ofAddress(mapping.address()), FunctionDescriptor.of(JAVA_INT));
			assertThat((int) function.invokeExact()).isEqualTo(42);
		}
	}

	private MappingSpec spec(MappingAccess access, Set<Protection> protection) {
		return MappingSpec.file(this.file)
			.access(access)
			.protection(protection.toArray(Protection[]::new))
			.writableAndExecutable(true)
			.build();
	}

	private static String permissions(MappingAccess access, Set<Protection> protection) {
		return (protection.contains(Protection.READ) ? "r" : "-") + (protection.contains(Protection.WRITE) ? "w" : "-")
				+ (protection.contains(Protection.EXECUTE) ? "x" : "-")
				+ ((access == MappingAccess.COPY_ON_WRITE) ? "p" : "s");
	}

}
