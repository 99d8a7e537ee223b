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
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

import io.mmap.AskedMapping.Option;
import io.mmap.AskedMapping.Source;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.testsupport.ProcessMaps;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whatever a builder is asked for, either exactly that is mapped, or the refusal names an
 * option that is to blame; and nothing is left behind.
 */
class MappingSpecPropertyTests {

	private static final byte[] CONTENT = new byte[AskedMapping.SIZE];

	static {
		new Random(1).nextBytes(CONTENT);
	}

	private final Map<MapperType, MappingRegistry> registries = new EnumMap<>(MapperType.class);

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.mmap");

	private @Nullable Level level;

	private Path directory = Path.of("");

	private Path file = Path.of("");

	private Path missing = Path.of("");

	private int descriptor = -1;

	@BeforeProperty
	void open() throws Exception {
		this.level = this.logger.getLevel();
		// What the jdk mapper leaves out it says each time
		this.logger.setLevel(Level.ERROR);
		this.directory = Files.createTempDirectory("property");
		this.file = Files.write(this.directory.resolve("file"), CONTENT);
		this.missing = this.directory.resolve("missing");
		try (OutputStream out = Files.newOutputStream(this.directory.resolve("content.jar"));
				ZipOutputStream zip = new ZipOutputStream(out)) {
			zip.putNextEntry(new ZipEntry("content"));
			zip.write(CONTENT);
		}
		this.descriptor = new LinuxSystemCalls().open(this.file, Linux.O_RDWR | Linux.O_CLOEXEC, 0);
		for (MapperType mapper : Set.of(MapperType.NATIVE, MapperType.JDK)) {
			MappingRegistry registry = MappingRegistry.builder().mapper(mapper).build();
			// What the first mapping opens stays open
			registry.map(MappingSpec.file(this.file).build()).close();
			this.registries.put(mapper, registry);
		}
	}

	@AfterProperty
	void close() throws Exception {
		this.registries.values().forEach(MappingRegistry::close);
		new LinuxSystemCalls().close(this.descriptor);
		assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
		FileSystemUtils.deleteRecursively(this.directory);
		this.logger.setLevel(this.level);
	}

	@Provide
	Arbitrary<AskedMapping> native_() {
		return AskedMapping.any(MapperType.NATIVE);
	}

	@Provide
	Arbitrary<AskedMapping> jdk() {
		return AskedMapping.any(MapperType.JDK);
	}

	@Property(tries = 400, shrinking = ShrinkingMode.BOUNDED)
	void theNativeMapperMapsWhatIsAskedForOrSaysWhyNot(@ForAll("native_") AskedMapping asked) throws Exception {
		check(asked);
	}

	@Property(tries = 250, shrinking = ShrinkingMode.BOUNDED)
	void theJdkMapperMapsWhatIsAskedForOrSaysWhyNot(@ForAll("jdk") AskedMapping asked) throws Exception {
		check(asked);
	}

	private void check(AskedMapping asked) throws Exception {
		MappingRegistry registry = this.registries.get(asked.mapper());
		assertThat(registry).isNotNull();
		Set<String> descriptors = descriptors();
		Set<String> refusals = ExpectedRefusals.of(asked);
		try {
			try (MemoryMapping mapping = registry
				.map(asked.spec(this.file, this.missing, resource(), this.descriptor))) {
				assertThat(refusals).as("should have been refused").isEmpty();
				assertThat(registry.mappings()).hasSize(1);
				assertMapped(asked, mapping);
			}
		}
		catch (InvalidMappingException | UnsupportedMappingOperationException | MappingException ex) {
			assertRefused(asked, refusals, ex);
		}
		// A preload that was cancelled ends on its own thread, that of an earlier try as
		// well
		if (!descriptors.containsAll(descriptors())) {
			await().atMost(Duration.ofSeconds(20)).until(() -> descriptors.containsAll(descriptors()));
		}
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(ProcessMaps.regions().stream().filter((line) -> line.contains(".copy") || line.contains("memfd:")))
			.isEmpty();
		assertThat(registry.mappings()).isEmpty();
		assertThat(registry.statistics()).allSatisfy((figures) -> assertThat(figures.mappedBytes()).isZero());
		Files.deleteIfExists(this.missing);
		Files.write(this.file, CONTENT);
	}

	/**
	 * Return what is open, but for jars that the class loader opens at any time.
	 */
	private Set<String> descriptors() {
		Set<String> open = new TreeSet<>();
		ProcessMaps.descriptors().forEach((number, target) -> open.add(number + " on " + target));
		open.removeIf((each) -> each.endsWith(".jar") && !each.contains(this.directory.toString()));
		return open;
	}

	private URL resource() throws IOException {
		return URI.create("jar:" + this.directory.resolve("content.jar").toUri() + "!/content").toURL();
	}

	private void assertRefused(AskedMapping asked, Set<String> refusals, RuntimeException ex) throws IOException {
		if (refusals.isEmpty()) {
			assertThat(ExpectedRefusals.dependOnTheMachine(asked)).as(() -> "nothing is wrong with it, but: " + ex)
				.isTrue();
		}
		else if (ex instanceof InvalidMappingException invalid) {
			assertThat(invalid.option()).as(ex.getMessage()).isIn(refusals);
			assertThat(ex).hasMessageContaining(invalid.option());
		}
		else if (ex instanceof UnsupportedMappingOperationException unsupported && unsupported.option() != null) {
			assertThat(unsupported.option()).as(ex.getMessage()).isIn(refusals);
		}
		else if (!ExpectedRefusals.dependOnTheMachine(asked)) {
			assertThat(refusals).as(ex.getMessage()).anyMatch(String.valueOf(ex.getMessage())::contains);
		}
		assertThat(this.missing).doesNotExist();
		assertThat(Files.readAllBytes(this.file)).startsWith(CONTENT);
	}

	private void assertMapped(AskedMapping asked, MemoryMapping mapping) throws IOException {
		byte[] before = content(asked);
		assertThat(mapping.length()).isEqualTo(before.length);
		assertThat(mapping.protection()).isEqualTo(asked.protection());
		if (before.length > 0) {
			assertThat(permissions(mapping.address())).isEqualTo(expectedPermissions(asked));
		}
		if (asked.source() == Source.MISSING_FILE) {
			assertThat(PosixFilePermissions
				.toString(Files.getPosixFilePermissions(this.missing, LinkOption.NOFOLLOW_LINKS)))
				.isEqualTo("rw-------");
		}
		if (!asked.protection().contains(Protection.READ)) {
			return;
		}
		MemorySegment segment = mapping.segment();
		assertThat(segment.byteSize()).isEqualTo(before.length);
		assertThat(segment.toArray(JAVA_BYTE)).isEqualTo(before);
		boolean writable = asked.protection().contains(Protection.WRITE);
		assertThat(segment.isReadOnly()).isEqualTo(!writable);
		if (writable && before.length > 0) {
			assertStored(asked, segment, before);
		}
	}

	private void assertStored(AskedMapping asked, MemorySegment segment, byte[] before) throws IOException {
		long last = before.length - 1;
		segment.set(JAVA_BYTE, last, (byte) ~before[(int) last]);
		assertThat(segment.get(JAVA_BYTE, last)).isEqualTo((byte) ~before[(int) last]);
		if (asked.isAllocated() || asked.source() == Source.RESOURCE) {
			return;
		}
		Path file = (asked.source() == Source.MISSING_FILE) ? this.missing : this.file;
		byte inFile = Files.readAllBytes(file)[(int) (asked.offset() + last)];
		boolean reachesFile = asked.access() == MappingAccess.READ_WRITE;
		assertThat(inFile).isEqualTo((reachesFile) ? (byte) ~before[(int) last] : before[(int) last]);
	}

	/**
	 * Return what the mapping has to consist of.
	 */
	private static byte[] content(AskedMapping asked) {
		if (asked.isAllocated()) {
			return new byte[(int) asked.length(4096)];
		}
		byte[] file = (asked.source() == Source.MISSING_FILE) ? new byte[0] : CONTENT;
		long end = asked.offset() + asked.length(AskedMapping.SIZE - asked.offset());
		// What is beyond the end of a file that is grown is zero
		return Arrays.copyOfRange(Arrays.copyOf(file, (int) Math.max(end, file.length)), (int) asked.offset(),
				(int) end);
	}

	private static String expectedPermissions(AskedMapping asked) {
		Set<Protection> protection = asked.protection();
		boolean shared = switch (asked.source()) {
			case ANONYMOUS -> asked.is(Option.SHARED);
			case IN_MEMORY_FILE -> true;
			default -> asked.access() != MappingAccess.COPY_ON_WRITE && !asked.is(Option.COPY);
		};
		return (protection.contains(Protection.READ) ? "r" : "-") + (protection.contains(Protection.WRITE) ? "w" : "-")
				+ (protection.contains(Protection.EXECUTE) ? "x" : "-") + (shared ? "s" : "p");
	}

	private static String permissions(long address) throws IOException {
		for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
			String[] range = line.substring(0, line.indexOf(' ')).split("-");
			if (Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), address) <= 0
					&& Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0) {
				return line.split(" ")[1];
			}
		}
		throw new AssertionError("Nothing is mapped there");
	}

}
