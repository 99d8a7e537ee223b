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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.NothingLeftBehind;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A file that is truncated after its length was found out, and before it is mapped.
 */
@ExtendWith(NothingLeftBehind.class)
class TruncationRaceTests {

	private static final int SIZE = 20_000;

	@TempDir
	Path directory;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	private Path file;

	@BeforeEach
	void write() throws IOException {
		this.file = Files.writeString(this.directory.resolve("words.bin"), "w".repeat(SIZE));
	}

	@Test
	@Fault("truncated-while-mapping")
	void itIsMappedAndFoundToBeTruncated() throws Exception {
		try (MappingRegistry registry = mapWhileTruncating(MappingSpec.file(this.file).build())) {
			MappingInfo info = registry.mappings().getFirst();
			assertThat(info.fileState()).isEqualTo(FileState.TRUNCATED);
			assertThat(info.lostBytes()).isEqualTo(SIZE);
			try (MappingLease lease = registry.get("words").acquire()) {
				assertThatExceptionOfType(MappingTruncatedException.class)
					.isThrownBy(() -> lease.read((segment) -> segment.get(JAVA_BYTE, 0)));
			}
		}
	}

	@Test
	void itIsNotGuarded() throws Exception {
		try (MappingRegistry registry = mapWhileTruncating(
				MappingSpec.file(this.file).truncation(TruncationPolicy.GUARD).build())) {
			assertThat(registry.mappings().getFirst().isGuarded()).isFalse();
			assertThat(registry.warnings()).extracting(MappingWarning::kind).contains(MappingWarning.Kind.NOT_GUARDED);
		}
	}

	private MappingRegistry mapWhileTruncating(MappingSpec spec) throws Exception {
		CountDownLatch truncated = new CountDownLatch(1);
		this.calls.waitBefore("mmap", truncated);
		CompletableFuture<MappingRegistry> registry = CompletableFuture.supplyAsync(
				() -> new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
					.declare("words", spec)
					.build());
		try {
			await().until(() -> this.calls.made().contains("mmap"));
			try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
				channel.truncate(0);
			}
			truncated.countDown();
			return registry.get(30, TimeUnit.SECONDS);
		}
		catch (Throwable ex) {
			truncated.countDown();
			// Whenever there is one, even if nobody waits for it any more
			registry.thenAccept(MappingRegistry::close);
			throw ex;
		}
	}

}
