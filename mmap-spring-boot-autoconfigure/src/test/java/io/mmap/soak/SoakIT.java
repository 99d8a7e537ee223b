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

package io.mmap.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.MapperType;
import io.mmap.testsupport.ProcessMaps;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Everything at once, with both mappers, for {@code soak.seconds}: nobody reads anything
 * wrong, nothing fails, and nothing is left behind. Not part of the normal build: see
 * CONTRIBUTING.md.
 */
class SoakIT {

	private static final Duration TIME = Duration.ofSeconds(Long.getLong("soak.seconds", 60));

	/**
	 * Until compilers, caches and thread pools have got what they keep.
	 */
	private static final Duration WARM_UP = Duration.ofSeconds(5);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/**
	 * How many mappings come and go in an hour at least.
	 */
	private static final long CYCLES_PER_HOUR = 1_000_000;

	private final List<String> summary = new ArrayList<>();

	@TempDir
	Path directory;

	@Test
	void nobodyReadsAnythingWrongAndNothingIsLeftBehind() throws Exception {
		assertThat(ProcessMaps.regions(this.directory)).isEmpty();
		assertThat(work(this.directory.resolve("warm-up"), WARM_UP)).as("failures while warming up").isEmpty();
		this.summary.clear();
		ProcessState before = ProcessState.now();
		List<String> failures = new ArrayList<>(work(this.directory.resolve("soak"), TIME));
		ProcessState after = ProcessState.now();
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!after.differences(before).isEmpty() && System.nanoTime() < deadline) {
			// Threads of the JVM and of the registries end some time after the work
			Thread.sleep(100);
			after = ProcessState.now();
		}
		this.summary.add("before: " + before);
		this.summary.add("after: " + after);
		failures.addAll(after.differences(before));
		report();
		assertThat(failures).as(String.join(System.lineSeparator(), this.summary)).isEmpty();
		assertThat(ProcessMaps.regions(this.directory)).as("regions left mapped").isEmpty();
		assertThat(ProcessMaps.regions()).as("in-memory files left mapped")
			.noneMatch((line) -> line.contains("memfd:soak") || line.contains("/dev/zero"));
		assertThat(ProcessMaps.descriptors(this.directory)).as("descriptors left open").isEmpty();
		assertThat(after.threads().values()).as("threads left running").noneMatch((name) -> name.startsWith("mmap-"));
	}

	/**
	 * Work for a time, with both mappers, then give everything back.
	 * @return what has failed
	 */
	private List<String> work(Path directory, Duration time) throws Exception {
		Crew crew = new Crew();
		Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
		Thread.setDefaultUncaughtExceptionHandler((thread, ex) -> crew.failed(ex));
		long start = System.nanoTime();
		try (UnexpectedLog log = new UnexpectedLog(crew::failed)) {
			assertThat(log.isStarted()).isTrue();
			List<Workload> workloads = List.of(new Workload(crew, MapperType.NATIVE, directory),
					new Workload(crew, MapperType.JDK, directory));
			for (Workload workload : workloads) {
				workload.start();
			}
			Samples samples = new Samples(time, () -> cycles(workloads));
			crew.work(time, samples::take);
			double seconds = (System.nanoTime() - start) / 1e9;
			boolean stopped = crew.failureCount() > 0;
			for (Workload workload : workloads) {
				workload.end();
				this.summary.add(workload.summary());
			}
			if (!stopped && time == TIME) {
				samples.growth().forEach(crew::failed);
				this.summary.addAll(samples.lines());
				check(crew, cycles(workloads));
			}
			this.summary.addFirst("%d cycles of map and unmap, %d wrong reads, %d failures in %.1f s"
				.formatted(cycles(workloads), crew.wrongReads(), crew.failureCount(), seconds));
		}
		finally {
			Thread.setDefaultUncaughtExceptionHandler(before);
		}
		return crew.failures();
	}

	private static void check(Crew crew, long cycles) {
		if (TIME.compareTo(Duration.ofHours(1)) >= 0 && cycles < CYCLES_PER_HOUR) {
			crew.failed("Only " + cycles + " mappings came and went");
		}
	}

	private static long cycles(List<Workload> workloads) {
		return workloads.stream().mapToLong(Workload::cycles).sum();
	}

	private void report() throws IOException {
		Files.write(Path.of("target", "soak.txt"), this.summary);
		this.summary.forEach(System.out::println);
	}

}
