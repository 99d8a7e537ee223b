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

package io.mmap.chaos;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.MapperType;
import io.mmap.MappingRegistry;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.NothingLeftBehind;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes that come to an end while they map: by themselves, or by {@code kill -9}.
 */
@ExtendWith(NothingLeftBehind.class)
class ProcessDeathTests {

	/**
	 * What is killed ends with the number of the signal and 128.
	 */
	private static final int KILLED = 137;

	private static final int EXIT_CODE = 7;

	@TempDir
	Path directory;

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	@Fault("killed-while-writing")
	void whatWasStoredByAProcessThatIsKilledIsInTheFile(MapperType mapper) throws Exception {
		Path file = this.directory.resolve("numbers");
		List<String> lines = new ArrayList<>();
		try (DyingProcess process = DyingProcess.start(DyingProcess.Task.STORE_NUMBERS, mapper, file)) {
			lines.add(process.answer());
			Thread.sleep(ThreadLocalRandom.current().nextLong(200));
			lines.addAll(process.kill());
			assertThat(process.exitCode()).isEqualTo(KILLED);
		}
		// The last line may be a part of one
		List<String> whole = lines.subList(0, Math.max(1, lines.size() - 1));
		assertThat(whole).allMatch((line) -> line.matches("[0-9]+"));
		long last = Long.parseLong(whole.getLast());
		ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
		for (long number = Math.max(1, last - DyingProcess.NUMBERS + 1); number <= last; number++) {
			long found = content.getLong((int) (number % DyingProcess.NUMBERS) * Long.BYTES);
			assertThat(found).isIn(number, number + DyingProcess.NUMBERS);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	@Fault("killed-while-creating")
	void aFileThatWasBeingCreatedByAKilledProcessCanBeMapped(MapperType mapper) throws Exception {
		for (int round = 0; round < 2; round++) {
			Path files = Files.createDirectory(this.directory.resolve("files" + round));
			try (DyingProcess process = DyingProcess.start(DyingProcess.Task.CREATE_FILES, mapper, files)) {
				assertThat(process.answer()).isEqualTo("begun");
				Thread.sleep(0, ThreadLocalRandom.current().nextInt(1_000_000));
				Thread.sleep(ThreadLocalRandom.current().nextLong(40));
				process.kill();
			}
			List<Path> left;
			try (Stream<Path> found = Files.list(files)) {
				left = found.toList();
			}
			assertThat(left).isNotEmpty().allMatch((file) -> file.getFileName().toString().matches("file[0-9]+"));
			try (MappingRegistry registry = MappingRegistry.builder().mapper(mapper).build()) {
				for (Path file : left) {
					try (MemoryMapping mapping = registry.map(DyingProcess.creating(file))) {
						assertThat(mapping.length()).isEqualTo(DyingProcess.LENGTH);
						assertThat(mapping.segment().get(JAVA_LONG_UNALIGNED, DyingProcess.LENGTH - Long.BYTES))
							.isIn(0L, 42L);
						mapping.segment().fill((byte) 1);
					}
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	@Fault("exit-while-mapping")
	void anApplicationThatEndsWhileThreadsMapEndsWithItsExitCode(MapperType mapper) throws Exception {
		assertEndsWithItsExitCode(DyingProcess.Task.EXIT_SPRING, mapper);
	}

	@Test
	void aRegistryThatIsClosedByAShutdownHookWhileThreadsMapDoesNotKeepTheProcessFromEnding() throws Exception {
		assertEndsWithItsExitCode(DyingProcess.Task.EXIT_PLAIN, MapperType.AUTO);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	@Fault("halt-while-mapping")
	void aProcessThatIsHaltedWhileThreadsMapDoesNotCrash(MapperType mapper) throws Exception {
		assertEndsWithItsExitCode(DyingProcess.Task.HALT, mapper);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "EXIT_(IN|UNDER).*")
	@Fault("exit-in-a-callback")
	void whoExitsWhileTheRegistryCallsItEndsTheProcess(DyingProcess.Task task) throws Exception {
		assertEndsWithItsExitCode(task, MapperType.NATIVE);
	}

	private void assertEndsWithItsExitCode(DyingProcess.Task task, MapperType mapper) throws Exception {
		long seed = ThreadLocalRandom.current().nextLong();
		JavaProcess process = JavaProcess.run(this.directory, System.getProperty("java.class.path"),
				List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1",
						"-XX:ErrorFile=" + this.directory.resolve("hs_err.log")),
				DyingProcess.class, task.name(), mapper.name(), this.directory.toString(), Long.toString(seed));
		assertThat(process.exitCode()).as("exit code, seed %d: %s", seed, process.output()).isEqualTo(EXIT_CODE);
		assertThat(this.directory.resolve("hs_err.log")).doesNotExist();
		assertThat(process.output()).doesNotContain("Exception in thread", "fatal error");
	}

}
