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
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.MemoryRegion;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.Requirement;
import io.mmap.testsupport.UnprivilegedProcess;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How much of a mapping is said to be in memory.
 */
@ExtendWith(NothingLeftBehind.class)
class ResidencyTests {

	private static final int PAGE = (int) new LinuxSystemCalls().pageSize();

	private static final int SIZE = 64 * PAGE;

	private final FaultySystemCalls calls = new FaultySystemCalls();

	@TempDir
	Path directory;

	private Path file;

	private MappingRegistry registry;

	@BeforeEach
	void openRegistry() throws IOException {
		this.file = this.directory.resolve("file");
		write(this.file, SIZE);
		this.registry = new DefaultMappingRegistryBuilder().mapper(new NativeMapper(this.calls.proxy(), "for a test"))
			.build();
	}

	@AfterEach
	void closeRegistry() {
		this.registry.close();
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(ProcessMaps.descriptors(this.directory)).isEmpty();
	}

	/** Clean, so that it can be evicted. */
	private static void write(Path file, int size) throws IOException {
		Files.write(file, new byte[size]);
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			channel.force(true);
		}
	}

	@Test
	void aFileThatWasJustWrittenIsInMemory() throws IOException {
		Requirement.checkNotOverlaid(this.directory);
		try (MemoryMapping mapping = this.registry.map(spec())) {
			Residency residency = mapping.residency();
			assertThat(residency.resident()).isEqualTo(SIZE);
			assertThat(residency.dirty()).isZero();
			assertThat(residency.reason()).startsWith("cachestat");
		}
	}

	@Test
	void whatIsEvictedIsNoLongerInMemory() throws Exception {
		evict(this.file);
		try (MemoryMapping mapping = this.registry.map(spec())) {
			assertThat(mapping.residency().resident()).isZero();
			mapping.prefault();
			assertThat(mapping.residency().resident()).isEqualTo(SIZE);
		}
	}

	@Test
	void pagingOutEvictsPagesOfTheMapping() {
		try (MemoryMapping mapping = this.registry.map(spec())) {
			mapping.prefault();
			mapping.range(0, SIZE / 2).advise(Advice.PAGE_OUT);
			assertThat(mapping.range(0, SIZE / 2).residency().resident()).isLessThan(SIZE / 2);
			assertThat(mapping.range(SIZE / 2, SIZE / 2).residency().resident()).isEqualTo(SIZE / 2);
		}
	}

	@Test
	void bytesThatAreNotWrittenYetAreDirtyUntilTheyAreFlushed() throws IOException {
		Requirement.checkNotOverlaid(this.directory);
		try (MemoryMapping mapping = this.registry.map(readWrite())) {
			mapping.segment().set(JAVA_BYTE, 5 * PAGE, (byte) 1);
			mapping.segment().set(JAVA_BYTE, 9 * PAGE, (byte) 1);
			// The kernel counts pages that it handles as one as one
			assertThat(mapping.residency().dirty()).isBetween(2L * PAGE, (long) SIZE);
			mapping.flush();
			assertThat(mapping.residency().dirty()).isZero();
		}
	}

	@Test
	void holesOfASparseFileAreNotInMemory() throws IOException {
		Path sparse = this.directory.resolve("sparse");
		try (FileChannel channel = FileChannel.open(sparse, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			channel.write(ByteBuffer.allocate(PAGE), SIZE - PAGE);
		}
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(sparse).build())) {
			assertThat(mapping.residency().resident()).isEqualTo(PAGE);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { Errno.ENOSYS, Errno.EPERM })
	void mincoreTellsWhereTheKernelOrAContainerLacksCachestat(int errno) {
		this.calls.failOnce("cachestat", errno);
		try (MemoryMapping mapping = this.registry.map(spec())) {
			Residency residency = mapping.residency();
			assertThat(residency.resident()).isEqualTo(SIZE);
			assertThat(residency.dirty()).isNull();
			assertThat(residency.reason()).startsWith("mincore");
			assertThat(this.registry.capabilities().isAvailable("cachestat")).isFalse();
		}
	}

	@Test
	void mincoreTellsWhatWasEvicted() throws Exception {
		this.calls.failOnce("cachestat", Errno.ENOSYS);
		evict(this.file);
		try (MemoryMapping mapping = this.registry.map(spec())) {
			assertThat(mapping.residency().resident()).isZero();
		}
	}

	@Test
	void mincoreTellsWhereThePagesAreThoseOfAnotherFileSystem() throws Exception {
		Path overlay = mountOverlay();
		try {
			Path above = overlay.resolve("above");
			write(above, SIZE);
			try (MemoryMapping mapping = this.registry.map(MappingSpec.file(above).build())) {
				Residency residency = mapping.residency();
				assertThat(residency.resident()).isEqualTo(SIZE);
				assertThat(residency.dirty()).isNull();
				assertThat(residency.reason()).startsWith("mincore");
			}
		}
		finally {
			assertThat(run("umount", overlay.toString())).isTrue();
			assertThat(run("umount", this.directory.resolve("disk").toString())).isTrue();
		}
	}

	private Path mountOverlay() throws Exception {
		// Not on overlayfs itself, which takes no more of its kind
		Path disk = Files.createDirectory(this.directory.resolve("disk"));
		Requirement.check(run("mount", "-t", "tmpfs", "tmpfs", disk.toString()), "the right to mount a file system");
		List<Path> directories = new ArrayList<>();
		for (String name : List.of("lower", "upper", "work", "overlay")) {
			directories.add(Files.createDirectory(disk.resolve(name)));
		}
		boolean mounted = run("mount", "-t", "overlay", "-o",
				"lowerdir=" + directories.get(0) + ",upperdir=" + directories.get(1) + ",workdir=" + directories.get(2),
				"overlay", directories.get(3).toString());
		if (!mounted) {
			assertThat(run("umount", disk.toString())).isTrue();
		}
		Requirement.check(mounted, "overlayfs");
		return directories.get(3);
	}

	private static boolean run(String... command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).inheritIO().start();
		return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
	}

	@Test
	void nothingIsKnownWhereMincoreFailsToo() {
		this.calls.failOnce("cachestat", Errno.ENOSYS);
		try (MemoryMapping mapping = this.registry.map(spec())) {
			this.calls.failOnce("mincore", Errno.ENOMEM);
			Residency residency = mapping.residency();
			assertThat(residency.resident()).isNull();
			assertThat(residency.reason()).contains("ENOMEM");
		}
	}

	@Test
	void privatePagesOfAFileAreThoseInThePageTables() {
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(this.file).access(MappingAccess.COPY_ON_WRITE).build())) {
			assertThat(mapping.residency().resident()).isZero();
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
			Residency residency = mapping.range(0, PAGE).residency();
			assertThat(residency.resident()).isEqualTo(PAGE);
			assertThat(residency.dirty()).isNull();
			assertThat(residency.reason()).startsWith("pagemap");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anonymousMemoryIsThereOnceItIsWritten(boolean shared) {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).shared(shared).build())) {
			assertThat(mapping.residency().resident()).isZero();
			mapping.segment().set(JAVA_BYTE, 3 * PAGE, (byte) 1);
			mapping.segment().set(JAVA_BYTE, 9 * PAGE, (byte) 1);
			assertThat(mapping.residency().resident()).isEqualTo(2L * PAGE);
		}
	}

	@Test
	void anonymousMemoryThatWasOnlyReadTakesWhatTheKernelHasGivenForThat() {
		// With an option that others do not have, or it could be one region with a
		// neighbour
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).dontFork(true).build())) {
			assertThat(mapping.segment().get(JAVA_BYTE, 5 * PAGE)).isZero();
			// None, if it has a page of zeros that all share
			assertThat(mapping.residency().resident())
				.isEqualTo(MemoryRegion.at(mapping.address()).kilobytes("Rss") * 1024);
		}
	}

	@Test
	void anInMemoryFileIsThereOnceItIsWritten() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.inMemoryFile("memory", SIZE).build())) {
			mapping.segment().set(JAVA_BYTE, 3 * PAGE, (byte) 1);
			assertThat(mapping.residency().resident()).isEqualTo(PAGE);
		}
	}

	@Test
	void aDeletedFileIsLookedAtThroughItsMapping() throws IOException {
		try (MemoryMapping mapping = this.registry.map(spec())) {
			Files.delete(this.file);
			Residency residency = mapping.residency();
			assertThat(residency.resident()).isEqualTo(SIZE);
			assertThat(residency.reason()).startsWith("mincore");
		}
	}

	@Test
	void aFileThatWasReplacedIsNotTakenForTheNewOne() throws Exception {
		Path replacement = this.directory.resolve("replacement");
		write(replacement, SIZE);
		evict(replacement);
		try (MemoryMapping mapping = this.registry.map(spec())) {
			Files.move(replacement, this.file, StandardCopyOption.REPLACE_EXISTING);
			assertThat(mapping.residency().resident()).isEqualTo(SIZE);
		}
	}

	@Test
	void rangesCountNoByteThatIsNotTheirs() {
		try (MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(SIZE).build())) {
			mapping.segment().set(JAVA_BYTE, 0, (byte) 1);
			assertThat(mapping.range(PAGE - 100, PAGE).residency().resident()).isEqualTo(100);
			assertThat(mapping.range(10, 20).residency().resident()).isEqualTo(20);
			assertThat(mapping.range(PAGE, 20).residency().resident()).isZero();
			assertThat(mapping.range(0, 2 * PAGE + 7).residency().resident()).isEqualTo(PAGE);
			assertThat(mapping.range(0, 0).residency().resident()).isZero();
		}
	}

	@Test
	void theLastPageCountsForTheBytesThatAreMapped() throws IOException {
		write(this.file, 2 * PAGE + 100);
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file).offset(50).build())) {
			assertThat(mapping.residency().resident()).isEqualTo(2 * PAGE + 50);
		}
	}

	@Test
	void lookingBringsNothingIntoMemory() throws Exception {
		evict(this.file);
		try (MemoryMapping mapping = this.registry.map(spec())) {
			mapping.residency();
			assertThat(mapping.residency().resident()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatIsAllocatedForALookDoesNotGrowWithTheMapping(boolean file) throws IOException {
		Requirement.checkNotOverlaid(this.directory);
		try (MappingRegistry plain = MappingRegistry.builder().mapper(MapperType.NATIVE).build()) {
			long small = allocatedForALook(plain, 1L << 20, file);
			assertThat(allocatedForALook(plain, 1L << 40, file)).isLessThan(small + 2000);
		}
	}

	private long allocatedForALook(MappingRegistry plain, long length, boolean ofFile) throws IOException {
		MappingSpec spec = MappingSpec.anonymous(length).noReserve(true).build();
		if (ofFile) {
			try (RandomAccessFile sparse = new RandomAccessFile(this.file.toFile(), "rw")) {
				sparse.setLength(length);
			}
			spec = MappingSpec.file(this.file).build();
		}
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		try (MemoryMapping mapping = plain.map(spec)) {
			assertThat(mapping.residency().resident()).isNotNull();
			long before = threads.getCurrentThreadAllocatedBytes();
			mapping.residency();
			return threads.getCurrentThreadAllocatedBytes() - before;
		}
	}

	@Test
	void theJdkMapperKnowsNothingAndSaysWhatToDo() {
		try (MappingRegistry jdk = MappingRegistry.builder().mapper(MapperType.JDK).build();
				MemoryMapping mapping = jdk.map(spec())) {
			assertThat(mapping.residency().resident()).isNull();
			assertThat(mapping.residency().reason()).contains("--enable-native-access=ALL-UNNAMED");
		}
	}

	@Test
	@Fault("file-of-somebody-else")
	void nothingIsGuessedOfAFileOfSomebodyElse() throws Exception {
		UnprivilegedProcess process = UnprivilegedProcess.withWholeClassPathIn(this.directory, WithoutCachestat.class);
		process.assumeAvailable();
		UnprivilegedProcess.Result result = process.run(this.file.toString());
		assertThat(result.line("resident")).isEqualTo("null");
		assertThat(result.line("reason")).contains("ENOSYS").contains("mincore tells the truth only to who owns");
	}

	private static void evict(Path file) throws Exception {
		Process process = new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0").inheritIO().start();
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).isZero();
	}

	private MappingSpec spec() {
		return MappingSpec.file(this.file).build();
	}

	private MappingSpec readWrite() {
		return MappingSpec.file(this.file).access(MappingAccess.READ_WRITE).build();
	}

	/**
	 * What the process runs.
	 */
	static final class WithoutCachestat {

		public static void main(String[] args) {
			FaultySystemCalls calls = new FaultySystemCalls();
			calls.failOnce("cachestat", Errno.ENOSYS);
			try (MappingRegistry registry = new DefaultMappingRegistryBuilder()
				.mapper(new NativeMapper(calls.proxy(), "for a test"))
				.build(); MemoryMapping mapping = registry.map(MappingSpec.file(Path.of(args[0])).build())) {
				Residency residency = mapping.residency();
				System.out.println("resident: " + residency.resident());
				System.out.println("reason: " + residency.reason());
			}
		}

	}

}
