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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
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
import tools.jackson.databind.json.JsonMapper;

import io.mmap.LeakDetectionLevel;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.actuate.endpoint.MmapEndpoint;
import io.mmap.metrics.MmapMetrics;

import org.springframework.boot.actuate.endpoint.Show;

/**
 * Looks at many mappings in the ways in which Actuator does. Each look comes so long
 * after the last one that nothing of that can be used again.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class Observing {

	/**
	 * How many looks there are for each that is measured, so that the code is compiled.
	 */
	private static final int LOOKS_BEFORE = 30;

	/**
	 * In milliseconds: meters come and go at most so often.
	 */
	private static final long PAUSE = 600;

	@Benchmark
	public String scrape(Mappings state) {
		return state.scrape();
	}

	@Benchmark
	public byte[] endpoint(Mappings state) {
		return state.endpoint();
	}

	/**
	 * As many gauges that say nothing but a constant, with nobody's mappings.
	 */
	@Benchmark
	public String scrapeOfConstants(Constants state) {
		return state.meters.scrape();
	}

	/**
	 * Mappings, and who looks at them.
	 */
	@State(Scope.Benchmark)
	public static class Mappings {

		@Param({ "1", "100", "10000" })
		public int mappings;

		/**
		 * Whether they are ad hoc mappings, members of one set, or each has a name.
		 */
		@Param({ "ad hoc", "set", "declared" })
		public String kind = "";

		private MappingRegistry registry;

		private final List<MemoryMapping> open = new ArrayList<>();

		private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

		private final JsonMapper mapper = JsonMapper.builder().build();

		private MmapEndpoint endpoint;

		@Setup
		public void map() {
			Path file = DataFiles.of("1 MiB");
			MappingSpec spec = MappingSpec.file(file).build();
			MappingRegistry.Builder builder = MappingRegistry.builder().leakDetection(LeakDetectionLevel.SIMPLE);
			Map<String, MappingSpec> members = new TreeMap<>();
			for (int i = 0; i < this.mappings; i++) {
				switch (this.kind) {
					case "set" -> members.put("member-" + i, spec);
					case "declared" -> builder.declare("mapping-" + i, spec);
					default -> {
					}
				}
			}
			if (!members.isEmpty()) {
				builder.declareSet("set", members);
			}
			this.registry = builder.build();
			for (int i = 0; this.kind.equals("ad hoc") && i < this.mappings; i++) {
				this.open.add(this.registry.map(spec));
			}
			new MmapMetrics(this.registry).bindTo(this.meters);
			this.endpoint = new MmapEndpoint(this.registry, List.of(), Show.NEVER);
		}

		@Setup(Level.Iteration)
		public void lookOften() throws InterruptedException {
			for (int i = 0; i < LOOKS_BEFORE; i++) {
				scrape();
				endpoint();
			}
			Thread.sleep(PAUSE);
		}

		@TearDown
		public void unmap() {
			this.open.forEach(MemoryMapping::close);
			this.meters.close();
			this.registry.close();
		}

		String scrape() {
			return this.meters.scrape();
		}

		byte[] endpoint() {
			return this.mapper.writeValueAsBytes(this.endpoint.mmap(null, null, null, null, null, null));
		}

	}

	/**
	 * Gauges, as many as the mappings of that number have when each has a name.
	 */
	@State(Scope.Benchmark)
	public static class Constants {

		/**
		 * How many lines there are about a mapping with a name, which a test counts.
		 */
		static final int PER_MAPPING = 23;

		@Param({ "1", "100", "1000" })
		public int mappings;

		private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

		@Setup
		public void makeGauges() {
			for (int meter = 0; meter < PER_MAPPING; meter++) {
				for (int mapping = 0; mapping < this.mappings; mapping++) {
					Gauge.builder("some.meter." + meter, () -> 1)
						.tag("name", "mapping-" + mapping)
						.register(this.meters);
				}
			}
		}

		@Setup(Level.Iteration)
		public void lookOften() throws InterruptedException {
			for (int i = 0; i < LOOKS_BEFORE; i++) {
				this.meters.scrape();
			}
			Thread.sleep(PAUSE);
		}

	}

}
