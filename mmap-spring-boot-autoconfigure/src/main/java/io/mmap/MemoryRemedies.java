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

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What to do when memory, addresses or regions are short, or a limit keeps memory from
 * being locked.
 */
final class MemoryRemedies {

	private final String call;

	private final Remedies.Context context;

	private final ProcessLimits limits;

	MemoryRemedies(String call, Remedies.Context context, ProcessLimits limits) {
		this.call = call;
		this.context = context;
		this.limits = limits;
	}

	String noMemory() {
		if (!isAnyOf("mmap", "mprotect", "mremap", "munmap", "madvise", "munlock", "msync", "mincore", "prctl")) {
			return (isAnyOf("memfd_create", "fallocate", "posix_fallocate", "ftruncate", "open", "openat2",
					"userfaultfd")) ? "The kernel is out of memory: " + freeMemory() : "";
		}
		boolean maps = isAnyOf("mmap", "mremap");
		String remedy = (isAnyOf("msync", "mincore")) ? null : regions();
		if (remedy == null && maps) {
			remedy = hugePages();
		}
		if (remedy == null && maps) {
			remedy = addressSpace();
		}
		// Huge pages are not counted as committed
		if (remedy == null && (maps || isAnyOf("mprotect")) && this.context.hugePageSize() == 0) {
			remedy = committed();
		}
		if (remedy != null) {
			return remedy;
		}
		if (!maps) {
			return "A part of the memory is no longer mapped, or the kernel is out of memory: " + freeMemory();
		}
		OptionalLong regions = this.limits.regions();
		OptionalLong maxRegions = this.limits.maxRegions();
		if (regions.isEmpty() || maxRegions.isEmpty()) {
			return "The process may have too many memory regions (compare the lines of /proc/self/maps with 'sysctl"
					+ " vm.max_map_count'), or too little address space (ulimit -v).";
		}
		String gap = (this.context.length() > 0) ? "gap of " + bytes(this.context.length())
				: "gap that is large enough";
		return "The address space may have no " + gap
				+ " left, or the kernel is out of memory (it is not the number of memory regions: "
				+ regions.getAsLong() + ", and vm.max_map_count allows " + maxRegions.getAsLong() + "). Map less, or "
				+ freeMemory();
	}

	private static String freeMemory() {
		return "raise the memory limit of the container, or free memory.";
	}

	/**
	 * Return what to do if there are too many regions, or nearly so.
	 */
	@Nullable String regions() {
		OptionalLong regions = this.limits.regions();
		OptionalLong max = this.limits.maxRegions();
		if (regions.isEmpty() || max.isEmpty() || regions.getAsLong() < max.getAsLong() / 10 * 9) {
			return null;
		}
		return "The process has " + regions.getAsLong() + " memory regions of at most " + max.getAsLong()
				+ ": raise the limit ('sysctl vm.max_map_count=" + times2(max.getAsLong())
				+ "'), or map fewer and larger parts.";
	}

	@Nullable String hugePages() {
		long size = this.context.hugePageSize();
		if (size <= 0) {
			return null;
		}
		OptionalLong free = this.limits.freeHugePages(size);
		OptionalLong total = this.limits.totalHugePages(size);
		if (free.isEmpty() || total.isEmpty()) {
			return noHugePages();
		}
		long promised = this.limits.promisedHugePages(size).orElse(0);
		long needed = Math.ceilDiv(this.context.length(), size);
		long missing = needed - (free.getAsLong() - promised);
		if (missing <= 0) {
			return null;
		}
		return "Of " + total.getAsLong() + " huge pages of " + size / 1024 + " kB, " + free.getAsLong() + " are free"
				+ ((promised > 0) ? " (but " + promised + " of them promised to others)" : "") + ", and " + needed
				+ " are needed. Reserve more with '" + reserve(size, total.getAsLong() + missing) + "'.";
	}

	private String reserve(long size, long number) {
		return (this.limits.defaultHugePageSize().orElse(size) == size) ? "sysctl vm.nr_hugepages=" + number
				: "echo " + number + " > /sys/kernel/mm/hugepages/hugepages-" + size / 1024 + "kB/nr_hugepages";
	}

	@Nullable String noHugePages() {
		List<Long> sizes = this.limits.hugePageSizes();
		if (sizes.isEmpty() || sizes.contains(this.context.hugePageSize())) {
			return null;
		}
		return "The kernel has no huge pages of " + this.context.hugePageSize() / 1024 + " kB. Use one of the sizes "
				+ sizes.stream().map((size) -> size / 1024 + " kB").collect(Collectors.joining(", ")) + ".";
	}

	private @Nullable String addressSpace() {
		OptionalLong limit = this.limits.addressSpaceLimit();
		if (isExceeded(limit, this.limits.addressSpace())) {
			return "The process may use " + bytes(limit.getAsLong()) + " of address space"
					+ inUse(this.limits.addressSpace()) + ". Raise the limit (ulimit -v, LimitAS= of systemd), or map"
					+ " less.";
		}
		limit = this.limits.dataLimit();
		if (isPrivateWritable() && isExceeded(limit, this.limits.data())) {
			return "The process may use " + bytes(limit.getAsLong()) + " of private memory" + inUse(this.limits.data())
					+ ". Raise the limit (ulimit -d, LimitDATA= of systemd), or map less.";
		}
		return null;
	}

	private @Nullable String committed() {
		long mode = this.limits.overcommitMode().orElse(-1);
		if (mode == 2) {
			OptionalLong limit = this.limits.commitLimit();
			return "The system never overcommits memory (vm.overcommit_memory is 2)"
					+ ((limit.isPresent()) ? ": it may commit " + bytes(limit.getAsLong())
							+ " (CommitLimit of /proc/meminfo)" + inUse(this.limits.committed(), "Committed_AS") : "")
					+ ". Raise vm.overcommit_ratio, add swap space, or map less.";
		}
		OptionalLong memory = this.limits.memoryAndSwap();
		if (mode == 0 && !this.context.noReserve() && isPrivateWritable() && memory.isPresent()
				&& this.context.length() > memory.getAsLong()) {
			return bytes(this.context.length()) + " are more than the memory and swap space of the system, "
					+ bytes(memory.getAsLong())
					+ ", which the kernel refuses (vm.overcommit_memory is 0) unless it need not reserve them. Set the"
					+ " option 'no-reserve', or map less.";
		}
		return null;
	}

	/**
	 * The kernel counts only such memory as what the process may need more of.
	 */
	private boolean isPrivateWritable() {
		return this.context.write() && !this.context.shared();
	}

	private boolean isExceeded(OptionalLong limit, OptionalLong used) {
		if (limit.isEmpty() || limit.getAsLong() == ProcessLimits.UNLIMITED) {
			return false;
		}
		return used.isEmpty() || this.context.length() > limit.getAsLong() - used.getAsLong();
	}

	private String inUse(OptionalLong used) {
		return inUse(used, null);
	}

	private String inUse(OptionalLong used, @Nullable String name) {
		return ((used.isPresent())
				? ", of which " + used.getAsLong() + " are in use" + ((name != null) ? " (" + name + ")" : "") : "")
				+ ", and " + this.context.length() + " are needed";
	}

	String lock() {
		OptionalLong limit = this.limits.lockedLimit();
		if (isExceeded(limit, this.limits.locked())) {
			return lockedLimit(limit.getAsLong());
		}
		String regions = regions();
		if (regions != null) {
			return regions;
		}
		return ((limit.isPresent()) ? "The limit of locked memory (ulimit -l) is not the cause. "
				: "The limit of locked memory may be too low (ulimit -l). ")
				+ "Pages may have nothing behind them: look whether the file has become shorter, and whether all of"
				+ " the memory is still mapped.";
	}

	String lockedLimit(long limit) {
		OptionalLong locked = this.limits.locked();
		long needed = plus(locked.orElse(0), this.context.length());
		return "The process may lock " + bytes(limit) + inUse(locked) + ". Raise the limit (ulimit -l "
				+ Math.ceilDiv(needed, 1024L) + ", or LimitMEMLOCK=" + needed
				+ " of systemd), or give the process CAP_IPC_LOCK.";
	}

	private boolean isAnyOf(String... calls) {
		return List.of(calls).contains(this.call);
	}

	private static String bytes(long number) {
		return number + " bytes";
	}

	private static long times2(long number) {
		return plus(number, number);
	}

	private static long plus(long one, long other) {
		long sum = one + other;
		return (sum >= 0) ? sum : Long.MAX_VALUE;
	}

}
