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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappedFileAccessDeniedException;
import io.mmap.MappedFileNotFoundException;
import io.mmap.MappingAccess;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.Seal;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.Requirement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The sealed file of {@code docs/guides/sealed-file.md}, handed over to another JVM and
 * to a C program.
 */
@ExtendWith(NothingLeftBehind.class)
class SealedFileGuideTests {

	private static final byte[] CONTENT = { 1, 2, (byte) 255 };

	@TempDir
	Path directory;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() {
		this.registry = MappingRegistry.builder().build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void aSealedFileIsHandedOverAsStandardInput() throws Exception {
		try (MemoryMapping file = SealedFile.publish(this.registry, CONTENT)) {
			ProcessBuilder reader = OtherProcess.builder(OtherProcess.javaCommand(SealedFile.class));
			try (OtherProcess process = OtherProcess.of(SealedFile.handOver(file, reader.redirectErrorStream(true)))) {
				assertThat(process.line("sum")).isEqualTo("258");
				assertThat(process.exitCode()).isZero();
			}
		}
	}

	@Test
	void aSealedFileIsReadByACProgramEitherWay() throws Exception {
		Path program = compile("sealed");
		try (MemoryMapping file = SealedFile.publish(this.registry, CONTENT)) {
			String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + file.descriptor();
			try (OtherProcess byPath = OtherProcess.start(List.of(program.toString(), path));
					OtherProcess inherited = OtherProcess
						.of(SealedFile.handOver(file, new ProcessBuilder(program.toString())))) {
				assertThat(byPath.line("sum")).isEqualTo("258");
				assertThat(inherited.line("sum")).isEqualTo("258");
			}
		}
	}

	@Test
	void whatIsNotSealedIsRefused() throws Exception {
		Path program = compile("sealed");
		Path plain = Files.write(this.directory.resolve("plain"), new byte[100]);
		try (OtherProcess process = OtherProcess.start(List.of(program.toString(), plain.toString()));
				OtherProcess jvm = OtherProcess.of(OtherProcess.builder(OtherProcess.javaCommand(SealedFile.class))
					.redirectErrorStream(true)
					.redirectInput(plain.toFile())
					.start())) {
			assertThat(process.line("refused")).isEqualTo("it is not sealed");
			assertThat(jvm.line("Exception in thread \"main\" java.lang.IllegalArgumentException"))
				.isEqualTo("It could be changed, or truncated while we read it");
		}
	}

	@Test
	void itsMemoryStaysWhenTheProcessThatMadeItIsKilled() throws Exception {
		try (OtherProcess owner = OtherProcess.java(SealedFile.class, "100000")) {
			int descriptor = Integer.parseInt(owner.line("descriptor"));
			try (MemoryMapping file = SealedFile.open(this.registry, owner.pid(), descriptor)) {
				owner.kill();
				assertThat(SealedFile.sum(file.segment())).isEqualTo(100_000);
				assertThatExceptionOfType(MappedFileNotFoundException.class)
					.isThrownBy(() -> SealedFile.open(this.registry, owner.pid(), descriptor));
			}
		}
	}

	@Test
	void nobodyMapsItForWriting() {
		try (MemoryMapping file = SealedFile.publish(this.registry, CONTENT)) {
			Path path = Path.of("/proc/self/fd", "" + file.descriptor());
			assertThatExceptionOfType(MappedFileAccessDeniedException.class)
				.isThrownBy(() -> this.registry.map(MappingSpec.file(path).access(MappingAccess.READ_WRITE).build()));
			assertThat(SealedFile.isSealed(file.descriptor(), Seal.WRITE, Seal.SHRINK, Seal.GROW, Seal.SEAL)).isTrue();
		}
	}

	@Test
	void whatIsDeclaredIsSealedAndCanBeWritten() {
		GuideYaml.contextRunner("sealed-file.yml").run((context) -> {
			MemoryMapping frames = context.getBean(MappingRegistry.class).get("frames");
			assertThat(SealedFile.isSealed(frames.descriptor(), Seal.SHRINK, Seal.GROW, Seal.SEAL)).isTrue();
			assertThat(SealedFile.isSealed(frames.descriptor(), Seal.WRITE)).isFalse();
			assertThat(frames.segment().isReadOnly()).isFalse();
		});
	}

	@Test
	void anotherUserIsNotLetIn() throws Exception {
		Requirement.check(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv");
		List<String> asAnother = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
				"--inh-caps=-all", "env", "LC_ALL=C");
		try (OtherProcess trial = OtherProcess.start(Stream.concat(asAnother.stream(), Stream.of("true")).toList())) {
			Requirement.check(trial.exitCode() == 0, "the right to become another user");
		}
		try (MemoryMapping file = SealedFile.publish(this.registry, new byte[100])) {
			String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + file.descriptor();
			List<String> command = Stream.concat(asAnother.stream(), Stream.of("cat", path)).toList();
			try (OtherProcess other = OtherProcess.start(command)) {
				assertThat(other.line("cat")).isEqualTo(path + ": Permission denied");
			}
		}
	}

	private Path compile(String name) throws Exception {
		return CProgram.compile(Path.of("src", "test", "c", name + ".c"), this.directory);
	}

}
