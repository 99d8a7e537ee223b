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
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
		FileMappingBuilder builder = MappingSpec.file(FILE);
		MappingSpec spec = builder.build();
		builder.offset(7);
		assertThat(spec.offset()).isZero();
	}

	@Test
	void refusesAPathOfAnotherFileSystem(@TempDir Path directory) throws IOException {
		try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("a.zip"), Map.of("create", "true"))) {
			assertInvalid(() -> MappingSpec.file(zip.getPath("/etc/hostname")), "location", "file '/etc/hostname'",
					"the path belongs to the file system 'jar', and only files of the default file system can be mapped",
					"Copy it to a file first, or map it with MappingSpec.resource(path.toUri().toURL()).");
		}
	}

	@Test
	void refusesANegativeOffset() {
		assertRefused(MappingSpec.file(FILE).offset(-1), "offset", "offset must not be negative, but is -1",
				"Use 0 or more.");
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -4096, Long.MIN_VALUE })
	void refusesALengthThatIsNotPositive(long length) {
		assertRefused(MappingSpec.file(FILE).length(length), "length", "length must be positive, but is " + length,
				"Leave it out to map to the end, or use at least 1.");
	}

	@Test
	void refusesARangeThatOverflows() {
		assertRefused(MappingSpec.file(FILE).offset(2).length(Long.MAX_VALUE - 1), "length",
				"offset + length must not exceed 2^63-1, but offset is 2 and length is 9223372036854775806",
				"Use smaller values.");
	}

	@ParameterizedTest
	@CsvSource({ "READ_ONLY, read-only", "COPY_ON_WRITE, copy-on-write" })
	void refusesToCreateWhatIsNotShared(MappingAccess access, String text) {
		assertRefused(MappingSpec.file(FILE).access(access).length(1).create(true), "create",
				"create needs access read-write, but access is " + text,
				"Set access to read-write, or leave out 'create'.");
	}

	@Test
	void refusesToCreateWithoutALength() {
		assertRefused(MappingSpec.file(FILE).access(MappingAccess.READ_WRITE).create(true), "create",
				"create needs a length, which is missing",
				"Set 'length': how long the file must at least be, less the offset.");
	}

	@ParameterizedTest
	@CsvSource({ "READ_ONLY, read-only", "COPY_ON_WRITE, copy-on-write" })
	void refusesToLockWhatIsNotShared(MappingAccess access, String text) {
		assertRefused(MappingSpec.file(FILE).access(access).exclusive(true), "exclusive",
				"exclusive needs access read-write, but access is " + text,
				"Set access to read-write, or leave out 'exclusive'.");
	}

	@Test
	void refusesALabelWithControlCharacters() {
		assertRefused(MappingSpec.file(FILE).label("a\nb"), "label", "label must not contain control characters",
				"Use one line of plain text.");
	}

	@Test
	void refusesALabelThatIsTooLong() {
		assertRefused(MappingSpec.file(FILE).label("x".repeat(201)), "label",
				"label must have at most 200 characters, but has 201", "Use a shorter one.");
	}

	@Test
	void whatNobodyAskedForIsKeptOnceForAllSpecs() {
		MappingSpec one = MappingSpec.file(Path.of("one")).build();
		MappingSpec other = MappingSpec.file(Path.of("other")).preload(false).build();
		assertThat(one.pages()).isSameAs(other.pages());
		assertThat(one.life()).isSameAs(other.life());
		assertThat(one.protection()).isSameAs(other.protection());
		assertThat(MappingSpec.file(Path.of("one")).locked(true).build().pages().locked()).isTrue();
	}

	@Test
	void namesTheResourceOfWhatItRefuses() throws IOException {
		URL url = URI.create("jar:file:/words.jar!/words.txt").toURL();
		assertInvalid(MappingSpec.resource(url).offset(-1)::build, "offset", "resource '" + url + "'",
				"offset must not be negative, but is -1", "Use 0 or more.");
	}

	private static void assertRefused(FileMappingBuilder builder, String option, String problem, String remedy) {
		assertInvalid(builder::build, option, "file 'some/file.bin'", problem, remedy);
	}

	private static void assertInvalid(ThrowingCallable call, String option, String source, String problem,
			String remedy) {
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(call)
			.withMessage("Invalid mapping of " + source + ": " + problem + ". " + remedy)
			.satisfies((ex) -> {
				assertThat(ex.option()).isEqualTo(option);
				assertThat(ex.problem()).isEqualTo(problem);
				assertThat(ex.remedy()).isEqualTo(remedy);
			});
	}

}
