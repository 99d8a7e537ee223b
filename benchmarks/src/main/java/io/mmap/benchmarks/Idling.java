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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import io.mmap.benchmarks.app.ChildJvm;

/**
 * Leaves an application with a web server and Actuator alone for a while, which has
 * declared mappings at their defaults or no starter.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class Idling {

	@Benchmark
	public void idle(Application application, Use use) throws IOException, InterruptedException {
		double processor = application.jvm.processorSeconds();
		long waits = application.jvm.waits();
		TimeUnit.SECONDS.sleep(application.seconds);
		use.percentOfCore = (application.jvm.processorSeconds() - processor) / application.seconds * 100;
		use.wakeUps = application.jvm.waits() - waits;
	}

	/**
	 * An application that runs.
	 */
	@State(Scope.Benchmark)
	public static class Application {

		private static final int MAPPINGS = 10;

		@Param({ "false", "true" })
		public boolean starter;

		@Param("20")
		public int seconds;

		private ChildJvm jvm;

		@Setup
		public void start() throws IOException, InterruptedException {
			List<String> arguments = new ArrayList<>();
			for (int i = 0; i < MAPPINGS; i++) {
				arguments.add("--mmap.mappings.mapping-" + i + ".location=" + DataFiles.of("1 MiB").toUri());
			}
			this.jvm = ChildJvm.application(this.starter, true, arguments);
			this.jvm.result();
			// Whatever the JVM still has to do after a start
			TimeUnit.SECONDS.sleep(this.seconds / 2);
		}

		@TearDown
		public void stop() throws IOException {
			this.jvm.close();
		}

	}

	/**
	 * What it needed.
	 */
	@State(Scope.Thread)
	@AuxCounters(AuxCounters.Type.EVENTS)
	public static class Use {

		public double percentOfCore;

		public double wakeUps;

	}

}
