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
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;
import io.mmap.metrics.MmapMetrics;
import io.mmap.testsupport.CallFault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.SystemCallLedger;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where a {@link FaultScenario} is played once: files that are new, a registry whose
 * system calls are listed and fail when they are to, and what the process was like
 * before.
 */
final class FaultStage implements AutoCloseable {

	/** Such as no other process has for a resource. */
	static final int LENGTH = 20_011;

	private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final SystemCalls real = new LinuxSystemCalls();

	private final SystemCallLedger ledger = new SystemCallLedger();

	private final FaultySystemCalls calls = new FaultySystemCalls(this.ledger.proxy());

	private final Path directory;

	private final Set<Path> copies = copies();

	private final Set<Thread> threads = threads();

	private final List<Integer> opened = new ArrayList<>();

	private MapperType type = MapperType.NATIVE;

	private @Nullable DefaultMappingRegistry registry;

	private final List<MemoryMapping> mappings = new ArrayList<>();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private @Nullable MmapMetrics metrics;

	private @Nullable CallFault fault;

	FaultStage(Path directory) throws IOException {
		this.directory = Files.createTempDirectory(directory, "stage");
	}

	Path file() {
		return file("words");
	}

	/**
	 * Return a file with content, which is made if it is not there.
	 */
	Path file(String name) {
		Path file = this.directory.resolve(name);
		return (Files.exists(file)) ? file : replace(name);
	}

	/**
	 * Have another file take the place of one.
	 */
	Path replace(String name) {
		try {
			Path next = Files.write(this.directory.resolve("next"), new byte[LENGTH]);
			return Files.move(next, this.directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return where a file is to be created.
	 */
	Path created() {
		return this.directory.resolve("directory").resolve("created");
	}

	URL resource() {
		Path jar = this.directory.resolve("library.jar");
		try {
			if (!Files.exists(jar)) {
				try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
					out.putNextEntry(new JarEntry("words"));
					out.write(new byte[LENGTH]);
				}
			}
			return URI.create("jar:" + jar.toUri() + "!/words").toURL();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return a descriptor that is open until the end.
	 */
	int descriptor() {
		try {
			int descriptor = this.real.open(file(), Linux.O_RDWR | Linux.O_CLOEXEC, 0);
			this.opened.add(descriptor);
			return descriptor;
		}
		catch (SystemCallException ex) {
			throw new IllegalStateException(ex);
		}
	}

	DefaultMappingRegistryBuilder builder(MapperType type) {
		this.type = type;
		Mapper mapper = (type == MapperType.JDK)
				? new JdkMapper(this.calls.proxy(), "for a test", new Probes(this.calls.proxy()))
				: new NativeMapper(this.calls.proxy(), "for a test");
		return new DefaultMappingRegistryBuilder().mapper(mapper);
	}

	DefaultMappingRegistry registry() {
		if (this.registry == null) {
			this.registry = builder(MapperType.NATIVE).build();
		}
		return this.registry;
	}

	/**
	 * Use a registry from now on.
	 */
	void registry(DefaultMappingRegistry registry) {
		unbind();
		this.registry = registry;
	}

	MemoryMapping mapping() {
		return this.mappings.getLast();
	}

	void mapping(MemoryMapping mapping) {
		this.mappings.add(mapping);
	}

	/**
	 * Have a call fail from now on, or none.
	 */
	void arm(@Nullable CallFault fault) {
		this.fault = fault;
		this.calls.failAt(fault);
	}

	boolean hasFailed() {
		CallFault fault = this.fault;
		return fault != null && this.calls.count(fault.call()) >= fault.occurrence();
	}

	/**
	 * Wait until another thread has made a call, or the one that is to fail has failed.
	 */
	void await(String call, int times) throws InterruptedException {
		await(() -> this.calls.count(call) >= times || hasFailed());
	}

	/**
	 * Wait until something has happened.
	 */
	void await(BooleanSupplier condition) throws InterruptedException {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as("waiting, after %s", this.calls.made()).isLessThan(end);
			Thread.sleep(1);
		}
	}

	List<String> made() {
		return this.calls.made();
	}

	/**
	 * Check that what is shown and counted is what is mapped, as soon as the worker has
	 * unmapped what was replaced, and is not just looking how much is in memory.
	 */
	void assertShowsWhatIsMapped() throws InterruptedException {
		long end = System.nanoTime() + PATIENCE.toNanos();
		AssertionError difference = null;
		do {
			if (difference != null) {
				Thread.sleep(1);
			}
			try {
				compare();
				return;
			}
			catch (AssertionError ex) {
				difference = ex;
			}
		}
		while (System.nanoTime() < end);
		throw difference;
	}

	private void compare() {
		Collection<MappingInfo> mappings = (this.registry != null) ? this.registry.mappings() : List.of();
		Map<Long, Long> mapped = this.ledger.mapped();
		if (this.type == MapperType.NATIVE) {
			for (MappingInfo each : mappings) {
				assertThat(mapped.entrySet()).as("where '%s' is said to be", each.name())
					.anyMatch((region) -> region.getKey() <= each.address()
							&& each.address() + each.length() <= region.getValue());
			}
		}
		assertThat(mapped.entrySet()).as("regions that belong to no mapping of %s", mappings)
			.allMatch((region) -> mappings.stream()
				.anyMatch((each) -> region.getKey() <= each.address() && each.address() < region.getValue()));
		if (mappings.isEmpty()) {
			assertThat(this.ledger.open()).as("descriptors of no mapping").isEmpty();
		}
		if (this.registry != null) {
			assertThat(sum(MappingStatistics::mappings)).as("mappings that are counted").isEqualTo(mappings.size());
			assertThat(sum(MappingStatistics::mappedBytes)).as("bytes that are counted")
				.isEqualTo(mappings.stream().mapToLong(MappingInfo::length).sum());
			bind();
			assertThat(gauges("mmap.mappings")).as("mappings that meters show").isEqualTo(mappings.size());
			assertThat(gauges("mmap.mapped")).as("bytes that meters show")
				.isEqualTo(mappings.stream().mapToLong(MappingInfo::length).sum());
		}
	}

	private void bind() {
		if (this.metrics == null && this.registry != null) {
			this.metrics = new MmapMetrics(this.registry);
			this.metrics.bindTo(this.meters);
		}
	}

	private void unbind() {
		if (this.metrics != null) {
			this.metrics.close();
			this.metrics = null;
		}
	}

	private double gauges(String name) {
		return this.meters.find(name).gauges().stream().mapToDouble(Gauge::value).sum();
	}

	private long sum(ToLongFunction<MappingStatistics> figure) {
		return Objects.requireNonNull(this.registry).statistics().stream().mapToLong(figure).sum();
	}

	/**
	 * Close the registry, and check that the process is as it was.
	 */
	@Override
	public void close() throws IOException, SystemCallException {
		arm(null);
		// One that is confined is not unmapped by the end of its registry
		this.mappings.forEach(MemoryMapping::close);
		if (this.registry != null) {
			this.registry.close();
			assertThat(this.registry.mappings()).isEmpty();
			assertThat(sum(MappingStatistics::mappings)).as("mappings that are counted").isZero();
			assertThat(sum(MappingStatistics::mappedBytes)).as("bytes that are counted").isZero();
			assertThat(gauges("mmap.mappings")).as("mappings that meters show").isZero();
			assertThat(gauges("mmap.mapped")).as("bytes that meters show").isZero();
			unbind();
		}
		for (int descriptor : this.opened) {
			this.real.close(descriptor);
		}
		awaitThreads();
		assertThat(this.ledger.mapped()).as("left mapped").isEmpty();
		assertThat(this.ledger.open()).as("left open").isEmpty();
		assertThat(ProcessMaps.regions(this.directory)).as("regions").isEmpty();
		assertThat(ProcessMaps.descriptors(this.directory)).as("descriptors").isEmpty();
		assertThat(copies()).as("copies of resources").isEqualTo(this.copies);
		assertNoLockIsLeft();
	}

	private void assertNoLockIsLeft() throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			files.filter(Files::isRegularFile)
				.forEach((file) -> assertThat(ProcessMaps.locks(file)).as("locks on %s", file).isEmpty());
		}
	}

	private void awaitThreads() {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!this.threads.containsAll(threads()) && System.nanoTime() < end) {
			LockSupport.parkNanos(1_000_000);
		}
		assertThat(this.threads).as("threads").containsAll(threads());
	}

	private static Set<Thread> threads() {
		Thread[] threads = new Thread[Thread.activeCount() + 100];
		int count = Thread.enumerate(threads);
		return Arrays.stream(threads, 0, count)
			.filter((thread) -> thread.getName().startsWith("mmap-"))
			.collect(Collectors.toSet());
	}

	private static Set<Path> copies() {
		try (Stream<Path> files = Files.list(TEMPORARY)) {
			return files.filter((file) -> file.getFileName().toString().matches("mmap-.*\\.copy"))
				.filter((file) -> file.toFile().length() == LENGTH)
				.collect(Collectors.toSet());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
