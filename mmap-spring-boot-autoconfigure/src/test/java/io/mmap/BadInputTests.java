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
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * What cannot be mapped, with each mapper: what the user reads, and that nothing stays
 * open or registered. What a spec refuses by itself is in {@link MappingSpecTests}, and
 * what permissions forbid in {@link DeniedFileTests}.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class BadInputTests {

	private static final int SIZE = 4096;

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = Files.write(this.directory.resolve("file.bin"), new byte[SIZE]);
		this.registry = builder().build();
	}

	@AfterEach
	void nothingWasMappedOrCounted() {
		assertThat(this.registry.mappings()).isEmpty();
		assertThat(this.registry.leaks()).isEmpty();
		assertThat(this.registry.statistics()).allSatisfy((figures) -> {
			assertThat(figures.mappings()).isZero();
			assertThat(figures.mappedBytes()).isZero();
			assertThat(figures.mapCount()).isZero();
		});
		this.registry.close();
	}

	@Test
	@Fault("missing-file")
	void aMissingFile() {
		Path missing = this.directory.resolve("missing");
		assertRefused(MappingSpec.file(missing).build(), MappedFileNotFoundException.class,
				"Cannot map file '" + missing + "' (read-only, offset 0, to the end): the file does not exist",
				"Check the path.");
		assertThat(missing).doesNotExist();
	}

	@Test
	void aMissingFileWithARelativePath() {
		assertRefused(MappingSpec.file(Path.of("no-such-file")).build(), MappedFileNotFoundException.class,
				"Cannot map file 'no-such-file' (read-only, offset 0, to the end): the file does not exist",
				"Check the path, which starts at '" + Path.of("").toAbsolutePath() + "'.");
	}

	@Test
	void aMissingFileThatIsToBeWritten() {
		Path missing = this.directory.resolve("missing");
		assertRefused(MappingSpec.file(missing).access(MappingAccess.READ_WRITE).length(10).build(),
				MappedFileNotFoundException.class,
				"Cannot map file '" + missing + "' (read-write, offset 0, length 10): the file does not exist",
				"Check the path. Set 'create' to true and give a 'length' to have the file made.");
		assertThat(missing).doesNotExist();
	}

	@Test
	void aFileBelowAnotherFile() {
		Path below = this.file.resolve("below/file");
		assertRefused(MappingSpec.file(below).build(), MappedFileNotFoundException.class,
				"Cannot map file '" + below + "' (read-only, offset 0, to the end): the file does not exist:"
						+ " something above it is not a directory (see 'namei -l " + below + "')",
				"Check the path.");
	}

	@Test
	void aFileToBeCreatedBelowAnotherFile() {
		Path below = this.file.resolve("below/file");
		assertRefused(creating(below), MappedFileNotFoundException.class,
				"Cannot map file '" + below + "' (read-write, offset 0, length 10): the file does not exist:"
						+ " something above it is not a directory (see 'namei -l " + below + "')",
				"Check the path.");
	}

	@Test
	void aMissingResource() throws IOException {
		URL missing = inJar("missing.bin");
		assertRefused(MappingSpec.resource(missing).build(), MappedFileNotFoundException.class,
				"Cannot map resource '" + missing + "' (read-only, offset 0, to the end): the resource does not exist",
				"Check its name, and that what contains it is on the class path.");
	}

	@Test
	@Fault("symlink-to-nowhere")
	void aSymbolicLinkThatLeadsNowhereAndIsToBeCreated() throws IOException {
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), this.directory.resolve("nowhere"));
		assertRefused(creating(link), MappedFileNotFoundException.class,
				"Cannot map file '" + link + "' (read-write, offset 0, length 10):"
						+ " the path leads to a symbolic link that leads nowhere",
				"Create what the link leads to, or remove it.");
		assertThat(this.directory.resolve("nowhere")).doesNotExist();
	}

	@ParameterizedTest
	@CsvSource({ "READ_ONLY, read-only", "READ_WRITE, read-write", "COPY_ON_WRITE, copy-on-write" })
	@Fault("directory-in-place-of-file")
	void aDirectory(MappingAccess access, String text) {
		assertRefused(MappingSpec.file(this.directory).access(access).build(), UnmappableFileException.class,
				"Cannot map file '" + this.directory + "' (" + text + ", offset 0, to the end): it is a directory",
				"Give the path of a file. In configuration, a location that ends with '/*' stands for all files in a"
						+ " directory.");
	}

	@Test
	void aDirectoryToBeCreated() {
		assertRefused(creating(this.directory), UnmappableFileException.class,
				"Cannot map file '" + this.directory + "' (read-write, offset 0, length 10): it is a directory",
				"Give the path of a file. In configuration, a location that ends with '/*' stands for all files in a"
						+ " directory.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "words/", "words" })
	void aDirectoryInAJar(String name) throws IOException {
		URL words = inJar(name);
		assertRefused(MappingSpec.resource(words).build(), UnmappableFileException.class,
				"Cannot map resource '" + words + "' (read-only, offset 0, to the end): it is a directory",
				"Give the path of a file. In configuration, a location that ends with '/*' stands for all files in a"
						+ " directory.");
	}

	@ParameterizedTest
	@CsvSource({ "READ_ONLY, read-only", "READ_WRITE, read-write" })
	@Fault("pipe-in-place-of-file")
	void aNamedPipeInsteadOfWaitingForItsOtherEnd(MappingAccess access, String text) throws Exception {
		Path pipe = this.directory.resolve("pipe");
		assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
		assertTimeoutPreemptively(Duration.ofSeconds(10),
				() -> assertRefused(MappingSpec.file(pipe).access(access).build(), UnmappableFileException.class,
						"Cannot map file '" + pipe + "' (" + text + ", offset 0, to the end): it is a named pipe or a"
								+ " socket, which the system cannot map",
						"Give the path of a file."));
	}

	@Test
	@Fault("device-without-length")
	void aDeviceWithoutALength() {
		assertRefused(MappingSpec.file(Path.of("/dev/zero")).build(), UnmappableFileException.class,
				"Cannot map file '/dev/zero' (read-only, offset 0, to the end): it is not a regular file, so it has no"
						+ " end",
				"Set a 'length'.");
	}

	@ParameterizedTest
	@CsvSource({ "READ_ONLY, read-only, ''", "COPY_ON_WRITE, copy-on-write, ''",
			"READ_WRITE, read-write, ' Set ''create'' to true to have the file grown.'" })
	@Fault("truncated-before-mapping")
	void aRangePastTheEndOfAFileThatMayNotGrow(MappingAccess access, String text, String more) {
		assertRefused(MappingSpec.file(this.file).access(access).offset(SIZE - 10).length(11).build(),
				MappedRangeException.class,
				"Cannot map file '" + this.file + "' (" + text + ", offset 4086, length 11): offset 4086 + length 11"
						+ " goes beyond the end of the file, which has 4096 bytes",
				"Leave out 'length' to map what is there, or use at most 10." + more);
		assertThat(this.file).hasSize(SIZE);
	}

	@Test
	void aRangeThatStartsAtTheEnd() {
		assertRefused(MappingSpec.file(this.file).offset(SIZE).length(1).build(), MappedRangeException.class,
				"Cannot map file '" + this.file + "' (read-only, offset 4096, length 1): offset 4096 + length 1"
						+ " goes beyond the end of the file, which has 4096 bytes",
				"Use an offset below 4096.");
	}

	@Test
	void aRangeThatEndsAtTheLargestNumber() {
		assertRefused(MappingSpec.file(this.file).offset(1).length(Long.MAX_VALUE - 1).build(),
				MappedRangeException.class,
				"Cannot map file '" + this.file + "' (read-only, offset 1, length 9223372036854775806): offset 1 +"
						+ " length 9223372036854775806 goes beyond the end of the file, which has 4096 bytes",
				"Leave out 'length' to map what is there, or use at most 4095.");
	}

	@Test
	@Fault("empty-file")
	void aRangeOfAnEmptyFile() throws IOException {
		Path empty = Files.createFile(this.directory.resolve("empty"));
		assertRefused(MappingSpec.file(empty).length(1).build(), MappedRangeException.class,
				"Cannot map file '" + empty + "' (read-only, offset 0, length 1): offset 0 + length 1 goes beyond the"
						+ " end of the file, which has 0 bytes",
				"Leave out 'offset' and 'length', or have the file filled first.");
	}

	@Test
	void anOffsetPastTheEnd() {
		assertRefused(MappingSpec.file(this.file).offset(SIZE + 1).build(), MappedRangeException.class,
				"Cannot map file '" + this.file + "' (read-only, offset 4097, to the end): offset 4097 lies beyond the"
						+ " end of the file, which has 4096 bytes",
				"Use an offset of at most 4096.");
	}

	@Test
	void anOffsetPastTheEndOfAResource() throws IOException {
		URL resource = inJar("words/list.txt");
		assertRefused(MappingSpec.resource(resource).offset(11).build(), MappedRangeException.class,
				"Cannot map resource '" + resource + "' (read-only, offset 11, to the end): offset 11 lies beyond the"
						+ " end of the file, which has 10 bytes",
				"Use an offset of at most 10.");
	}

	@Test
	void aLazyMappingThatIsNotDeclared() {
		assertInvalid(() -> this.registry.map(MappingSpec.file(this.file).lazy(true).build()), "lazy",
				"mapping of file '" + this.file + "'",
				"lazy makes no sense for MappingRegistry.map, which maps at once",
				"Leave it out, or declare the mapping.");
	}

	@ParameterizedTest
	@CsvSource({ "A, a", "GeoIP, geo-ip", "a_b, a-b", "a.b, a-b", "a/b, a-b", "-a, a", "'a b', a-b",
			"\u00e9t\u00e9, t" })
	void aNameOutsideTheGrammarThatResemblesAnother(String name, String similar) {
		assertInvalid(() -> builder().declare(name, MappingSpec.file(this.file).build()), "name",
				"mapping '" + name + "'", "'" + name + "' cannot be the name of a mapping",
				"Use lower-case letters a-z, digits and hyphens, and no hyphen at the start, such as '" + similar
						+ "'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-", "\u00e4", "\\" })
	void aNameOutsideTheGrammar(String name) {
		assertInvalid(() -> builder().declareSet(name, Map.of()), "name", "mapping '" + name + "'",
				"'" + name + "' cannot be the name of a mapping",
				"Use lower-case letters a-z, digits and hyphens, and no hyphen at the start.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ad-hoc", "ad-hoc-7" })
	void aReservedName(String name) {
		assertInvalid(() -> builder().declare(name, MappingSpec.file(this.file).build()), "name",
				"mapping '" + name + "'",
				"'" + name + "' cannot be the name of a declared mapping: mappings that were not declared are called"
						+ " so",
				"Choose another name.");
	}

	@Test
	void aDuplicateName() {
		MappingSpec spec = MappingSpec.file(this.file).build();
		assertInvalid(() -> builder().declare("0-a9", spec).declare("0-a9", spec), "name", "mapping '0-a9'",
				"a mapping '0-a9' is declared already", "Choose another name, or remove one of the declarations.");
	}

	@Test
	void aSetWithTheNameOfAMapping() {
		assertInvalid(
				() -> builder().declare("words", MappingSpec.file(this.file).build()).declareSet("words", Map.of()),
				"name", "mapping 'words'", "a mapping 'words' is declared already",
				"Choose another name, or remove one of the declarations.");
	}

	@Test
	void aDeclarationThatFailsIsNamedAndUndoesThoseBefore() {
		Path missing = this.directory.resolve("missing");
		MappingRegistry.Builder builder = builder().declare("good", MappingSpec.file(this.file).build())
			.declare("bad", MappingSpec.file(missing).build());
		assertThatExceptionOfType(DeclaredMappingException.class).isThrownBy(builder::build)
			.withMessage("Mapping 'bad' could not be made: Cannot map file '" + missing
					+ "' (read-only, offset 0, to the end): the file does not exist. Check the path.")
			.withCauseExactlyInstanceOf(MappedFileNotFoundException.class)
			.satisfies((ex) -> assertThat(ex.name()).isEqualTo("bad"));
	}

	private void assertRefused(MappingSpec spec, Class<? extends MappingException> type, String problem,
			String remedy) {
		assertThatExceptionOfType(type).isThrownBy(() -> this.registry.map(spec))
			.isExactlyInstanceOf(type)
			.withMessage(problem + ". " + remedy)
			.satisfies((ex) -> {
				assertThat(ex.problem()).isEqualTo(problem);
				assertThat(ex.remedy()).isEqualTo(remedy);
			});
	}

	private static void assertInvalid(ThrowingCallable call, String option, String subject, String problem,
			String remedy) {
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(call)
			.withMessage("Invalid " + subject + ": " + problem + ". " + remedy)
			.satisfies((ex) -> {
				assertThat(ex.option()).isEqualTo(option);
				assertThat(ex.problem()).isEqualTo(problem);
				assertThat(ex.remedy()).isEqualTo(remedy);
			});
	}

	private static MappingSpec creating(Path path) {
		return MappingSpec.file(path).access(MappingAccess.READ_WRITE).length(10).create(true).build();
	}

	private URL inJar(String name) throws IOException {
		Path jar = this.directory.resolve("words.jar");
		try (OutputStream out = Files.newOutputStream(jar); ZipOutputStream zip = new ZipOutputStream(out)) {
			zip.putNextEntry(new ZipEntry("words/"));
			zip.putNextEntry(new ZipEntry("words/list.txt"));
			zip.write(new byte[10]);
		}
		return URI.create("jar:" + jar.toUri() + "!/" + name).toURL();
	}

	private MappingRegistry.Builder builder() {
		return MappingRegistry.builder().mapper(this.mapper);
	}

}
