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

package io.mmap.sample.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.mmap.sample.SampleProperties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link Editions}.
 */
class EditionsTests {

	private static final Map<String, String> FIRST = Map.of("data.noun",
			"  1 This is a licence\n00000022 17 n 01 bank 0 000 | sloping land; \"a | bar\"\n00000070 | (botany) an ear\n",
			"index.noun", "bank n 1 | x\n");

	private static final Map<String, String> SECOND = Map.of("data.noun",
			"  1 This is a licence\n00000022 17 n 01 bank 0 000 | Sloping land; \"a | bar\"\n00000070 | (botany) an ear\n",
			"index.noun", "bank n 1 | x\n");

	@TempDir
	Path directory;

	private Path unpacked;

	private Path data;

	private Path dictionary;

	private Editions editions;

	@BeforeEach
	void unpack() throws IOException {
		this.unpacked = Files.createDirectories(this.directory.resolve("wordnet/dict"));
		this.data = this.directory.resolve("data");
		this.dictionary = this.data.resolve("dictionary");
		for (Map.Entry<String, String> file : FIRST.entrySet()) {
			Files.writeString(this.unpacked.resolve(file.getKey()), file.getValue(), StandardCharsets.ISO_8859_1);
		}
		this.editions = editions(this.dictionary);
	}

	private Editions editions(Path dictionary) {
		return new Editions(
				new SampleProperties(this.directory, this.directory.resolve("wordnet"), dictionary, this.data));
	}

	/**
	 * Return what the pattern {@code *.*} of the application finds.
	 */
	private static Map<String, String> content(Path directory) throws IOException {
		Map<String, String> content = new TreeMap<>();
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.filter((candidate) -> candidate.getFileName().toString().contains(".")).toList()) {
				content.put(file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
			}
		}
		return content;
	}

	@Test
	void firstEditionIsALinkToWhatTheBuildHasUnpacked() throws IOException {
		this.editions.install();
		assertThat(this.dictionary).isSymbolicLink();
		assertThat(this.dictionary.toRealPath()).isEqualTo(this.unpacked.toRealPath());
	}

	@Test
	void secondEditionStartsDefinitionsWithACapitalLetterAndMovesNoByte() throws IOException {
		this.editions.install();
		assertThat(this.editions.replace()).isTrue();
		assertThat(content(this.dictionary)).isEqualTo(SECOND);
	}

	@Test
	void replacingWritesNoFileOfTheBuild() throws IOException {
		this.editions.install();
		this.editions.replace();
		assertThat(content(this.unpacked)).isEqualTo(FIRST);
	}

	@Test
	void firstEditionComesBack() throws IOException {
		this.editions.install();
		this.editions.replace();
		assertThat(this.editions.replace()).isFalse();
		assertThat(this.dictionary.toRealPath()).isEqualTo(this.unpacked.toRealPath());
	}

	@Test
	void noMoreThanOneSecondEditionIsKept() throws IOException {
		this.editions.install();
		for (int i = 0; i < 7; i++) {
			this.editions.replace();
		}
		assertThat(content(this.dictionary)).isEqualTo(SECOND);
		assertThat(this.data.resolve("editions").toFile().list()).hasSize(1);
	}

	@Test
	void editionThatIsThereStays() throws IOException {
		this.editions.install();
		this.editions.replace();
		this.editions.install();
		assertThat(content(this.dictionary)).isEqualTo(SECOND);
	}

	@Test
	void linkThatLeadsNowhereIsMadeAnew() throws IOException {
		Files.createDirectories(this.data);
		Files.createSymbolicLink(this.dictionary, this.directory.resolve("gone"));
		this.editions.install();
		assertThat(content(this.dictionary)).isEqualTo(FIRST);
	}

	/**
	 * A directory that may not be written is one for everybody but root.
	 */
	@Test
	void dictionaryThatCannotBeMadeIsMissedWhenItIsMapped() throws IOException {
		Files.createFile(this.data);
		assertThatNoException().isThrownBy(this.editions::install);
		assertThat(this.dictionary).doesNotExist();
		assertThat(this.data).isEmptyFile();
	}

	@Test
	void nothingIsMadeWhereAnotherPlaceIsConfigured() throws IOException {
		Path configured = this.directory.resolve("configured");
		editions(configured).install();
		assertThat(configured).doesNotExist();
		assertThat(this.data).doesNotExist();
	}

	@Test
	void linkThatSomebodyElseHasMadeIsReplaced() throws IOException {
		Path link = Files.createSymbolicLink(this.directory.resolve("current"), this.unpacked);
		Editions configured = editions(link);
		configured.replace();
		assertThat(content(link)).isEqualTo(SECOND);
		configured.replace();
		assertThat(link.toRealPath()).isEqualTo(this.unpacked.toRealPath());
	}

	@Test
	void directoryThatIsNoLinkIsRefusedAndStaysAsItIs() throws IOException {
		assertThatIllegalStateException().isThrownBy(() -> editions(this.unpacked).replace())
			.withMessage("The directory of the dictionary is not a symbolic link, "
					+ "in the place of which another one could be renamed");
		assertThat(content(this.unpacked)).isEqualTo(FIRST);
	}

}
