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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A real {@code application.yml} with properties that do not exist, or whose values
 * cannot be understood: what the user reads, and that nothing stays mapped or open.
 */
@ExtendWith(NothingLeftBehind.class)
class InvalidPropertyTests {

	private static final String OPTIONS = "access, advice, copy, create, dont-dump, dont-fork, exclusive, flags, flush-interval, flush-on-unmap, huge-page-size,"
			+ " huge-pages, huge-tlb, label, lazy, length, location, locked, map-32bit, map-sync, no-reserve, offset,"
			+ " populate, preload, protection, protection-bits, reload-on-update, reserve, seals, shared, source, truncation, writable-and-executable";

	@TempDir
	Path directory;

	@Test
	@Fault("unknown-property")
	void anUnknownOption() throws IOException {
		assertAnalysis("acess: read-only", """
				There is no such property:

				    Property: mmap.mappings.words.acess
				    Value: "read-only"
				    Origin: %s - 5:14""", "Instead of 'mmap.mappings.words.acess' write 'mmap.mappings.words.access'."
				+ " 'mmap.mappings.words' has: " + OPTIONS + ".");
	}

	@Test
	void anUnknownOptionThatResemblesNone() throws IOException {
		assertAnalysis("prefault: true", """
				There is no such property:

				    Property: mmap.mappings.words.prefault
				    Value: "true"
				    Origin: %s - 5:17""", "Instead of 'mmap.mappings.words.prefault' write another name."
				+ " 'mmap.mappings.words' has: " + OPTIONS + ".");
	}

	@ParameterizedTest
	@CsvSource({ "length, 10XB, Unknown data unit suffix 'XB'", "offset, 1kb, Unknown data unit suffix 'kb'",
			"length, 1.5MB, '''1.5MB'' does not match data size pattern'",
			"length, much, '''much'' does not match data size pattern'", "length, 9000000TB, The number is too large",
			"offset, 9223372036854775808, The number is too large" })
	void aSizeThatCannotBeUnderstood(String option, String value, String reason) throws IOException {
		assertAnalysis(option + ": " + value, """
				The value of a property cannot be understood:

				    Property: mmap.mappings.words.%s
				    Value: "%s"
				    Origin: %%s - 5:15
				    Reason: %s""".formatted(option, value, reason),
				"Write a whole number with one of the units B, KB, MB, GB and TB, such as 64MB (1KB is 1024 bytes), for"
						+ " 'mmap.mappings.words." + option + "'.");
	}

	@Test
	void anUnknownAccess() throws IOException {
		assertAnalysis("access: write-only", """
				The value of a property cannot be understood:

				    Property: mmap.mappings.words.access
				    Value: "write-only"
				    Origin: %s - 5:15
				    Reason: There is no 'write-only'""",
				"Write one of 'read-only', 'read-write', 'copy-on-write' for 'mmap.mappings.words.access'.");
	}

	@Test
	void anUnknownSource() throws IOException {
		assertAnalysis("source: memory", """
				The value of a property cannot be understood:

				    Property: mmap.mappings.words.source
				    Value: "memory"
				    Origin: %s - 5:15
				    Reason: There is no 'memory'""",
				"Write one of 'file', 'anonymous', 'in-memory-file' for 'mmap.mappings.words.source'.");
	}

	@Test
	void unknownAdvice() throws IOException {
		assertAnalysis("advice: dont-dump, willneed",
				"""
						The value of a property cannot be understood:

						    Property: mmap.mappings.words.advice
						    Value: "dont-dump, willneed"
						    Origin: %s - 5:15
						    Reason: There is no advice 'willneed': use one of normal, random, sequential, will-need, dont-fork, \
						do-fork, mergeable, unmergeable, huge-page, no-huge-page, dont-dump, do-dump, wipe-on-fork, keep-on-fork, \
						cold, page-out, collapse, or the number of another one""",
				"Write the name of advice, such as 'will-need' or 'dont-dump', or several separated by commas, for"
						+ " 'mmap.mappings.words.advice'.");
	}

	@Test
	void unknownAdviceInAList() throws IOException {
		assertAnalysis("advice: [ dont-dump, willneed ]",
				"""
						The value of a property cannot be understood:

						    Property: mmap.mappings.words.advice[1]
						    Value: "willneed"
						    Origin: %s - 5:28
						    Reason: There is no advice 'willneed': use one of normal, random, sequential, will-need, dont-fork, \
						do-fork, mergeable, unmergeable, huge-page, no-huge-page, dont-dump, do-dump, wipe-on-fork, keep-on-fork, \
						cold, page-out, collapse, or the number of another one""",
				"Write the name of advice, such as 'will-need' or 'dont-dump', for 'mmap.mappings.words.advice[1]'.");
	}

	@Test
	void adviceThatDoesHarm() throws IOException {
		assertAnalysis("advice: 4",
				"""
						The value of a property cannot be understood:

						    Property: mmap.mappings.words.advice
						    Value: "4"
						    Origin: %s - 5:15
						    Reason: Advice 4 gives up the content of pages or makes them inaccessible. Use MappedRange.discard for \
						what DestructiveAdvice has; the rest is not offered""",
				"Write the name of advice, such as 'will-need' or 'dont-dump', or several separated by commas, for"
						+ " 'mmap.mappings.words.advice'.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "read, wirte|wirte", "wirte|wirte" })
	void unknownProtection(String value, String unknown) throws IOException {
		assertAnalysis("protection: " + value, """
				The value of a property cannot be understood:

				    Property: mmap.mappings.words.protection
				    Value: "%s"
				    Origin: %%s - 5:19
				    Reason: There is no '%s'""".formatted(value, unknown),
				"Write one of 'read', 'write', 'execute', or several separated by commas, for"
						+ " 'mmap.mappings.words.protection'.");
	}

	@Test
	void anUnknownSeal() throws IOException {
		assertAnalysis("seals: [ shrinking ]", """
				The value of a property cannot be understood:

				    Property: mmap.mappings.words.seals[0]
				    Value: "shrinking"
				    Origin: %s - 5:16
				    Reason: There is no seal 'shrinking': use one of seal, shrink, grow, write, future-write, or the \
				number of another one""",
				"Write one of 'seal', 'shrink', 'grow', 'future-write' for 'mmap.mappings.words.seals[0]'.");
	}

	@ParameterizedTest
	@CsvSource({ "many, 'For input string: \"many\"'",
			"0x80000000, Could not convert number [2147483648] of type [java.lang.Long] to target class [java.lang.Integer]: overflow" })
	void flagsThatAreNoNumber(String value, String reason) throws IOException {
		assertAnalysis("flags: " + value, """
				The value of a property cannot be understood:

				    Property: mmap.mappings.words.flags
				    Value: "%s"
				    Origin: %%s - 5:14
				    Reason: %s""".formatted((value.startsWith("0x")) ? "2147483648" : value, reason),
				"Write a whole number, such as 131072 or 0x20000, for 'mmap.mappings.words.flags'.");
	}

	@Test
	void anOptionBelowAList() throws IOException {
		assertAnalysis("advice: { first: cold }", """
				There is no such property:

				    Property: mmap.mappings.words.advice.first
				    Value: "cold"
				    Origin: %s - 5:24""",
				"'mmap.mappings.words.advice' is a list: write its values separated by commas, or number them from [0]"
						+ " on without a gap.");
	}

	@Test
	void aFlagThatIsNeitherTrueNorFalse() throws IOException {
		assertAnalysis("create: perhaps", """
				The value of a property cannot be understood:

				    Property: mmap.mappings.words.create
				    Value: "perhaps"
				    Origin: %s - 5:15
				    Reason: Invalid boolean value 'perhaps'""",
				"Write true or false for 'mmap.mappings.words.create'.");
	}

	@Test
	void aNameThatIsDeclaredTwice() throws IOException {
		Throwable failure = start("""
				mmap:
				  mappings:
				    words:
				      location: words.bin
				    words:
				      location: others.bin
				""");
		assertThat(Failure.of(DuplicateKeyException.class, failure)).hasMessage("""
				while constructing a mapping
				 in 'reader', line 3, column 5:
				        words:
				        ^
				found duplicate key words
				 in 'reader', line 5, column 5:
				        words:
				        ^
				""");
	}

	@ParameterizedTest
	@CsvSource({ "ip-country, ipcountry", "ipcountry, ip-country" })
	void aNameThatIsDeclaredTwiceWithAndWithoutAHyphen(String first, String second) throws IOException {
		Path file = Files.createFile(this.directory.resolve("words.bin"));
		Throwable failure = start("""
				mmap:
				  mappings:
				    %s:
				      location: %s
				    %s:
				      location: others.bin
				""".formatted(first, file, second));
		assertThat(Failure.of(InvalidMappingPropertiesException.class, failure))
			.hasMessage("Mapping 'mmap.mappings." + second + "' is not valid: a mapping '" + first
					+ "' is declared already, and names that differ in hyphens alone are the same. Choose another name,"
					+ " or remove one of the declarations.");
	}

	private void assertAnalysis(String option, String description, String action) throws IOException {
		Path file = Files.createFile(this.directory.resolve("words.bin"));
		Throwable failure = start("""
				mmap:
				  mappings:
				    words:
				      location: %s
				      %s
				""".formatted(file, option));
		assertThat(Failure.of(BindException.class, failure)).isNotNull();
		FailureAnalysis analysis = new InvalidPropertyFailureAnalyzer(new StandardEnvironment()).analyze(failure);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).isEqualTo(description.formatted("URL [" + yaml().toUri().toURL() + "]"));
		assertThat(analysis.getAction()).isEqualTo(action);
	}

	private Throwable start(String yaml) throws IOException {
		Files.writeString(yaml(), yaml);
		SpringApplication application = new SpringApplication(TestConfiguration.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return catchThrowable(() -> application.run("--spring.config.location=" + yaml().toUri()).close());
	}

	private Path yaml() {
		return this.directory.resolve("application.yml");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(MmapAutoConfiguration.class)
	static class TestConfiguration {

	}

}
