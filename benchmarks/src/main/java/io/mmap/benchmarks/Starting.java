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
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import io.mmap.benchmarks.app.ChildJvm;

/**
 * Starts programs in JVMs of their own, which say how long they took.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class Starting {

	/**
	 * How many times a program is started before it counts.
	 */
	private static final int STARTS_BEFORE = 1;

	/**
	 * From the call of {@code SpringApplication.run} until it returns.
	 */
	@Benchmark
	public void application(ApplicationKind kind, FilesToMap files, Time time) throws IOException {
		List<String> arguments = List.of("--spring.config.additional-location=" + files.configuration().toUri(),
				"--bind=" + kind.bind);
		time.measure(files.starts, () -> ChildJvm.application(kind.starter, kind.web, arguments));
	}

	@Benchmark
	public void registry(FilesToMap files, Time time) throws IOException {
		time.measure(files.starts, () -> ChildJvm.loop(true, files.directory(), files.mappings));
	}

	@Benchmark
	public void jdk(FilesToMap files, Time time) throws IOException {
		time.measure(files.starts, () -> ChildJvm.loop(false, files.directory(), files.mappings));
	}

	/**
	 * What the application has.
	 */
	@State(Scope.Benchmark)
	public static class ApplicationKind {

		@Param({ "false", "true" })
		public boolean starter;

		/**
		 * Whether it has Actuator and a web server.
		 */
		@Param({ "false", "true" })
		public boolean web;

		/**
		 * Whether it binds the declarations itself, of which it takes the locations.
		 */
		@Param("false")
		public boolean bind;

	}

	/**
	 * Small files, and the configuration that declares them.
	 */
	@State(Scope.Benchmark)
	public static class FilesToMap {

		@Param({ "0", "1", "100", "1000", "10000" })
		public int mappings;

		/**
		 * How many starts the figure is the mean of.
		 */
		@Param("6")
		public int starts;

		@Setup
		public void make() throws IOException {
			Files.createDirectories(directory());
			byte[] content = new byte[Maps.PAGE];
			List<String> lines = new ArrayList<>(List.of("mmap:", "  mappings:"));
			for (int i = 0; i < this.mappings; i++) {
				Path file = directory().resolve(Integer.toString(i));
				if (!Files.exists(file)) {
					Files.write(file, content);
				}
				lines.add("    mapping-" + i + ":");
				lines.add("      location: " + file.toUri());
			}
			Files.write(configuration(), (this.mappings > 0) ? lines : List.of());
		}

		Path directory() {
			return DataFiles.directory().resolve("small");
		}

		Path configuration() {
			return DataFiles.directory().resolve("declared-" + this.mappings + ".yml");
		}

	}

	/**
	 * What the program says.
	 */
	@State(Scope.Thread)
	@AuxCounters(AuxCounters.Type.EVENTS)
	public static class Time {

		public double startMillis;

		void measure(int starts, Program program) throws IOException {
			long nanos = 0;
			for (int i = -STARTS_BEFORE; i < starts; i++) {
				try (ChildJvm jvm = program.start()) {
					long result = jvm.result();
					nanos += (i >= 0) ? result : 0;
				}
			}
			this.startMillis = nanos / 1e6 / starts;
		}

	}

	/**
	 * Starts a program.
	 */
	@FunctionalInterface
	interface Program {

		ChildJvm start() throws IOException;

	}

}
