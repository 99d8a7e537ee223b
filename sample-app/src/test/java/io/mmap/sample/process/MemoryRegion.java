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

package io.mmap.sample.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A line of {@code /proc/PID/maps} about a mapped file.
 *
 * @param bytes the size of the region
 * @param inode the inode of the file
 * @param line the line
 */
record MemoryRegion(long bytes, long inode, String line) {

	/**
	 * Return the regions that map certain files.
	 */
	static List<MemoryRegion> of(List<String> maps, Collection<Long> inodes) {
		return maps.stream().map(MemoryRegion::parse).filter((region) -> inodes.contains(region.inode())).toList();
	}

	/**
	 * Parse a line: <pre class="code">
	 * address perms offset dev inode pathname
	 * </pre>
	 */
	private static MemoryRegion parse(String line) {
		String[] fields = line.split(" +");
		String[] addresses = fields[0].split("-");
		long bytes = Long.parseUnsignedLong(addresses[1], 16) - Long.parseUnsignedLong(addresses[0], 16);
		return new MemoryRegion(bytes, Long.parseLong(fields[4]), line);
	}

	/**
	 * Return the inodes of the files in a directory.
	 */
	static Set<Long> inodes(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.map(MemoryRegion::inode).collect(Collectors.toSet());
		}
	}

	static long inode(Path file) {
		try {
			return (Long) Files.getAttribute(file, "unix:ino");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
