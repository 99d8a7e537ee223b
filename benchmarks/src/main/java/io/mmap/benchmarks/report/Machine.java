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
package io.mmap.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

import org.openjdk.jmh.util.Version;

import org.springframework.boot.SpringBootVersion;

/**
 * Describes what is measured on.
 */
final class Machine {

	private static final Path CPU = Path.of("/proc/cpuinfo");

	private static final Path MEMORY = Path.of("/proc/meminfo");

	private static final Path KERNEL = Path.of("/proc/sys/kernel/osrelease");

	private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

	private static final long KIB_PER_GIB = 1 << 20;

	private Machine() {
	}

	/**
	 * Describe it.
	 * @param data where the files are that are mapped
	 */
	static SequencedMap<String, String> describe(Path data) throws IOException, InterruptedException {
		SequencedMap<String, String> machine = new LinkedHashMap<>();
		machine.put("Measured", LocalDate.now().toString());
		machine.put("Processors", Runtime.getRuntime().availableProcessors() + " of " + value(CPU, "model name"));
		long memory = Long.parseLong(value(MEMORY, "MemTotal").replace(" kB", ""));
		machine.put("Memory", Math.round((double) memory / KIB_PER_GIB) + " GiB");
		machine.put("Kernel", "Linux " + Files.readString(KERNEL).strip());
		machine.put("File system", Files.getFileStore(data).type());
		machine.put("Transparent huge pages",
				Files.exists(HUGE_PAGES) ? Files.readString(HUGE_PAGES).strip() : "unknown");
		machine.put("JDK", System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version"));
		machine.put("Spring Boot", String.valueOf(SpringBootVersion.getVersion()));
		machine.put("JMH", Version.getPlainVersion());
		machine.put("C compiler", CProgram.version());
		return machine;
	}

	private static String value(Path file, String key) throws IOException {
		List<String> lines = Files.readAllLines(file);
		return lines.stream()
			.filter((line) -> line.startsWith(key))
			.map((line) -> line.substring(line.indexOf(':') + 1).strip())
			.findFirst()
			.orElse("unknown");
	}

}
