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

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.NothingLeftBehind;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who looks at a guarded file while its content is being saved.
 */
@ExtendWith(NothingLeftBehind.class)
class GuardedFileStateTests {

	@TempDir
	Path directory;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@Test
	@Fault("looked-at-while-content-is-saved")
	void whatIsSavedMeanwhileIsNotTakenForLost() throws Exception {
		Path file = Files.writeString(this.directory.resolve("words"), "w".repeat(20_000));
		CountDownLatch saved = new CountDownLatch(1);
		try (MappingRegistry registry = new DefaultMappingRegistryBuilder()
			.mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.declare("words", MappingSpec.file(file).truncation(TruncationPolicy.GUARD).build())
			// Nobody else is to look meanwhile
			.truncationCheckInterval(Duration.ofHours(1))
			.build()) {
			MappingInfo words = registry.mappings().getFirst();
			// So that there is a descriptor, which leads to it wherever it is
			registry.get("words").residency();
			Path moved = Files.move(file, this.directory.resolve("moved"));
			int before = looks();
			this.calls.waitBefore("fstat", saved);
			CompletableFuture<FileState> look = CompletableFuture.supplyAsync(words::fileState);
			try {
				await().until(() -> looks() > before);
				FileChannel.open(moved, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING).close();
				await().until(words::isDetached);
			}
			finally {
				saved.countDown();
			}
			assertThat(look.get(30, TimeUnit.SECONDS)).isEqualTo(FileState.UNKNOWN);
			assertThat(registry.get("words").segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 'w');
		}
	}

	private int looks() {
		return Collections.frequency(this.calls.made(), "fstat");
	}

}
