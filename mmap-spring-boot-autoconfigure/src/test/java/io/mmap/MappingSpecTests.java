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
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What a spec accepts and says.
 */
class MappingSpecTests {

	private static final Path FILE = Path.of("some", "file.bin");

	@Test
	void isReadOnlyAndTheWholeFileByDefault() {
		MappingSpec spec = MappingSpec.file(FILE).build();
		assertThat(spec.source()).isEqualTo(new MappingSource.File(FILE));
		assertThat(spec.access()).isEqualTo(MappingAccess.READ_ONLY);
		assertThat(spec.offset()).isZero();
		assertThat(spec.length()).isNull();
		assertThat(spec.create()).isFalse();
		assertThat(spec.label()).isNull();
	}

	@Test
	void keepsWhatItWasGiven() {
		MappingSpec spec = MappingSpec.file(FILE)
			.access(MappingAccess.READ_WRITE)
			.offset(5)
			.length(Long.MAX_VALUE - 5)
			.create(true)
			.label("a label")
			.build();
		assertThat(spec.access()).isEqualTo(MappingAccess.READ_WRITE);
		assertThat(spec.offset()).isEqualTo(5);
		assertThat(spec.length()).isEqualTo(Long.MAX_VALUE - 5);
		assertThat(spec.create()).isTrue();
		assertThat(spec.label()).isEqualTo("a label");
		assertThat(spec).hasToString("file 'some/file.bin' (read-write, offset 5, length 9223372036854775802)");
	}

	@Test
	void aBuilderThatIsUsedOnDoesNotChangeWhatItBuilt() {
		MappingSpec.FileBuilder builder = MappingSpec.file(FILE);
		MappingSpec spec = builder.build();
		builder.offset(7);
		assertThat(spec.offset()).isZero();
	}

	@Test
	void refusesAPathOfAnotherFileSystem(@TempDir Path directory) throws IOException {
		try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("a.zip"), Map.of("create", "true"))) {
			assertThatIllegalArgumentException().isThrownBy(() -> MappingSpec.file(zip.getPath("/etc/hostname")))
				.withMessageContaining("/etc/hostname")
				.withMessageContaining("file system 'jar'");
		}
	}

	@Test
	void refusesANegativeOffset() {
		assertRefused(MappingSpec.file(FILE).offset(-1), "offset must not be negative, but is -1");
	}

	@Test
	void refusesALengthThatIsNotPositive() {
		assertRefused(MappingSpec.file(FILE).length(0), "length must be positive, but is 0");
		assertRefused(MappingSpec.file(FILE).length(-4096), "length must be positive, but is -4096");
	}

	@Test
	void refusesARangeThatOverflows() {
		assertRefused(MappingSpec.file(FILE).offset(2).length(Long.MAX_VALUE - 1),
				"offset is 2 and length is 9223372036854775806");
	}

	@Test
	void refusesToCreateWhatIsNotShared() {
		assertRefused(MappingSpec.file(FILE).length(1).create(true), "create needs access read-write");
		assertRefused(MappingSpec.file(FILE).access(MappingAccess.COPY_ON_WRITE).length(1).create(true),
				"but access is copy-on-write");
	}

	@Test
	void refusesToCreateWithoutALength() {
		assertRefused(MappingSpec.file(FILE).access(MappingAccess.READ_WRITE).create(true), "create needs a length");
	}

	@Test
	void refusesALabelThatWouldSpoilALog() {
		assertRefused(MappingSpec.file(FILE).label("a\nb"), "label must not contain control characters");
		assertRefused(MappingSpec.file(FILE).label("x".repeat(201)), "at most 200 characters, but has 201");
	}

	private static void assertRefused(MappingSpec.FileBuilder builder, String message) {
		assertThatIllegalArgumentException().isThrownBy(builder::build)
			.withMessageContaining(message)
			.withMessageContaining(FILE.toString());
	}

}
