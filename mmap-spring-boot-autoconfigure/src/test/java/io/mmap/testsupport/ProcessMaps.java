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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCallException;

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
		return regions().stream().filter((line) -> line.contains(path.toAbsolutePath().toString())).toList();
	}

	/**
	 * Return the regions of all files, those in memory alone included.
	 * @return lines of {@code /proc/self/maps}
	 */
	public static List<String> regions() {
		try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
			// address, permissions, offset, device, inode: zero where there is no file
			return lines.filter((line) -> !line.split(" +")[4].equals("0")).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what the kernel notes of the region that contains an address.
	 * @param address the address
	 * @return the {@code VmFlags} of {@code /proc/self/smaps}
	 */
	public static List<String> flags(long address) {
		boolean found = false;
		try {
			for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
				if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
					found = Long.compareUnsigned(address(line, 0), address) <= 0
							&& Long.compareUnsigned(address, address(line, 1)) < 0;
				}
				else if (found && line.startsWith("VmFlags:")) {
					return List.of(line.substring("VmFlags:".length()).strip().split(" "));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		throw new IllegalArgumentException("Nothing is mapped at " + Long.toHexString(address));
	}

	/**
	 * Return how many bytes of a file, or of the files below a directory, are mapped.
	 * @param path the file or directory
	 * @return the sum of the regions' sizes: whole pages
	 */
	public static long bytes(Path path) {
		return regions(path).stream().mapToLong((line) -> address(line, 1) - address(line, 0)).sum();
	}

	/**
	 * Unmap a file or the files below a directory, as the JDK has no way to do with what
	 * was leaked. Whoever mapped it is not told.
	 * @param path the file or directory
	 */
	public static void unmap(Path path) {
		for (String line : regions(path)) {
			try {
				new LinuxSystemCalls().munmap(address(line, 0), address(line, 1) - address(line, 0));
			}
			catch (SystemCallException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	private static long address(String line, int end) {
		return Long.parseUnsignedLong(line.substring(0, line.indexOf(' ')).split("-")[end], 16);
	}

	/**
	 * Return the descriptors that are open on a file or on files below a directory.
	 * @param path the file or directory
	 * @return what they are open on
	 */
	public static List<String> descriptors(Path path) {
		return descriptors().values()
			.stream()
			.filter((target) -> target.startsWith(path.toAbsolutePath().toString()))
			.toList();
	}

	/**
	 * Return all descriptors but those that it takes to list them.
	 * @return what they are open on, by their numbers
	 */
	public static Map<Integer, String> descriptors() {
		Map<Integer, String> targets = new TreeMap<>();
		try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
			for (Path link : (Iterable<Path>) links::iterator) {
				try {
					targets.put(Integer.valueOf(link.getFileName().toString()),
							Files.readSymbolicLink(link).toString());
				}
				catch (NoSuchFileException ex) {
					// Closed since it was listed
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		targets.values().removeAll(Set.of("/proc/" + ProcessHandle.current().pid() + "/fd"));
		return targets;
	}

	/**
	 * Return the files that this process is told of when they change.
	 * @return their inodes
	 */
	public static Set<Long> watchedInodes() {
		Set<Long> inodes = new TreeSet<>();
		inotifyDescriptors().values().forEach(inodes::addAll);
		return inodes;
	}

	/**
	 * Return what tells this process of changes of files.
	 * @return the descriptors of inotify, and the inodes of the files of each
	 */
	public static Map<Integer, Set<Long>> inotifyDescriptors() {
		Map<Integer, Set<Long>> inotify = new TreeMap<>();
		descriptors().forEach((descriptor, target) -> {
			if (target.equals("anon_inode:inotify")) {
				try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo/" + descriptor))) {
					// inotify wd:1 ino:9e7e sdev:800013 ...
					inotify.put(descriptor,
							lines.filter((line) -> line.startsWith("inotify "))
								.map((line) -> Long.parseUnsignedLong(line.split("[: ]")[4], 16))
								.collect(Collectors.toSet()));
				}
				catch (IOException | UncheckedIOException ex) {
					// Closed since it was listed
				}
			}
		});
		return inotify;
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
