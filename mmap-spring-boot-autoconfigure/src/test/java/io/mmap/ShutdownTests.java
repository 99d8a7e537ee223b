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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.testsupport.CapturedLog;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * In which order all is unmapped at the end, and what is said of it.
 */
@ExtendWith(NothingLeftBehind.class)
class ShutdownTests {

	@TempDir
	Path directory;

	private final List<String> unmapped = new CopyOnWriteArrayList<>();

	private Path file;

	@BeforeEach
	void write() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), new byte[100]);
	}

	private MappingRegistry.Builder builder() {
		return MappingRegistry.builder().drainTimeout(Duration.ofMillis(20)).listener(new MappingListener() {

			@Override
			public void unmapped(MappingInfo mapping) {
				ShutdownTests.this.unmapped.add(mapping.name());
			}

		});
	}

	private MappingSpec spec() {
		return MappingSpec.file(this.file).build();
	}

	@Test
	void whatWasDeclaredLastIsUnmappedFirstAndTheSumIsLogged() {
		MappingRegistry registry = builder().declare("first", spec()).declare("second", spec()).build();
		try (CapturedLog log = new CapturedLog()) {
			registry.close();
			assertThat(log.messages(Level.INFO)).singleElement()
				.asString()
				.matches("Unmapped 2 mappings, 200 bytes, in [0-9.]+ ms");
			assertThat(log.messages(Level.ERROR)).isEmpty();
		}
		assertThat(this.unmapped).containsExactly("second", "first");
	}

	@Test
	void whatIsUnmappedAlreadyIsNotCounted() {
		MappingRegistry registry = builder().declare("words", spec()).build();
		registry.close();
		try (CapturedLog log = new CapturedLog()) {
			registry.close();
			assertThat(log.messages(Level.INFO)).isEmpty();
		}
		assertThat(this.unmapped).containsExactly("words");
	}

	@Test
	void whatIsOpenIsUnmappedBeforeWhatWasDeclaredAndReportedAsALeak() {
		MappingRegistry registry = builder().declare("words", spec()).build();
		MemoryMapping open = registry.map(spec());
		registry.close();
		assertThat(this.unmapped).containsExactly(open.name(), "words");
		assertThat(registry.leaks()).singleElement().satisfies((leak) -> {
			assertThat(leak.cause()).isEqualTo(LeakCause.OPEN_AT_SHUTDOWN);
			assertThat(leak.reclaimed()).isTrue();
		});
	}

	@Test
	void whatIsInUseIsReportedAsALeakThatStaysMapped() {
		MappingRegistry registry = builder().build();
		MemoryMapping used = registry.map(spec());
		MappingLease lease = used.acquire();
		registry.close();
		assertThat(registry.leaks()).singleElement().extracting(MappingLeak::reclaimed).isEqualTo(false);
		lease.close();
		registry.close();
		assertThat(registry.leaks()).hasSize(1);
		assertThat(this.unmapped).containsExactly(used.name());
	}

	@Test
	void withoutLeakDetectionNothingIsReported() {
		MappingRegistry registry = builder().leakDetection(LeakDetectionLevel.DISABLED).build();
		MemoryMapping open = registry.map(spec());
		registry.close();
		assertThat(registry.leaks()).isEmpty();
		assertThat(this.unmapped).containsExactly(open.name());
	}

}
