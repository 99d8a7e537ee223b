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

package io.mmap.soak;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

import io.mmap.MapperType;
import io.mmap.MappedFileNotFoundException;
import io.mmap.MappingAccess;
import io.mmap.MappingException;
import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MappingStatistics;
import io.mmap.MemoryMapping;

/**
 * Maps, reads, writes and unmaps again, on one thread.
 */
final class AdHoc {

	static final int PAGE = 4096;

	/**
	 * Of content that is written by one thread of its own each.
	 */
	static final int KIND = 100;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

	private final MappingRegistry registry;

	private final Ledger ledger;

	private final MapperType mapper;

	private final Replaced file;

	private final LongAdder reads;

	private final Content content = new Content();

	private final Path constant;

	private final Path written;

	private final Path missing;

	/**
	 * Create an instance.
	 * @param file what is replaced meanwhile
	 * @param directory where files are made, for this thread alone
	 */
	AdHoc(MappingRegistry registry, Ledger ledger, MapperType mapper, Replaced file, Path directory, LongAdder reads)
			throws IOException {
		this.registry = registry;
		this.file = file;
		this.ledger = ledger;
		this.mapper = mapper;
		this.reads = reads;
		Files.createDirectories(directory);
		this.constant = Files.write(directory.resolve("constant"), this.content.make(KIND, 0));
		this.written = directory.resolve("written");
		this.missing = directory.resolve("missing");
	}

	/**
	 * Map one of everything, and check all of its content.
	 */
	void mapAndVerify() throws IOException {
		RandomGenerator random = ThreadLocalRandom.current();
		switch (random.nextInt((this.mapper == MapperType.NATIVE) ? 6 : 3)) {
			case 0 -> readReplaced();
			case 1 -> writeFile();
			case 2 -> writeCopy();
			case 3 -> writeNew(MappingSpec.anonymous(length(random)).build());
			case 4 -> writeNew(MappingSpec.anonymous(length(random)).shared(true).build());
			default -> writeNew(MappingSpec.inMemoryFile("soak", length(random)).build());
		}
	}

	/**
	 * Map a few pages and unmap them again, as fast as that goes: it is the number that
	 * matters.
	 */
	void mapAndTouch() {
		RandomGenerator random = ThreadLocalRandom.current();
		boolean nativeMapper = this.mapper == MapperType.NATIVE;
		boolean file = !nativeMapper || random.nextBoolean();
		long length = random.nextLong(PAGE, 4 * PAGE);
		// The others wait for all threads when they are unmapped
		boolean confined = nativeMapper && random.nextInt(256) > 0;
		MemoryMapping mapping = this.ledger
			.map((file) ? MappingSpec.file(this.constant).length(length).confined(confined).build()
					: MappingSpec.anonymous(length).confined(confined).build());
		try {
			MemorySegment segment = mapping.segment();
			long expected = (file) ? Content.length(KIND, 0) : 0;
			if (segment.byteSize() != length || segment.get(LONG, 16) != expected) {
				throw new WrongContentException("Something else is mapped");
			}
			if (!file) {
				segment.set(LONG, length - Long.BYTES, length);
			}
		}
		finally {
			unmap(mapping);
		}
	}

	private void readReplaced() {
		if (ThreadLocalRandom.current().nextInt(4) == 0) {
			mapMissing();
		}
		long oldest = this.file.reloads(this.registry);
		MemoryMapping mapping = this.ledger.map(MappingSpec.file(this.file.file(0)).build());
		try {
			this.file.check(read(mapping.segment(), this.file.kind(0)), oldest, 0);
		}
		finally {
			unmap(mapping);
		}
	}

	private void mapMissing() {
		this.ledger.fail(MappingSpec.file(this.missing).build(), MappedFileNotFoundException.class,
				(this.mapper == MapperType.NATIVE) ? "ENOENT" : "none");
		if (this.mapper == MapperType.NATIVE) {
			this.ledger.fail(MappingSpec.anonymous(1L << 60).build(), MappingException.class, "ENOMEM");
		}
	}

	private void writeFile() throws IOException {
		RandomGenerator random = ThreadLocalRandom.current();
		long length = length(random);
		long version = random.nextLong();
		boolean flushed = random.nextInt(8) == 0;
		MemoryMapping mapping = this.ledger.map(MappingSpec.file(this.written)
			.access(MappingAccess.READ_WRITE)
			.create(true)
			.exclusive(random.nextBoolean())
			.flushOnUnmap(flushed)
			.length(length)
			.build());
		try {
			try (MappingLease lease = mapping.acquire()) {
				this.content.write(lease.segment(), KIND, version);
			}
			if (random.nextInt(8) == 0) {
				// Waits for the disk
				this.ledger.flush(mapping);
			}
			else if (this.mapper == MapperType.NATIVE) {
				mapping.startFlush();
			}
			check(version, read(mapping.segment(), KIND));
		}
		finally {
			unmap(mapping);
		}
		if (flushed) {
			this.ledger.flushed();
		}
		byte[] bytes = Arrays.copyOf(Files.readAllBytes(this.written), (int) length);
		check(version, read(MemorySegment.ofArray(bytes), KIND));
		if (random.nextBoolean()) {
			Files.delete(this.written);
		}
	}

	private void writeCopy() {
		MemoryMapping mapping = this.ledger.map(MappingSpec.file(this.constant)
			.access(MappingAccess.COPY_ON_WRITE)
			.copy(this.mapper == MapperType.NATIVE && ThreadLocalRandom.current().nextBoolean())
			.build());
		try {
			// As left by the copy before: nothing of it may be in the file
			check(0, read(mapping.segment(), KIND));
			this.content.write(mapping.segment().asSlice(0, 2 * PAGE), KIND, 1);
			check(1, read(mapping.segment().asSlice(0, 2 * PAGE), KIND));
		}
		finally {
			unmap(mapping);
		}
	}

	private void writeNew(MappingSpec spec) {
		MemoryMapping mapping = this.ledger.map(spec);
		try {
			if (mapping.segment().get(LONG, 8) != 0) {
				throw new WrongContentException("New memory is not zero");
			}
			long version = ThreadLocalRandom.current().nextLong();
			this.content.write(mapping.segment(), KIND, version);
			check(version, read(mapping.segment(), KIND));
		}
		finally {
			unmap(mapping);
		}
	}

	private void unmap(MemoryMapping mapping) {
		unmap(this.ledger, mapping);
	}

	/**
	 * Unmap what is mapped ad hoc, in one of the ways there are.
	 */
	static void unmap(Ledger ledger, MemoryMapping mapping) {
		MemorySegment segment = mapping.segment();
		if (ThreadLocalRandom.current().nextBoolean()) {
			mapping.close();
			mapping.close();
		}
		else {
			mapping.unmap();
		}
		ledger.unmapped(MappingStatistics.AD_HOC, 1);
		if (segment.scope().isAlive()) {
			throw new WrongContentException("There is access to what was unmapped");
		}
	}

	private static long length(RandomGenerator random) {
		return random.nextLong(PAGE, 64 * PAGE);
	}

	private long read(MemorySegment segment, int kind) {
		long version = this.content.verify(segment, kind);
		this.reads.increment();
		return version;
	}

	private static void check(long expected, long found) {
		if (expected != found) {
			throw new WrongContentException("Version " + found + " instead of " + expected);
		}
	}

}
