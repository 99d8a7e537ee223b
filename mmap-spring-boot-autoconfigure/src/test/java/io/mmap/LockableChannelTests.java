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
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the JDK mapper does about a file that changes while it is being opened.
 */
@ExtendWith(NothingLeftBehind.class)
class LockableChannelTests {

	@TempDir
	Path directory;

	@Test
	void aFileThatWasReplacedMeanwhileIsNotLockedInThePlaceOfTheNewOne() throws IOException {
		Path file = Files.write(this.directory.resolve("file"), new byte[1]);
		MappingSpec spec = MappingSpec.file(file).access(MappingAccess.READ_WRITE).build();
		try (LockableChannel channel = LockableChannel.open(spec, file, MapMode.READ_WRITE)) {
			Path replacement = Files.write(this.directory.resolve("new"), new byte[2]);
			Files.move(replacement, file, StandardCopyOption.ATOMIC_MOVE);
			assertThatExceptionOfType(MappingException.class).isThrownBy(() -> channel.lock(spec))
				.withMessageContaining(file.toString())
				.withMessageContaining("the file was replaced while it was being opened. Map it again.");
		}
		assertThat(ProcessMaps.locks(file)).isEmpty();
		try (LockableChannel channel = LockableChannel.open(spec, file, MapMode.READ_WRITE)) {
			channel.lock(spec);
			assertThat(ProcessMaps.locks(file)).hasSize(1);
		}
		assertThat(ProcessMaps.locks(file)).isEmpty();
	}

}
