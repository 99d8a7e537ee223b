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

package io.mmap.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How often threads went to sleep, which is how often they were woken, as the kernel
 * counts it. A thread whose figure stays the same has done nothing.
 */
public final class ThreadSwitches {

	private final Map<String, Long> others = now();

	/**
	 * Return the figures of those threads of this project that did not exist when this
	 * object was made.
	 * @return how often each has gone to sleep, by name and number
	 */
	public Map<String, Long> ofNewThreads() {
		Map<String, Long> switches = now();
		switches.keySet().removeAll(this.others.keySet());
		return switches;
	}

	private static Map<String, Long> now() {
		Map<String, Long> switches = new TreeMap<>();
		try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
			for (Path task : (Iterable<Path>) tasks::iterator) {
				try {
					String name = Files.readString(task.resolve("comm")).strip();
					if (name.startsWith("mmap-")) {
						switches.put(name + " " + task.getFileName(), switches(task));
					}
				}
				catch (NoSuchFileException ex) {
					// Ended since it was listed
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return switches;
	}

	private static long switches(Path task) throws IOException {
		return Files.readAllLines(task.resolve("status"))
			.stream()
			.filter((line) -> line.startsWith("voluntary_ctxt_switches:"))
			.mapToLong((line) -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
			.sum();
	}

}
