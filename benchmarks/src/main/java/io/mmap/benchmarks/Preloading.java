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
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import io.mmap.LeakDetectionLevel;
import io.mmap.MappingPreload;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;

/**
 * Brings a mapping into memory.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
public class Preloading {

	/**
	 * In the background, piece by piece, as far as the caller is concerned.
	 */
	@Benchmark
	public MappingPreload.State ours(Ours state) throws InterruptedException {
		return state.mapping().preload().await();
	}

	/**
	 * On the calling thread.
	 */
	@Benchmark
	public void oursPrefault(Ours state) {
		state.mapping().prefault();
	}

	@Benchmark
	public void jdkLoad(Jdk state) {
		state.segment().load();
	}

	/**
	 * A file that is in the page cache, or is not.
	 */
	@State(Scope.Benchmark)
	public abstract static class Content {

		@Param({ "1 MiB", "1 GiB" })
		public String size = "";

		@Param({ "true", "false" })
		public boolean cached;

		Path file() {
			Path file = DataFiles.of(this.size);
			if (this.cached) {
				DataFiles.cache(file);
			}
			else {
				DataFiles.evict(file);
			}
			return file;
		}

	}

	/**
	 * A mapping of this project.
	 */
	public static class Ours extends Content {

		@Param("auto")
		public String mapper = "";

		private MappingRegistry registry;

		private MemoryMapping mapping;

		@Setup(Level.Iteration)
		public void map() {
			this.registry = Maps.registry(this.mapper, LeakDetectionLevel.SIMPLE);
			this.mapping = this.registry.map(MappingSpec.file(file()).build());
		}

		@TearDown(Level.Iteration)
		public void unmap() {
			this.mapping.close();
			this.registry.close();
		}

		MemoryMapping mapping() {
			return this.mapping;
		}

	}

	/**
	 * A mapping of the JDK.
	 */
	public static class Jdk extends Content {

		private Arena arena;

		private MemorySegment segment;

		@Setup(Level.Iteration)
		public void map() throws IOException {
			this.arena = Arena.ofShared();
			this.segment = Maps.map(file(), this.arena);
		}

		@TearDown(Level.Iteration)
		public void unmap() {
			this.arena.close();
		}

		MemorySegment segment() {
			return this.segment;
		}

	}

}
