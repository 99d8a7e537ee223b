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

package io.mmap.sample.wordnet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.mmap.MappingRefusedException;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link DictionaryValidator}, on the real files and what can happen to them.
 */
class DictionaryValidatorTests {

	@TempDir
	static Path secondEdition;

	@TempDir
	Path directory;

	@BeforeAll
	static void writeSecondEdition() throws IOException {
		SecondEdition.write(secondEdition);
	}

	@BeforeEach
	void copyDictionary() throws IOException {
		FileSystemUtils.copyRecursively(WordNetFiles.DICTIONARY, this.directory);
	}

	private static void map(Path directory) {
		WordNetFiles.registry(directory).validator(new DictionaryValidator("dictionary")).build().close();
	}

	private void assertRefused(String reason) {
		assertThatException().isThrownBy(() -> map(this.directory))
			.havingRootCause()
			.satisfies((ex) -> assertThat(ex).hasMessageContaining(reason));
		assertThatException().isThrownBy(() -> map(this.directory))
			.satisfies((ex) -> assertThat(ex.getCause()).isInstanceOf(MappingRefusedException.class)
				.hasMessageContaining(reason));
	}

	private byte[] read(String file) throws IOException {
		return Files.readAllBytes(this.directory.resolve(file));
	}

	@Test
	void dictionaryIsAccepted() {
		map(this.directory);
	}

	@Test
	void secondEditionIsAcceptedAndEachOfItsWordsIsMarked() {
		try (MappingRegistry registry = WordNetFiles.registry(secondEdition)
			.validator(new DictionaryValidator("dictionary"))
			.build()) {
			Word bank = WordNetFiles.open(registry).find("bank").orElseThrow();
			assertThat(bank.senses()).hasSize(18)
				.allMatch((sense) -> sense.definition().startsWith(SecondEdition.MARK));
			assertThat(bank.usages()).allMatch((usage) -> usage.taggedSenses() >= SecondEdition.MORE_TAGGED);
			assertThat(WordNetFiles.open(registry).find(SecondEdition.NEW_WORD)).isPresent();
		}
	}

	@Test
	void fileThatIsMissingIsNamed() throws IOException {
		Files.delete(this.directory.resolve("data.verb"));
		assertRefused("there is no data.verb, only [data.adj, data.adv, data.noun, index.adj,");
	}

	@Test
	void directoryWithoutAnyFileIsRefused() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
		Files.createDirectory(this.directory);
		assertRefused("there is no index.noun, only an empty set");
	}

	@Test
	void fileOfTheLicenceAloneIsEmpty() throws IOException {
		Files.writeString(this.directory.resolve("index.adv"), "  1 This software and database ...\n");
		assertRefused("index.adv of 35 bytes is empty");
	}

	@Test
	void fileThatWasCopiedInPartIsRefused() throws IOException {
		String content = new String(read("data.adj"), StandardCharsets.UTF_8);
		Files.writeString(this.directory.resolve("data.adj"), content.substring(0, 1_000_000));
		assertRefused("data.adj ends at 1000000 in the middle of a line");
	}

	@Test
	void dataThatEndsTooEarlyIsRefused() throws IOException {
		List<String> lines = Files.readAllLines(this.directory.resolve("data.adj"));
		Files.write(this.directory.resolve("data.adj"), lines.subList(0, lines.size() / 2));
		assertRefused("there is no record at ");
	}

	@Test
	void indexOfOneVersionWithTheDataOfAnotherIsRefused() throws IOException {
		Files.write(this.directory.resolve("data.adv"), Files.readAllBytes(secondEdition.resolve("data.adv")));
		assertRefused("data.adv has no record at ");
	}

	@Test
	void oneLetterMoreInTheDataIsNoticed() throws IOException {
		String content = new String(read("data.verb"), StandardCharsets.UTF_8);
		Files.writeString(this.directory.resolve("data.verb"), content.replaceFirst("\\| ", "| a"));
		assertRefused("data.verb has no record at ");
	}

	@Test
	void indexThatIsNotSortedIsRefused() throws IOException {
		List<String> lines = Files.readAllLines(this.directory.resolve("index.verb"));
		Files.write(this.directory.resolve("index.verb"), lines.reversed());
		assertRefused("which is not sorted");
	}

	@Test
	void otherMappingsAreNoneOfItsConcern() throws IOException {
		Path file = Files.writeString(this.directory.resolve("notes.txt"), "no dictionary");
		try (MappingRegistry registry = MappingRegistry.builder()
			.declare("notes", MappingSpec.file(file).build())
			.validator(new DictionaryValidator("dictionary"))
			.build()) {
			assertThat(registry.get("notes").length()).isEqualTo(13);
		}
	}

}
