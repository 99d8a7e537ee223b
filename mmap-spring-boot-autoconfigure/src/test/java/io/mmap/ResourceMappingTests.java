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

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Resources of the class path, with each mapper: one inside of a jar is mapped by a copy
 * that nobody ever gets to see.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class ResourceMappingTests {

	private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

	private static final byte[] CONTENT = new byte[100_000];

	static {
		new Random(1).nextBytes(CONTENT);
	}

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path jar;

	private Set<Path> copiesBefore;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.jar = this.directory.resolve("library.jar");
		writeJar(CONTENT);
		this.copiesBefore = copies();
		this.registry = MappingRegistry.builder().mapper(this.mapper).build();
	}

	@AfterEach
	void closeRegistry() throws Exception {
		this.registry.close();
		assertNoCopyIsLeft();
	}

	@Test
	void aResourceInsideOfAJarIsReadToItsEnd() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.resource(words()).build())) {
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(CONTENT);
			assertThat(mapping.segment().isReadOnly()).isTrue();
		}
	}

	@Test
	void aPartOfAResourceIsRead() {
		MappingSpec spec = MappingSpec.resource(words()).offset(5001).length(70_000).build();
		try (MemoryMapping mapping = this.registry.map(spec)) {
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(Arrays.copyOfRange(CONTENT, 5001, 75_001));
		}
	}

	@Test
	void anEmptyResourceIsAnEmptyMapping() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.resource(entry("data/empty.bin")).build())) {
			assertThat(mapping.length()).isZero();
		}
	}

	@Test
	void theCopyIsGoneAsSoonAsItIsMapped() throws Exception {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.resource(words()).build())) {
			assertThat(mapping.length()).isEqualTo(CONTENT.length);
			assertNoCopyIsLeft();
			assertThat(ProcessMaps.regions(TEMPORARY.resolve("mmap-"))).isNotEmpty()
				.allSatisfy((line) -> assertThat(line).endsWith(".copy (deleted)"));
			assertThat(ProcessMaps.descriptors(TEMPORARY.resolve("mmap-"))).isEmpty();
		}
	}

	@Test
	@Fault("temporary-copy-of-others")
	void nobodyElseCanReadTheCopyNorHasMadeIt() throws Exception {
		Set<String> modes = new HashSet<>();
		URL url = readBy(() -> {
			for (Path copy : newCopies()) {
				try {
					modes.add(PosixFilePermissions
						.toString(Files.getPosixFilePermissions(copy, LinkOption.NOFOLLOW_LINKS)));
				}
				catch (NoSuchFileException ex) {
					// That of another process
				}
			}
		});
		try (MemoryMapping mapping = this.registry.map(MappingSpec.resource(url).build())) {
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(CONTENT);
		}
		assertThat(modes).containsExactly("rw-------");
	}

	/**
	 * Return where content is that somebody looks at the copy of while it is read.
	 */
	private static URL readBy(Look look) throws IOException {
		return URL.of(URI.create("watched:words"), new URLStreamHandler() {

			@Override
			protected URLConnection openConnection(URL url) {
				return new URLConnection(url) {

					@Override
					public void connect() {
					}

					@Override
					public InputStream getInputStream() {
						return new FilterInputStream(new ByteArrayInputStream(CONTENT)) {

							@Override
							public int read(byte[] bytes, int offset, int length) throws IOException {
								look.look();
								return super.read(bytes, offset, length);
							}

						};
					}

				};
			}

		});
	}

	@Test
	void theJarIsNotLeftOpenAlthoughUrlsAreCached() {
		assertThat(URLConnection.getDefaultUseCaches("jar")).isTrue();
		try (MemoryMapping mapping = this.registry.map(MappingSpec.resource(words()).build())) {
			assertThat(mapping.length()).isEqualTo(CONTENT.length);
			assertThat(ProcessMaps.descriptors(this.jar)).isEmpty();
		}
	}

	@Test
	void aResourceThatIsAFileIsMappedAsThatFile() throws Exception {
		Path file = Files.write(this.directory.resolve("words with space.bin"), CONTENT);
		try (URLClassLoader loader = new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, null)) {
			URL url = Objects.requireNonNull(loader.getResource("words with space.bin"));
			try (MemoryMapping mapping = this.registry.map(MappingSpec.resource(url).build())) {
				assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(CONTENT);
				assertThat(ProcessMaps.regions(file)).isNotEmpty();
				assertThat(info().path()).isEqualTo(file);
				assertThat(info().resource()).isNull();
			}
		}
	}

	@Test
	void changesOfACopyOnWriteResourceArePrivate() {
		MappingSpec spec = MappingSpec.resource(words()).copyOnWrite().build();
		try (MemoryMapping changed = this.registry.map(spec)) {
			byte other = (byte) (CONTENT[0] + 1);
			changed.segment().set(JAVA_BYTE, 0, other);
			try (MemoryMapping mapping = this.registry.map(spec)) {
				assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(CONTENT);
			}
			assertThat(changed.segment().get(JAVA_BYTE, 0)).isEqualTo(other);
		}
	}

	@Test
	void changesOfACopyOnWriteResourceThatIsAFileArePrivate() throws IOException {
		Path file = Files.write(this.directory.resolve("words.bin"), CONTENT);
		MappingSpec spec = MappingSpec.resource(file.toUri().toURL()).copyOnWrite().build();
		try (MemoryMapping changed = this.registry.map(spec)) {
			changed.segment().set(JAVA_BYTE, 0, (byte) (CONTENT[0] + 1));
			assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
		}
	}

	@Test
	void aRangeBeyondTheEndIsRefusedAndLeavesNoCopy() throws Exception {
		MappingSpec spec = MappingSpec.resource(words()).length(CONTENT.length + 1).build();
		assertThatExceptionOfType(MappedRangeException.class).isThrownBy(() -> this.registry.map(spec))
			.withMessageStartingWith("Cannot map resource '" + words() + "' (read-only, offset 0, length 100001): ")
			.withMessageContaining("at most 100000");
		assertNoCopyIsLeft();
		assertThat(ProcessMaps.descriptors(this.jar)).isEmpty();
	}

	@Test
	void aMissingEntryIsExplainedAndLeavesNoCopy() throws Exception {
		URL missing = entry("data/missing.bin");
		assertThatExceptionOfType(MappedFileNotFoundException.class)
			.isThrownBy(() -> this.registry.map(MappingSpec.resource(missing).build()))
			.withMessageStartingWith("Cannot map resource '" + missing + "' (read-only, offset 0, to the end): ")
			.withMessageContaining("the resource does not exist")
			.withMessageContaining("is on the class path");
		assertNoCopyIsLeft();
		assertThat(ProcessMaps.descriptors(this.jar)).isEmpty();
	}

	@Test
	void aMissingJarIsExplained() throws IOException {
		URL url = words();
		Files.delete(this.jar);
		assertThatExceptionOfType(MappedFileNotFoundException.class)
			.isThrownBy(() -> this.registry.map(MappingSpec.resource(url).build()))
			.withMessageContaining("the resource does not exist");
	}

	@Test
	void aBrokenJarIsExplained() throws IOException {
		Files.writeString(this.jar, "no jar");
		assertThatExceptionOfType(MappingException.class)
			.isThrownBy(() -> this.registry.map(MappingSpec.resource(words()).build()))
			.isNotInstanceOf(MappedFileNotFoundException.class)
			.withMessageContaining("it cannot be read (")
			.withMessageContaining("ZipException")
			.withMessageContaining("Check that what contains it is complete")
			.withMessageNotContaining("java.io.tmpdir");
	}

	@Test
	void aMissingTemporaryDirectoryIsNotTakenForAMissingResource() throws Exception {
		Path missing = this.directory.resolve("missing");
		JavaProcess process = JavaProcess.run(this.directory, System.getProperty("java.class.path"),
				List.of("--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + missing), Main.class,
				this.mapper.name(), words().toString());
		assertThat(process.output()).contains("Cannot map resource '" + words() + "'")
			.contains("could not be copied to a temporary file in '" + missing + "'")
			.contains("-Djava.io.tmpdir")
			.doesNotContain("does not exist.");
		assertThat(process.exitCode()).isOne();
	}

	@Test
	void anInterruptedThreadMapsAndStaysInterrupted() {
		Thread.currentThread().interrupt();
		try (MemoryMapping mapping = this.registry.map(MappingSpec.resource(words()).build())) {
			assertThat(Thread.interrupted()).isTrue();
			assertThat(mapping.segment().toArray(JAVA_BYTE)).isEqualTo(CONTENT);
		}
		finally {
			Thread.interrupted();
		}
	}

	@Test
	void theMappingIsKnownByItsResourceAndHasLostNothing() {
		URL url = words();
		try (MemoryMapping mapping = this.registry.map(MappingSpec.resource(url).build())) {
			assertThat(mapping.length()).isEqualTo(CONTENT.length);
			assertThat(info().resource()).isEqualTo(url);
			assertThat(info().path()).isNull();
			assertThat(info().lostBytes()).isZero();
		}
	}

	@Test
	void aReloadReadsTheResourceAnew() throws IOException {
		URL url = words();
		try (MappingRegistry declaring = MappingRegistry.builder()
			.mapper(this.mapper)
			.declare("words", MappingSpec.resource(url).build())
			.build()) {
			writeJar(new byte[] { 1, 2, 3 });
			declaring.reload("words");
			assertThat(declaring.get("words").segment().toArray(JAVA_BYTE)).containsExactly(1, 2, 3);
		}
	}

	private void writeJar(byte[] words) throws IOException {
		try (JarOutputStream entries = new JarOutputStream(Files.newOutputStream(this.jar))) {
			entries.putNextEntry(new JarEntry("data/words.bin"));
			entries.write(words);
			entries.putNextEntry(new JarEntry("data/empty.bin"));
		}
	}

	private MappingInfo info() {
		return this.registry.mappings().iterator().next();
	}

	private URL words() {
		try (URLClassLoader loader = new URLClassLoader(new URL[] { this.jar.toUri().toURL() }, null)) {
			URL url = loader.getResource("data/words.bin");
			return (url != null) ? url : entry("data/words.bin");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private URL entry(String name) {
		try {
			return URI.create("jar:" + this.jar.toUri() + "!/" + name).toURL();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Other processes that make such copies at the same time remove them within moments.
	 */
	private void assertNoCopyIsLeft() throws Exception {
		Set<Path> copies = newCopies();
		for (int i = 0; i < 50 && !copies.isEmpty(); i++) {
			Thread.sleep(20);
			copies.retainAll(newCopies());
		}
		assertThat(copies).as("temporary copies").isEmpty();
	}

	private Set<Path> newCopies() throws IOException {
		Set<Path> copies = copies();
		copies.removeAll(this.copiesBefore);
		return copies;
	}

	private static Set<Path> copies() throws IOException {
		Set<Path> copies = new HashSet<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(TEMPORARY, "mmap-*.copy")) {
			files.forEach(copies::add);
		}
		return copies;
	}

	/**
	 * Looks at the copy.
	 */
	private interface Look {

		void look() throws IOException;

	}

	/**
	 * Maps a resource in a process of its own.
	 */
	static final class Main {

		public static void main(String[] args) throws IOException {
			try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.valueOf(args[0])).build();
					MemoryMapping mapping = registry.map(MappingSpec.resource(URI.create(args[1]).toURL()).build())) {
				System.out.println(mapping.length());
			}
		}

	}

}
