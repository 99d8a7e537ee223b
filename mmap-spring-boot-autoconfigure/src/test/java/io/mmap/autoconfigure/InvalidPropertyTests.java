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

	private static final String OPTIONS = "access, create, exclusive, lazy, length, location, offset";

	@TempDir
	Path directory;

	@Test
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
