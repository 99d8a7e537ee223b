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
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import net.openhft.chronicle.bytes.MappedBytes;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.RandomAccessInput;
import org.jspecify.annotations.Nullable;
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

import io.mmap.LeakDetectionLevel;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;

/**
 * Reads what is mapped and in memory: all of it from the start to the end, or eight bytes
 * here and there, each time where the last ones led to.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class Reads {

	private static final int READS = 4096;

	private static final long STEP = 0x9E3779B97F4A7C15L;

	@Benchmark
	public long scanSegment(Segment state) {
		MemorySegment segment = state.segment;
		long sum = 0;
		for (long i = 0; i < segment.byteSize() / Long.BYTES; i++) {
			sum += segment.getAtIndex(ValueLayout.JAVA_LONG, i);
		}
		return sum;
	}

	@Benchmark
	@OperationsPerInvocation(READS)
	public long randomSegment(Segment state) {
		MemorySegment segment = state.segment;
		long mask = segment.byteSize() / Long.BYTES - 1;
		for (int i = 0; i < READS; i++) {
			state.next(segment.getAtIndex(ValueLayout.JAVA_LONG, state.position & mask));
		}
		return state.position;
	}

	@Benchmark
	public long scanBuffer(Buffer state) {
		MappedByteBuffer buffer = state.buffer;
		long sum = 0;
		for (int i = 0; i < buffer.capacity(); i += Long.BYTES) {
			sum += buffer.getLong(i);
		}
		return sum;
	}

	@Benchmark
	@OperationsPerInvocation(READS)
	public long randomBuffer(Buffer state) {
		MappedByteBuffer buffer = state.buffer;
		long mask = buffer.capacity() / Long.BYTES - 1;
		for (int i = 0; i < READS; i++) {
			state.next(buffer.getLong((int) (state.position & mask) * Long.BYTES));
		}
		return state.position;
	}

	@Benchmark
	public long scanLucene(Lucene state) throws IOException {
		RandomAccessInput input = state.input;
		long length = input.length();
		long sum = 0;
		for (long i = 0; i < length; i += Long.BYTES) {
			sum += input.readLong(i);
		}
		return sum;
	}

	@Benchmark
	@OperationsPerInvocation(READS)
	public long randomLucene(Lucene state) throws IOException {
		RandomAccessInput input = state.input;
		long mask = input.length() / Long.BYTES - 1;
		for (int i = 0; i < READS; i++) {
			state.next(input.readLong((state.position & mask) * Long.BYTES));
		}
		return state.position;
	}

	@Benchmark
	public long scanAgrona(Agrona state) {
		UnsafeBuffer buffer = state.buffer;
		long sum = 0;
		for (int i = 0; i < buffer.capacity(); i += Long.BYTES) {
			sum += buffer.getLong(i);
		}
		return sum;
	}

	@Benchmark
	@OperationsPerInvocation(READS)
	public long randomAgrona(Agrona state) {
		UnsafeBuffer buffer = state.buffer;
		long mask = buffer.capacity() / Long.BYTES - 1;
		for (int i = 0; i < READS; i++) {
			state.next(buffer.getLong((int) (state.position & mask) * Long.BYTES));
		}
		return state.position;
	}

	@Benchmark
	public long scanChronicle(Chronicle state) {
		MappedBytes bytes = state.bytes;
		long sum = 0;
		for (long i = 0; i < state.length; i += Long.BYTES) {
			sum += bytes.readLong(i);
		}
		return sum;
	}

	@Benchmark
	@OperationsPerInvocation(READS)
	public long randomChronicle(Chronicle state) {
		MappedBytes bytes = state.bytes;
		long mask = state.length / Long.BYTES - 1;
		for (int i = 0; i < READS; i++) {
			state.next(bytes.readLong((state.position & mask) * Long.BYTES));
		}
		return state.position;
	}

	/**
	 * Where to read next.
	 */
	@State(Scope.Thread)
	public abstract static class Position {

		@Param({ "1 MiB", "1 GiB" })
		public String size = "";

		long position;

		private long step;

		/**
		 * Go on where a value leads to.
		 */
		void next(long value) {
			this.step += STEP;
			this.position = (value ^ this.step) >>> 8;
		}

		Path file() {
			Path file = DataFiles.of(this.size);
			DataFiles.cache(file);
			return file;
		}

	}

	/**
	 * Memory of this project or of the JDK.
	 */
	public static class Segment extends Position {

		/**
		 * Who maps: one of the two mappers, or the JDK.
		 */
		@Param({ "native", "jdk", "the JDK" })
		public String by = "";

		private Arena arena;

		private MappingRegistry registry;

		private @Nullable MemoryMapping mapping;

		private MemorySegment segment;

		@Setup
		public void map() throws IOException {
			this.arena = Arena.ofShared();
			this.registry = Maps.registry((this.by.equals("jdk")) ? "jdk" : "auto", LeakDetectionLevel.SIMPLE);
			this.mapping = (this.by.equals("the JDK")) ? null : this.registry.map(MappingSpec.file(file()).build());
			this.segment = (this.mapping != null) ? this.mapping.segment() : Maps.map(file(), this.arena);
			for (long at = 0; at < this.segment.byteSize(); at += Maps.PAGE) {
				next(this.segment.get(ValueLayout.JAVA_BYTE, at));
			}
		}

		@TearDown
		public void unmap() {
			if (this.mapping != null) {
				this.mapping.close();
			}
			this.registry.close();
			this.arena.close();
		}

	}

	/**
	 * Memory as the JDK has had it for long.
	 */
	public static class Buffer extends Position {

		private MappedByteBuffer buffer;

		@Setup
		public void map() throws IOException {
			try (FileChannel channel = FileChannel.open(file())) {
				this.buffer = channel.map(MapMode.READ_ONLY, 0, channel.size());
			}
			this.buffer.load().order(ByteOrder.nativeOrder());
		}

		@TearDown
		public void unmap() {
			IoUtil.unmap(this.buffer);
		}

	}

	/**
	 * A file of an index.
	 */
	public static class Lucene extends Position {

		private MMapDirectory directory;

		private IndexInput whole;

		private RandomAccessInput input;

		@Setup
		public void map() throws IOException {
			Path file = file();
			this.directory = new MMapDirectory(file.getParent());
			this.whole = this.directory.openInput(file.getFileName().toString(), IOContext.DEFAULT);
			this.input = this.whole.randomAccessSlice(0, this.whole.length());
			for (long at = 0; at < this.whole.length(); at += Maps.PAGE) {
				next(this.input.readByte(at));
			}
		}

		@TearDown
		public void unmap() throws IOException {
			this.whole.close();
			this.directory.close();
		}

	}

	/**
	 * A buffer without the checks of the JDK.
	 */
	public static class Agrona extends Position {

		private MappedByteBuffer mapped;

		private UnsafeBuffer buffer;

		@Setup
		public void map() {
			this.mapped = IoUtil.mapExistingFile(file().toFile(), MapMode.READ_ONLY, "benchmark");
			this.mapped.load();
			this.buffer = new UnsafeBuffer(this.mapped);
		}

		@TearDown
		public void unmap() {
			IoUtil.unmap(this.mapped);
		}

	}

	/**
	 * Bytes that are mapped as one chunk.
	 */
	public static class Chronicle extends Position {

		private MappedBytes bytes;

		private long length;

		@Setup
		public void map() throws IOException {
			this.length = DataFiles.bytes(this.size);
			// Not as 'single', which this version does not unmap when it is released
			this.bytes = MappedBytes.mappedBytes(file().toFile(), this.length, 0, true);
			for (long at = 0; at < this.length; at += Maps.PAGE) {
				next(this.bytes.readByte(at));
			}
		}

		@TearDown
		public void unmap() {
			this.bytes.releaseLast();
		}

	}

}
