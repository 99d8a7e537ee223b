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

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSet;
import io.mmap.MappingSetLease;
import io.mmap.MemoryMapping;

/**
 * Readers of what is replaced meanwhile.
 */
final class Readers {

	private final MappingRegistry registry;

	private final Replaced file;

	private final Replaced files;

	private final MemoryMapping mapping;

	private final MappingSet set;

	private final LongAdder reads;

	private final Times acquireTimes = new Times();

	private final LongAdder overtaken = new LongAdder();

	/**
	 * Create the readers.
	 * @param file a declared mapping
	 * @param files a declared set
	 */
	Readers(MappingRegistry registry, Replaced file, Replaced files, LongAdder reads) {
		this.registry = registry;
		this.file = file;
		this.files = files;
		this.mapping = registry.get(file.name());
		this.set = registry.set(files.name());
		this.reads = reads;
	}

	void hire(Crew crew, String name) {
		crew.hire(name + "-reader", reading(new Content(), false));
		crew.hireVirtual(name + "-virtual-reader", reading(new Content().asBuffer(true), false));
		crew.hireVirtual(name + "-named-reader", reading(new Content(), true));
		crew.hire(name + "-set-reader", readingSet(new Content().asBuffer(true)));
		crew.hireVirtual(name + "-virtual-set-reader", readingSet(new Content()));
		crew.hireVirtual(name + "-member-reader", readingMember(new Content()));
		crew.hire(name + "-keeper", keeping(crew, new Content()));
		crew.hire(name + "-slow-reader", readingSlowly(crew, new Content()));
		crew.hire(name + "-careless-reader", readingWithoutLease(new Content()));
	}

	private Crew.Task reading(Content content, boolean named) {
		return () -> {
			long oldest = this.file.reloads(this.registry);
			long start = System.nanoTime();
			try (MappingLease lease = (named) ? this.mapping.acquire("reader") : this.mapping.acquire()) {
				this.acquireTimes.since(start);
				long version = read(content, lease);
				this.file.check(version, oldest, lease.generation());
				Thread.yield();
				checkSame(version, (named) ? lease.read((segment) -> read(content, segment, this.file.kind(0)))
						: read(content, lease));
			}
			Crew.pause(0, 15);
		};
	}

	private Crew.Task readingSet(Content content) {
		return () -> {
			long oldest = this.files.reloads(this.registry);
			long start = System.nanoTime();
			try (MappingSetLease lease = this.set.acquire()) {
				this.acquireTimes.since(start);
				for (int round = 0; round < 2; round++) {
					for (int i = 0; i < this.files.keys().size(); i++) {
						long version = read(content, lease.segment(this.files.keys().get(i)), this.files.kind(i));
						this.files.check(version, oldest, lease.generation());
						Thread.yield();
					}
				}
			}
			Crew.pause(0, 30);
		};
	}

	/**
	 * Lease one member of the set, on which the others stay mapped, too.
	 */
	private Crew.Task readingMember(Content content) {
		return () -> {
			int member = ThreadLocalRandom.current().nextInt(this.files.keys().size());
			long oldest = this.files.reloads(this.registry);
			try (MappingLease lease = this.set.get(this.files.keys().get(member)).acquire()) {
				long version = read(content, lease.segment(), this.files.kind(member));
				this.files.check(version, oldest, lease.generation());
				Thread.yield();
				checkSame(version, read(content, lease.segment(), this.files.kind(member)));
			}
			Crew.pause(0, 30);
		};
	}

	/**
	 * Keep a lease while the file is replaced several times.
	 */
	private Crew.Task keeping(Crew crew, Content content) {
		return () -> {
			long oldest = this.file.reloads(this.registry);
			try (MappingLease lease = this.mapping.acquire("keeper")) {
				long version = read(content, lease);
				this.file.check(version, oldest, lease.generation());
				long replacements = ThreadLocalRandom.current().nextInt(2, 10);
				while (this.file.reloads(this.registry) < oldest + replacements && !crew.isStopped()) {
					Crew.pause(5, 20);
					checkSame(version, read(content, lease));
				}
			}
			Crew.pause(0, 50);
		};
	}

	private Crew.Task readingSlowly(Crew crew, Content content) {
		return () -> {
			try (MappingSetLease setLease = this.set.acquire("slow"); MappingLease lease = this.mapping.acquire()) {
				long version = read(content, lease);
				long setVersion = read(content, setLease.segment(this.files.keys().getFirst()), this.files.kind(0));
				Crew.pause(100, 1000);
				checkSame(version, read(content, lease));
				for (int i = 0; i < this.files.keys().size(); i++) {
					checkSame(setVersion,
							read(content, setLease.segment(this.files.keys().get(i)), this.files.kind(i)));
				}
			}
			if (!crew.isStopped()) {
				Crew.pause(200, 1000);
			}
		};
	}

	/**
	 * Read a segment that may be unmapped meanwhile: then, and only then, that is to
	 * fail.
	 */
	private Crew.Task readingWithoutLease(Content content) {
		return () -> {
			long oldest = this.file.reloads(this.registry);
			MemorySegment segment = this.mapping.segment();
			try {
				for (int i = 0; i < 3; i++) {
					Crew.pause(0, 10);
					this.file.check(read(content, segment, this.file.kind(0)), oldest, 0);
				}
			}
			catch (IllegalStateException ex) {
				if (!"Already closed".equals(ex.getMessage()) || segment.scope().isAlive()) {
					throw ex;
				}
				this.overtaken.increment();
			}
		};
	}

	private long read(Content content, MappingLease lease) {
		return read(content, lease.segment(), this.file.kind(0));
	}

	private long read(Content content, MemorySegment segment, int kind) {
		long version = content.verify(segment, kind);
		this.reads.increment();
		return version;
	}

	private static void checkSame(long before, long after) {
		if (before != after) {
			throw new WrongContentException("Version " + before + " became " + after + " under a lease");
		}
	}

	Times acquireTimes() {
		return this.acquireTimes;
	}

	/**
	 * Return how often memory was unmapped while it was read without a lease.
	 */
	long overtaken() {
		return this.overtaken.sum();
	}

}
