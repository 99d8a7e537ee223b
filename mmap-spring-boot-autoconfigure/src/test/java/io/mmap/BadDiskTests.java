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
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.Requirement;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A disk that fails, with each mapper: an image of a file system which is cut off while
 * it is mounted, or whose own disk is full.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@ExtendWith(NothingLeftBehind.class)
class BadDiskTests {

	private static final int SIZE = 4 << 20;

	private static final int PAGE = 4096;

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path host;

	private Path image;

	private Path disk;

	private boolean hosted;

	private boolean mounted;

	private MappingRegistry registry;

	@BeforeEach
	void mountImage() throws Exception {
		this.host = Files.createDirectory(this.directory.resolve("host"));
		this.disk = Files.createDirectory(this.directory.resolve("disk"));
		this.hosted = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", this.host.toString());
		this.image = this.host.resolve("image");
		this.mounted = this.hosted && mountImageOfHost();
		Requirement.check(this.mounted, "only root can mount a small file system, and an image in it (mkfs.ext4)");
		this.registry = MappingRegistry.builder().mapper(this.mapper).build();
	}

	private boolean mountImageOfHost() throws Exception {
		try (FileChannel channel = FileChannel.open(this.image, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			channel.write(ByteBuffer.wrap(new byte[1]), 4 * SIZE - 1);
		}
		return run("mkfs.ext4", "-q", "-F", "-O", "^has_journal", "-E", "nodiscard", this.image.toString())
				&& run("mount", "-o", "loop", this.image.toString(), this.disk.toString());
	}

	@AfterEach
	void unmountImage() throws Exception {
		try {
			if (this.registry != null) {
				this.registry.close();
			}
		}
		finally {
			try {
				unmount(this.mounted, this.disk);
			}
			finally {
				unmount(this.hosted, this.host);
			}
		}
	}

	private static void unmount(boolean mounted, Path directory) throws InterruptedException {
		boolean unmounted = !mounted || run("umount", directory.toString());
		if (!unmounted) {
			// As soon as nobody uses it any more
			run("umount", "--lazy", directory.toString());
		}
		assertThat(unmounted).as("unmounted %s", directory).isTrue();
	}

	@Test
	@Fault("disk-fails-at-read")
	void whatCannotBeReadIsAnErrorThatIsNotTakenForATruncation() throws Exception {
		Path file = Files.write(this.disk.resolve("file"), new byte[SIZE]);
		assertThat(run("sync", "-f", this.disk.toString())).isTrue();
		try (MemoryMapping mapping = this.registry.map(MappingSpec.file(file).build());
				MappingLease lease = mapping.acquire()) {
			cutOff();
			evict(file);
			assertThatExceptionOfType(InternalError.class).isThrownBy(() -> lease.read(BadDiskTests::readAll));
			if (this.mapper == MapperType.NATIVE) {
				assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::prefault)
					.withMessageContaining("madvise")
					.satisfies((ex) -> assertThat(ex.remedy()).isNotEmpty());
			}
		}
	}

	@Test
	@Fault("disk-fails-at-flush")
	void whatCannotBeWrittenIsAnErrorOfTheFlush() throws Exception {
		Path file = this.disk.resolve("file");
		try (MemoryMapping mapping = this.registry
			.map(MappingSpec.file(file).access(MappingAccess.READ_WRITE).create(true).length(SIZE).build())) {
			// First, so that nothing is written before the flush
			fillHost();
			mapping.segment().fill((byte) 1);
			assertThatExceptionOfType(MappingException.class).isThrownBy(mapping::flush).withMessageContaining("flush");
			assertThat(this.registry.errors()).isNotEmpty();
		}
	}

	private static byte readAll(MemorySegment segment) {
		byte sum = 0;
		for (long at = 0; at < segment.byteSize(); at += PAGE) {
			sum += segment.get(JAVA_BYTE, at);
		}
		return sum;
	}

	/**
	 * Make the disk end after its first blocks.
	 */
	private void cutOff() throws IOException {
		try (FileChannel channel = FileChannel.open(this.image, StandardOpenOption.WRITE)) {
			channel.truncate(64 << 10);
		}
	}

	/**
	 * Leave no block for what the disk is to keep.
	 */
	private void fillHost() throws IOException {
		try (FileChannel channel = FileChannel.open(this.host.resolve("filling"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE)) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
				while (true) {
					channel.write(ByteBuffer.wrap(new byte[PAGE]));
				}
			}).withMessageContaining("No space left");
		}
	}

	private static void evict(Path file) throws Exception {
		assertThat(run("dd", "if=" + file, "iflag=nocache", "count=0", "status=none")).isTrue();
	}

	private static boolean run(String... command) throws InterruptedException {
		Process process;
		try {
			process = new ProcessBuilder(command).inheritIO().start();
		}
		catch (IOException ex) {
			// It is not installed
			return false;
		}
		try {
			return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
		}
		finally {
			process.destroyForcibly();
		}
	}

}
