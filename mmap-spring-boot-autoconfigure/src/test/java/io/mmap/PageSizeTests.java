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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.internal.ffi.LinuxSystemCalls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the system says of its pages.
 */
class PageSizeTests {

	private static final Path HUGE = Path.of("/sys/kernel/mm/hugepages");

	private static final Path TRANSPARENT = Path.of("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size");

	@TempDir
	Path directory;

	@Test
	void aPageIsAMultipleOf4096Bytes() {
		assertThat(PageSize.base()).isPositive().matches((size) -> size % 4096 == 0);
	}

	@Test
	void thePageSizeIsThatOfGetconf() throws IOException {
		Process getconf = new ProcessBuilder("getconf", "PAGESIZE").start();
		String size = new String(getconf.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
		assertThat(PageSize.base()).isEqualTo(Long.parseLong(size));
	}

	@Test
	void thePageSizeIsThatOfTheSystemCall() {
		assertThat(PageSize.base()).isEqualTo(new LinuxSystemCalls().pageSize());
	}

	@Test
	void theHugePagesAreThoseThatTheSystemLists() throws IOException {
		List<String> listed = List.of();
		if (Files.exists(HUGE)) {
			try (Stream<Path> entries = Files.list(HUGE)) {
				listed = entries.map((entry) -> entry.getFileName().toString()).toList();
			}
		}
		assertThat(PageSize.huge()).isSorted()
			.extracting((size) -> "hugepages-" + size / 1024 + "kB")
			.containsExactlyInAnyOrderElementsOf(listed);
	}

	@Test
	void hugePagesAreSortedByNumber() throws IOException {
		for (String name : List.of("hugepages-1048576kB", "hugepages-64kB", "hugepages-2048kB", "other")) {
			Files.createDirectory(this.directory.resolve(name));
		}
		assertThat(PageSize.huge(this.directory)).containsExactly(64L << 10, 2L << 20, 1L << 30);
	}

	@Test
	void aSystemWithoutHugePagesHasNone() {
		assertThat(PageSize.huge(this.directory.resolve("missing"))).isEmpty();
		assertThat(PageSize.transparentHuge(this.directory.resolve("missing"))).isEmpty();
	}

	@Test
	void theTransparentHugePageIsThatOfTheSystem() throws IOException {
		if (Files.exists(TRANSPARENT)) {
			assertThat(PageSize.transparentHuge()).hasValue(Long.parseLong(Files.readString(TRANSPARENT).strip()));
		}
		else {
			assertThat(PageSize.transparentHuge()).isEmpty();
		}
	}

	@Test
	void aTransparentHugePageThatIsNoNumberIsNone() throws IOException {
		assertThat(PageSize.transparentHuge(Files.writeString(this.directory.resolve("size"), "?\n"))).isEmpty();
	}

	@Test
	void thePageSizeIsFoundAmongOtherEntries() throws IOException {
		assertThat(PageSize.Base.read(auxiliaryVector(33, 0x7fff0000, 6, 65536, 0, 0)).size()).isEqualTo(65536);
	}

	@Test
	void aSystemThatDoesNotTellThePageSizeIsNotBelievedToHaveOne() throws IOException {
		assertThat(PageSize.Base.read(auxiliaryVector(33, 6, 0, 0)).size()).isZero();
		assertThat(PageSize.Base.read(auxiliaryVector(6, 5000, 6)).size()).isZero();
		PageSize.Base missing = PageSize.Base.read(this.directory.resolve("missing"));
		assertThat(missing.size()).isZero();
		assertThat(missing.failure()).isInstanceOf(NoSuchFileException.class);
	}

	@Test
	void aSystemThatDoesNotTellThePageSizeIsExplained() {
		NoSuchFileException failure = new NoSuchFileException("/proc/self/auxv");
		assertThatExceptionOfType(UnsupportedMappingOperationException.class)
			.isThrownBy(() -> new PageSize.Base(0, failure).orThrow())
			.withMessageContaining("/proc/self/auxv, which Linux on a 64-bit processor has")
			.withCause(failure);
	}

	private Path auxiliaryVector(long... values) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.nativeOrder());
		buffer.asLongBuffer().put(values);
		return Files.write(this.directory.resolve("auxv"), buffer.array());
	}

}
