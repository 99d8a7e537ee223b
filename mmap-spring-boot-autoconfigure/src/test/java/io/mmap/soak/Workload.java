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
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

import io.mmap.AllocatedMappingBuilder;
import io.mmap.LeakCause;
import io.mmap.MapperType;
import io.mmap.MappingAccess;
import io.mmap.MappingClosedException;
import io.mmap.MappingInfo;
import io.mmap.MappingLeak;
import io.mmap.MappingLease;
import io.mmap.MappingListener;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MappingStatistics;
import io.mmap.MemoryMapping;
import io.mmap.Protection;
import io.mmap.ReloadOutcome;
import io.mmap.testsupport.Garbage;

/**
 * All that is done with one mapper at the same time.
 */
final class Workload {

	/**
	 * The label of what is dropped.
	 */
	static final String PROVOKED = "dropped on purpose";

	private static final int PAGE = 4096;

	// Written by one thread of its own each; those of 'Replaced' are smaller
	private static final int OWN_KIND = 100;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

	private final Crew crew;

	private final String name;

	private final MapperType mapper;

	private final Path directory;

	private final Replaced file;

	private final Replaced files;

	private final LongAdder reads = new LongAdder();

	private final LongAdder adHoc = new LongAdder();

	private final LongAdder dropped = new LongAdder();

	private final LongAdder races = new LongAdder();

	private final LongAdder changes = new LongAdder();

	private final LongAdder registries = new LongAdder();

	private final LongAdder mappedEvents = new LongAdder();

	private final LongAdder unmappedEvents = new LongAdder();

	private final LongAdder leakedEvents = new LongAdder();

	private final MappingRegistry registry;

	private final Readers readers;

	/**
	 * Of mappings that were dropped.
	 */
	private final Queue<MemorySegment> kept = new ArrayDeque<>();

	private long nextCollection = System.nanoTime();

	/**
	 * Set the work up.
	 * @param directory where files are made
	 */
	Workload(Crew crew, MapperType mapper, Path directory) throws IOException {
		this.crew = crew;
		this.mapper = mapper;
		this.name = mapper.name().toLowerCase(Locale.ROOT);
		this.directory = Files.createDirectories(directory.resolve(this.name));
		int kinds = mapper.ordinal() * 10;
		this.file = new Replaced("words", this.directory, kinds, 1);
		this.files = new Replaced("trio", this.directory, kinds + 1, 3);
		this.registry = builder().listener(new MappingListener() {

			@Override
			public void mapped(MappingInfo mapping) {
				Workload.this.mappedEvents.increment();
			}

			@Override
			public void unmapped(MappingInfo mapping) {
				Workload.this.unmappedEvents.increment();
			}

			@Override
			public void leaked(MappingLeak leak) {
				Workload.this.leakedEvents.increment();
			}

		}).build();
		this.readers = new Readers(this.registry, this.file, this.files, this.reads);
	}

	private MappingRegistry.Builder builder() {
		// Longer than anybody has to wait on a busy machine; files are looked at often
		return MappingRegistry.builder()
			.mapper(this.mapper)
			.drainTimeout(Duration.ofSeconds(30))
			.truncationCheckInterval(Duration.ofMillis(250))
			.declare(this.file.name(), MappingSpec.file(this.file.file(0)).build())
			.declareSet(this.files.name(), this::specs);
	}

	private Map<String, MappingSpec> specs() {
		Map<String, MappingSpec> specs = new TreeMap<>();
		for (int i = 0; i < this.files.keys().size(); i++) {
			specs.put(this.files.keys().get(i), MappingSpec.file(this.files.file(i)).build());
		}
		return specs;
	}

	void start() throws IOException {
		this.crew.hire(this.name + "-replacer", () -> this.file.replace(this.registry));
		this.crew.hire(this.name + "-set-replacer", () -> this.files.replace(this.registry));
		this.readers.hire(this.crew, this.name);
		for (int i = 0; i < 2; i++) {
			this.crew.hire(this.name + "-ad-hoc-" + i, mappingAdHoc(this.directory.resolve("own" + i)));
		}
		this.crew.hire(this.name + "-unmapper", this::raceUnmaps);
		this.crew.hire(this.name + "-registrar", this::openAndClose);
		if (this.mapper == MapperType.NATIVE) {
			this.crew.hire(this.name + "-changer", this::change);
			this.crew.hire(this.name + "-dropper", dropping());
		}
	}

	/**
	 * Map, read, write and unmap, as fast as that goes.
	 */
	private Crew.Task mappingAdHoc(Path directory) throws IOException {
		Files.createDirectories(directory);
		Content content = new Content();
		Path constant = Files.write(directory.resolve("constant"), content.make(OWN_KIND, 0));
		Path written = directory.resolve("written");
		return () -> {
			RandomGenerator random = ThreadLocalRandom.current();
			switch (random.nextInt((this.mapper == MapperType.NATIVE) ? 6 : 3)) {
				case 0 -> readAdHoc(content);
				case 1 -> writeAdHoc(content, written);
				case 2 -> writeCopy(content, constant);
				case 3 -> writeNew(content, MappingSpec.anonymous(length(random)).build());
				case 4 -> writeNew(content, MappingSpec.anonymous(length(random)).shared(true).build());
				default -> writeNew(content, MappingSpec.inMemoryFile("soak", length(random)).build());
			}
			this.adHoc.increment();
		};
	}

	private static long length(RandomGenerator random) {
		return random.nextLong(PAGE, 64 * PAGE);
	}

	private void readAdHoc(Content content) {
		long oldest = this.file.reloads(this.registry);
		MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file.file(0)).build());
		try {
			this.file.check(read(content, mapping.segment(), this.file.kind(0)), oldest, 0);
		}
		finally {
			unmap(mapping);
		}
	}

	private void writeAdHoc(Content content, Path written) throws IOException {
		RandomGenerator random = ThreadLocalRandom.current();
		long length = length(random);
		long version = random.nextLong();
		MemoryMapping mapping = this.registry.map(MappingSpec.file(written)
			.access(MappingAccess.READ_WRITE)
			.create(true)
			.exclusive(random.nextBoolean())
			.length(length)
			.build());
		try {
			try (MappingLease lease = mapping.acquire()) {
				content.write(lease.segment(), OWN_KIND, version);
			}
			if (random.nextInt(8) == 0) {
				// Waits for the disk
				mapping.flush();
			}
			else if (this.mapper == MapperType.NATIVE) {
				mapping.startFlush();
			}
			check(version, read(content, mapping.segment(), OWN_KIND));
		}
		finally {
			unmap(mapping);
		}
		byte[] bytes = Arrays.copyOf(Files.readAllBytes(written), (int) length);
		check(version, read(content, MemorySegment.ofArray(bytes), OWN_KIND));
		if (random.nextBoolean()) {
			Files.delete(written);
		}
	}

	private void writeCopy(Content content, Path constant) {
		MemoryMapping mapping = this.registry.map(MappingSpec.file(constant)
			.access(MappingAccess.COPY_ON_WRITE)
			.copy(this.mapper == MapperType.NATIVE && ThreadLocalRandom.current().nextBoolean())
			.build());
		try {
			// As left by the copy before: nothing of it may be in the file
			check(0, read(content, mapping.segment(), OWN_KIND));
			content.write(mapping.segment().asSlice(0, 2 * PAGE), OWN_KIND, 1);
			check(1, read(content, mapping.segment().asSlice(0, 2 * PAGE), OWN_KIND));
		}
		finally {
			unmap(mapping);
		}
	}

	private void writeNew(Content content, MappingSpec spec) {
		MemoryMapping mapping = this.registry.map(spec);
		try {
			if (mapping.segment().get(LONG, 8) != 0) {
				throw new WrongContentException("New memory is not zero");
			}
			long version = ThreadLocalRandom.current().nextLong();
			content.write(mapping.segment(), OWN_KIND, version);
			check(version, read(content, mapping.segment(), OWN_KIND));
		}
		finally {
			unmap(mapping);
		}
	}

	private static void unmap(MemoryMapping mapping) {
		MemorySegment segment = mapping.segment();
		if (ThreadLocalRandom.current().nextBoolean()) {
			mapping.close();
			mapping.close();
		}
		else {
			mapping.unmap();
		}
		if (segment.scope().isAlive()) {
			throw new WrongContentException("There is access to what was unmapped");
		}
	}

	private long read(Content content, MemorySegment segment, int kind) {
		long version = content.verify(segment, kind);
		this.reads.increment();
		return version;
	}

	private static void check(long expected, long found) {
		if (expected != found) {
			throw new WrongContentException("Version " + found + " instead of " + expected);
		}
	}

	/**
	 * Have two threads unmap while others acquire leases. One unmaps; the other one, and
	 * whoever acquires a lease afterwards, is told that it is unmapped, and nobody else.
	 */
	private void raceUnmaps() throws InterruptedException {
		long oldest = this.file.reloads(this.registry);
		MemoryMapping mapping = this.registry.map(MappingSpec.file(this.file.file(0)).build());
		CountDownLatch start = new CountDownLatch(1);
		AtomicInteger unmapped = new AtomicInteger();
		AtomicInteger told = new AtomicInteger();
		Crew.Task unmapping = () -> {
			start.await();
			try {
				mapping.unmap();
				unmapped.incrementAndGet();
			}
			catch (MappingClosedException ex) {
				told.incrementAndGet();
			}
		};
		Content content = new Content();
		Crew.Task reading = () -> {
			while (true) {
				MappingLease lease;
				try {
					mapping.address();
					lease = mapping.acquire();
				}
				catch (MappingClosedException ex) {
					return;
				}
				try (lease) {
					this.file.check(read(content, lease.segment(), this.file.kind(0)), oldest, 0);
				}
			}
		};
		List<Thread> threads = List.of(this.crew.once(false, reading), this.crew.once(true, unmapping),
				this.crew.once(false, unmapping));
		Crew.pause(0, 4);
		start.countDown();
		for (Thread thread : threads) {
			this.crew.join(thread);
		}
		if (unmapped.get() != 1 || told.get() != 1) {
			this.crew.failed("%d threads have unmapped, %d were told that it is".formatted(unmapped.get(), told.get()));
		}
		this.races.increment();
		Crew.pause(0, 20);
	}

	/**
	 * Open a registry, read and reload, and close it meanwhile.
	 */
	private void openAndClose() throws InterruptedException {
		boolean withOrphan = ThreadLocalRandom.current().nextInt(4) == 0;
		MappingRegistry other = builder().lazy(ThreadLocalRandom.current().nextBoolean()).build();
		MemoryMapping orphan = (withOrphan) ? other.map(MappingSpec.file(this.file.file(0)).label(PROVOKED).build())
				: null;
		List<Thread> threads = new ArrayList<>();
		threads.add(this.crew.once(false, untilClosed(other, new Content())));
		threads.add(this.crew.once(true, untilClosed(other, new Content().asBuffer(true))));
		threads.add(this.crew.once(false, reloadingUntilClosed(other)));
		Crew.pause(0, 40);
		other.close();
		for (Thread thread : threads) {
			this.crew.join(thread);
		}
		checkEnd(other, (withOrphan) ? 1 : 0, 0);
		if (orphan != null) {
			try {
				orphan.segment();
				this.crew.failed("An ad hoc mapping outlives its registry");
			}
			catch (MappingClosedException ex) {
				// As it should be
			}
		}
		this.registries.increment();
		Crew.pause(0, 50);
	}

	private Crew.Task untilClosed(MappingRegistry other, Content content) {
		MemoryMapping mapping = other.get(this.file.name());
		long oldest = this.file.reloads(this.registry);
		return () -> {
			while (true) {
				MappingLease lease;
				try {
					lease = mapping.acquire();
				}
				catch (IllegalStateException ex) {
					checkSaysThatItIsClosed(ex);
					return;
				}
				try (lease) {
					long version = read(content, lease.segment(), this.file.kind(0));
					this.file.check(version, (lease.generation() == 1) ? 0 : oldest, 0);
				}
				Crew.pause(0, 3);
			}
		};
	}

	private Crew.Task reloadingUntilClosed(MappingRegistry other) {
		return () -> {
			while (true) {
				try {
					other.reload(this.file.name());
					other.reload(this.files.name());
				}
				catch (IllegalStateException ex) {
					checkSaysThatItIsClosed(ex);
					return;
				}
				Crew.pause(0, 10);
			}
		};
	}

	private static void checkSaysThatItIsClosed(IllegalStateException ex) {
		boolean closed = ex instanceof MappingClosedException
				|| (ex.getClass() == IllegalStateException.class && String.valueOf(ex.getMessage()).contains("closed"));
		if (!closed) {
			throw ex;
		}
	}

	/**
	 * Change protection and length while others acquire leases.
	 */
	private void change() throws InterruptedException {
		RandomGenerator random = ThreadLocalRandom.current();
		int maxPages = 128;
		boolean reserved = random.nextBoolean();
		MemoryMapping mapping = this.registry
			.map((random.nextBoolean()) ? reserve(MappingSpec.anonymous(PAGE), (reserved) ? maxPages : 0).build()
					: reserve(MappingSpec.inMemoryFile("soak", PAGE), (reserved) ? maxPages : 0).build());
		try {
			fill(mapping);
			AtomicBoolean done = new AtomicBoolean();
			List<Thread> threads = List.of(this.crew.once(false, readingPages(mapping, done)),
					this.crew.once(true, readingPages(mapping, done)));
			try {
				for (int i = 0; i < 40; i++) {
					int pages = random.nextInt(1, maxPages);
					mapping.protect(Protection.READ);
					mapping.protect(Protection.READ, Protection.WRITE);
					if (reserved || random.nextInt(4) > 0) {
						mapping.resize((long) pages * PAGE);
					}
					fill(mapping);
					this.changes.add(3);
					Crew.pause(0, 3);
				}
			}
			finally {
				done.set(true);
				for (Thread thread : threads) {
					this.crew.join(thread);
				}
			}
		}
		finally {
			mapping.unmap();
		}
	}

	private static <B extends AllocatedMappingBuilder<B>> B reserve(B builder, int pages) {
		return (pages > 0) ? builder.reserve((long) pages * PAGE) : builder;
	}

	private static void fill(MemoryMapping mapping) {
		try (MappingLease lease = mapping.acquire()) {
			MemorySegment segment = lease.segment();
			for (long position = 0; position < segment.byteSize(); position += PAGE) {
				segment.set(LONG, position, position / PAGE + 1);
			}
		}
	}

	private Crew.Task readingPages(MemoryMapping mapping, AtomicBoolean done) {
		return () -> {
			while (!done.get()) {
				try (MappingLease lease = mapping.acquire()) {
					MemorySegment segment = lease.segment();
					for (long position = 0; position < segment.byteSize(); position += PAGE) {
						long found = segment.get(LONG, position);
						// New, and not filled yet
						boolean empty = found == 0 && position > 0;
						if (!empty && found != position / PAGE + 1) {
							throw new WrongContentException("Page " + position / PAGE + " begins with " + found);
						}
					}
				}
				this.reads.increment();
				Crew.pause(0, 2);
			}
		};
	}

	/**
	 * Drop mappings, of some of which a slice stays in use for a while.
	 */
	private Crew.Task dropping() throws IOException {
		Content content = new Content();
		Path constant = Files.write(this.directory.resolve("dropped"), content.make(OWN_KIND, 0));
		return () -> {
			drop(constant);
			if (ThreadLocalRandom.current().nextBoolean()) {
				this.kept.add(dropAllButSegment(constant));
			}
			if (this.kept.size() > 20) {
				check(0, read(content, this.kept.remove(), OWN_KIND));
			}
			if (System.nanoTime() > this.nextCollection) {
				System.gc();
				this.registry.leaks();
				this.nextCollection = System.nanoTime()
						+ ThreadLocalRandom.current().nextLong(100_000_000, 900_000_000);
			}
			Crew.pause(5, 50);
		};
	}

	private void drop(Path path) {
		MemorySegment segment = dropAllButSegment(path);
		if (segment.get(LONG, 8) != 0) {
			throw new WrongContentException("Something else is mapped");
		}
	}

	private MemorySegment dropAllButSegment(Path path) {
		this.dropped.increment();
		return this.registry.map(MappingSpec.file(path).label(PROVOKED).build()).segment().asReadOnly();
	}

	/**
	 * Close the registry, and check what it has counted. To be called when nobody works
	 * any more.
	 */
	void end() {
		this.kept.clear();
		long expected = this.dropped.sum();
		MappingStatistics statistics = List.copyOf(this.registry.statistics()).getLast();
		try {
			Garbage.collectUntil(() -> {
				this.registry.leaks();
				return statistics.leaks(LeakCause.GARBAGE_COLLECTED) >= expected && this.leakedEvents.sum() >= expected;
			});
			Garbage.collectThoroughly();
			this.registry.leaks();
		}
		catch (AssertionError ex) {
			this.crew.failed("%d mappings were dropped, %d leaks counted".formatted(expected,
					statistics.leaks(LeakCause.GARBAGE_COLLECTED)));
		}
		awaitRetired();
		if (!this.registry.warnings().isEmpty()) {
			this.crew.failed("Warnings at the end: " + this.registry.warnings());
		}
		this.registry.close();
		checkEnd(this.registry, 0, expected);
		if (this.leakedEvents.sum() != expected
				|| this.mappedEvents.sum() != this.unmappedEvents.sum() + this.leakedEvents.sum()) {
			this.crew.failed("Listeners were told of %d mapped, %d unmapped, %d leaked"
				.formatted(this.mappedEvents.sum(), this.unmappedEvents.sum(), this.leakedEvents.sum()));
		}
	}

	/**
	 * Wait until only what is declared is mapped.
	 */
	private void awaitRetired() {
		try {
			Garbage.collectUntil(() -> this.registry.mappings().size() == 1 + this.files.keys().size());
		}
		catch (AssertionError ex) {
			this.crew.failed("Still mapped when nobody uses it any more: " + this.registry.mappings());
		}
	}

	private void checkEnd(MappingRegistry closed, long orphans, long leaks) {
		if (!closed.mappings().isEmpty()) {
			this.crew.failed("Still mapped: " + closed.mappings());
		}
		for (MappingStatistics statistics : closed.statistics()) {
			boolean adHoc = statistics.name().equals(MappingStatistics.AD_HOC);
			String figures = "%d mappings, %d bytes, mapped %d times, unmapped %d times, %d orphans, %d leaks, %d failures"
				.formatted(statistics.mappings(), statistics.mappedBytes(), statistics.mapCount(),
						statistics.unmapCount(), statistics.leaks(LeakCause.OPEN_AT_SHUTDOWN),
						statistics.leaks(LeakCause.GARBAGE_COLLECTED), statistics.reloads(ReloadOutcome.FAILURE));
			boolean right = statistics.mappings() == 0 && statistics.mappedBytes() == 0
					&& statistics.mapCount() == statistics.unmapCount() + ((adHoc) ? leaks : 0)
					&& statistics.leaks(LeakCause.OPEN_AT_SHUTDOWN) == ((adHoc) ? orphans : 0)
					&& statistics.leaks(LeakCause.GARBAGE_COLLECTED) == ((adHoc) ? leaks : 0);
			if (!right) {
				this.crew.failed("Figures of '" + statistics.name() + "': " + figures);
			}
		}
	}

	String summary() {
		long replacements = this.file.version() + this.files.version();
		return ("%s mapper: %d reads (%d overtaken without a lease), %d replacements (%.1f/s of a file, %.1f/s of a set"
				+ " of three; reload %s; %s), acquire %s, %d ad hoc mappings, %d leaks, %d races to unmap, %d changes of"
				+ " protection or length, %d other registries")
			.formatted(this.name, this.reads.sum(), this.readers.overtaken(), replacements, this.file.rate(),
					this.files.rate(), this.file.reloadTimes(), this.files.reloadTimes(), this.readers.acquireTimes(),
					this.adHoc.sum(), this.dropped.sum(), this.races.sum(), this.changes.sum(), this.registries.sum());
	}

}
