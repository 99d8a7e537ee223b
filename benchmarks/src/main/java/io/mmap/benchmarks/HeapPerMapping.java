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

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import io.mmap.LeakDetectionLevel;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;

/**
 * Looks how much heap is in use before mappings are made, and when they are there.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
public class HeapPerMapping {

	/**
	 * About as many frames as a request to a Spring application has.
	 */
	private static final int DEPTH = 60;

	private static final int COLLECTIONS = 4;

	@Benchmark
	public void ours(Count count, Heap heap) {
		MappingRegistry registry = Maps.registry("auto", count.level);
		// Who is first has the thread started
		MemoryMapping first = map(registry, DEPTH);
		List<MemoryMapping> open = new ArrayList<>(count.mappings);
		long before = used();
		for (int i = 0; i < count.mappings; i++) {
			MemoryMapping mapping = map(registry, DEPTH);
			if (count.leased) {
				mapping.acquire().close();
			}
			open.add(mapping);
		}
		heap.bytesPerMapping = (double) (used() - before) / count.mappings;
		open.forEach(MemoryMapping::close);
		first.close();
		registry.close();
	}

	private static MemoryMapping map(MappingRegistry registry, int depth) {
		return (depth > 0) ? map(registry, depth - 1)
				: registry.map(MappingSpec.file(DataFiles.of("1 MiB")).length(Maps.PAGE).build());
	}

	private static long used() {
		MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
		for (int i = 0; i < COLLECTIONS; i++) {
			memory.gc();
		}
		return memory.getHeapMemoryUsage().getUsed();
	}

	/**
	 * How many mappings of which kind.
	 */
	@State(Scope.Benchmark)
	public static class Count {

		@Param({ "1", "100", "10000" })
		public int mappings;

		@Param({ "SIMPLE", "DETAILED" })
		public LeakDetectionLevel level = LeakDetectionLevel.SIMPLE;

		/**
		 * Whether somebody had a lease on each.
		 */
		@Param({ "false", "true" })
		public boolean leased;

	}

	/**
	 * What was found.
	 */
	@State(Scope.Thread)
	@AuxCounters(AuxCounters.Type.EVENTS)
	public static class Heap {

		public double bytesPerMapping;

	}

}
