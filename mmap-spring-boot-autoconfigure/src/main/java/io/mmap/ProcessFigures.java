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

package io.mmap;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Reads what Linux counts for this process. What cannot be read is unknown.
 *
 * @see <a href=
 * "https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
final class ProcessFigures {

	/**
	 * Which of the fields that follow the name of the command.
	 */
	private static final int MINOR_FAULTS = 7;

	private static final int MAJOR_FAULTS = 9;

	private final SystemFiles files;

	private final ProcessLimits limits;

	ProcessFigures(SystemFiles files, ProcessLimits limits) {
		this.files = files;
		this.limits = limits;
	}

	ProcessMemory read() {
		String stat = this.files.read("proc/self/stat");
		return new ProcessMemory(Instant.now(), value(this.limits.regions()), value(this.limits.maxRegions()),
				value(this.limits.locked()), value(this.limits.lockedLimit()), value(field(stat, MAJOR_FAULTS)),
				value(field(stat, MINOR_FAULTS)), value(this.files.field("proc/self/io", "read_bytes")),
				Stream.of("memory", "io").flatMap(this::pressure).toList());
	}

	private static OptionalLong field(@Nullable String stat, int index) {
		// The name of the command stands in brackets, and may contain some
		return SystemFiles.number(() -> (stat != null)
				? Long.valueOf(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[index]) : null);
	}

	private static @Nullable Long value(OptionalLong number) {
		return (number.isPresent()) ? Long.valueOf(number.getAsLong()) : null;
	}

	/**
	 * Find out about a resource, for the control group if that is told, as what others on
	 * the machine wait for is not what this process waits for.
	 */
	private Stream<Pressure> pressure(String resource) {
		String group = this.files.value("proc/self/cgroup", "0::/");
		String file = "/" + resource + ".pressure";
		String content = (group != null) ? this.files.read("sys/fs/cgroup/" + group + file) : null;
		if (content == null && group != null) {
			// Where a container sees the name of its group, but has it as its root
			content = this.files.read("sys/fs/cgroup" + file);
		}
		return (content != null) ? parse(resource, "control-group", content)
				: parse(resource, "system", this.files.read("proc/pressure/" + resource));
	}

	private static Stream<Pressure> parse(String resource, String scope, @Nullable String content) {
		List<Pressure> pressure = new ArrayList<>();
		if (content != null) {
			for (String line : content.lines().toList()) {
				String[] words = line.split(" ");
				try {
					pressure.add(new Pressure(resource, words[0], scope,
							Duration.of(Long.parseLong(after(words, "total=")), ChronoUnit.MICROS),
							Double.parseDouble(after(words, "avg10="))));
				}
				catch (NumberFormatException ex) {
					// Another format than that of the kernels that are known
					return Stream.empty();
				}
			}
		}
		return pressure.stream();
	}

	private static String after(String[] words, String prefix) {
		return Stream.of(words)
			.filter((word) -> word.startsWith(prefix))
			.map((word) -> word.substring(prefix.length()))
			.findFirst()
			.orElse("");
	}

}
