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

package io.mmap.docs;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MappingInfo;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The resources of {@code docs/guides/classpath-resources.md}, in a directory and in a
 * jar.
 */
@ExtendWith(NothingLeftBehind.class)
class ClasspathResourcesGuideTests {

	private static final byte[] ENGLISH = new byte[10_000];

	private static final byte[] FRENCH = new byte[5000];

	@TempDir
	Path directory;

	private Path classes;

	private URLClassLoader classPath;

	@BeforeEach
	void writeResources() throws IOException {
		Arrays.fill(ENGLISH, (byte) 'e');
		Arrays.fill(FRENCH, (byte) 'f');
		this.classes = this.directory.resolve("classes");
		Files.createDirectories(this.classes.resolve("words"));
		Files.write(this.classes.resolve("words/english.bin"), ENGLISH);
		Files.write(this.classes.resolve("words/french.bin"), FRENCH);
		this.classPath = classPath(this.classes);
	}

	@AfterEach
	void closeClassPath() throws IOException {
		this.classPath.close();
	}

	private static URLClassLoader classPath(Path entry) throws IOException {
		return new URLClassLoader(new URL[] { entry.toUri().toURL() }, ClassLoader.getSystemClassLoader());
	}

	@Test
	void aResourceInADirectoryIsMappedItself() {
		run((registry) -> {
			MemoryMapping english = registry.get("english");
			assertThat(info(registry, "english").source()).isEqualTo("file");
			assertThat(info(registry, "english").path()).isEqualTo(this.classes.resolve("words/english.bin"));
			assertThat(english.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(ENGLISH);
		});
	}

	@Test
	void aResourceInAJarIsMappedAsACopyThatNobodySees() throws IOException {
		useJar();
		run((registry) -> {
			MemoryMapping english = registry.get("english");
			assertThat(info(registry, "english").source()).isEqualTo("resource");
			assertThat(MemoryRegion.at(english.address()).name()).endsWith(".copy (deleted)");
			assertThat(english.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(ENGLISH);
		});
	}

	@Test
	void aPatternFindsThoseOfADirectory() {
		run((registry) -> assertThat(registry.set("words").asMap()).containsOnlyKeys("english.bin", "french.bin"));
	}

	@Test
	void aPatternFindsThoseOfAJar() throws IOException {
		useJar();
		run((registry) -> {
			assertThat(registry.set("words").asMap()).containsOnlyKeys("english.bin", "french.bin");
			assertThat(registry.set("words").get("french.bin").segment().toArray(ValueLayout.JAVA_BYTE))
				.isEqualTo(FRENCH);
		});
	}

	@Test
	void anotherLocationTakesItsPlace() throws IOException {
		useJar();
		Path file = Files.write(this.directory.resolve("other.bin"), new byte[100]);
		GuideYaml.contextRunner("classpath-resources.yml")
			.withClassLoader(this.classPath)
			.withSystemProperties("mmap.mappings.english.location=file:" + file)
			.run((context) -> assertThat(context.getBean(MappingRegistry.class).get("english").length())
				.isEqualTo(100));
	}

	@Test
	void aFileCanBeReloaded() throws IOException {
		Path file = Files.write(this.directory.resolve("other.bin"), new byte[100]);
		GuideYaml.contextRunner("classpath-resources-file.yml")
			.withPropertyValues("mmap.mappings.english.location=file:" + file)
			.run((context) -> assertThat(info(context.getBean(MappingRegistry.class), "english").isReloadedOnUpdate())
				.isTrue());
	}

	@Test
	void aJarThatDoesNotListItsDirectoriesCannotBeSearched() throws IOException {
		useJar(false);
		GuideYaml.contextRunner("classpath-resources.yml")
			.withClassLoader(this.classPath)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("location 'classpath:words/*.bin' cannot be searched"));
	}

	@Test
	void aResourceThatIsNotThereKeepsTheApplicationFromStarting() {
		GuideYaml.contextRunner("classpath-resources.yml")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("there is no class path resource [words/english.bin]"));
	}

	@Test
	void whatCodeNeedsForAMomentIsMappedByTheUrl() throws IOException {
		useJar();
		URL url = Objects.requireNonNull(this.classPath.getResource("words/english.bin"));
		try (MappingRegistry registry = MappingRegistry.builder().build()) {
			assertThat(count(registry, url, (byte) 'e')).isEqualTo(ENGLISH.length);
		}
	}

	// tag::classpath-resources-code[]
	static long count(MappingRegistry registry, URL resource, byte wanted) {
		try (MemoryMapping mapping = registry.map(MappingSpec.resource(resource).build())) {
			return mapping.segment()
				.elements(ValueLayout.JAVA_BYTE)
				.filter((each) -> each.get(ValueLayout.JAVA_BYTE, 0) == wanted)
				.count();
		}
	}
	// end::classpath-resources-code[]

	private void useJar() throws IOException {
		useJar(true);
	}

	private void useJar(boolean directories) throws IOException {
		Path jar = this.directory.resolve("words.jar");
		try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
			if (directories) {
				out.putNextEntry(new JarEntry("words/"));
			}
			out.putNextEntry(new JarEntry("words/english.bin"));
			out.write(ENGLISH);
			out.putNextEntry(new JarEntry("words/french.bin"));
			out.write(FRENCH);
		}
		this.classPath.close();
		this.classPath = classPath(jar);
	}

	private static MappingInfo info(MappingRegistry registry, String name) {
		return registry.mappings().stream().filter((each) -> each.name().equals(name)).findFirst().orElseThrow();
	}

	private void run(Check check) {
		GuideYaml.contextRunner("classpath-resources.yml")
			.withClassLoader(this.classPath)
			.run((context) -> check.check(context.getBean(MappingRegistry.class)));
	}

	/**
	 * Looks at what is mapped.
	 */
	interface Check {

		void check(MappingRegistry registry) throws Exception;

	}

}
