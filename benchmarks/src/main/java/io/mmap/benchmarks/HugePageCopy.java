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

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import io.mmap.HugePages;
import io.mmap.LeakDetectionLevel;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;

/**
 * Reads eight bytes here and there of so much memory that the processor has to look for
 * nearly every page.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Benchmark)
public class HugePageCopy {

	private static final int READS = 4096;

	private static final long STEP = 0x9E3779B97F4A7C15L;

	@Param("2 GiB")
	public String size = "";

	/**
	 * Whether it is a copy in huge pages.
	 */
	@Param({ "false", "true" })
	public boolean copy;

	private MappingRegistry registry;

	private MemoryMapping mapping;

	private MemorySegment segment;

	private long position;

	private long step;

	@Setup
	public void map() {
		Path file = DataFiles.of(this.size);
		DataFiles.cache(file);
		this.registry = Maps.registry("native", LeakDetectionLevel.SIMPLE);
		this.mapping = this.registry
			.map((this.copy) ? MappingSpec.file(file).copy(true).hugePages(HugePages.REQUIRE).build()
					: MappingSpec.file(file).build());
		this.segment = this.mapping.segment();
		for (long at = 0; at < this.segment.byteSize(); at += Maps.PAGE) {
			this.step += this.segment.get(ValueLayout.JAVA_BYTE, at);
		}
	}

	@TearDown
	public void unmap() {
		this.mapping.close();
		this.registry.close();
	}

	@Benchmark
	@OperationsPerInvocation(READS)
	public long randomReads() {
		MemorySegment segment = this.segment;
		long mask = segment.byteSize() / Long.BYTES - 1;
		long position = this.position;
		long step = this.step;
		for (int i = 0; i < READS; i++) {
			step += STEP;
			position = (segment.getAtIndex(ValueLayout.JAVA_LONG, position & mask) ^ step) >>> 8;
		}
		this.step = step;
		this.position = position;
		return position;
	}

}
