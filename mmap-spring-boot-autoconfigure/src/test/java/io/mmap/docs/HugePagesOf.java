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

package io.mmap.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.mmap.MemoryMapping;

/**
 * Looks for huge pages.
 */
final class HugePagesOf {

	private HugePagesOf() {
	}

	// tag::huge-pages-look[]
	/**
	 * How much of what the kernel has mapped at that address consists of huge pages.
	 */
	static long bytes(MemoryMapping mapping) throws IOException {
		boolean found = false;
		for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
			String[] words = line.split("\\s+|-", 3);
			if (words[0].matches("[0-9a-f]+")) {
				long start = Long.parseUnsignedLong(words[0], 16);
				long end = Long.parseUnsignedLong(words[1], 16);
				found = start <= mapping.address() && mapping.address() < end;
			}
			else if (found && words[0].equals("AnonHugePages:")) {
				return Long.parseLong(words[1]) * 1024;
			}
		}
		return 0;
	}
	// end::huge-pages-look[]

}
