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
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What the process has while everyone works, from time to time: that must not grow.
 */
final class Samples {

	private static final Duration MAX_INTERVAL = Duration.ofSeconds(10);

	private static final Duration PROGRESS = Duration.ofMinutes(1);

	/**
	 * Fewer tell nothing.
	 */
	private static final int MIN_SAMPLES = 16;

	private final LongSupplier cycles;

	private final long interval;

	private final long start = System.nanoTime();

	private final List<Sample> samples = new ArrayList<>();

	private long next;

	private long nextProgress = PROGRESS.toNanos();

	/**
	 * Create an instance.
	 * @param time for how long there will be work
	 * @param cycles tells how many mappings have come and gone
	 */
	Samples(Duration time, LongSupplier cycles) {
		this.interval = Math.min(MAX_INTERVAL.toNanos(), time.toNanos() / (2 * MIN_SAMPLES));
		this.next = this.interval;
		this.cycles = cycles;
	}

	/**
	 * Take a sample if it is time for one. To be called by one thread, often.
	 */
	void take() throws IOException {
		long time = System.nanoTime() - this.start;
		if (time < this.next) {
			return;
		}
		// What was missed on a busy machine is not made up for
		this.next = time + this.interval;
		Sample sample = Sample.now(time, this.cycles.getAsLong());
		this.samples.add(sample);
		if (time >= this.nextProgress) {
			this.nextProgress += PROGRESS.toNanos();
			System.out.println("soak: " + sample);
		}
	}

	/**
	 * Compare the last quarter with the second one: in the first one compilers, caches
	 * and thread pools get what they keep.
	 * @return what has grown
	 */
	List<String> growth() {
		if (this.samples.size() < MIN_SAMPLES) {
			return List.of("Only " + this.samples.size() + " samples could be taken");
		}
		List<String> growth = new ArrayList<>();
		for (Kind kind : Kind.values()) {
			long before = median(kind, 1);
			long after = median(kind, 3);
			if (after > before + kind.allowance) {
				growth.add("%s grew from %d in the second to %d in the last quarter, by more than %d".formatted(kind,
						before, after, kind.allowance));
			}
		}
		return growth;
	}

	/**
	 * A single sample tells what is mapped at the moment, too, which is much.
	 */
	private long median(Kind kind, int quarter) {
		int size = this.samples.size();
		long[] figures = this.samples.subList(quarter * size / 4, (quarter + 1) * size / 4)
			.stream()
			.mapToLong(kind.figure)
			.sorted()
			.toArray();
		return figures[figures.length / 2];
	}

	List<String> lines() {
		List<String> lines = new ArrayList<>();
		for (Kind kind : Kind.values()) {
			lines.add("%s, medians of the quarters: %s; at most %d more in the last than in the second are allowed"
				.formatted(kind,
						Arrays.toString(
								new long[] { median(kind, 0), median(kind, 1), median(kind, 2), median(kind, 3) }),
						kind.allowance));
		}
		this.samples.forEach((sample) -> lines.add(sample.toString()));
		return lines;
	}

	/**
	 * What must not grow, and how much of a difference is none.
	 */
	private enum Kind {

		/**
		 * What is mapped and retired at the moment is a few dozen more or less, and the
		 * JVM has regions of its own. What is forgotten once in ten thousand times is
		 * more.
		 */
		REGIONS(Sample::regions, 60),

		/**
		 * Files that are just being read, written, mapped, guarded. At the end there must
		 * be none more.
		 */
		DESCRIPTORS(Sample::descriptors, 24),

		/**
		 * Those that races and registries start for a moment. At the end there must be
		 * none more.
		 */
		THREADS(Sample::threads, 12),

		/**
		 * After the last collection. Some thousand mappings of which each leaves but a
		 * kilobyte are more.
		 */
		HEAP(Sample::heap, 4 << 20),

		/**
		 * The heap is there from the start ({@code AlwaysPreTouch}), but compiled code,
		 * metaspace and the arenas of malloc grow for a while, and copies of files
		 * (guarded, copied, or written to privately) of up to 4 MiB each come and go. In
		 * half an hour, half a million mappings, it is no more than 64 bytes for each.
		 */
		ANONYMOUS_MEMORY(Sample::anonymous, 32 << 20),

		/**
		 * Files that are mapped at the moment, of up to 4 MiB, and those that old leases
		 * keep: a dozen of them. What is forgotten once a second is more in a minute.
		 */
		FILE_MEMORY(Sample::file, 48 << 20),

		/**
		 * In-memory files and anonymous memory that is shared, of up to 256 KiB each.
		 */
		SHARED_MEMORY(Sample::shared, 8 << 20);

		private final ToLongFunction<Sample> figure;

		private final long allowance;

		Kind(ToLongFunction<Sample> figure, long allowance) {
			this.figure = figure;
			this.allowance = allowance;
		}

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT).replace('_', ' ');
		}

	}

	/**
	 * What the process has at one time.
	 *
	 * @param nanos since the start
	 * @param cycles how many mappings have come and gone
	 * @param heap how many bytes were in use after the last collection
	 * @param anonymous resident bytes that no file is behind
	 * @param file resident bytes of files
	 * @param shared resident bytes of in-memory files and shared anonymous memory
	 */
	private record Sample(long nanos, long cycles, long regions, long descriptors, long threads, long heap,
			long anonymous, long file, long shared) {

		static Sample now(long nanos, long cycles) throws IOException {
			long regions;
			try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
				regions = lines.count();
			}
			long descriptors;
			try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
				descriptors = links.count();
			}
			List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
			return new Sample(nanos, cycles, regions, descriptors, ManagementFactory.getThreadMXBean().getThreadCount(),
					heapAfterCollection(), kilobytes(status, "RssAnon:"), kilobytes(status, "RssFile:"),
					kilobytes(status, "RssShmem:"));
		}

		private static long heapAfterCollection() {
			long bytes = 0;
			for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
				MemoryUsage usage = pool.getCollectionUsage();
				if (pool.getType() == MemoryType.HEAP && usage != null) {
					bytes += usage.getUsed();
				}
			}
			return bytes;
		}

		private static long kilobytes(List<String> status, String key) {
			return status.stream()
				.filter((line) -> line.startsWith(key))
				.mapToLong((line) -> Long.parseLong(line.split("\\s+")[1]) << 10)
				.findFirst()
				.orElseThrow(() -> new IllegalStateException("No " + key + " in /proc/self/status"));
		}

		@Override
		public String toString() {
			return ("%.0f s, %d cycles, %d regions, %d descriptors, %d threads, %.1f MiB of heap, resident %.1f MiB"
					+ " anonymous + %.1f MiB of files + %.1f MiB shared")
				.formatted(this.nanos / 1e9, this.cycles, this.regions, this.descriptors, this.threads,
						mebibytes(this.heap), mebibytes(this.anonymous), mebibytes(this.file), mebibytes(this.shared));
		}

		private static double mebibytes(long bytes) {
			return bytes / (double) (1 << 20);
		}

	}

}
