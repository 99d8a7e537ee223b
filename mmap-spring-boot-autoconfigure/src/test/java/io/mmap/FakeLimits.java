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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * A tree of files such as those in which the kernel shows limits, without what a test
 * does not put there.
 */
final class FakeLimits {

	private final Path root;

	FakeLimits(Path root) {
		this.root = root;
	}

	ProcessLimits limits() {
		return new ProcessLimits(this.root);
	}

	FakeLimits file(String name, String content) {
		try {
			Path file = this.root.resolve(name);
			Files.createDirectories(file.getParent());
			Files.writeString(file, content);
			return this;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	FakeLimits regions(int regions, int max) {
		return file("proc/self/maps",
				"7f0000000000-7f0000001000 r--p 00000000 00:00 0    /a/library.so\n".repeat(regions))
			.file("proc/sys/vm/max_map_count", max + "\n");
	}

	FakeLimits limit(String name, @Nullable Long soft) {
		return file("proc/self/limits", """
				Limit                     Soft Limit           Hard Limit           Units
				%-25s %-20s %-20s bytes
				""".formatted(name, (soft != null) ? soft : "unlimited", "unlimited"));
	}

	FakeLimits status(String... lines) {
		return file("proc/self/status", "Name:\tjava\n" + String.join("\n", lines) + "\n");
	}

	FakeLimits meminfo(String... lines) {
		return file("proc/meminfo", String.join("\n", lines) + "\n");
	}

	FakeLimits hugePages(long kilobytes, int total, int free, int promised) {
		String directory = "sys/kernel/mm/hugepages/hugepages-" + kilobytes + "kB/";
		return file(directory + "nr_hugepages", total + "\n").file(directory + "free_hugepages", free + "\n")
			.file(directory + "resv_hugepages", promised + "\n");
	}

	FakeLimits mounts(String... lines) {
		return file("proc/self/mountinfo", String.join("\n", lines) + "\n");
	}

}
