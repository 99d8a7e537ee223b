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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What Linux allows this process, and how much of it is in use. Everything is read when
 * it is asked for. What cannot be read, such as on another platform, is unknown; nothing
 * is thrown. Can be used from any thread.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc.5.html">proc(5)</a>
 */
final class ProcessLimits {

	/** A limit that is none. */
	static final long UNLIMITED = Long.MAX_VALUE;

	private static final int BUFFER_SIZE = 64 * 1024;

	// The encoding that the JDK uses for file names
	private static final Charset PATH_CHARSET = Charset
		.forName(System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name()));

	private final Path root;

	ProcessLimits() {
		this(Path.of("/"));
	}

	/**
	 * Create limits that are read elsewhere.
	 * @param root the directory that holds {@code proc} and {@code sys}
	 */
	ProcessLimits(Path root) {
		this.root = root;
	}

	/**
	 * Return how many memory regions the process has.
	 */
	OptionalLong regions() {
		return number(() -> {
			// There may be many thousand lines, and little memory left to read them
			long[] lines = new long[1];
			read("proc/self/maps", (buffer, length) -> {
				for (int i = 0; i < length; i++) {
					if (buffer[i] == '\n') {
						lines[0]++;
					}
				}
			});
			return lines[0];
		});
	}

	/**
	 * Return {@code vm.max_map_count}.
	 */
	OptionalLong maxRegions() {
		return number("proc/sys/vm/max_map_count");
	}

	/**
	 * Return the soft limit {@code RLIMIT_MEMLOCK} in bytes, or {@link #UNLIMITED}.
	 */
	OptionalLong lockedLimit() {
		return limit("Max locked memory");
	}

	/**
	 * Return how many bytes the process has locked.
	 */
	OptionalLong locked() {
		return field("proc/self/status", "VmLck");
	}

	/**
	 * Return the soft limit {@code RLIMIT_AS} in bytes, or {@link #UNLIMITED}.
	 */
	OptionalLong addressSpaceLimit() {
		return limit("Max address space");
	}

	/**
	 * Return how many bytes of address space the process uses.
	 */
	OptionalLong addressSpace() {
		return field("proc/self/status", "VmSize");
	}

	/**
	 * Return the soft limit {@code RLIMIT_DATA} in bytes, or {@link #UNLIMITED}.
	 */
	OptionalLong dataLimit() {
		return limit("Max data size");
	}

	/**
	 * Return how many bytes of private, writable memory the process uses.
	 */
	OptionalLong data() {
		return field("proc/self/status", "VmData");
	}

	/**
	 * Return the soft limit {@code RLIMIT_FSIZE} in bytes, or {@link #UNLIMITED}.
	 */
	OptionalLong fileSizeLimit() {
		return limit("Max file size");
	}

	/**
	 * Return the soft limit {@code RLIMIT_NOFILE}, or {@link #UNLIMITED}. Reading it
	 * takes a descriptor, so it is unknown when all are in use.
	 */
	OptionalLong descriptorLimit() {
		return limit("Max open files");
	}

	/**
	 * Return how many descriptors are open, but the one it takes to list them.
	 */
	OptionalLong descriptors() {
		return number(() -> {
			String[] descriptors = this.root.resolve("proc/self/fd").toFile().list();
			return (descriptors != null) ? descriptors.length - 1L : null;
		});
	}

	/**
	 * Return how many files are open in the system.
	 */
	OptionalLong systemFiles() {
		return number(() -> fileNumbers(0));
	}

	/**
	 * Return {@code fs.file-max}.
	 */
	OptionalLong maxSystemFiles() {
		return number(() -> fileNumbers(2));
	}

	private @Nullable Long fileNumbers(int index) {
		String numbers = read("proc/sys/fs/file-nr");
		return (numbers != null) ? Long.valueOf(numbers.strip().split("\\s+")[index]) : null;
	}

	/**
	 * Return {@code vm.overcommit_memory}: 0 for a heuristic, 1 for always, 2 for never.
	 */
	OptionalLong overcommitMode() {
		return number("proc/sys/vm/overcommit_memory");
	}

	/**
	 * Return how many bytes can be committed in the system, which counts only where it
	 * never overcommits.
	 */
	OptionalLong commitLimit() {
		return field("proc/meminfo", "CommitLimit");
	}

	/**
	 * Return how many bytes are committed in the system.
	 */
	OptionalLong committed() {
		return field("proc/meminfo", "Committed_AS");
	}

	/**
	 * Return how many bytes of memory and swap the system has.
	 */
	OptionalLong memoryAndSwap() {
		OptionalLong memory = field("proc/meminfo", "MemTotal");
		return (memory.isPresent()) ? OptionalLong.of(memory.getAsLong() + field("proc/meminfo", "SwapTotal").orElse(0))
				: memory;
	}

	/**
	 * Return how many seconds somebody who breaks a lease on a file waits at most; 0 for
	 * as long as it takes.
	 */
	OptionalLong leaseBreakSeconds() {
		return number("proc/sys/fs/lease-break-time");
	}

	/**
	 * Return how many bytes of memory can be had in the system without swapping.
	 */
	OptionalLong availableMemory() {
		return field("proc/meminfo", "MemAvailable");
	}

	/**
	 * Return how many bytes can be had in the control group of the process, and in those
	 * above it, if one of them has a limit. The pages of files that count into it make
	 * room.
	 * @see <a href=
	 * "https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files">Control
	 * Group v2</a>
	 */
	OptionalLong availableInControlGroup() {
		String group = value("proc/self/cgroup", "0::/");
		OptionalLong least = OptionalLong.empty();
		while (group != null) {
			// As a container may see the group's name, but its own root only, some of
			// these may not be there
			OptionalLong available = availableInControlGroup("sys/fs/cgroup/" + group);
			if (available.isPresent() && available.getAsLong() < least.orElse(UNLIMITED)) {
				least = available;
			}
			group = (group.isEmpty()) ? null : group.substring(0, Math.max(0, group.lastIndexOf('/')));
		}
		return least;
	}

	private OptionalLong availableInControlGroup(String directory) {
		OptionalLong max = number(directory + "/memory.max");
		OptionalLong current = number(directory + "/memory.current");
		if (max.isEmpty() || current.isEmpty()) {
			return OptionalLong.empty();
		}
		return number(() -> max.getAsLong() - current.getAsLong() + statistic(directory, "inactive_file")
				+ statistic(directory, "active_file"));
	}

	private long statistic(String directory, String name) {
		String value = value(directory + "/memory.stat", name + " ");
		return (value != null) ? Long.parseLong(value) : 0;
	}

	/**
	 * Return whether a filter decides which system calls the process may make, as in most
	 * containers.
	 */
	boolean seccompFilter() {
		return field("proc/self/status", "Seccomp").equals(OptionalLong.of(2));
	}

	/**
	 * Return the version of the kernel, such as {@code 6.8.0-45-generic}.
	 */
	@Nullable String kernel() {
		String release = read("proc/sys/kernel/osrelease");
		return (release != null) ? release.strip() : null;
	}

	/**
	 * Return how many huge pages of a size in bytes are free, promised ones included.
	 */
	OptionalLong freeHugePages(long size) {
		return number(hugePages(size) + "/free_hugepages");
	}

	/**
	 * Return how many of the free huge pages are promised to existing mappings.
	 */
	OptionalLong promisedHugePages(long size) {
		return number(hugePages(size) + "/resv_hugepages");
	}

	/**
	 * Return how many huge pages of a size in bytes there are.
	 */
	OptionalLong totalHugePages(long size) {
		return number(hugePages(size) + "/nr_hugepages");
	}

	/**
	 * Return the size of huge pages that {@code vm.nr_hugepages} is for, in bytes.
	 */
	OptionalLong defaultHugePageSize() {
		return field("proc/meminfo", "Hugepagesize");
	}

	/**
	 * Return the sizes of huge pages that the kernel has, in bytes, in ascending order.
	 */
	List<Long> hugePageSizes() {
		String[] names = this.root.resolve("sys/kernel/mm/hugepages").toFile().list();
		return (names != null) ? Stream.of(names)
			.filter((name) -> name.matches("hugepages-\\d{1,15}kB"))
			.map((name) -> 1024 * Long.parseLong(name.substring("hugepages-".length(), name.length() - 2)))
			.sorted()
			.toList() : List.of();
	}

	private static String hugePages(long size) {
		return "sys/kernel/mm/hugepages/hugepages-" + size / 1024 + "kB";
	}

	/**
	 * Return where and how the file system of a file is mounted, or {@code null} if that
	 * is unknown. The file need not exist.
	 */
	@Nullable Mount mount(Path file) {
		String mounts = read("proc/self/mountinfo");
		if (mounts == null || file.getFileSystem() != FileSystems.getDefault()) {
			return null;
		}
		String path = realPath(file).toString();
		Mount best = null;
		for (String line : (Iterable<String>) mounts.lines()::iterator) {
			Mount mount = Mount.parse(line);
			// Of two on the same mount point, the later one hides the earlier one
			if (mount != null && mount.contains(path)
					&& (best == null || mount.point().length() >= best.point().length())) {
				best = mount;
			}
		}
		return best;
	}

	private static Path realPath(Path file) {
		Path absolute = file.toAbsolutePath();
		for (Path existing = absolute; existing != null; existing = existing.getParent()) {
			try {
				return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
			}
			catch (IOException ex) {
				// Neither does it exist, nor can it be a link: look at its parent
			}
		}
		return absolute;
	}

	private OptionalLong limit(String name) {
		return number(() -> {
			String value = value("proc/self/limits", name);
			if (value == null) {
				return null;
			}
			String soft = value.split(" +")[0];
			return (soft.equals("unlimited")) ? UNLIMITED : parse(soft);
		});
	}

	/**
	 * Return a number from a file of names and values, in bytes if it has a unit.
	 */
	private OptionalLong field(String file, String name) {
		return number(() -> {
			String value = value(file, name + ":");
			return (value == null) ? null
					: (value.endsWith(" kB"))
							? Math.multiplyExact(1024L, Long.parseLong(value.substring(0, value.length() - 3)))
							: Long.valueOf(value);
		});
	}

	private @Nullable String value(String file, String name) {
		String content = read(file);
		return (content == null) ? null
				: content.lines()
					.filter((line) -> line.startsWith(name))
					.map((line) -> line.substring(name.length()).strip())
					.findFirst()
					.orElse(null);
	}

	private OptionalLong number(String file) {
		return number(() -> {
			String content = read(file);
			return (content != null) ? Long.valueOf(content.strip()) : null;
		});
	}

	/**
	 * Parse a limit, which the kernel writes unsigned.
	 */
	private static long parse(String limit) {
		long value = Long.parseUnsignedLong(limit);
		return (value >= 0) ? value : UNLIMITED;
	}

	private static OptionalLong number(Reading reading) {
		try {
			Long number = reading.read();
			return (number != null) ? OptionalLong.of(number) : OptionalLong.empty();
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			// Memory may be just what is missing when somebody asks for a limit
			return OptionalLong.empty();
		}
	}

	private @Nullable String read(String file) {
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		try {
			read(file, (buffer, length) -> content.write(buffer, 0, length));
			return content.toString(StandardCharsets.ISO_8859_1);
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			return null;
		}
	}

	/**
	 * Read a file in large pieces. The JDK would begin with a single byte, as these files
	 * claim to be empty, and those of {@code /proc/sys} give nothing to a second read.
	 */
	private void read(String file, PieceConsumer consumer) throws IOException {
		byte[] buffer = new byte[BUFFER_SIZE];
		try (InputStream input = Files.newInputStream(this.root.resolve(file))) {
			for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
				consumer.accept(buffer, length);
			}
		}
	}

	/**
	 * Takes a piece of a file.
	 */
	@FunctionalInterface
	private interface PieceConsumer {

		void accept(byte[] buffer, int length);

	}

	/**
	 * Reads a number, or finds none.
	 */
	@FunctionalInterface
	private interface Reading {

		@Nullable Long read() throws IOException;

	}

	/**
	 * How a file system is mounted.
	 *
	 * @param point the mount point
	 * @param type the type of the file system
	 * @param readOnly whether nothing can be written
	 * @param noExec whether nothing can be executed
	 */
	record Mount(String point, String type, boolean readOnly, boolean noExec) {

		private static @Nullable Mount parse(String line) {
			// ID, parent, device, root, mount point, options, more fields, a dash, type,
			// source, options of the file system
			int dash = line.indexOf(" - ");
			String[] mount = line.split(" ");
			if (dash < 0 || mount.length < 6) {
				return null;
			}
			String[] fileSystem = line.substring(dash + 3).split(" ");
			List<String> options = List.of(mount[5].split(","));
			boolean readOnly = options.contains("ro")
					|| (fileSystem.length > 2 && List.of(fileSystem[2].split(",")).contains("ro"));
			return new Mount(unescape(mount[4]), fileSystem[0], readOnly, options.contains("noexec"));
		}

		/**
		 * Undo what the kernel does to blanks, tabs, line ends and backslashes.
		 */
		private static String unescape(String text) {
			byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
			int length = 0;
			for (int i = 0; i < bytes.length; i++) {
				if (bytes[i] == '\\' && text.substring(i).matches("(?s)\\\\[0-3][0-7]{2}.*")) {
					bytes[length++] = (byte) Integer.parseInt(text.substring(i + 1, i + 4), 8);
					i += 3;
				}
				else {
					bytes[length++] = bytes[i];
				}
			}
			return new String(bytes, 0, length, PATH_CHARSET);
		}

		private boolean contains(String path) {
			return this.point.equals("/") || path.equals(this.point) || path.startsWith(this.point + "/");
		}

	}

}
