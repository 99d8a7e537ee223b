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
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the native mapper does about the lock when a system call fails.
 */
@ExtendWith(NothingLeftBehind.class)
class LockFailureTests {

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() {
		this.file = this.directory.resolve("file");
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void theFileIsLeftToWhoWasFasterToLockIt() {
		this.calls.failOnce("lock", Errno.EAGAIN);
		assertThatExceptionOfType(MappedFileLockedException.class).isThrownBy(() -> this.registry.map(creating()))
			.withMessageContaining(this.file.toString())
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EAGAIN));
		assertThat(this.file).exists();
		assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
	}

	@Test
	void theOtherErrorThatStandsForALockOfSomebodyElseIsUnderstood() {
		this.calls.failOnce("lock", Errno.EACCES);
		assertThatExceptionOfType(MappedFileLockedException.class).isThrownBy(() -> this.registry.map(creating()));
	}

	@Test
	void aFileSystemWithoutLocksIsExplainedAndNoFileIsLeft() {
		this.calls.failOnce("lock", Errno.ENOLCK);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(creating()))
			.isNotInstanceOf(MappedFileLockedException.class)
			.withMessageContaining(this.file.toString())
			.withMessageContaining("ENOLCK")
			.withMessageContaining("Set 'exclusive' to false if no other process writes to it, or use a file system")
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.ENOLCK));
		assertThat(this.file).doesNotExist();
		assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
	}

	@Test
	void aMappingThatFailsAfterItLockedTheFileGivesTheLockBack() throws IOException {
		Files.write(this.file, new byte[10_000]);
		this.calls.failOnce("mmap", Errno.ENOMEM);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(readWrite()));
		assertThat(ProcessMaps.locks(this.file)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
	}

	@Test
	void aMappingThatFailsLeavesTheLockToTheOthers() throws IOException {
		Files.write(this.file, new byte[10_000]);
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			this.calls.failOnce("mmap", Errno.ENOMEM);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(readWrite()));
			assertThat(mapping.length()).isEqualTo(10_000);
			assertThat(ProcessMaps.locks(this.file)).hasSize(1);
		}
	}

	@Test
	void theLockIsKeptAsLongAsUnmappingFails() throws IOException {
		Files.write(this.file, new byte[10_000]);
		MemoryMapping mapping = this.registry.map(readWrite());
		this.calls.failOnce("munmap", Errno.ENOMEM);
		assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::close);
		assertThat(ProcessMaps.locks(this.file)).hasSize(1);
		mapping.close();
		assertThat(ProcessMaps.locks(this.file)).isEmpty();
	}

	private MappingSpec creating() {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).length(10_000).create(true).build();
	}

	private MappingSpec readWrite() {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build();
	}

}
