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
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Where a file is created, and who may use it then. A symbolic link is trusted if nobody
 * else could have put it where it is.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class CreatedFileTests {

	private static final int SIZE = 5000;

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	/** What a link must not lead to. */
	private Path precious;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.precious = Files.writeString(this.directory.resolve("precious"), "mine");
		this.registry = MappingRegistry.builder().mapper(this.mapper).build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
	}

	@Test
	void onlyItsOwnerMayUseIt() throws IOException {
		Path file = this.directory.resolve("file");
		this.registry.map(creating(file)).close();
		assertMode(file, "rw-------");
	}

	@Test
	@Fault("umask-grants-everything")
	void onlyItsOwnerMayUseItEvenIfTheProcessGrantsEverythingToAll() throws Exception {
		Path file = this.directory.resolve("file");
		try (MappingProcess process = MappingProcess.start(this.mapper, "sh", "-c", "umask 000; exec \"$@\"", "sh")) {
			process.beginToCreate(file);
			assertThat(process.answer()).isEqualTo("mapped");
		}
		assertMode(file, "rw-------");
	}

	@Test
	void aFileThatExistsKeepsItsPermissions() throws IOException {
		Files.setPosixFilePermissions(this.precious, PosixFilePermissions.fromString("rw-r--r--"));
		this.registry.map(creating(this.precious)).close();
		assertMode(this.precious, "rw-r--r--");
	}

	@Test
	void missingDirectoriesAboveItAreCreated() {
		assertCreates(this.directory.resolve("a/b/c/file"), this.directory.resolve("a/b/c/file"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "rwxrwxrwx", "rwxrwxr-x", "rwxr-xrwx", "rwx-w----" })
	@Fault("planted-link")
	void aLinkInADirectoryThatOthersMayWriteIsNotFollowedToAFile(String mode) throws IOException {
		Path open = directory("open", mode);
		assertRefused(Files.createSymbolicLink(open.resolve("link"), this.precious), open.resolve("link"), open);
	}

	@Test
	void theStickyBitMakesNoLinkTrusted() throws IOException {
		Path open = directory("open", "rwxrwxrwx");
		Files.setAttribute(open, "unix:mode", 01777);
		assertRefused(Files.createSymbolicLink(open.resolve("link"), this.precious), open.resolve("link"), open);
	}

	@ParameterizedTest
	@ValueSource(strings = { "rwxrwxrwx", "rwxrwxr-x" })
	void aLinkInADirectoryThatOthersMayWriteIsNotFollowedToCreateAFile(String mode) throws IOException {
		Path open = directory("open", mode);
		Path target = this.directory.resolve("new");
		assertRefused(Files.createSymbolicLink(open.resolve("link"), target), open.resolve("link"), open);
		assertThat(target).doesNotExist();
	}

	@ParameterizedTest
	@ValueSource(strings = { "rwxrwxrwx", "rwxrwxr-x" })
	void aLinkInADirectoryThatOthersMayWriteIsNotFollowedOnTheWay(String mode) throws IOException {
		Path open = directory("open", mode);
		Path link = Files.createSymbolicLink(open.resolve("link"), this.directory);
		assertRefused(link.resolve("precious"), link, open);
		assertRefused(link.resolve("a/new"), link, open);
		assertThat(this.directory.resolve("a")).doesNotExist();
	}

	@Test
	void aTrustedLinkLeadsToNoUntrustedOne() throws IOException {
		Path open = directory("open", "rwxrwxrwx");
		Path untrusted = Files.createSymbolicLink(open.resolve("link"), this.precious);
		assertRefused(Files.createSymbolicLink(this.directory.resolve("link"), untrusted), untrusted, open);
	}

	@Test
	void aLinkInADirectoryOfAnotherUserIsNotFollowed() throws IOException {
		Path foreign = directory("foreign", "rwxr-xr-x");
		Path link = Files.createSymbolicLink(foreign.resolve("link"), this.precious);
		try {
			Files.setAttribute(foreign, "unix:uid", 12_345);
		}
		catch (IOException ex) {
			assumeThat(ex).as("skipped: only root can give a directory away").isNull();
		}
		assertRefused(link, link, foreign);
	}

	@Test
	void aLinkThatOnlyTheOwnerCanHaveMadeIsFollowed() throws IOException {
		// As Kubernetes lays out a volume
		Path revision = Files.createDirectory(this.directory.resolve("..2026_01_01"));
		Files.createSymbolicLink(this.directory.resolve("..data"), Path.of("..2026_01_01"));
		assertCreates(this.directory.resolve("..data/file"), revision.resolve("file"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), Path.of("..data/file"));
		assertOpens(link, revision.resolve("file"));
	}

	@Test
	void aLinkToALinkIsFollowed() throws IOException {
		Path first = Files.createSymbolicLink(this.directory.resolve("first"), this.precious);
		Path second = Files.createSymbolicLink(this.directory.resolve("second"), first);
		assertOpens(second, this.precious);
	}

	@Test
	void aFileIsCreatedInADirectoryThatOthersMayWrite() throws IOException {
		Path file = directory("open", "rwxrwxrwx").resolve("file");
		assertCreates(file, file);
	}

	@Test
	void whoCreatesNothingFollowsAnyLink() throws IOException {
		Path open = directory("open", "rwxrwxrwx");
		Path link = Files.createSymbolicLink(open.resolve("link"), this.precious);
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(link).access(MappingAccess.READ_WRITE).build())) {
			assertThat(mapping.segment().get(JAVA_BYTE, 0)).isEqualTo((byte) 'm');
		}
	}

	@Test
	void theParentOfWhatALinkLeadsToIsTheOneOnDisk() throws IOException {
		Path inner = Files.createDirectories(this.directory.resolve("outer/inner"));
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), inner);
		assertCreates(link.resolve("../file"), this.directory.resolve("outer/file"));
		assertThat(this.directory.resolve("file")).doesNotExist();
	}

	@Test
	void dotsInThePathMeanWhatTheyMeanToTheSystem() {
		assertCreates(this.directory.resolve("./../" + this.directory.getFileName() + "/././file"),
				this.directory.resolve("file"));
	}

	@Test
	void noPathLeadsAboveTheRoot() throws IOException {
		Path root = this.directory.toRealPath();
		assertCreates(Path.of("/../..", root.toString(), "file"), root.resolve("file"));
	}

	@Test
	void aRelativePathStartsAtTheWorkingDirectory() throws IOException {
		Path relative = Path.of("").toRealPath().relativize(this.directory.toRealPath()).resolve("file");
		assertCreates(relative, this.directory.resolve("file"));
	}

	@Test
	void aLinkThatLeadsNowhereIsRefused() throws IOException {
		Path target = this.directory.resolve("nowhere");
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), target);
		assertThatExceptionOfType(MappedFileNotFoundException.class).isThrownBy(() -> this.registry.map(creating(link)))
			.withMessageContaining(link.toString())
			.withMessageContaining("a symbolic link that leads nowhere")
			.withMessageContaining("Create what the link leads to, or remove it.");
		assertThat(target).doesNotExist();
	}

	@Test
	void linksInACircleAreRefused() throws IOException {
		Path first = this.directory.resolve("first");
		Path second = Files.createSymbolicLink(this.directory.resolve("second"), first);
		Files.createSymbolicLink(first, second.resolve("x"));
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(creating(first)))
			.withMessageContaining(first.toString());
	}

	private void assertRefused(Path path, Path link, Path directory) throws IOException {
		assertThatExceptionOfType(MappedFileAccessDeniedException.class)
			.isThrownBy(() -> this.registry.map(creating(path)))
			.withMessageStartingWith("Cannot map file '" + path + "' (read-write, offset 0, length 5000): ")
			.withMessageContaining("through the symbolic link '" + link + "'")
			.withMessageContaining("others may write to the directory '" + directory + "'")
			.withMessageContaining("Give the path without the link")
			.withMessageContaining("chmod go-w " + directory);
		assertThat(this.precious).hasContent("mine");
	}

	private void assertCreates(Path path, Path expected) {
		assertThat(expected).doesNotExist();
		this.registry.map(creating(path)).close();
		assertThat(expected).isRegularFile().hasSize(SIZE);
	}

	private void assertOpens(Path path, Path expected) throws IOException {
		try (MemoryMapping mapping = this.registry.map(creating(path))) {
			mapping.segment().set(JAVA_BYTE, SIZE - 1, (byte) 7);
		}
		assertThat(Files.readAllBytes(expected)).hasSize(SIZE).endsWith((byte) 7);
	}

	private Path directory(String name, String mode) throws IOException {
		return Files.setPosixFilePermissions(Files.createDirectory(this.directory.resolve(name)),
				PosixFilePermissions.fromString(mode));
	}

	private static void assertMode(Path file, String mode) throws IOException {
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo(mode);
	}

	static MappingSpec creating(Path file) {
		return MappingSpec.file(file).access(MappingAccess.READ_WRITE).length(SIZE).create(true).build();
	}

}
