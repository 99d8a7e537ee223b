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

package io.mmap.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.DeclaredMappingException;
import io.mmap.InvalidMappingException;
import io.mmap.MappedFileNotFoundException;
import io.mmap.MappedRangeException;
import io.mmap.MapperType;
import io.mmap.MappingRegistrar;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.UnmappableFileException;
import io.mmap.UnsupportedMappingOperationException;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Declarations that cannot be made: start-up fails with an exception of its own, whose
 * message says what is wrong and what to do, and nothing stays mapped or open. What is no
 * valid property at all is in {@link InvalidPropertyTests}.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapBadInputTests {

	private static final String JAR_RESOURCE = "classpath:org/springframework/core/SpringVersion.class";

	@TempDir
	Path directory;

	private Path file;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class));

	@BeforeEach
	void writeFile() throws IOException {
		this.file = Files.writeString(this.directory.resolve("words.bin"), "countries");
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "AUTO")
	void aMissingFile(MapperType mapper) {
		Path missing = this.directory.resolve("missing.bin");
		declaring("location=" + missing).withPropertyValues("mmap.mapper=" + mapper)
			.run(failsToMap(MappedFileNotFoundException.class, "Cannot map file '" + missing
					+ "' (read-only, offset 0, to the end): the file does not exist. Check the path."));
	}

	@Test
	void aMissingResource() {
		declaring("location=classpath:no/such/file.bin").run(failsAsInvalid("there is no class path resource"
				+ " [no/such/file.bin]. Check the location, and that what contains it is on the class path. Start it"
				+ " with 'optional:' if it may be missing."));
	}

	@Test
	void aPatternThatMatchesNothing() {
		String pattern = this.directory + "/*.txt";
		declaring("location=" + pattern)
			.run(failsAsInvalid("no file matches '" + pattern + "'. Check the pattern; a relative one starts at '"
					+ Path.of("").toAbsolutePath() + "'. Start it with 'optional:' if there may be none."));
	}

	@Test
	void aPatternOfTheClassPathThatMatchesNothing() {
		declaring("location=classpath*:no/such/*.bin")
			.run(failsAsInvalid("no file matches 'classpath*:no/such/*.bin'. Check the pattern, and that what contains"
					+ " the files is on the class path. Start it with 'optional:' if there may be none."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "access=read-only", "location=", "location=${no-value:}" })
	void aMissingLocation(String property) {
		declaring(property).run(failsAsInvalid(
				"location is missing. Give the file to map, such as 'file:/var/lib/geoip/ip-country.bin'."));
	}

	@Test
	void aHashSignInAFileLocation() {
		declaring("location=file:/tmp/a#b.bin")
			.run(failsAsInvalid("location 'file:/tmp/a#b.bin' has a '#', which ends the path in a location that starts"
					+ " with 'file:'. Write the path without 'file:', or '%23' for the '#'."));
	}

	@Test
	void bracesBesideWildcards() {
		declaring("location=" + this.directory + "/{1}/*.bin").run(failsAsInvalid("location '" + this.directory
				+ "/{1}/*.bin' has braces and wildcards. Use ?, * and ** as wildcards, and no braces beside them."));
	}

	@ParameterizedTest
	@CsvSource({ ",https://localhost/words.bin,words.bin", "optional:,https://localhost/words.bin,words.bin",
			",https://localhost/*.bin,''" })
	void aLocationOnTheNetwork(@Nullable String prefix, String location, String file) {
		declaring("location=" + Objects.requireNonNullElse(prefix, "") + location).run(failsAsInvalid(
				"location '" + location + "' is neither a file nor on the class path, but" + " URL [https://localhost/"
						+ file + "]. Use a path, or a location that starts with 'file:' or" + " 'classpath:'."));
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "AUTO")
	void aDirectory(MapperType mapper) {
		declaring("location=" + this.directory).withPropertyValues("mmap.mapper=" + mapper)
			.run(failsToMap(UnmappableFileException.class,
					"Cannot map file '" + this.directory
							+ "' (read-only, offset 0, to the end): it is a directory. Give the path of a file. In"
							+ " configuration, a location that ends with '/*' stands for all files in a directory."));
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "AUTO")
	void aRangePastTheEndOfAFileThatMayNotGrow(MapperType mapper) {
		declaring("location=" + this.file, "length=4KB").withPropertyValues("mmap.mapper=" + mapper)
			.run(failsToMap(MappedRangeException.class, "Cannot map file '" + this.file
					+ "' (read-only, offset 0, length 4096): offset 0 + length 4096 goes beyond the end of the file,"
					+ " which has 9 bytes. Leave out 'length' to map what is there, or use at most 9."));
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "AUTO")
	void anOffsetPastTheEnd(MapperType mapper) {
		declaring("location=" + this.file, "offset=10B").withPropertyValues("mmap.mapper=" + mapper)
			.run(failsToMap(MappedRangeException.class, "Cannot map file '" + this.file
					+ "' (read-only, offset 10, to the end): offset 10 lies beyond the end of the file, which has 9"
					+ " bytes. Use an offset of at most 9."));
	}

	@Test
	void aNegativeOffset() {
		declaring("location=" + this.file, "offset=-4KB")
			.run(failsAsInvalid("offset must not be negative, but is -4096. Use 0 or more."));
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "-4KB, -4096" })
	void aLengthThatIsNotPositive(String length, long bytes) {
		declaring("location=" + this.file, "length=" + length).run(failsAsInvalid(
				"length must be positive, but is " + bytes + ". Leave it out to map to the end, or use at least 1."));
	}

	@Test
	void aRangeThatOverflows() {
		declaring("location=" + this.file, "offset=2", "length=9223372036854775806")
			.run(failsAsInvalid("offset + length must not exceed 2^63-1, but offset is 2 and length is"
					+ " 9223372036854775806. Use smaller values."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "read-only", "copy-on-write" })
	void creatingWhatIsNotShared(String access) {
		declaring("location=" + this.file, "create=true", "length=1KB", "access=" + access)
			.run(failsAsInvalid("create needs access read-write, but access is " + access
					+ ". Set access to read-write, or leave out 'create'."));
	}

	@Test
	void creatingWithoutALength() {
		declaring("location=" + this.file, "create=true", "access=read-write")
			.run(failsAsInvalid("create needs a length, which is missing. Set 'length': how long the file must at least"
					+ " be, less the offset."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "read-only", "copy-on-write" })
	void lockingWhatIsNotShared(String access) {
		declaring("location=" + this.file, "exclusive=true", "access=" + access)
			.run(failsAsInvalid("exclusive needs access read-write, but access is " + access
					+ ". Set access to read-write, or leave out 'exclusive'."));
	}

	@ParameterizedTest
	@CsvSource({
			"access=read-write, access read-write, 'Use access read-only, or copy-on-write for changes that stay in memory.'",
			"create=true, create, Leave it out.", "exclusive=true, exclusive, Leave it out." })
	void anOptionThatMakesNoSenseForAResource(String property, String what, String remedy) {
		declaring("location=" + JAR_RESOURCE, property).run(failsAsInvalid(what + " makes no sense for '" + JAR_RESOURCE
				+ "', since what is on the class path cannot be written. " + remedy + " Or map a file."));
	}

	@Test
	void creatingWhatMatchesAPattern() {
		String pattern = this.directory + "/*.bin";
		declaring("location=" + pattern, "create=true", "access=read-write", "length=1KB")
			.run(failsAsInvalid("create makes no sense for the pattern '" + pattern
					+ "', which finds only what exists. Leave out 'create', or give the path of one file."));
	}

	@ParameterizedTest
	@CsvSource({ "GeoIP, geo-ip", "a_b, a-b", "[a/b], a-b", "[a.b], a-b", "-x, x", "x y, xy" })
	void aNameOutsideTheGrammar(String name, String similar) {
		String plain = name.replaceAll("[\\[\\]]", "");
		this.contextRunner.withPropertyValues("mmap.mappings." + name + ".location=" + this.file)
			.run(fails(InvalidMappingPropertiesException.class,
					"Mapping 'mmap.mappings." + plain + "' is not valid: '" + plain
							+ "' cannot be the name of a mapping. Use lower-case letters a-z,"
							+ " digits and hyphens, and no hyphen at the start, such as '" + similar + "'."));
	}

	@Test
	void aNameThatIsEmpty() {
		this.contextRunner.withPropertyValues("mmap.mappings..y.location=" + this.file)
			.run(fails(InvalidMappingPropertiesException.class,
					"Mapping 'mmap.mappings.' is not valid: '' cannot be the name of a mapping."
							+ " Use lower-case letters a-z, digits and hyphens, and no hyphen at the start."));
	}

	@Test
	void aReservedName() {
		this.contextRunner.withPropertyValues("mmap.mappings.ad-hoc.location=" + this.file)
			.run(fails(InvalidMappingPropertiesException.class,
					"Mapping 'mmap.mappings.ad-hoc' is not valid: 'ad-hoc' cannot be the name of a declared mapping:"
							+ " mappings that were not declared are called so. Choose another name."));
	}

	@Test
	void aNameThatCodeDeclaresAsWell() {
		declaring("location=" + this.file)
			.withBean(MappingRegistrar.class,
					() -> (declarations) -> declarations.declare("words", MappingSpec.file(this.file).build()))
			.run(fails(InvalidMappingException.class, "Invalid mapping 'words': a mapping 'words' is declared already."
					+ " Choose another name, or remove one of the declarations."));
	}

	@Test
	void whatWasMappedBeforeTheFailureIsUnmapped() {
		Path missing = this.directory.resolve("missing.bin");
		declaring("location=" + missing)
			.withPropertyValues("mmap.mappings.first.location=" + this.file,
					"mmap.mappings.zz-last.location=" + this.file)
			.run(failsToMap(MappedFileNotFoundException.class, "Cannot map file '" + missing
					+ "' (read-only, offset 0, to the end): the file does not exist. Check the path."));
	}

	@Test
	@Fault("failed-start")
	void whatWasMappedIsUnmappedWhenAnotherBeanFails() {
		declaring("location=" + this.file).withBean("failing", Object.class, () -> {
			throw new IllegalStateException("a bean of the application failed");
		}, (definition) -> definition.setDependsOn("mappingRegistry"))
			.run(fails(IllegalStateException.class, "a bean of the application failed"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "read-write", "copy-on-write" })
	void reloadingAMappingThatMayNotBeReloaded(String access) {
		declaring("location=" + this.file, "access=" + access).run((context) -> {
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> registry.reload("words"))
				.withMessage("Mapping 'words' cannot be reloaded: its access is " + access
						+ ", and what was written to the memory would be lost or torn apart. Map it read-only.");
			assertThat(ProcessMaps.regions(this.file)).hasSize(1);
		});
	}

	private ApplicationContextRunner declaring(String... properties) {
		ApplicationContextRunner runner = this.contextRunner;
		for (String property : properties) {
			runner = runner.withPropertyValues("mmap.mappings.words." + property);
		}
		return runner;
	}

	private ContextConsumer<AssertableApplicationContext> failsAsInvalid(String problemAndRemedy) {
		return fails(InvalidMappingPropertiesException.class,
				"Mapping 'mmap.mappings.words' is not valid: " + problemAndRemedy);
	}

	private ContextConsumer<AssertableApplicationContext> failsToMap(Class<? extends Throwable> type, String message) {
		return (context) -> {
			fails(DeclaredMappingException.class, "Mapping 'words' could not be made: " + message).accept(context);
			fails(type, message).accept(context);
		};
	}

	private ContextConsumer<AssertableApplicationContext> fails(Class<? extends Throwable> type, String message) {
		return (context) -> {
			assertThat(context).hasFailed();
			assertThat(Failure.of(type, context.getStartupFailure())).hasMessage(message);
			assertThat(ProcessMaps.regions(this.directory)).isEmpty();
			assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
		};
	}

}
