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
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import io.mmap.LeakDetectionLevel;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;

/**
 * Unmaps many mappings, of each of which a page was touched.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
public class UnmapMany {

	@Benchmark
	public void oursOneByOne(OneByOne state) {
		for (MemoryMapping mapping : state.open) {
			mapping.close();
		}
	}

	/**
	 * Members of a set share an arena.
	 */
	@Benchmark
	public void oursAsSet(AsSet state) {
		state.registry().close();
	}

	@Benchmark
	public void jdkShared(SharedArenas state) {
		for (Arena arena : state.open) {
			arena.close();
		}
	}

	@Benchmark
	public void jdkOneArena(OneArena state) {
		state.arena().close();
	}

	/**
	 * How many there are.
	 */
	@State(Scope.Benchmark)
	public abstract static class Many {

		@Param({ "1", "100", "10000" })
		public int mappings;

		Path file() {
			Path file = DataFiles.of("1 MiB");
			DataFiles.cache(file);
			return file;
		}

	}

	/**
	 * Ad hoc mappings.
	 */
	public static class OneByOne extends Many {

		private final MappingRegistry registry = Maps.registry("auto", LeakDetectionLevel.SIMPLE);

		private final List<MemoryMapping> open = new ArrayList<>();

		@Setup(Level.Invocation)
		public void map() {
			this.open.clear();
			MappingSpec spec = MappingSpec.file(file()).build();
			for (int i = 0; i < this.mappings; i++) {
				MemoryMapping mapping = this.registry.map(spec);
				mapping.segment().get(ValueLayout.JAVA_BYTE, 0);
				this.open.add(mapping);
			}
		}

	}

	/**
	 * A set, and nothing else.
	 */
	public static class AsSet extends Many {

		private MappingRegistry registry;

		@Setup(Level.Invocation)
		public void map() {
			Map<String, MappingSpec> specs = new TreeMap<>();
			for (int i = 0; i < this.mappings; i++) {
				specs.put("member-" + i, MappingSpec.file(file()).build());
			}
			this.registry = MappingRegistry.builder().declareSet("set", specs).build();
			for (MemoryMapping mapping : this.registry.set("set").mappings()) {
				mapping.segment().get(ValueLayout.JAVA_BYTE, 0);
			}
		}

		MappingRegistry registry() {
			return this.registry;
		}

	}

	/**
	 * Arenas of which each has one mapping.
	 */
	public static class SharedArenas extends Many {

		private final List<Arena> open = new ArrayList<>();

		@Setup(Level.Invocation)
		public void map() throws IOException {
			this.open.clear();
			for (int i = 0; i < this.mappings; i++) {
				Arena arena = Arena.ofShared();
				Maps.map(file(), arena).get(ValueLayout.JAVA_BYTE, 0);
				this.open.add(arena);
			}
		}

	}

	/**
	 * An arena that has all mappings.
	 */
	public static class OneArena extends Many {

		private Arena arena;

		@Setup(Level.Invocation)
		public void map() throws IOException {
			this.arena = Arena.ofShared();
			for (int i = 0; i < this.mappings; i++) {
				Maps.map(file(), this.arena).get(ValueLayout.JAVA_BYTE, 0);
			}
		}

		Arena arena() {
			return this.arena;
		}

	}

}
