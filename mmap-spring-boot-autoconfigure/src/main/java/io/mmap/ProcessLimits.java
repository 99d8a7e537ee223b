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

	private final SystemFiles files;

	ProcessLimits() {
		this(Path.of("/"));
	}

	/**
	 * Create limits that are read elsewhere.
	 * @param root the directory that holds {@code proc} and {@code sys}
	 */
	ProcessLimits(Path root) {
		this.files = new SystemFiles(root);
	}

	/**
	 * Return how many memory regions the process has.
	 */
	OptionalLong regions() {
		return SystemFiles.number(() -> {
			// There may be many thousand lines, and little memory left to read them
			long[] lines = new long[1];
			this.files.read("proc/self/maps", (buffer, length) -> {
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
		return this.files.number("proc/sys/vm/max_map_count");
	}

	/**
	 * Return the soft limit {@code RLIMIT_MEMLOCK} in bytes, or {@link #UNLIMITED}.
	 */
	OptionalLong lockedLimit() {
		return this.files.limit("Max locked memory");
	}

	/**
	 * Return how many bytes the process has locked.
	 */
	OptionalLong locked() {
		return this.files.field("proc/self/status", "VmLck");
	}

	/**
	 * Return the soft limit {@code RLIMIT_AS} in bytes, or {@link #UNLIMITED}.
	 */
	OptionalLong addressSpaceLimit() {
		return this.files.limit("Max address space");
	}

	/**
	 * Return how many bytes of address space the process uses.
	 */
	OptionalLong addressSpace() {
		return this.files.field("proc/self/status", "VmSize");
	}

	/**
	 * Return the soft limit {@code RLIMIT_DATA} in bytes, or {@link #UNLIMITED}.
	 */
	OptionalLong dataLimit() {
		return this.files.limit("Max data size");
	}

	/**
	 * Return how many bytes of private, writable memory the process uses.
	 */
	OptionalLong data() {
		return this.files.field("proc/self/status", "VmData");
	}

	/**
	 * Return the soft limit {@code RLIMIT_FSIZE} in bytes, or {@link #UNLIMITED}.
	 */
	OptionalLong fileSizeLimit() {
		return this.files.limit("Max file size");
	}

	/**
	 * Return the soft limit {@code RLIMIT_NOFILE}, or {@link #UNLIMITED}. Reading it
	 * takes a descriptor, so it is unknown when all are in use.
	 */
	OptionalLong descriptorLimit() {
		return this.files.limit("Max open files");
	}

	/**
	 * Return how many descriptors are open, but the one it takes to list them.
	 */
	OptionalLong descriptors() {
		return SystemFiles.number(() -> {
			String[] descriptors = this.files.root().resolve("proc/self/fd").toFile().list();
			return (descriptors != null) ? descriptors.length - 1L : null;
		});
	}

	/**
	 * Return how many files are open in the system.
	 */
	OptionalLong systemFiles() {
		return SystemFiles.number(() -> fileNumbers(0));
	}

	/**
	 * Return {@code fs.file-max}.
	 */
	OptionalLong maxSystemFiles() {
		return SystemFiles.number(() -> fileNumbers(2));
	}

	private @Nullable Long fileNumbers(int index) {
		String numbers = this.files.read("proc/sys/fs/file-nr");
		return (numbers != null) ? Long.valueOf(numbers.strip().split("\\s+")[index]) : null;
	}

	/**
	 * Return {@code vm.overcommit_memory}: 0 for a heuristic, 1 for always, 2 for never.
	 */
	OptionalLong overcommitMode() {
		return this.files.number("proc/sys/vm/overcommit_memory");
	}

	/**
	 * Return how many bytes can be committed in the system, which counts only where it
	 * never overcommits.
	 */
	OptionalLong commitLimit() {
		return this.files.field("proc/meminfo", "CommitLimit");
	}

	/**
	 * Return how many bytes are committed in the system.
	 */
	OptionalLong committed() {
		return this.files.field("proc/meminfo", "Committed_AS");
	}

	/**
	 * Return how many bytes of memory and swap the system has.
	 */
	OptionalLong memoryAndSwap() {
		OptionalLong memory = this.files.field("proc/meminfo", "MemTotal");
		return (memory.isPresent())
				? OptionalLong.of(memory.getAsLong() + this.files.field("proc/meminfo", "SwapTotal").orElse(0))
				: memory;
	}

	/**
	 * Return how many seconds somebody who breaks a lease on a file waits at most; 0 for
	 * as long as it takes.
	 */
	OptionalLong leaseBreakSeconds() {
		return this.files.number("proc/sys/fs/lease-break-time");
	}

	/**
	 * Return how many bytes of memory can be had in the system without swapping.
	 */
	OptionalLong availableMemory() {
		return this.files.field("proc/meminfo", "MemAvailable");
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
		String group = this.files.value("proc/self/cgroup", "0::/");
		OptionalLong least = OptionalLong.empty();
		while (group != null) {
			// As a container may see its own root only, some of these may not be there
			OptionalLong available = availableInControlGroup("sys/fs/cgroup/" + group);
			if (available.isPresent() && available.getAsLong() < least.orElse(UNLIMITED)) {
				least = available;
			}
			group = (group.isEmpty()) ? null : group.substring(0, Math.max(0, group.lastIndexOf('/')));
		}
		return least;
	}

	private OptionalLong availableInControlGroup(String directory) {
		OptionalLong max = this.files.number(directory + "/memory.max");
		OptionalLong current = this.files.number(directory + "/memory.current");
		if (max.isEmpty() || current.isEmpty()) {
			return OptionalLong.empty();
		}
		return SystemFiles.number(() -> max.getAsLong() - current.getAsLong() + statistic(directory, "inactive_file")
				+ statistic(directory, "active_file"));
	}

	private long statistic(String directory, String name) {
		String value = this.files.value(directory + "/memory.stat", name + " ");
		return (value != null) ? Long.parseLong(value) : 0;
	}

	/**
	 * Return whether a filter decides which system calls the process may make, as in most
	 * containers.
	 */
	boolean seccompFilter() {
		return this.files.field("proc/self/status", "Seccomp").equals(OptionalLong.of(2));
	}

	/**
	 * Return the version of the kernel, such as {@code 6.8.0-45-generic}.
	 */
	@Nullable String kernel() {
		String release = this.files.read("proc/sys/kernel/osrelease");
		return (release != null) ? release.strip() : null;
	}

	/**
	 * Return how many huge pages of a size in bytes are free, promised ones included.
	 */
	OptionalLong freeHugePages(long size) {
		return this.files.number(hugePages(size) + "/free_hugepages");
	}

	/**
	 * Return how many of the free huge pages are promised to existing mappings.
	 */
	OptionalLong promisedHugePages(long size) {
		return this.files.number(hugePages(size) + "/resv_hugepages");
	}

	/**
	 * Return how many huge pages of a size in bytes there are.
	 */
	OptionalLong totalHugePages(long size) {
		return this.files.number(hugePages(size) + "/nr_hugepages");
	}

	/**
	 * Return the size of huge pages that {@code vm.nr_hugepages} is for, in bytes.
	 */
	OptionalLong defaultHugePageSize() {
		return this.files.field("proc/meminfo", "Hugepagesize");
	}

	/**
	 * Return the sizes of huge pages that the kernel has, in bytes, in ascending order.
	 */
	List<Long> hugePageSizes() {
		String[] names = this.files.root().resolve("sys/kernel/mm/hugepages").toFile().list();
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
		String mounts = this.files.read("proc/self/mountinfo");
		if (mounts == null || file.getFileSystem() != FileSystems.getDefault()) {
			return null;
		}
		return Mount.find(mounts, file);
	}

}
