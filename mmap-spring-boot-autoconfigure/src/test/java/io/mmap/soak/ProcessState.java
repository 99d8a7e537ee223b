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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.Map;

import io.mmap.testsupport.Garbage;
import io.mmap.testsupport.ProcessMaps;

/**
 * What the process has at one time.
 *
 * @param regions the number of lines in {@code /proc/self/maps}
 * @param anonymousBytes the size of those that no file is behind, and that may be written
 * @param descriptors what is open
 * @param threads those that the JVM does not start and end as it needs them
 * @param heapBytes how much of the heap is in use after a collection
 */
record ProcessState(int regions, long anonymousBytes, Map<Integer, String> descriptors, Map<Long, String> threads,
		long heapBytes) {

	/**
	 * The JVM maps memory of its own: a stack with its guard pages for each of its
	 * compiler and collector threads and of those that carry virtual threads (two to
	 * three regions), an arena of malloc for each thread that allocates at the same time
	 * as others (two), parts of the code cache and of metaspace as they grow. A mapping
	 * that is forgotten is forgotten thousands of times.
	 */
	private static final int REGION_TOLERANCE = 60;

	/**
	 * For the same reasons. Neighbours that are alike are one region, so that anonymous
	 * memory that is forgotten need not be a region more.
	 */
	private static final long ANONYMOUS_TOLERANCE = 64 << 20;

	/**
	 * Buffers of the test framework, and what the JDK caches: classes, method handles,
	 * lambda forms, of which the warm-up has not made all. Some thousand mappings of
	 * which each leaves but a kilobyte are more.
	 */
	private static final long HEAP_TOLERANCE = 4 << 20;

	static ProcessState now() throws IOException {
		Garbage.collectThoroughly();
		List<String> lines = Files.readAllLines(Path.of("/proc/self/maps"));
		long anonymousBytes = 0;
		for (String line : lines) {
			// address, permissions, offset, device, inode: zero where there is no file
			String[] columns = line.split(" +");
			if (columns[1].equals("rw-p") && columns[4].equals("0")) {
				String[] ends = columns[0].split("-");
				anonymousBytes += Long.parseUnsignedLong(ends[1], 16) - Long.parseUnsignedLong(ends[0], 16);
			}
		}
		Map<Long, String> threads = new TreeMap<>();
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (!isOfTheJvm(thread.getName())) {
				threads.put(thread.threadId(), thread.getName());
			}
		}
		return new ProcessState(lines.size(), anonymousBytes, ProcessMaps.descriptors(), threads,
				ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
	}

	/**
	 * Return whether a thread carries virtual ones, or is a helper that goes when it is
	 * idle.
	 */
	private static boolean isOfTheJvm(String name) {
		return name.startsWith("ForkJoinPool-1-worker-") || name.startsWith("VirtualThread-unpark")
				|| name.startsWith("process reaper");
	}

	/**
	 * Compare with what was there at the start.
	 * @return what is not as it was
	 */
	List<String> differences(ProcessState start) {
		List<String> differences = new ArrayList<>();
		if (this.regions > start.regions + REGION_TOLERANCE) {
			differences.add(start.regions + " regions became " + this.regions);
		}
		if (this.anonymousBytes > start.anonymousBytes + ANONYMOUS_TOLERANCE) {
			differences.add(start.anonymousBytes + " bytes of anonymous memory became " + this.anonymousBytes);
		}
		if (!this.descriptors.equals(start.descriptors)) {
			differences.add("Descriptors " + start.descriptors + " became " + this.descriptors);
		}
		if (!this.threads.equals(start.threads)) {
			differences.add("Threads " + start.threads + " became " + this.threads);
		}
		if (this.heapBytes > start.heapBytes + HEAP_TOLERANCE) {
			differences.add(start.heapBytes + " bytes of the heap in use became " + this.heapBytes);
		}
		return differences;
	}

	@Override
	public String toString() {
		return "%d regions, %.1f MiB anonymous, %d descriptors, %d threads, %.1f MiB of heap".formatted(this.regions,
				this.anonymousBytes / (double) (1 << 20), this.descriptors.size(), this.threads.size(),
				this.heapBytes / (double) (1 << 20));
	}

}
