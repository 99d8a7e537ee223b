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

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import io.mmap.AllocatedMappingBuilder;
import io.mmap.LeakCause;
import io.mmap.MapperType;
import io.mmap.MappingClosedException;
import io.mmap.MappingInfo;
import io.mmap.MappingLeak;
import io.mmap.MappingLease;
import io.mmap.MappingListener;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MappingStatistics;
import io.mmap.MappingWarning;
import io.mmap.MemoryMapping;
import io.mmap.Protection;
import io.mmap.ReloadOutcome;
import io.mmap.metrics.MmapMetrics;
import io.mmap.testsupport.Garbage;

/**
 * All that is done with one mapper at the same time.
 */
final class Workload {

	/**
	 * The label of what is dropped.
	 */
	static final String PROVOKED = "dropped on purpose";

	private static final int PAGE = AdHoc.PAGE;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

	private final Crew crew;

	private final String name;

	private final MapperType mapper;

	private final Path directory;

	private final Replaced file;

	private final Replaced files;

	private final LongAdder reads = new LongAdder();

	private final LongAdder races = new LongAdder();

	private final LongAdder changes = new LongAdder();

	private final LongAdder registries = new LongAdder();

	private final LongAdder mappedEvents = new LongAdder();

	private final LongAdder unmappedEvents = new LongAdder();

	private final LongAdder reloadedEvents = new LongAdder();

	private final LongAdder leakedEvents = new LongAdder();

	private final MappingRegistry registry;

	private final Ledger ledger = new Ledger();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final MmapMetrics metrics;

	private final Refused refused;

	private final Guarded guarded;

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
		this.refused = new Refused(this.directory, kinds + 4, (mapper == MapperType.NATIVE) ? "ENOENT" : "none");
		this.guarded = new Guarded(this.directory, kinds + 5, this.reads);
		this.registry = builder().declare(Refused.NAME, MappingSpec.file(this.refused.file()).build())
			.declareSet(this.guarded.files().name(), this.guarded::specs)
			.validator((candidate) -> this.refused.validate(candidate, this.ledger))
			.listener(counting())
			.build();
		this.ledger.open(this.registry);
		this.metrics = new MmapMetrics(this.registry);
		this.metrics.bindTo(this.meters);
		declared().forEach((name, lengths) -> this.ledger.mapped(name, lengths.size()));
		this.readers = new Readers(this.registry, this.file, this.files, this.reads);
	}

	private MappingListener counting() {
		return new MappingListener() {

			@Override
			public void mapped(MappingInfo mapping) {
				Workload.this.mappedEvents.increment();
			}

			@Override
			public void unmapped(MappingInfo mapping) {
				Workload.this.unmappedEvents.increment();
			}

			@Override
			public void reloaded(MappingInfo mapping) {
				Workload.this.reloadedEvents.increment();
			}

			@Override
			public void leaked(MappingLeak leak) {
				Workload.this.leakedEvents.increment();
			}

		};
	}

	/**
	 * Return the lengths of what is declared, by name.
	 */
	private Map<String, List<Long>> declared() {
		return Map.of(this.file.name(), this.file.lengths(), this.files.name(), this.files.lengths(),
				this.guarded.files().name(), this.guarded.files().lengths(), Refused.NAME,
				List.of(this.refused.length()));
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
		this.crew.hire(this.name + "-replacer", () -> this.file.replace(this.registry, this.ledger));
		this.crew.hire(this.name + "-set-replacer", () -> this.files.replace(this.registry, this.ledger));
		this.crew.hire(this.name + "-refused", () -> this.refused.replace(this.registry, this.ledger));
		this.crew.hire(this.name + "-guarded-set", () -> this.guarded.replaceAndTruncate(this.registry, this.ledger));
		this.crew.hire(this.name + "-guarded", () -> this.guarded.truncateFile(this.crew, this.registry, this.ledger));
		this.crew.hire(this.name + "-scraper", this::scrape);
		this.readers.hire(this.crew, this.name);
		for (int i = 0; i < 2; i++) {
			this.crew.hire(this.name + "-ad-hoc-" + i, adHoc("own" + i)::mapAndVerify);
		}
		this.crew.hire(this.name + "-toucher", adHoc("touched")::mapAndTouch);
		this.crew.hire(this.name + "-unmapper", this::raceUnmaps);
		this.crew.hire(this.name + "-registrar", this::openAndClose);
		if (this.mapper == MapperType.NATIVE) {
			this.crew.hire(this.name + "-changer", this::change);
			this.crew.hire(this.name + "-dropper", dropping());
		}
	}

	private AdHoc adHoc(String directory) throws IOException {
		return new AdHoc(this.registry, this.ledger, this.mapper, this.file, this.directory.resolve(directory),
				this.reads);
	}

	/**
	 * Read all meters, as a monitoring system does.
	 */
	private void scrape() throws InterruptedException {
		this.meters.forEachMeter((meter) -> meter.measure().forEach(Measurement::getValue));
		Crew.pause(100, 1000);
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
		MemoryMapping mapping = this.ledger.map(MappingSpec.file(this.file.file(0)).build());
		CountDownLatch start = new CountDownLatch(1);
		AtomicInteger unmapped = new AtomicInteger();
		AtomicInteger told = new AtomicInteger();
		Crew.Task unmapping = () -> {
			start.await();
			try {
				mapping.unmap();
				this.ledger.unmapped(MappingStatistics.AD_HOC, 1);
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
		MemoryMapping mapping = this.ledger
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
			this.ledger.unmapped(MappingStatistics.AD_HOC, 1);
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
		Path constant = Files.write(this.directory.resolve("dropped"), content.make(AdHoc.KIND, 0));
		return () -> {
			drop(constant);
			if (ThreadLocalRandom.current().nextBoolean()) {
				this.kept.add(dropAllButSegment(constant));
			}
			if (this.kept.size() > 20) {
				check(0, read(content, this.kept.remove(), AdHoc.KIND));
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
		return this.ledger.drop(MappingSpec.file(path).label(PROVOKED).build()).segment().asReadOnly();
	}

	/**
	 * Close the registry, and check what it has counted. To be called when nobody works
	 * any more.
	 */
	void end() throws IOException, InterruptedException {
		this.kept.clear();
		// Else the last failure is warned of
		this.refused.succeed(this.registry, this.ledger);
		awaitLeaks();
		awaitRetired();
		if (!warnings().isEmpty()) {
			this.crew.failed("Warnings at the end: " + warnings());
		}
		checkFigures(declared());
		declared().forEach((name, lengths) -> this.ledger.unmapped(name, lengths.size()));
		this.registry.close();
		checkFigures(Map.of());
		checkEnd(this.registry, 0, leaks());
		checkEvents();
		this.metrics.close();
	}

	private void awaitLeaks() {
		MappingStatistics statistics = List.copyOf(this.registry.statistics()).getLast();
		try {
			Garbage.collectUntil(() -> {
				this.registry.leaks();
				return statistics.leaks(LeakCause.GARBAGE_COLLECTED) >= leaks() && this.leakedEvents.sum() >= leaks();
			});
			Garbage.collectThoroughly();
			this.registry.leaks();
		}
		catch (AssertionError ex) {
			this.crew.failed("%d mappings were dropped, %d leaks counted".formatted(leaks(),
					statistics.leaks(LeakCause.GARBAGE_COLLECTED)));
		}
	}

	private long leaks() {
		return this.ledger.sum("leaks");
	}

	/**
	 * Return the warnings but for those of files that were emptied on purpose.
	 */
	private List<MappingWarning> warnings() {
		return this.registry.warnings()
			.stream()
			.filter((warning) -> warning.kind() != MappingWarning.Kind.DETACHED)
			.toList();
	}

	/**
	 * Compare what was done with what was counted, and with what the meters show.
	 * @param mapped the lengths of what is mapped now, by name
	 */
	private void checkFigures(Map<String, List<Long>> mapped) throws InterruptedException {
		// So that errors are looked at anew, which is not done for each meter of a scrape
		Thread.sleep(600);
		this.ledger.differences(this.meters, mapped)
			.forEach((difference) -> this.crew.failed(this.name + " mapper: " + difference));
	}

	private void checkEvents() {
		long declared = declared().values().stream().mapToLong(List::size).sum();
		long adHoc = this.ledger.count(MappingStatistics.AD_HOC, "map");
		long reloads = declared().entrySet()
			.stream()
			.mapToLong((entry) -> entry.getValue().size()
					* this.ledger.count(entry.getKey(), "reloads " + ReloadOutcome.SUCCESS))
			.sum();
		String expected = "%d mapped, %d reloaded, %d unmapped, %d leaked".formatted(declared + adHoc, reloads,
				declared + adHoc - leaks(), leaks());
		String told = "%d mapped, %d reloaded, %d unmapped, %d leaked".formatted(this.mappedEvents.sum(),
				this.reloadedEvents.sum(), this.unmappedEvents.sum(), this.leakedEvents.sum());
		if (!told.equals(expected)) {
			this.crew.failed("Listeners were told of " + told + " instead of " + expected);
		}
	}

	/**
	 * Wait until only what is declared is mapped.
	 */
	private void awaitRetired() {
		int declared = declared().values().stream().mapToInt(List::size).sum();
		try {
			Garbage.collectUntil(() -> this.registry.mappings().size() == declared);
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

	long cycles() {
		return this.ledger.cycles();
	}

	String summary() {
		long replacements = this.file.version() + this.files.version();
		return ("%s mapper: %d reads (%d overtaken without a lease), %d replacements (%.1f/s of a file, %.1f/s of a set"
				+ " of three; reload %s; %s), acquire %s, %d races to unmap, %d changes of protection or length, %d"
				+ " guarded files emptied, %d other registries. Counted and measured: %s")
			.formatted(this.name, this.reads.sum(), this.readers.overtaken(), replacements, this.file.rate(),
					this.files.rate(), this.file.reloadTimes(), this.files.reloadTimes(), this.readers.acquireTimes(),
					this.races.sum(), this.changes.sum(), this.guarded.truncations(), this.registries.sum(),
					this.ledger);
	}

}
