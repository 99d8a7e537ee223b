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
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingInfo;
import io.mmap.MappingRegistry;
import io.mmap.MappingSet;
import io.mmap.MappingStatistics;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can be written as the location of a mapping.
 */
@ExtendWith(NothingLeftBehind.class)
class MmapLocationTests {

	@TempDir
	Path directory;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(MmapAutoConfiguration.class));

	@BeforeEach
	void writeFiles() throws IOException {
		Files.createDirectories(this.directory.resolve("shards/2025"));
		Files.createDirectories(this.directory.resolve("shards/2026"));
		Files.writeString(this.directory.resolve("shards/2026/b.bin"), "bee");
		Files.writeString(this.directory.resolve("shards/2026/a.bin"), "ay");
		Files.writeString(this.directory.resolve("shards/2025/a.bin"), "old");
		Files.writeString(this.directory.resolve("shards/2026/a.txt"), "text");
	}

	@Test
	void aPathIsAFile() {
		declaring(this.directory.resolve("shards/2026/a.bin").toString())
			.run((context) -> assertThat(MappedText.of(context.getBean(MemoryMapping.class))).isEqualTo("ay"));
	}

	@Test
	void aFileLocationIsAFile() {
		declaring("file:" + this.directory.resolve("shards/2026/a.bin"))
			.run((context) -> assertThat(MappedText.of(context.getBean(MemoryMapping.class))).isEqualTo("ay"));
	}

	@Test
	void spacesAndLettersOfAnyAlphabetAreWrittenAsTheyAre() throws IOException {
		Path odd = Files.createDirectory(this.directory.resolve("W\u00f6rter b\u00fccher 100%"));
		Files.writeString(odd.resolve("a b.bin"), "odd");
		for (String location : List.of(odd + "/a b.bin", "file:" + odd + "/a b.bin",
				odd.resolve("a b.bin").toUri().toString())) {
			declaring(location)
				.run((context) -> assertThat(MappedText.of(context.getBean(MemoryMapping.class))).as(location)
					.isEqualTo("odd"));
		}
		for (String location : List.of(odd + "/*.bin", "file:" + odd + "/*.bin")) {
			declaring(location).run((context) -> assertThat(context.getBean(MappingSet.class).asMap()).as(location)
				.containsOnlyKeys("a b.bin"));
		}
	}

	@Test
	void aRelativePathStartsAtTheWorkingDirectory() {
		for (String location : List.of("pom.xml", "./pom.xml", "file:pom.xml", "file:./pom.xml")) {
			declaring(location).run((context) -> assertThat(MappedText.of(context.getBean(MemoryMapping.class)))
				.isEqualTo(Files.readString(Path.of(System.getProperty("user.dir"), "pom.xml"))));
		}
	}

	@Test
	void aResourceThatIsAFileIsMappedItself() {
		declaring("classpath:" + MmapLocationTests.class.getName().replace('.', '/') + ".class").run((context) -> {
			MappingInfo mapping = context.getBean(MappingRegistry.class).mappings().getFirst();
			assertThat(mapping.resource()).isNull();
			assertThat(mapping.path()).isRegularFile();
		});
	}

	@Test
	void aResourceInsideOfAJarIsCopied() throws IOException {
		Path jar = jar("data/words.bin", "words of a jar");
		try (URLClassLoader loader = new URLClassLoader(new URL[] { jar.toUri().toURL() })) {
			declaring("classpath:data/words.bin").withClassLoader(loader).run((context) -> {
				assertThat(MappedText.of(context.getBean(MemoryMapping.class))).isEqualTo("words of a jar");
				MappingInfo mapping = context.getBean(MappingRegistry.class).mappings().getFirst();
				assertThat(mapping.path()).isNull();
				assertThat(mapping.resource()).hasToString("jar:" + jar.toUri().toURL() + "!/data/words.bin");
			});
		}
	}

	@Test
	void aResourceCanBeChangedInMemory() throws IOException {
		Path jar = jar("data/words.bin", "words of a jar");
		try (URLClassLoader loader = new URLClassLoader(new URL[] { jar.toUri().toURL() })) {
			declaring("classpath:data/words.bin").withPropertyValues("mmap.mappings.words.access=copy-on-write")
				.withClassLoader(loader)
				.run((context) -> {
					MemoryMapping mapping = context.getBean(MemoryMapping.class);
					mapping.asByteBuffer().put(0, (byte) 'W');
					assertThat(MappedText.of(mapping)).isEqualTo("Words of a jar");
				});
		}
	}

	@Test
	void aPatternOfAPathMakesASet() {
		declaring(this.directory + "/shards/*/*.bin").run((context) -> {
			MappingSet set = context.getBean(MappingSet.class);
			assertThat(set.name()).isEqualTo("words");
			assertThat(set.asMap()).containsOnlyKeys("2025/a.bin", "2026/a.bin", "2026/b.bin");
			assertThat(set.mappings()).extracting(MappedText::of).containsExactly("old", "ay", "bee");
			assertThat(MappedText.of(set.get("2026/b.bin"))).isEqualTo("bee");
		});
	}

	@Test
	void aPatternOfAFileLocationMakesASet() {
		declaring("file:" + this.directory + "/shards/**/?.bin")
			.run((context) -> assertThat(context.getBean(MappingSet.class).asMap()).containsOnlyKeys("2025/a.bin",
					"2026/a.bin", "2026/b.bin"));
	}

	@Test
	void aPatternWithoutADirectoryStartsAtTheWorkingDirectory() {
		declaring("pom.*")
			.run((context) -> assertThat(context.getBean(MappingSet.class).asMap()).containsOnlyKeys("pom.xml"));
	}

	@Test
	void aPatternInsideOfAJarMakesASet() throws IOException {
		Path jar = jar("data/one.bin", "one", "data/two.bin", "two", "data/three.txt", "three");
		try (URLClassLoader loader = new URLClassLoader(new URL[] { jar.toUri().toURL() })) {
			declaring("classpath:data/*.bin").withClassLoader(loader).run((context) -> {
				MappingSet set = context.getBean(MappingSet.class);
				assertThat(set.asMap()).containsOnlyKeys("one.bin", "two.bin");
				assertThat(set.mappings()).extracting(MappedText::of).containsExactly("one", "two");
			});
		}
	}

	@Test
	void directoriesThatMatchAPatternAreNoMembers() {
		declaring(this.directory + "/shards/*")
			.withPropertyValues("mmap.mappings.words.location=optional:" + this.directory + "/shards/*")
			.run((context) -> assertThat(context.getBean(MappingSet.class).asMap()).isEmpty());
	}

	@Test
	void aPatternThatFindsTheSameNameAtSeveralDepthsMakesASet() throws IOException {
		Path jar = jar("data/a.bin", "upper", "data/data/a.bin", "lower");
		try (URLClassLoader loader = new URLClassLoader(new URL[] { jar.toUri().toURL() })) {
			declaring("classpath:data/**/*.bin").withClassLoader(loader)
				.run((context) -> assertThat(context.getBean(MappingSet.class).asMap()).containsOnlyKeys("a.bin",
						"data/a.bin"));
		}
	}

	@Test
	void linksThatLeadInACircleDoNotKeepAPatternFromMatching() throws IOException {
		Files.createSymbolicLink(this.directory.resolve("shards/2026/up"), this.directory.resolve("shards"));
		for (String pattern : List.of("/shards/2026/*.bin", "/shards/2026/**/?.bin")) {
			declaring(this.directory + pattern)
				.run((context) -> assertThat(context.getBean(MappingSet.class).asMap()).as(pattern)
					.containsKeys("a.bin", "b.bin"));
		}
	}

	@Test
	void aSetIsInjectedByItsQualifier() {
		declaring(this.directory + "/shards/2026/*.bin").withBean(SetUser.class)
			.run((context) -> assertThat(context.getBean(SetUser.class).set.mappings()).hasSize(2));
	}

	@Test
	void theMembersOfASetAreFoundByTheirIds() {
		declaring(this.directory + "/shards/2026/*.bin").run((context) -> {
			MappingRegistry registry = context.getBean(MappingRegistry.class);
			assertThat(registry.mappings()).extracting(MappingInfo::name).containsExactly("words.1", "words.2");
			assertThat(registry.mappings()).extracting(MappingInfo::label).containsExactly("a.bin", "b.bin");
			assertThat(MappedText.of(registry.get("words.2"))).isEqualTo("bee");
		});
	}

	@Test
	void aSetIsCountedUnderItsName() {
		declaring(this.directory + "/shards/2026/*.bin").run((context) -> {
			MappingStatistics statistics = context.getBean(MappingRegistry.class).statistics().iterator().next();
			assertThat(statistics.name()).isEqualTo("words");
			assertThat(statistics.mappings()).isEqualTo(2);
			assertThat(statistics.mappedBytes()).isEqualTo(5);
			context.close();
			assertThat(statistics.mappings()).isZero();
			assertThat(statistics.mappedBytes()).isZero();
			assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		});
	}

	@Test
	void whatIsOptionalAndThereIsMapped() {
		declaring("optional:file:" + this.directory.resolve("shards/2026/a.bin"))
			.run((context) -> assertThat(MappedText.of(context.getBean(MemoryMapping.class))).isEqualTo("ay"));
	}

	@Test
	void whatIsOptionalAndMissingIsNoCandidateForInjection() {
		for (String location : List.of("optional:" + this.directory.resolve("missing.bin"),
				"optional:classpath:missing.bin")) {
			declaring(location).withBean(OptionalUser.class).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(OptionalUser.class).mapping).isEmpty();
				assertThat(context.getBeanProvider(MemoryMapping.class).getIfAvailable()).isNull();
				assertThat(context.getBean(OptionalUser.class).all).isEmpty();
				assertThat(context.getBean(MappingRegistry.class).find("words")).isEmpty();
			});
		}
	}

	@Test
	void whatIsOptionalButCannotBeMappedFailsStartUp() {
		declaring("optional:" + this.directory.resolve("shards")).run(
				(context) -> assertThat(context).hasFailed().getFailure().hasStackTraceContaining("it is a directory"));
	}

	@Test
	void anOptionalPatternWithoutAMatchMakesAnEmptySet() {
		declaring("optional:" + this.directory + "/nowhere/*.bin")
			.run((context) -> assertThat(context.getBean(MappingSet.class).asMap()).isEmpty());
	}

	private ApplicationContextRunner declaring(String location) {
		return this.contextRunner.withPropertyValues("mmap.mappings.words.location=" + location);
	}

	private Path jar(String... namesAndContents) throws IOException {
		Path jar = this.directory.resolve("words.jar");
		try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out)) {
			entries.putNextEntry(new JarEntry("data/"));
			for (int i = 0; i < namesAndContents.length; i += 2) {
				entries.putNextEntry(new JarEntry(namesAndContents[i]));
				entries.write(namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
			}
		}
		return jar;
	}

	static class SetUser {

		private final MappingSet set;

		SetUser(@Qualifier("words") MappingSet set) {
			this.set = set;
		}

	}

	static class OptionalUser {

		private final Optional<MemoryMapping> mapping;

		private final List<MemoryMapping> all;

		OptionalUser(@Qualifier("words") Optional<MemoryMapping> mapping, ObjectProvider<MemoryMapping> all) {
			this.mapping = mapping;
			this.all = all.stream().toList();
		}

	}

}
