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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the kernel says this process has mapped and opened.
 */
public final class ProcessMaps {

	private ProcessMaps() {
	}

	/**
	 * Return the regions of a file or of the files below a directory.
	 * @param path the file or directory
	 * @return lines of {@code /proc/self/maps}
	 */
	public static List<String> regions(Path path) {
		try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
			return lines.filter((line) -> line.contains(path.toAbsolutePath().toString())).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return how many bytes of a file, or of the files below a directory, are mapped.
	 * @param path the file or directory
	 * @return the sum of the regions' sizes: whole pages
	 */
	public static long bytes(Path path) {
		return regions(path).stream().mapToLong((line) -> {
			String[] range = line.substring(0, line.indexOf(' ')).split("-");
			return Long.parseUnsignedLong(range[1], 16) - Long.parseUnsignedLong(range[0], 16);
		}).sum();
	}

	/**
	 * Return the descriptors that are open on a file or on files below a directory.
	 * @param path the file or directory
	 * @return what they are open on
	 */
	public static List<String> descriptors(Path path) {
		List<String> targets = new ArrayList<>();
		try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
			for (Path link : (Iterable<Path>) links::iterator) {
				try {
					String target = Files.readSymbolicLink(link).toString();
					if (target.startsWith(path.toAbsolutePath().toString())) {
						targets.add(target);
					}
				}
				catch (IOException ex) {
					// Closed since it was listed, as the listing's own descriptor is
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return targets;
	}

	/**
	 * Return the locks that any process has on a file.
	 * @param file the file
	 * @return lines of {@code /proc/locks} without their number
	 */
	public static List<String> locks(Path file) {
		try (Stream<String> lines = Files.lines(Path.of("/proc/locks"))) {
			String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
			// One comes again if another is added above it while the list is being read
			return lines.filter((line) -> line.contains(inode))
				.map((line) -> line.substring(line.indexOf(' ')))
				.distinct()
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
