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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Finds out what the system offers: each system call is tried once, when somebody first
 * wants to know, on memory and files of its own. A call that a container blocks and one
 * that the kernel does not have are the same.
 */
final class Probes {

	private static final Set<Integer> PASSING = Set.of(Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.EAGAIN,
			Errno.EINTR, Errno.ENOSPC);

	private final @Nullable SystemCalls calls;

	private final String withoutCalls;

	private final ProcessLimits limits = new ProcessLimits();

	/**
	 * Filled when somebody first wants to know something. Of the thread that has the
	 * monitor of this.
	 */
	private final Map<String, Probe> probes = new LinkedHashMap<>();

	private final Map<String, Capability> results = new LinkedHashMap<>();

	/**
	 * Create probes of a system whose calls can be made.
	 */
	Probes(SystemCalls calls) {
		this(calls, "");
	}

	/**
	 * Create probes that find nothing.
	 * @param withoutCalls why no system call can be made
	 */
	Probes(String withoutCalls) {
		this(null, withoutCalls);
	}

	private Probes(@Nullable SystemCalls calls, String withoutCalls) {
		this.calls = calls;
		this.withoutCalls = withoutCalls;
	}

	/**
	 * Return what can be found out. Most processes never ask, and each check is a class
	 * that would have to be made for it.
	 */
	private Map<String, Probe> probes() {
		if (this.probes.isEmpty()) {
			addProbes();
		}
		return this.probes;
	}

	private void addProbes() {
		add("mmap", "maps memory", (each) -> onPage(each, (address) -> {
		}));
		add("mprotect", "changes the protection of a mapping",
				(each) -> onPage(each, (address) -> each.mprotect(address, each.pageSize(), Linux.PROT_READ)));
		add("mremap", "changes the length of a mapping",
				(each) -> onPage(each, (address) -> each.mremap(address, each.pageSize(), each.pageSize(), 0)));
		add("map-32bit", "maps at low addresses (MAP_32BIT)", Probes::map32Bit);
		add("mlock", "keeps pages in memory",
				(each) -> onPage(each, (address) -> each.mlock(address, each.pageSize())));
		add("mlock2", "keeps pages in memory once they are accessed (MLOCK_ONFAULT)",
				(each) -> onPage(each, (address) -> each.mlock2(address, each.pageSize(), Linux.MLOCK_ONFAULT)));
		addAdvice("prefault", "brings pages into memory, with errors (MADV_POPULATE_READ)", Linux.MADV_POPULATE_READ);
		addAdvice("prefault-for-writing", "brings pages into memory for writing (MADV_POPULATE_WRITE)",
				Linux.MADV_POPULATE_WRITE);
		addAdvice("free", "lets the system take pages when memory is short (MADV_FREE)", Linux.MADV_FREE);
		add("remove", "takes pages out of their file (MADV_REMOVE)", Probes::remove);
		add("collapse", "makes huge pages of what is there (MADV_COLLAPSE)", Probes::collapse);
		addAdvice("cold", "makes pages the first to be evicted (MADV_COLD)", Linux.MADV_COLD);
		addAdvice("page-out", "evicts pages (MADV_PAGEOUT)", Linux.MADV_PAGEOUT);
		add("transparent-huge-pages", "makes huge pages of small ones (MADV_HUGEPAGE)", this::transparentHugePages);
		add("huge-page-pool", "takes huge pages from the pool (MAP_HUGETLB)", this::hugePagePool);
		add("memfd", "makes in-memory files (memfd_create)", (each) -> onMemfd(each, (descriptor) -> {
		}));
		add("seal", "seals in-memory files (F_ADD_SEALS)",
				(each) -> onMemfd(each, (descriptor) -> each.addSeals(descriptor, Linux.F_SEAL_SHRINK)));
		add("seal-future-write", "seals in-memory files against further writers (F_SEAL_FUTURE_WRITE)",
				(each) -> onMemfd(each, (descriptor) -> each.addSeals(descriptor, Linux.F_SEAL_FUTURE_WRITE)));
		add("cachestat", "tells what of a file is in memory",
				(each) -> onMemfd(each, (descriptor) -> each.cachestat(descriptor, 0, each.pageSize())));
		add("mincore", "tells which pages are in memory",
				(each) -> onPage(each, (address) -> each.mincore(address, each.pageSize())));
		add("pagemap-scan", "tells which private pages are in memory (PAGEMAP_SCAN)", Probes::pagemapScan);
		add("change-tracking", "notes which pages are written (userfaultfd with WP_ASYNC, PAGEMAP_SCAN)",
				Probes::changeTracking);
		add("start-flush", "starts to write pages to their file (sync_file_range)", Probes::startFlush);
		add("file-watch", "tells when a declared file has changed, so that nobody has to look (inotify)",
				Probes::fileWatch);
		add("memory-names", "names anonymous memory (PR_SET_VMA_ANON_NAME)",
				(each) -> onPage(each, (address) -> each.nameMemory(address, each.pageSize(), "probe")));
	}

	private void add(String name, String purpose, Check check) {
		this.probes.put(name, new Probe(purpose, check));
	}

	private void addAdvice(String name, String purpose, int advice) {
		add(name, purpose, (each) -> onPage(each, (address) -> each.madvise(address, each.pageSize(), advice)));
	}

	boolean isAvailable(String name) {
		return get(name).available();
	}

	/**
	 * Return why something is not available, or where it is used.
	 */
	String reason(String name) {
		return get(name).reason();
	}

	/**
	 * Refuse to go on without something.
	 */
	void require(String name) {
		// Once, as what is short at one moment need not be at the next
		Capability found = get(name);
		if (!found.available()) {
			throw new UnsupportedMappingOperationException("'" + name + "' is not available here: " + found.reason());
		}
	}

	synchronized Capability get(String name) {
		Capability known = this.results.get(name);
		if (known != null) {
			return known;
		}
		Probe probe = probes().get(name);
		if (probe == null) {
			throw new IllegalArgumentException(name);
		}
		return check(name, probe);
	}

	synchronized Capabilities all(MapperInfo mapper) {
		List<Capability> all = new ArrayList<>();
		probes().keySet().forEach((name) -> all.add(get(name)));
		return new Capabilities(System.getProperty("os.name") + " on " + System.getProperty("os.arch"),
				System.getProperty("os.version", "unknown"), container(), this.limits.seccompFilter(), mapper,
				List.copyOf(all));
	}

	private Capability check(String name, Probe probe) {
		if (this.calls == null) {
			return new Capability(name, false, this.withoutCalls);
		}
		try {
			probe.check().run(this.calls);
			return known(new Capability(name, true, probe.purpose()));
		}
		catch (SystemCallException ex) {
			Capability missing = new Capability(name, false, ex.getMessage() + why(ex.errno()));
			// Or want of descriptors or memory would count as an answer for good
			return (PASSING.contains(ex.errno())) ? missing : known(missing);
		}
		catch (UnsupportedMappingOperationException ex) {
			// A setting, which may be changed as it says
			return new Capability(name, false, String.valueOf(ex.getMessage()));
		}
	}

	private Capability known(Capability capability) {
		this.results.put(capability.name(), capability);
		return capability;
	}

	private String why(int errno) {
		return switch (errno) {
			case Errno.ENOSYS, Errno.EPERM ->
				(this.limits.seccompFilter()) ? ": a filter of system calls, as container profiles have, blocks it"
						: ": the kernel does not have it, or this user may not use it";
			case Errno.EINVAL -> ": the kernel does not have it, or was built without it";
			default -> "";
		};
	}

	private static @Nullable String container() {
		for (String sign : List.of("/.dockerenv", "/run/.containerenv")) {
			if (Files.exists(Path.of(sign))) {
				return sign;
			}
		}
		return (System.getenv("KUBERNETES_SERVICE_HOST") != null) ? "KUBERNETES_SERVICE_HOST" : null;
	}

	private static void map32Bit(SystemCalls calls) throws SystemCallException {
		if (!Linux.hasMap32Bit()) {
			throw new UnsupportedMappingOperationException("it exists on x86-64 only");
		}
		long page = calls.pageSize();
		long address = calls.mmap(0, page, Linux.PROT_NONE, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_32BIT,
				-1, 0);
		calls.munmap(address, page);
	}

	private void transparentHugePages(SystemCalls calls) throws SystemCallException {
		if (PageSize.transparentHuge().isEmpty()) {
			throw new UnsupportedMappingOperationException("the kernel was built without them");
		}
		String enabled = transparentHugePagesSetting();
		if (enabled.contains("[never]")) {
			throw new UnsupportedMappingOperationException(
					"/sys/kernel/mm/transparent_hugepage/enabled says " + enabled + ": set it to madvise");
		}
		onPage(calls, (address) -> calls.madvise(address, calls.pageSize(), Linux.MADV_HUGEPAGE));
	}

	private static String transparentHugePagesSetting() {
		try {
			return Files.readString(Path.of("/sys/kernel/mm/transparent_hugepage/enabled")).strip();
		}
		catch (IOException ex) {
			return "nothing that can be read";
		}
	}

	private void hugePagePool(SystemCalls calls) throws SystemCallException {
		long size = this.limits.defaultHugePageSize().orElse(0);
		if (size == 0) {
			throw new UnsupportedMappingOperationException("the kernel was built without it");
		}
		long address;
		try {
			address = calls.mmap(0, size, Linux.PROT_READ, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_HUGETLB,
					-1, 0);
		}
		catch (SystemCallException ex) {
			if (ex.errno() == Errno.ENOMEM) {
				throw new UnsupportedMappingOperationException("the pool of huge pages of " + size
						+ " bytes has none that is free: reserve some with 'sysctl vm.nr_hugepages'");
			}
			throw ex;
		}
		calls.munmap(address, size);
	}

	private static void remove(SystemCalls calls) throws SystemCallException {
		long page = calls.pageSize();
		long address = calls.mmap(0, page, Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_SHARED | Linux.MAP_ANONYMOUS,
				-1, 0);
		try {
			calls.madvise(address, page, Linux.MADV_REMOVE);
		}
		finally {
			calls.munmap(address, page);
		}
	}

	private static void collapse(SystemCalls calls) throws SystemCallException {
		long huge = PageSize.transparentHuge().orElse(0);
		if (huge == 0) {
			throw new UnsupportedMappingOperationException("the kernel was built without huge pages");
		}
		long address = calls.mmap(0, 2 * huge, Linux.PROT_READ | Linux.PROT_WRITE,
				Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0);
		try {
			long start = (address + huge - 1) & -huge;
			calls.madvise(start, calls.pageSize(), Linux.MADV_POPULATE_WRITE);
			calls.madvise(start, huge, Linux.MADV_COLLAPSE);
		}
		finally {
			calls.munmap(address, 2 * huge);
		}
	}

	private static void pagemapScan(SystemCalls calls) throws SystemCallException {
		int pagemap = calls.open(UserfaultfdTracker.PAGEMAP, Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
		try {
			onPage(calls, (address) -> calls.scanPages(pagemap, address, address + calls.pageSize(),
					Linux.PAGE_IS_PRESENT, Linux.PAGE_IS_PFNZERO, 0));
		}
		finally {
			calls.close(pagemap);
		}
	}

	private static void changeTracking(SystemCalls calls) throws SystemCallException {
		onPage(calls, (address) -> {
			PageArea area = new PageArea(address, 0, calls.pageSize(), calls.pageSize(), calls.pageSize(),
					calls.pageSize(), 0);
			UserfaultfdTracker tracker = UserfaultfdTracker.start(calls, area);
			try {
				tracker.written(true);
			}
			finally {
				tracker.close();
			}
		});
	}

	private static void startFlush(SystemCalls calls) throws SystemCallException {
		onMemfd(calls, (descriptor) -> {
			try {
				calls.startWriting(descriptor, 0, calls.pageSize());
			}
			catch (SystemCallException ex) {
				// In-memory files have no device: anything else says that it exists
				if (ex.errno() == Errno.ENOSYS || ex.errno() == Errno.EPERM) {
					throw ex;
				}
			}
		});
	}

	private static void fileWatch(SystemCalls calls) throws SystemCallException {
		onMemfd(calls, (descriptor) -> {
			int inotify = calls.inotify();
			try {
				calls.addWatch(inotify, FileWatch.pathOf(descriptor), Linux.IN_MODIFY);
			}
			finally {
				calls.close(inotify);
			}
		});
	}

	private static void onPage(SystemCalls calls, Action<Long> action) throws SystemCallException {
		long page = calls.pageSize();
		long address = calls.mmap(0, page, Linux.PROT_READ | Linux.PROT_WRITE, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS,
				-1, 0);
		try {
			action.on(address);
		}
		finally {
			calls.munmap(address, page);
		}
	}

	private static void onMemfd(SystemCalls calls, Action<Integer> action) throws SystemCallException {
		int descriptor = calls.memfdCreate("mmap-probe", Linux.MFD_CLOEXEC | Linux.MFD_ALLOW_SEALING);
		try {
			calls.ftruncate(descriptor, calls.pageSize());
			action.on(descriptor);
		}
		finally {
			calls.close(descriptor);
		}
	}

	/**
	 * Tries something.
	 */
	@FunctionalInterface
	private interface Check {

		void run(SystemCalls calls) throws SystemCallException;

	}

	/**
	 * Does something with memory or a file that exists for that only.
	 *
	 * @param <T> an address or descriptor
	 */
	@FunctionalInterface
	private interface Action<T> {

		void on(T subject) throws SystemCallException;

	}

	/**
	 * What is to be found out.
	 *
	 * @param purpose what it is used for
	 * @param check tries it
	 */
	private record Probe(String purpose, Check check) {

	}

}
