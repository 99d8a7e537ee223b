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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

import io.mmap.MappingInfo;
import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSetLease;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.TruncationPolicy;

/**
 * Guarded mappings whose files are emptied in place while they are read.
 */
final class Guarded {

	/**
	 * What the names of all these files begin with.
	 */
	static final String NAME = "guarded";

	private final Replaced files;

	private final Path own;

	private final int ownKind;

	private final LongAdder reads;

	private final LongAdder truncations = new LongAdder();

	private final Content ownContent = new Content();

	private final Content setContent = new Content().asBuffer(true);

	private long version;

	/**
	 * Write the files.
	 */
	Guarded(Path directory, int kind, LongAdder reads) throws IOException {
		this.own = directory.resolve(NAME + "-file");
		this.ownKind = kind;
		this.files = new Replaced(NAME, directory, kind + 1, 2);
		this.reads = reads;
	}

	Replaced files() {
		return this.files;
	}

	Map<String, MappingSpec> specs() {
		Map<String, MappingSpec> specs = new TreeMap<>();
		for (int i = 0; i < this.files.keys().size(); i++) {
			specs.put(this.files.keys().get(i), guarded(this.files.file(i)));
		}
		return specs;
	}

	private static MappingSpec guarded(Path file) {
		return MappingSpec.file(file).truncation(TruncationPolicy.GUARD).build();
	}

	/**
	 * Map a file, and have others read it while it is emptied.
	 */
	void truncateFile(Crew crew, MappingRegistry registry, Ledger ledger) throws IOException, InterruptedException {
		long version = ++this.version;
		Files.write(this.own, this.ownContent.make(this.ownKind, version));
		MemoryMapping mapping = ledger.map(guarded(this.own));
		try {
			checkGuarded(registry, mapping);
			List<Thread> readers = List.of(crew.once(false, reading(mapping, version, new Content())),
					crew.once(true, reading(mapping, version, new Content().asBuffer(true))));
			Crew.pause(0, 3);
			boolean truncated = ThreadLocalRandom.current().nextInt(4) > 0;
			if (truncated) {
				truncate(this.own);
			}
			for (Thread reader : readers) {
				crew.join(reader);
			}
			boolean detached = info(registry, mapping).isDetached();
			if (detached != truncated) {
				throw new IllegalStateException("Truncated: " + truncated + ", detached: " + detached);
			}
			check(version, this.ownContent.verify(mapping.segment(), this.ownKind));
		}
		finally {
			AdHoc.unmap(ledger, mapping);
		}
		Crew.pause(20, 100);
	}

	private Crew.Task reading(MemoryMapping mapping, long version, Content content) {
		return () -> {
			for (int i = 0; i < 4; i++) {
				try (MappingLease lease = mapping.acquire()) {
					check(version, content.verify(lease.segment(), this.ownKind));
				}
				this.reads.increment();
				Thread.yield();
			}
		};
	}

	/**
	 * Replace the set, and empty some of its files.
	 */
	void replaceAndTruncate(MappingRegistry registry, Ledger ledger) throws IOException, InterruptedException {
		this.files.replace(registry, ledger);
		try (MappingSetLease lease = registry.set(this.files.name()).acquire()) {
			for (int i = 0; i < this.files.keys().size(); i++) {
				String key = this.files.keys().get(i);
				MemoryMapping mapping = registry.set(this.files.name()).get(key);
				checkGuarded(registry, mapping);
				if (ThreadLocalRandom.current().nextInt(4) == 0) {
					truncate(this.files.file(i));
				}
				check(this.files.version(), this.setContent.verify(lease.segment(key), this.files.kind(i)));
			}
		}
		Crew.pause(20, 100);
	}

	private static void checkGuarded(MappingRegistry registry, MemoryMapping mapping) {
		if (!info(registry, mapping).isGuarded()) {
			throw new IllegalStateException("'" + mapping.name() + "' is not guarded");
		}
	}

	private static MappingInfo info(MappingRegistry registry, MemoryMapping mapping) {
		return registry.mappings()
			.stream()
			.filter((info) -> info.name().equals(mapping.name()) && !info.isReplaced())
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Empty a file as {@code : > file} does.
	 */
	private void truncate(Path file) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE,
				StandardOpenOption.TRUNCATE_EXISTING)) {
			if (channel.size() != 0) {
				throw new IllegalStateException("'" + file + "' has " + channel.size() + " bytes");
			}
		}
		this.truncations.increment();
	}

	private static void check(long expected, long found) {
		if (expected != found) {
			throw new WrongContentException("Version " + found + " instead of " + expected);
		}
	}

	long truncations() {
		return this.truncations.sum();
	}

}
