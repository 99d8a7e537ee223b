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

import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import io.mmap.LeakDetectionLevel;
import io.mmap.MappingLease;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;

/**
 * Acquires a lease and gives it back.
 */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 2, time = 1)
@State(Scope.Benchmark)
public class Leasing {

	private MappingRegistry registry;

	private MemoryMapping mapping;

	@Setup
	public void map() {
		this.registry = Maps.registry("auto", LeakDetectionLevel.SIMPLE);
		this.mapping = this.registry.map(MappingSpec.file(DataFiles.of("1 MiB")).build());
	}

	@TearDown
	public void unmap() {
		this.mapping.close();
		this.registry.close();
	}

	@Benchmark
	@BenchmarkMode(Mode.AverageTime)
	public void time() {
		this.mapping.acquire().close();
	}

	/**
	 * Also fetches the segment and reads eight bytes of it.
	 */
	@Benchmark
	@BenchmarkMode(Mode.AverageTime)
	public long timeWithRead() {
		try (MappingLease lease = this.mapping.acquire()) {
			return lease.segment().get(ValueLayout.JAVA_LONG, 0);
		}
	}

	/**
	 * The same read without a lease.
	 */
	@Benchmark
	@BenchmarkMode(Mode.AverageTime)
	public long timeOfReadAlone() {
		return this.mapping.segment().get(ValueLayout.JAVA_LONG, 0);
	}

	@Benchmark
	@BenchmarkMode(Mode.Throughput)
	public void throughput() {
		this.mapping.acquire().close();
	}

}
