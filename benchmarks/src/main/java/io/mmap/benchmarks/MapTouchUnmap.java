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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import net.openhft.chronicle.bytes.MappedBytes;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import org.agrona.IoUtil;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MMapDirectory;
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

/**
 * Opens a file, maps it, touches its pages and unmaps it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class MapTouchUnmap {

	@Benchmark
	public long ours(Ours state) {
		try (MemoryMapping mapping = state.registry.map(MappingSpec.file(state.file).build())) {
			return state.touch(mapping.segment());
		}
	}

	@Benchmark
	public long oursConfined(Ours state) {
		try (MemoryMapping mapping = state.registry
			.map(MappingSpec.descriptor(state.descriptor).confined(true).build())) {
			return state.touch(mapping.segment());
		}
	}

	@Benchmark
	public long jdkShared(Files state) throws IOException {
		try (Arena arena = Arena.ofShared()) {
			return state.touch(Maps.map(state.file, arena));
		}
	}

	@Benchmark
	public long jdkConfined(Files state) throws IOException {
		try (Arena arena = Arena.ofConfined()) {
			return state.touch(state.channel.map(MapMode.READ_ONLY, 0, state.channel.size(), arena));
		}
	}

	/**
	 * Leaves the unmapping to the collector.
	 */
	@Benchmark
	public long jdkAuto(Files state) throws IOException {
		return state.touch(Maps.map(state.file, Arena.ofAuto()));
	}

	@Benchmark
	public long lucene(Lucene state) throws IOException {
		try (IndexInput input = state.directory.openInput(state.name, IOContext.DEFAULT)) {
			long sum = 0;
			for (long at = 0; at < state.touched; at += Maps.PAGE) {
				input.seek(at);
				sum += input.readByte();
			}
			return sum;
		}
	}

	@Benchmark
	public long agrona(Files state) {
		MappedByteBuffer buffer = IoUtil.mapExistingFile(state.file.toFile(), MapMode.READ_ONLY, "benchmark");
		long sum = 0;
		for (int at = 0; at < state.touched; at += Maps.PAGE) {
			sum += buffer.get(at);
		}
		IoUtil.unmap(buffer);
		return sum;
	}

	@Benchmark
	public long chronicle(Files state) throws IOException {
		MappedBytes bytes = MappedBytes.mappedBytes(state.file.toFile(), state.length, 0, true);
		long sum = 0;
		for (long at = 0; at < state.touched; at += Maps.PAGE) {
			sum += bytes.readByte(at);
		}
		bytes.releaseLast();
		// Or it would be unmapped by another thread at some time, or by none
		BackgroundResourceReleaser.releasePendingResources();
		return sum;
	}

	/**
	 * A file, and threads that look on.
	 */
	@State(Scope.Benchmark)
	public static class Files {

		@Param("1 MiB")
		public String size = "";

		/**
		 * How many threads the process has that do nothing.
		 */
		@Param({ "0", "200", "1000" })
		public int idleThreads;

		Path file;

		String name;

		long length;

		/**
		 * Of how much a byte of each page is touched.
		 */
		@Param("1 MiB")
		public String touch = "";

		long touched;

		FileChannel channel;

		int descriptor;

		private Maps.IdleThreads threads;

		@Setup
		public void open() throws IOException {
			this.length = DataFiles.bytes(this.size);
			this.touched = DataFiles.bytes(this.touch);
			this.file = DataFiles.sparse(this.size, "1 MiB");
			this.name = this.file.getFileName().toString();
			this.channel = FileChannel.open(this.file);
			this.descriptor = Maps.descriptor(this.file);
			this.threads = new Maps.IdleThreads(this.idleThreads);
		}

		@TearDown
		public void close() throws IOException, InterruptedException {
			this.threads.end();
			this.channel.close();
		}

		long touch(MemorySegment segment) {
			long sum = 0;
			for (long at = 0; at < this.touched; at += Maps.PAGE) {
				sum += segment.get(ValueLayout.JAVA_BYTE, at);
			}
			return sum;
		}

	}

	/**
	 * A registry, which may have others to look after.
	 */
	public static class Ours extends Files {

		@Param("auto")
		public String mapper = "";

		@Param("SIMPLE")
		public LeakDetectionLevel level = LeakDetectionLevel.SIMPLE;

		/**
		 * How many mappings there are already.
		 */
		@Param("0")
		public int others;

		private MappingRegistry registry;

		private final List<MemoryMapping> kept = new ArrayList<>();

		@Setup
		public void makeRegistry() {
			this.registry = Maps.registry(this.mapper, this.level);
			MappingSpec spec = MappingSpec.file(this.file).length(Maps.PAGE).build();
			for (int i = 0; i < this.others; i++) {
				this.kept.add(this.registry.map(spec));
			}
		}

		@TearDown
		public void closeRegistry() {
			this.kept.forEach(MemoryMapping::close);
			this.registry.close();
		}

	}

	/**
	 * A directory of an index, at its defaults.
	 */
	public static class Lucene extends Files {

		private MMapDirectory directory;

		@Setup
		public void openDirectory() throws IOException {
			this.directory = new MMapDirectory(this.file.getParent());
		}

		@TearDown
		public void closeDirectory() throws IOException {
			this.directory.close();
		}

	}

}
