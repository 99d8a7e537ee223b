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

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.UnprivilegedProcess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Pages that are kept in memory.
 */
@ExtendWith(NothingLeftBehind.class)
class PageLockTests {

	private static final int PAGE = (int) new LinuxSystemCalls().pageSize();

	private static final int SIZE = 16 * PAGE;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	private long locked;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[SIZE]);
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
		this.locked = locked();
	}

	@AfterEach
	void closeRegistry() throws IOException {
		this.registry.close();
		assertThat(locked()).isEqualTo(this.locked);
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
	}

	@Test
	void allPagesAreBroughtInAndLockedUntilTheyAreUnmapped() throws IOException {
		MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build());
		mapping.lock();
		assertThat(ProcessMaps.flags(mapping.address())).contains("lo").doesNotContain("lf");
		assertThat(mapping.residency().resident()).isEqualTo(SIZE);
		assertThat(locked()).isEqualTo(this.locked + SIZE);
		mapping.close();
		assertThat(locked()).isEqualTo(this.locked);
	}

	@Test
	void pagesCanBeLockedOnceTheyAreAccessed() throws IOException {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			mapping.lockOnFault();
			assertThat(ProcessMaps.flags(mapping.address())).contains("lo", "lf");
			assertThat(mapping.residency().resident()).isZero();
		}
	}

	@Test
	void unlockingUndoesBoth() throws IOException {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			mapping.range(0, SIZE / 2).lock();
			mapping.range(SIZE / 2, SIZE / 2).lockOnFault();
			assertThat(locked()).isEqualTo(this.locked + SIZE);
			mapping.unlock();
			assertThat(locked()).isEqualTo(this.locked);
			assertThat(ProcessMaps.flags(mapping.address())).doesNotContain("lo", "lf");
		}
	}

	@Test
	void aRangeLocksThePagesThatItTouches() throws IOException {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			mapping.range(2 * PAGE - 1, 2).lock();
			assertThat(locked()).isEqualTo(this.locked + 2 * PAGE);
			assertThat(ProcessMaps.flags(mapping.address())).doesNotContain("lo");
			assertThat(ProcessMaps.flags(mapping.address() + PAGE)).contains("lo");
			mapping.range(PAGE, PAGE).unlock();
			assertThat(locked()).isEqualTo(this.locked + PAGE);
		}
	}

	@Test
	void aSpecCanAskForIt() throws IOException {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).locked(true).build())) {
			assertThat(ProcessMaps.flags(mapping.address())).contains("lo");
			assertThat(locked()).isEqualTo(this.locked + SIZE);
		}
	}

	@Test
	void aMappingThatCannotBeLockedAsItsSpecAsksIsNotMadeAtAll() throws IOException {
		this.calls.failOnce("mlock", Errno.ENOMEM);
		assertThatExceptionOfType(MappingException.class)
			.isThrownBy(() -> this.registry.map(MappingSpec.file(this.file).locked(true).build()));
		assertThat(ProcessMaps.regions(this.file)).isEmpty();
	}

	@Test
	void aRefusalLeavesTheMappingAsItWas() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).build())) {
			this.calls.failOnce("mlock", Errno.EAGAIN);
			assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::lock)
				.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EAGAIN));
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isZero();
			mapping.lock();
		}
	}

	@Test
	void theJdkMapperRefusesWithWhatToDo() {
		try (MappingRegistry jdk = MappingRegistry.builder().mapper(MapperType.JDK).build();
				MemoryMapping mapping = jdk.map(MappingSpec.file(this.file).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(mapping::lock)
				.withMessageContaining("--enable-native-access=ALL-UNNAMED");
		}
	}

	@Test
	@Fault("locked-memory-limit")
	void theLimitOfTheProcessIsNamedWithWhatItWouldHaveToBe() throws Exception {
		UnprivilegedProcess process = UnprivilegedProcess.withClassPathIn(this.directory, Limited.class);
		process.assumeAvailable();
		UnprivilegedProcess.Result result = process.run(this.file.toString());
		assertThat(result.line("whole")).contains("The process may lock 65536 bytes, of which 0 are in use, and 131072")
			.contains("ulimit -l 128")
			.contains("CAP_IPC_LOCK");
		assertThat(result.line("range")).isEqualTo("locked");
		assertThat(result.line("on fault")).contains("The process may lock 65536 bytes");
		assertThat(result.line("spec")).contains("The process may lock 65536 bytes");
	}

	private static long locked() throws IOException {
		return Files.readAllLines(Path.of("/proc/self/status"))
			.stream()
			.filter((line) -> line.startsWith("VmLck:"))
			.mapToLong((line) -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
			.sum();
	}

	/**
	 * What the process runs. Lowers its own limit, since anybody may.
	 */
	static final class Limited {

		public static void main(String[] args) throws IOException, InterruptedException {
			new ProcessBuilder("prlimit", "--pid", Long.toString(ProcessHandle.current().pid()),
					"--memlock=65536:65536")
				.inheritIO()
				.start()
				.waitFor();
			try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.NATIVE).build();
					MemoryMapping mapping = registry.map(MappingSpec.anonymous(128 << 10).build())) {
				tell("whole", mapping::lock);
				tell("range", mapping.range(0, 32 << 10)::lock);
				tell("on fault", mapping::lockOnFault);
				tell("spec", () -> registry.map(MappingSpec.anonymous(128 << 10).locked(true).build()).close());
			}
		}

		private static void tell(String name, Runnable operation) {
			try {
				operation.run();
				System.out.println(name + ": locked");
			}
			catch (MappingException ex) {
				System.out.println(name + ": " + ex.getMessage());
			}
		}

	}

}
