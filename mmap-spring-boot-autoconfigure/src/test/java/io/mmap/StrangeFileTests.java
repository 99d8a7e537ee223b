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
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Paths that lead to what is no ordinary file, and ordinary files with names that are
 * not, with each mapper.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@EnabledOnOs(OS.LINUX)
@ExtendWith(NothingLeftBehind.class)
class StrangeFileTests {

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() {
		this.registry = MappingRegistry.builder().mapper(this.mapper).build();
	}

	@AfterEach
	void closeRegistry() {
		assertThat(this.registry.mappings()).isEmpty();
		this.registry.close();
	}

	@Test
	@Fault("socket-in-place-of-file")
	void aSocket() throws IOException {
		Path path = this.directory.resolve("socket");
		try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			socket.bind(UnixDomainSocketAddress.of(path));
			assertRefused(path, UnmappableFileException.class, "it is a named pipe or a socket",
					"Give the path of a file.");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/proc/self/maps", "/proc/version", "/sys/kernel/mm/transparent_hugepage/enabled" })
	@Fault("proc-file-in-place-of-file")
	void aFileThatTheKernelWritesWhenItIsRead(Path path) {
		assertRefused(path, UnmappableFileException.class, "has no content until it is read", "Read it instead.");
		assertThatExceptionOfType(UnmappableFileException.class)
			.isThrownBy(() -> this.registry.map(MappingSpec.file(path).length(10).build()))
			.withMessageContaining("has no content until it is read");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/proc/version", "/sys/kernel/mm/transparent_hugepage/enabled" })
	void itsDescriptorAndACopyOfItAreRefusedToo(Path path) throws SystemCallException {
		SystemCalls calls = new LinuxSystemCalls();
		int descriptor = calls.open(path, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
		try {
			for (MappingSpec spec : List.of(MappingSpec.descriptor(descriptor).build(),
					MappingSpec.file(path).copy(true).build())) {
				assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> this.registry.map(spec))
					.isInstanceOf((this.mapper == MapperType.NATIVE) ? UnmappableFileException.class
							: UnsupportedMappingOperationException.class);
			}
		}
		finally {
			calls.close(descriptor);
		}
	}

	@Test
	@Fault("symlink-loop")
	void linksThatLeadToEachOther() throws IOException {
		Path first = this.directory.resolve("first");
		Path second = Files.createSymbolicLink(this.directory.resolve("second"), first);
		Files.createSymbolicLink(first, second);
		assertThatExceptionOfType(MappingException.class)
			.isThrownBy(() -> this.registry.map(MappingSpec.file(first).build()))
			.withMessageContaining(first.toString())
			.withMessageContaining("symbolic links");
	}

	@Test
	@Fault("name-too-long")
	void aNameThatIsTooLong() {
		Path file = this.directory.resolve("n".repeat(256));
		assertThatExceptionOfType(MappingException.class)
			.isThrownBy(() -> this.registry.map(MappingSpec.file(file).build()))
			.withMessageContaining("name too long")
			.satisfies((ex) -> assertThat(ex.remedy())
				.contains((this.mapper == MapperType.NATIVE) ? "Use a shorter one" : "The native mapper would"));
	}

	@ParameterizedTest
	@ValueSource(strings = { " leading and trailing ", "two\nlines", "tab\tand\rreturn", "\u001b[31mred",
			"Grüße-\u0416\u6587", "quote'and\"quote", "back\\slash", "percent%20", "-rf", "*", "{a,b}", "file:x",
			"\u202egnp.exe" })
	@Fault("strange-name")
	void aNameOfAnyCharacters(String name) throws IOException {
		Path file = Files.writeString(this.directory.resolve(name), "old");
		try (MappingRegistry declaring = MappingRegistry.builder()
			.mapper(this.mapper)
			.declare("file", MappingSpec.file(file).reloadOnUpdate(true).build())
			.build()) {
			assertThat(text(declaring.get("file"))).isEqualTo("old");
			assertThat(declaring.mappings()).singleElement()
				.satisfies((mapping) -> assertThat(mapping.fileState()).isEqualTo(FileState.UNCHANGED));
			Files.move(Files.writeString(this.directory.resolve("next"), "new"), file, StandardCopyOption.ATOMIC_MOVE);
			declaring.reload("file");
			assertThat(text(declaring.get("file"))).isEqualTo("new");
			assertThat(declaring.get("file").residency().resident() != null)
				.isEqualTo(this.mapper == MapperType.NATIVE);
		}
	}

	private static String text(MemoryMapping mapping) {
		return new String(mapping.segment().toArray(JAVA_BYTE), StandardCharsets.UTF_8);
	}

	private void assertRefused(Path path, Class<? extends MappingException> type, String problem, String remedy) {
		assertThatExceptionOfType(type).isThrownBy(() -> this.registry.map(MappingSpec.file(path).build()))
			.isExactlyInstanceOf(type)
			.satisfies((ex) -> {
				assertThat(ex.problem()).contains(problem);
				assertThat(ex.remedy()).contains(remedy);
			});
	}

}
