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

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSetLease;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;

/**
 * Declared mappings, whose files are replaced: each version has its number as owner.
 */
final class Declared {

	private static final String WORDS = "words";

	private static final String PAIR = "pair";

	private static final List<String> KEYS = List.of("left", "right");

	private final Scene scene;

	private final Path directory;

	private final AtomicLong version = new AtomicLong();

	private final LongAdder reloads = new LongAdder();

	private final LongAdder setReloads = new LongAdder();

	private @Nullable MappingRegistry registry;

	Declared(Scene scene, Path directory) {
		this.scene = scene;
		this.directory = directory;
		write(WORDS, 1, 1);
		KEYS.forEach((key) -> write(key, 1, 1));
	}

	MappingRegistry.Builder declare(MappingRegistry.Builder builder) {
		return builder.declare(WORDS, spec(WORDS))
			.declareSet(PAIR, Map.of(KEYS.getFirst(), spec(KEYS.getFirst()), KEYS.getLast(), spec(KEYS.getLast())));
	}

	private MappingSpec spec(String name) {
		return MappingSpec.file(this.directory.resolve(name)).build();
	}

	void open(MappingRegistry registry) {
		this.registry = registry;
	}

	private MappingRegistry registry() {
		return Objects.requireNonNull(this.registry);
	}

	private void write(String name, long version, int pages) {
		byte[] content = new byte[pages * Marks.PAGE];
		Marks.write(MemorySegment.ofArray(content), version);
		Path next = this.directory.resolve(name + ".next");
		// Whom an interrupt does not disturb
		try (OutputStream out = new FileOutputStream(next.toFile())) {
			out.write(content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		try {
			Files.move(next, this.directory.resolve(name), StandardCopyOption.ATOMIC_MOVE,
					StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Replace the file or the files of the set, and have others reload at the same time.
	 */
	void reload(SplittableRandom random) {
		boolean set = random.nextInt(3) == 0;
		int pages = random.nextInt(1, 8);
		try {
			if (set) {
				synchronized (this.setReloads) {
					// Others must not see one new file and one old one
					long version = this.version.incrementAndGet() + 1;
					KEYS.forEach((key) -> write(key, version, pages));
					registry().reload(PAIR);
				}
				this.setReloads.increment();
				return;
			}
			synchronized (this.reloads) {
				write(WORDS, this.version.incrementAndGet() + 1, pages);
			}
			registry().reload(WORDS);
			this.reloads.increment();
		}
		catch (IllegalStateException ex) {
			this.scene.checkClosed(ex, false);
		}
	}

	void readLeased(SplittableRandom random) {
		boolean pausing = random.nextInt(4) == 0;
		MappingLease lease;
		try {
			lease = registry().get(WORDS).acquire();
		}
		catch (IllegalStateException ex) {
			this.scene.checkClosed(ex, false);
			return;
		}
		try (lease) {
			long version = verify(lease.segment());
			Scene.pause(pausing);
			same(version, verify(lease.segment()));
		}
	}

	void read(SplittableRandom random) {
		int rounds = random.nextInt(1, 40);
		MemorySegment segment;
		try {
			segment = registry().get(WORDS).segment();
		}
		catch (IllegalStateException ex) {
			this.scene.checkClosed(ex, false);
			return;
		}
		Scene.freely(segment, () -> {
			long version = verify(segment);
			for (int i = 0; i < rounds; i++) {
				same(version, verify(segment));
			}
		});
	}

	void readSet(SplittableRandom random) {
		boolean member = random.nextBoolean();
		boolean pausing = random.nextInt(4) == 0;
		if (member) {
			readMember(KEYS.get(random.nextInt(KEYS.size())));
			return;
		}
		MappingSetLease lease;
		try {
			lease = registry().set(PAIR).acquire();
		}
		catch (IllegalStateException ex) {
			this.scene.checkClosed(ex, false);
			return;
		}
		try (lease) {
			long version = verify(lease.segment(KEYS.getFirst()));
			Scene.pause(pausing);
			same(version, verify(lease.segment(KEYS.getLast())));
			same(version, verify(lease.segment(KEYS.getFirst())));
		}
	}

	private void readMember(String key) {
		MappingLease lease;
		try {
			MemoryMapping member = registry().set(PAIR).get(key);
			lease = member.acquire();
		}
		catch (IllegalStateException ex) {
			this.scene.checkClosed(ex, false);
			return;
		}
		try (lease) {
			long version = verify(lease.segment());
			Thread.yield();
			same(version, verify(lease.segment()));
		}
	}

	/**
	 * Read all of a version.
	 * @return which version it is
	 */
	private long verify(MemorySegment segment) {
		long version = Marks.owner(segment);
		if (version < 1 || version > this.version.get() + 1) {
			throw new AssertionError("There is no version " + version);
		}
		Marks.verify(segment, version, false);
		return version;
	}

	private static void same(long before, long after) {
		if (before != after) {
			throw new AssertionError("Version " + before + " became version " + after);
		}
	}

	long reloads(String name) {
		return (name.equals(WORDS)) ? this.reloads.sum() : this.setReloads.sum();
	}

	/**
	 * Return how often memory was mapped.
	 */
	long mapped(String name) {
		return (name.equals(WORDS)) ? 1 + this.reloads.sum() : KEYS.size() * (1 + this.setReloads.sum());
	}

}
