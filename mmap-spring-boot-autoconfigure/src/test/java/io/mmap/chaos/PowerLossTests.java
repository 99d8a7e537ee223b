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

package io.mmap.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.MapperType;
import io.mmap.MappingAccess;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.NothingLeftBehind;
import io.mmap.testsupport.Requirement;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a disk has at the moment at which the power fails: a copy of the image of a file
 * system that is still mounted, which is all that would be left of it.
 */
@ExtendWith(NothingLeftBehind.class)
class PowerLossTests {

	private static final long SEED = Long.getLong("mmap.seed", System.nanoTime());

	private static final int PAGES = 32;

	private static final int ROUNDS = 12;

	private static final int IMAGE_SIZE = 16 << 20;

	@TempDir
	Path directory;

	private final long[] stored = new long[PAGES];

	private final long[] flushed = new long[PAGES];

	private Path disk;

	private Path mounted;

	@BeforeEach
	void mountDisk() throws Exception {
		this.disk = this.directory.resolve("disk");
		this.mounted = Files.createDirectory(this.directory.resolve("mounted"));
		try (RandomAccessFile image = new RandomAccessFile(this.disk.toFile(), "rw")) {
			image.setLength(IMAGE_SIZE);
		}
		// Nothing is written but what somebody asks for
		Requirement.check(
				run("mkfs.ext4", "-q", "-F", this.disk.toString())
						&& run("mount", "-o", "loop,commit=600", this.disk.toString(), this.mounted.toString()),
				"mkfs.ext4 (of the package e2fsprogs), and the right to mount a file system on a loop device");
	}

	@AfterEach
	void unmountDisk() throws Exception {
		if (Files.exists(this.mounted.resolve("lost+found"))) {
			assertThat(run("umount", this.mounted.toString())).isTrue();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
	@Fault("power-lost-after-flush")
	void whatWasFlushedIsOnTheDiskWhenThePowerFails(MapperType mapper) throws Exception {
		SplittableRandom random = new SplittableRandom(SEED);
		MappingSpec spec = MappingSpec.file(this.mounted.resolve("file"))
			.access(MappingAccess.READ_WRITE)
			.create(true)
			.length((long) PAGES * Marks.PAGE)
			.flushOnUnmap(true)
			.build();
		try (MappingRegistry registry = MappingRegistry.builder().mapper(mapper).build()) {
			try (MemoryMapping mapping = registry.map(spec)) {
				mapping.flush();
				for (long round = 1; round <= ROUNDS; round++) {
					storeAndFlush(mapping, round, random);
					if (round % 4 == 0) {
						checkWhatIsLeft();
					}
				}
			}
			System.arraycopy(this.stored, 0, this.flushed, 0, PAGES);
			checkWhatIsLeft();
		}
	}

	private void storeAndFlush(MemoryMapping mapping, long round, SplittableRandom random) {
		for (int i = 0; i < 8; i++) {
			int page = random.nextInt(PAGES);
			mapping.segment().set(JAVA_LONG_UNALIGNED, (long) page * Marks.PAGE, round);
			this.stored[page] = round;
		}
		switch (random.nextInt(3)) {
			case 0 -> {
				mapping.flush();
				System.arraycopy(this.stored, 0, this.flushed, 0, PAGES);
			}
			case 1 -> {
				int first = random.nextInt(PAGES);
				int count = random.nextInt(1, PAGES - first + 1);
				mapping.range((long) first * Marks.PAGE, (long) count * Marks.PAGE).flush();
				System.arraycopy(this.stored, first, this.flushed, first, count);
			}
			default -> {
				// Is lost, or not
			}
		}
	}

	/**
	 * Look at what would be found after the next start.
	 */
	private void checkWhatIsLeft() throws Exception {
		Path left = Files.copy(this.disk, this.directory.resolve("left"));
		Path found = Files.createDirectory(this.directory.resolve("found"));
		// Which replays the journal, as it is done after a power failure
		assertThat(run("mount", "-o", "loop", left.toString(), found.toString())).as("mounted what is left").isTrue();
		byte[] content;
		try {
			content = Files.readAllBytes(found.resolve("file"));
		}
		finally {
			assertThat(run("umount", found.toString())).isTrue();
			Files.delete(found);
			Files.delete(left);
		}
		assertThat(content).as("what is left; to repeat it, -Dmmap.seed=%d", SEED).hasSize(PAGES * Marks.PAGE);
		ByteBuffer numbers = ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
		for (int page = 0; page < PAGES; page++) {
			assertThat(numbers.getLong(page * Marks.PAGE)).as("page %d; to repeat it, -Dmmap.seed=%d", page, SEED)
				.isBetween(this.flushed[page], this.stored[page]);
		}
	}

	private static boolean run(String... command) throws IOException, InterruptedException {
		Process process;
		try {
			process = new ProcessBuilder(List.of(command)).inheritIO().start();
		}
		catch (IOException ex) {
			// It is not installed
			return false;
		}
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s has ended", command[0]).isTrue();
			return process.exitValue() == 0;
		}
		finally {
			process.destroyForcibly();
		}
	}

}
