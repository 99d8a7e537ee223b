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

import io.mmap.LeakDetectionLevel;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.Residency;

/**
 * Asks how much of a file is in memory, of which up to 1 GiB is.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class Residencies {

	@Param({ "1 MiB", "1 GiB", "1 TiB" })
	public String size = "";

	private MappingRegistry registry;

	private MemoryMapping mapping;

	@Setup
	public void map() {
		this.registry = Maps.registry("native", LeakDetectionLevel.SIMPLE);
		this.mapping = this.registry.map(MappingSpec.file(DataFiles.sparse(this.size, "1 GiB")).build());
		Residency residency = residency();
		Long resident = residency.resident();
		// The kernel may have taken back a little of it
		if (resident == null || resident < Math.min(DataFiles.bytes(this.size), 1L << 30) * 0.99) {
			throw new IllegalStateException("The content of the file is not in memory: " + residency);
		}
	}

	@TearDown
	public void unmap() {
		this.mapping.close();
		this.registry.close();
	}

	@Benchmark
	public Residency residency() {
		return this.mapping.residency();
	}

}
