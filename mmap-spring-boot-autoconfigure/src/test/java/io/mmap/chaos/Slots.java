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
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

import io.mmap.Advice;
import io.mmap.MapperType;
import io.mmap.MappingAccess;
import io.mmap.MappingClosedException;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.Protection;

/**
 * Ad hoc mappings that all threads use.
 */
final class Slots {

	private static final int COUNT = 4;

	private static final int MAX_PAGES = 16;

	private static final int MAX_KEPT = 16;

	private final Scene scene;

	private final MappingRegistry registry;

	private final boolean nativeMapper;

	private final Path directory;

	private final Path constant;

	private final AtomicLong owners = new AtomicLong();

	private final AtomicReferenceArray<Slot> slots = new AtomicReferenceArray<>(COUNT);

	private final Queue<Slot> kept = new ConcurrentLinkedQueue<>();

	private final LongAdder mapped = new LongAdder();

	private final LongAdder unmapped = new LongAdder();

	private final LongAdder dropped = new LongAdder();

	Slots(Scene scene, MappingRegistry registry, MapperType mapper, Path directory, SplittableRandom random)
			throws IOException {
		this.scene = scene;
		this.registry = registry;
		this.nativeMapper = mapper == MapperType.NATIVE;
		this.directory = directory;
		this.constant = directory.resolve("constant");
		byte[] content = new byte[MAX_PAGES * Marks.PAGE];
		Marks.write(MemorySegment.ofArray(content), -1);
		Files.write(this.constant, content);
		for (int i = 0; i < COUNT; i++) {
			this.slots.set(i, map(random));
		}
	}

	private Slot slot(SplittableRandom random) {
		return this.slots.get(random.nextInt(COUNT));
	}

	private Slot map(SplittableRandom random) {
		long pages = random.nextInt(1, MAX_PAGES);
		long length = pages * Marks.PAGE;
		int choice = random.nextInt((this.nativeMapper) ? 8 : 3);
		long reserve = MAX_PAGES * Marks.PAGE;
		long owner = this.owners.incrementAndGet();
		return switch (choice) {
			case 0 -> slot(Slot.Kind.READ_FILE, -1, MappingSpec.file(this.constant).length(length).build());
			case 1 -> slot(Slot.Kind.READ_FILE, -1,
					MappingSpec.file(this.constant).length(length).access(MappingAccess.COPY_ON_WRITE).build());
			case 2 -> mapFile(owner, length);
			case 3 ->
				slot(Slot.Kind.RESIZABLE, owner, MappingSpec.inMemoryFile("chaos", length).reserve(reserve).build());
			case 4 -> slot(Slot.Kind.FIXED, owner, MappingSpec.anonymous(length).shared(true).build());
			case 5 -> slot(Slot.Kind.RESIZABLE, owner, MappingSpec.inMemoryFile("chaos", length).build());
			case 6 -> slot(Slot.Kind.RESIZABLE, owner, MappingSpec.anonymous(length).reserve(reserve).build());
			default -> slot(Slot.Kind.RESIZABLE, owner, MappingSpec.anonymous(length).build());
		};
	}

	private Slot mapFile(long owner, long length) {
		return slot(Slot.Kind.WRITTEN_FILE, owner,
				MappingSpec.file(this.directory.resolve("file" + owner))
					.access(MappingAccess.READ_WRITE)
					.create(true)
					.length(length)
					.build());
	}

	private Slot slot(Slot.Kind kind, long owner, MappingSpec spec) {
		MemoryMapping mapping = this.registry.map(spec);
		this.mapped.increment();
		Slot slot = new Slot(kind, mapping, mapping.segment(), owner);
		if (slot.isOwn()) {
			slot.write(slot.first());
		}
		return slot;
	}

	void replace(SplittableRandom random) {
		int index = random.nextInt(COUNT);
		Slot next;
		try {
			next = map(random);
		}
		catch (IllegalStateException ex) {
			this.scene.checkClosed(ex, false);
			return;
		}
		unmap(this.slots.getAndSet(index, next));
	}

	void unmap(SplittableRandom random) {
		unmap(slot(random));
	}

	/**
	 * Unmap what others may be unmapping, too: one of them does.
	 */
	private void unmap(Slot slot) {
		slot.unmapped();
		try {
			slot.mapping().unmap();
			this.unmapped.increment();
		}
		catch (MappingClosedException ex) {
			// Somebody else did
		}
		if (slot.first().scope().isAlive()) {
			throw new AssertionError("There is access to " + slot.mapping().name() + ", which was unmapped");
		}
	}

	/**
	 * Do something that takes the mapping to be open.
	 */
	private <T> void use(Slot slot, Use<T> acquire, Scene.Body<T> body) throws Exception {
		T used;
		try {
			used = acquire.of(slot.mapping());
		}
		catch (IllegalStateException ex) {
			this.scene.checkClosed(ex, slot.isUnmapped());
			return;
		}
		body.with(used);
	}

	void readLeased(SplittableRandom random) throws Exception {
		Slot slot = slot(random);
		boolean named = random.nextBoolean();
		boolean pausing = random.nextInt(4) == 0;
		use(slot, (mapping) -> (named) ? mapping.acquire("reader") : mapping.acquire(), (lease) -> {
			try (lease) {
				slot.verify(lease.segment());
				Scene.pause(pausing);
				slot.verify(lease.segment());
			}
		});
	}

	void writeLeased(SplittableRandom random) throws Exception {
		Slot slot = slot(random);
		boolean pausing = random.nextInt(4) == 0;
		use(slot, MemoryMapping::acquire, (lease) -> {
			try (lease) {
				MemorySegment segment = lease.segment();
				if (!segment.isReadOnly()) {
					slot.write(segment);
					Scene.pause(pausing);
					// Nobody may have changed the protection meanwhile
					slot.write(segment);
				}
			}
		});
	}

	/**
	 * Read a segment that may be unmapped meanwhile: then, and only then, that is to
	 * fail.
	 */
	void read(SplittableRandom random) throws Exception {
		Slot slot = slot(random);
		int rounds = random.nextInt(1, 40);
		use(slot, MemoryMapping::segment, (segment) -> Scene.freely(segment, () -> {
			for (int i = 0; i < rounds; i++) {
				slot.verify(segment);
			}
		}));
	}

	void write(SplittableRandom random) throws Exception {
		Slot slot = slot(random);
		int rounds = random.nextInt(1, 40);
		use(slot, MemoryMapping::segment, (segment) -> Scene.freely(segment, () -> {
			for (int i = 0; i < rounds && !segment.isReadOnly(); i++) {
				slot.write(segment);
			}
		}));
	}

	void operate(SplittableRandom random) throws Exception {
		Slot slot = slot(random);
		int operation = random.nextInt(5);
		use(slot, (mapping) -> {
			if (!this.nativeMapper || operation == 0) {
				flush(slot);
			}
			else if (operation == 1) {
				mapping.residency();
			}
			else if (operation == 2) {
				mapping.range(0, Marks.PAGE).prefault();
			}
			else if (operation == 3) {
				mapping.advise(Advice.WILL_NEED);
			}
			else if (slot.isFile()) {
				mapping.startFlush();
			}
			return mapping;
		}, (mapping) -> {
		});
	}

	private static void flush(Slot slot) {
		if (slot.isFile()) {
			slot.mapping().flush();
		}
	}

	void resize(SplittableRandom random) throws Exception {
		Slot slot = slot(random);
		long length = (long) random.nextInt(1, MAX_PAGES) * Marks.PAGE;
		if (!slot.isResizable()) {
			return;
		}
		use(slot, (mapping) -> {
			mapping.resize(length);
			return mapping.acquire();
		}, (lease) -> {
			try (lease) {
				if (!lease.segment().isReadOnly()) {
					slot.write(lease.segment());
				}
			}
		});
	}

	void protect(SplittableRandom random) throws Exception {
		Slot slot = slot(random);
		Set<Protection> protection = (random.nextBoolean()) ? EnumSet.of(Protection.READ)
				: EnumSet.of(Protection.READ, Protection.WRITE);
		if (!slot.isOwn()) {
			return;
		}
		use(slot, (mapping) -> {
			mapping.protect(protection.toArray(Protection[]::new));
			return mapping;
		}, (mapping) -> {
		});
	}

	void drop(SplittableRandom random) {
		boolean keeping = random.nextBoolean();
		try {
			Slot part = map(random).part();
			this.dropped.increment();
			part.verify(part.first());
			if (keeping) {
				this.kept.add(part);
			}
		}
		catch (IllegalStateException ex) {
			this.scene.checkClosed(ex, false);
		}
		while (this.kept.size() > MAX_KEPT) {
			Slot oldest = this.kept.poll();
			if (oldest != null) {
				verifyKept(oldest);
			}
		}
	}

	private void verifyKept(Slot slot) {
		try {
			slot.verify(slot.first());
		}
		catch (IllegalStateException ex) {
			// Unmapped as an orphan, or it is a leak that was unmapped in use
			this.scene.checkClosed(ex, false);
		}
	}

	void collect(SplittableRandom random) {
		if (random.nextInt(8) == 0) {
			System.gc();
			this.registry.leaks();
			this.kept.forEach(this::verifyKept);
		}
	}

	/**
	 * Unmap all, and forget what is kept.
	 */
	void end() {
		for (int i = 0; i < COUNT; i++) {
			unmap(this.slots.get(i));
		}
		this.kept.forEach(this::verifyKept);
		this.kept.clear();
	}

	long mapped() {
		return this.mapped.sum();
	}

	long unmapped() {
		return this.unmapped.sum();
	}

	long dropped() {
		return this.dropped.sum();
	}

	/**
	 * What takes a mapping that is open.
	 *
	 * @param <T> what it gives
	 */
	@FunctionalInterface
	private interface Use<T> {

		T of(MemoryMapping mapping);

	}

}
