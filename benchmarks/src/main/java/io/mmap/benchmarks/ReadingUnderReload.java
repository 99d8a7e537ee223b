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
package io.mmap.benchmarks;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;

/**
 * Reads under leases while the file is replaced again and again.
 */
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 2, time = 2)
@State(Scope.Benchmark)
public class ReadingUnderReload {

	private static final int READS = 64;

	/**
	 * How often a second the file is replaced.
	 */
	@Param({ "0", "20" })
	public int replacements;

	private Path file;

	private MappingRegistry registry;

	private MemoryMapping mapping;

	private Thread replacing;

	private volatile boolean ended;

	private volatile int replaced;

	@Setup
	public void start() throws IOException {
		Path directory = Files.createTempDirectory(DataFiles.directory(), "replaced");
		this.file = directory.resolve("current.bin");
		Files.copy(DataFiles.of("1 MiB"), this.file);
		this.registry = MappingRegistry.builder()
			.declare("data", MappingSpec.file(this.file).build())
			.drainTimeout(Duration.ofSeconds(5))
			.build();
		this.mapping = this.registry.get("data");
		this.replacing = Thread.ofPlatform().daemon().start(this::replaceAgainAndAgain);
	}

	@TearDown
	public void stop() throws IOException, InterruptedException {
		this.ended = true;
		this.replacing.join();
		this.registry.close();
		Files.delete(this.file);
		Files.delete(this.file.getParent());
		if (this.replacements > 0 && this.replaced == 0) {
			throw new IllegalStateException("The file was never replaced");
		}
	}

	private void replaceAgainAndAgain() {
		Path next = this.file.resolveSibling("next.bin");
		long due = System.nanoTime();
		while (!this.ended && this.replacements > 0) {
			try {
				Files.copy(DataFiles.of("1 MiB"), next, StandardCopyOption.REPLACE_EXISTING);
				Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE);
				this.registry.reload("data");
				this.replaced++;
				due += TimeUnit.SECONDS.toNanos(1) / this.replacements;
				TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
			}
			catch (IOException | InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	private long read() {
		try (MappingLease lease = this.mapping.acquire()) {
			MemorySegment segment = lease.segment();
			long mask = segment.byteSize() / Long.BYTES - 1;
			long position = 0;
			for (int i = 0; i < READS; i++) {
				position = segment.getAtIndex(ValueLayout.JAVA_LONG, (position + i) & mask);
			}
			return position;
		}
	}

	@Benchmark
	@BenchmarkMode(Mode.Throughput)
	@OutputTimeUnit(TimeUnit.SECONDS)
	public long throughput() {
		return read();
	}

	@Benchmark
	@BenchmarkMode(Mode.SampleTime)
	@OutputTimeUnit(TimeUnit.NANOSECONDS)
	public long latency() {
		return read();
	}

}
