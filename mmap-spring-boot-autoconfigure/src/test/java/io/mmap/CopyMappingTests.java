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
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCalls;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.Requirement;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Content that is copied into private memory instead of being mapped.
 */
@ExtendWith(NothingLeftBehind.class)
class CopyMappingTests {

	private static final int HUGE = 2 << 20;

	private static final int SIZE = 2 * HUGE + 1000;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private byte[] content;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.content = new byte[SIZE];
		for (int i = 0; i < SIZE; i++) {
			this.content[i] = (byte) (i / 7 + i / 4096);
		}
		this.file = Files.write(this.directory.resolve("file"), this.content);
		this.registry = registry(this.calls.proxy());
	}

	private static MappingRegistry registry(SystemCalls calls) {
		return new DefaultMappingRegistryBuilder().mapper(new NativeMapper(calls, "for a test")).build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		assertThat(this.registry.mappings()).isEmpty();
	}

	@Test
	void aFileIsCopied() {
		try (MemoryMapping mapping = this.registry.map(copy().build())) {
			assertThat(bytes(mapping)).isEqualTo(this.content);
			assertThat(ProcessMaps.regions(this.file)).isEmpty();
			assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
		}
	}

	@Test
	void aRangeOfAFileIsCopied() {
		try (MemoryMapping mapping = this.registry.map(copy().offset(4097).length(5000).build())) {
			assertThat(bytes(mapping)).isEqualTo(Arrays.copyOfRange(this.content, 4097, 9097));
		}
	}

	@Test
	void aRangeOfWhatADescriptorIsOpenOnIsCopied() throws Exception {
		SystemCalls real = new LinuxSystemCalls();
		int descriptor = real.open(this.file, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.descriptor(descriptor).copy(true).offset(100).length(5000).build())) {
			assertThat(bytes(mapping)).isEqualTo(Arrays.copyOfRange(this.content, 100, 5100));
			assertThat(ProcessMaps.regions(this.file)).isEmpty();
		}
		finally {
			real.close(descriptor);
		}
	}

	@Test
	void hugePagesAreNotRequiredOfACopyThatFillsNone() {
		assumeTransparentHugePages();
		MappingSpec spec = copy().length(HUGE - 1).hugePages(HugePages.REQUIRE).build();
		assertThatExceptionOfType(InvalidMappingException.class).isThrownBy(() -> this.registry.map(spec))
			.withMessageContaining("do not fill one");
	}

	@Test
	void aResourceOfAJarIsCopied() throws Exception {
		Path jar = this.directory.resolve("some.jar");
		try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
			zip.putNextEntry(new ZipEntry("content.bin"));
			zip.write(this.content);
		}
		URL url = URI.create("jar:" + jar.toUri() + "!/content.bin").toURL();
		try (MemoryMapping mapping = this.registry.map(MappingSpec.resource(url).copy(true).build())) {
			assertThat(bytes(mapping)).isEqualTo(this.content);
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo("r--p");
			assertThat(MemoryRegion.at(mapping.address()).name()).doesNotStartWith("/");
		}
	}

	@Test
	void anEmptyFileIsAnEmptyCopy() throws IOException {
		Path empty = Files.createFile(this.directory.resolve("empty"));
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(empty).copy(true).build())) {
			assertThat(mapping.length()).isZero();
		}
	}

	@Test
	void truncatingTheFileDoesNotConcernACopy() throws Exception {
		try (MemoryMapping mapping = this.registry.map(copy().build())) {
			assertThat(new ProcessBuilder("sh", "-c", ": > " + this.file).start().waitFor()).isZero();
			assertThat(this.file).isEmptyFile();
			assertThat(bytes(mapping)).isEqualTo(this.content);
		}
	}

	@Test
	void writingTheFileDoesNotConcernACopy() throws IOException {
		try (MemoryMapping mapping = this.registry.map(copy().build())) {
			Files.write(this.file, new byte[SIZE], StandardOpenOption.WRITE);
			assertThat(bytes(mapping)).isEqualTo(this.content);
		}
	}

	@Test
	void aCopyIsReadOnlyUnlessToldOtherwise() {
		try (MemoryMapping mapping = this.registry.map(copy().build())) {
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo("r--p");
			assertThat(mapping.segment().isReadOnly()).isTrue();
		}
	}

	@Test
	void aCopyCanBeExecutable() {
		try (MemoryMapping mapping = this.registry
			.map(copy().protection(Protection.READ, Protection.EXECUTE).build())) {
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo("r-xp");
		}
	}

	@Test
	void aCopyForCopyOnWriteCanBeWritten() throws IOException {
		try (MemoryMapping mapping = this.registry.map(copy().access(MappingAccess.COPY_ON_WRITE).build())) {
			mapping.segment().fill((byte) 42);
			assertThat(bytes(mapping)).containsOnly(42);
			assertThat(Files.readAllBytes(this.file)).isEqualTo(this.content);
		}
	}

	@Test
	void aCopyThatIsToReachTheFileIsRefusedWhenTheSpecIsBuilt() {
		assertThatExceptionOfType(InvalidMappingException.class)
			.isThrownBy(() -> copy().access(MappingAccess.READ_WRITE).build())
			.withMessageContaining("copy makes no sense with access read-write");
	}

	@Test
	void aCopyConsistsOfHugePagesWhereTheseAreRequired() {
		assumeTransparentHugePages();
		try (MemoryMapping mapping = this.registry.map(copy().hugePages(HugePages.REQUIRE).build())) {
			assertThat(MemoryRegion.at(mapping.address()).kilobytes("AnonHugePages"))
				.isGreaterThanOrEqualTo(2 * HUGE / 1024);
			assertThat(MemoryRegion.at(mapping.address()).permissions()).isEqualTo("r--p");
			assertThat(bytes(mapping)).isEqualTo(this.content);
		}
	}

	@Test
	void aCopyCanBeLocked() {
		try (MemoryMapping mapping = this.registry.map(copy().length(100_000).locked(true).build())) {
			assertThat(MemoryRegion.at(mapping.address()).flags()).contains("lo");
			assertThat(bytes(mapping)).isEqualTo(Arrays.copyOf(this.content, 100_000));
		}
	}

	@Test
	void aCopyCannotBeResized() {
		try (MemoryMapping mapping = this.registry.map(copy().length(5000).build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class).isThrownBy(() -> mapping.resize(6000))
				.withMessageContaining("cannot be resized");
			assertThat(bytes(mapping)).isEqualTo(Arrays.copyOf(this.content, 5000));
		}
	}

	@Test
	void theContentOfACopyIsNotDiscarded() {
		try (MemoryMapping mapping = this.registry.map(copy().build())) {
			assertThatExceptionOfType(UnsupportedMappingOperationException.class)
				.isThrownBy(() -> mapping.discard(DestructiveAdvice.DONT_NEED))
				.withMessageContaining("would read as zeros");
		}
	}

	@Test
	@Fault("truncated-while-copied")
	void aFileThatIsTruncatedWhileItIsBeingCopiedIsReportedAndNothingStaysMapped() {
		FaultySystemCalls observed = new FaultySystemCalls();
		try (MappingRegistry truncating = registry(truncatingAtFirstRead(observed.proxy()))) {
			assertThatExceptionOfType(MappedRangeException.class).isThrownBy(() -> truncating.map(copy().build()))
				.withMessageContaining("truncated to 0 bytes while it was being copied");
			assertThat(truncating.mappings()).isEmpty();
		}
		assertNothingIsMapped(observed, 0);
	}

	private SystemCalls truncatingAtFirstRead(SystemCalls calls) {
		AtomicBoolean truncated = new AtomicBoolean();
		return (SystemCalls) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { SystemCalls.class },
				(instance, method, arguments) -> {
					if (method.getName().equals("pread") && truncated.compareAndSet(false, true)) {
						Files.write(this.file, new byte[0]);
					}
					try {
						return method.invoke(calls, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	@ParameterizedTest
	@CsvSource({ "mmap, 1", "pread, 0", "mprotect, 0", "mlock, 0", "segment, 0" })
	void aCallThatFailsLeavesNothingMapped(String call, int failedMaps) {
		this.calls.failOnce(call, Errno.EIO);
		MappingSpec spec = copy().length(100_000).locked(true).build();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> this.registry.map(spec))
			.withStackTraceContaining("errno 5");
		assertNothingIsMapped(this.calls, failedMaps);
		assertThat(ProcessMaps.descriptors(this.file)).isEmpty();
	}

	@Test
	void aReadThatFailsInTheMiddleLeavesNothingMapped() {
		this.calls.failOnce("pread", 0);
		this.calls.failOnce("pread", Errno.EIO);
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(copy().build()))
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.EIO));
		assertNothingIsMapped(this.calls, 0);
	}

	@Test
	void hugePagesThatCannotBeHadLeaveNothingMapped() {
		assumeTransparentHugePages();
		MappingSpec spec = copy().hugePages(HugePages.REQUIRE).build();
		// The first only prefers them
		this.calls.failOnce("madvise", 0);
		this.calls.failOnce("madvise", Errno.ENOMEM);
		int before = this.calls.made().size();
		assertThatExceptionOfType(MappingException.class).isThrownBy(() -> this.registry.map(spec))
			.satisfies((ex) -> assertThat(ex.errno()).hasValue(Errno.ENOMEM));
		// The last thing but for closing the file
		assertThat(this.calls.made().subList(before, this.calls.made().size())).endsWith("munmap", "close");
	}

	private static void assertNothingIsMapped(FaultySystemCalls calls, int failedMaps) {
		List<String> made = calls.made();
		assertThat(made.stream().filter("munmap"::equals).count())
			.isEqualTo(made.stream().filter("mmap"::equals).count() - failedMaps);
	}

	private FileMappingBuilder copy() {
		return MappingSpec.file(this.file).copy(true);
	}

	private static byte[] bytes(MemoryMapping mapping) {
		return mapping.segment().toArray(JAVA_BYTE);
	}

	private void assumeTransparentHugePages() {
		Requirement.check(PageSize.transparentHuge().orElse(0) == HUGE, "huge pages of two mebibytes are needed");
		Capability capability = this.registry.capabilities().get("transparent-huge-pages");
		Requirement.check(capability.available(), capability.reason());
	}

}
