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

package io.mmap.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.mmap.Advice;
import io.mmap.HugePages;
import io.mmap.MappingAccess;
import io.mmap.Protection;
import io.mmap.Seal;
import io.mmap.TruncationPolicy;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties of a declared mapping.
 */
@ConfigurationPropertiesSource
public class MappingProperties {

	/**
	 * What is mapped: a file or resource, anonymous memory, or a new file that exists in
	 * memory only, is called like the mapping, and can be opened by other processes. The
	 * last two need a length and no location.
	 */
	private Source source = Source.FILE;

	/**
	 * Resource location of what is mapped: a path, relative to the working directory
	 * unless it is absolute, or a location that starts with 'file:' or 'classpath:'. May
	 * be prefixed with 'optional:' if it may be missing. Wildcards make a set of
	 * mappings.
	 */
	private @Nullable String location;

	/**
	 * What may be done with the memory, and who sees it: writes of 'read-write' reach the
	 * file, those of 'copy-on-write' stay private. Files are read-only by default; new
	 * memory can be written.
	 */
	private @Nullable MappingAccess access;

	/**
	 * What the pages permit at first; an empty list forbids everything. What the access
	 * says by default. Needs native access.
	 */
	private @Nullable List<Protection> protection;

	/**
	 * Whether the pages may be both writable and executable at the same time.
	 */
	private boolean writableAndExecutable;

	/**
	 * Where in the file the mapping starts, at any byte.
	 */
	private DataSize offset = DataSize.ofBytes(0);

	/**
	 * How much is mapped. Everything from the offset to the end of the file by default.
	 */
	private @Nullable DataSize length;

	/**
	 * Whether to create a missing file (mode 0600) and the directories above it, grow a
	 * file that is too short, and allocate the disk space of what is mapped. Needs access
	 * 'read-write' and a length.
	 */
	private boolean create;

	/**
	 * Whether to lock the file, so that a second process cannot map it in this way, too.
	 * True by default if the access is 'read-write'.
	 */
	private @Nullable Boolean exclusive;

	/**
	 * Whether to map on first use instead of when the application starts.
	 */
	private boolean lazy;

	/**
	 * What the mapping is called in reports.
	 */
	private @Nullable String label;

	/**
	 * How the memory is going to be used, as madvise(2) knows it: names, or numbers. What
	 * the system refuses is left out and logged.
	 */
	private List<Advice> advice = List.of();

	/**
	 * Whether to bring all of it into memory and keep it there; the application does not
	 * start if the limit of the process does not permit it. Needs native access.
	 */
	private boolean locked;

	/**
	 * Whether to leave the memory out of core dumps. Needs native access.
	 */
	private boolean dontDump;

	/**
	 * Whether processes that native code forks do without the memory. Needs native
	 * access.
	 */
	private boolean dontFork;

	/**
	 * Whether to set no swap space aside, so that more can be mapped than there is. Needs
	 * native access.
	 */
	private boolean noReserve;

	/**
	 * Whether the address is to fit into 32 bits. Needs native access and an x86-64
	 * processor.
	 */
	@Name("map-32bit")
	private boolean map32Bit;

	/**
	 * Whether to bring it into memory while mapping, as far as that goes. It is left out
	 * without native access.
	 */
	private boolean populate;

	/**
	 * Whether the memory is to consist of transparent huge pages. Up to the system by
	 * default.
	 */
	private @Nullable HugePages hugePages;

	/**
	 * Whether new memory is to be taken from the pool of huge pages that the
	 * administrator has reserved.
	 */
	private HugePages hugeTlb = HugePages.NEVER;

	/**
	 * Size of the huge pages from the pool. The default of the system by default.
	 */
	private @Nullable DataSize hugePageSize;

	/**
	 * Whether to copy the content into private memory instead of mapping the file, so
	 * that it survives truncation. Needs native access.
	 */
	private boolean copy;

	/**
	 * Whether a store is durable once the processor's caches were written back. Needs
	 * native access and a file on persistent memory.
	 */
	private boolean mapSync;

	/**
	 * How long 'resize' can make the mapping without moving it. Needs native access and a
	 * length.
	 */
	private @Nullable DataSize reserve;

	/**
	 * Whether anonymous memory is shared with forked processes instead of copied.
	 */
	private boolean shared;

	/**
	 * What is ruled out for an in-memory file, for good: names but 'write', or numbers.
	 */
	private List<Seal> seals = List.of();

	/**
	 * Further flags for mmap(2), by number. Needs native access.
	 */
	private int flags;

	/**
	 * Further protection bits for mmap(2), by number. Needs native access.
	 */
	private int protectionBits;

	/**
	 * Whether to bring the content into memory in the background, when it is mapped and
	 * after each reload.
	 */
	private boolean preload;

	/**
	 * Whether to map the next generation when another file has taken the place of this
	 * one, by a rename or through a symbolic link. Needs access 'read-only'.
	 */
	private boolean reloadOnUpdate;

	/**
	 * What is done about a file that is truncated: it is noticed by default, or its
	 * content is saved before whoever truncates it may go on. Guarding it needs access
	 * 'read-only' and native access.
	 */
	private @Nullable TruncationPolicy truncation;

	/**
	 * How often changes are written to the file in the background. Not at all by default.
	 * Needs access 'read-write'.
	 */
	private @Nullable Duration flushInterval;

	/**
	 * Whether changes are written to the file before it is unmapped. True by default with
	 * a flush interval. Needs access 'read-write'.
	 */
	private @Nullable Boolean flushOnUnmap;

	public Source getSource() {
		return this.source;
	}

	public void setSource(Source source) {
		this.source = source;
	}

	public @Nullable String getLocation() {
		return this.location;
	}

	public void setLocation(@Nullable String location) {
		this.location = location;
	}

	public @Nullable MappingAccess getAccess() {
		return this.access;
	}

	public void setAccess(@Nullable MappingAccess access) {
		this.access = access;
	}

	public @Nullable List<Protection> getProtection() {
		return this.protection;
	}

	public void setProtection(@Nullable List<Protection> protection) {
		this.protection = protection;
	}

	public boolean isWritableAndExecutable() {
		return this.writableAndExecutable;
	}

	public void setWritableAndExecutable(boolean writableAndExecutable) {
		this.writableAndExecutable = writableAndExecutable;
	}

	public DataSize getOffset() {
		return this.offset;
	}

	public void setOffset(DataSize offset) {
		this.offset = offset;
	}

	public @Nullable DataSize getLength() {
		return this.length;
	}

	public void setLength(@Nullable DataSize length) {
		this.length = length;
	}

	public boolean isCreate() {
		return this.create;
	}

	public void setCreate(boolean create) {
		this.create = create;
	}

	public @Nullable Boolean getExclusive() {
		return this.exclusive;
	}

	public void setExclusive(@Nullable Boolean exclusive) {
		this.exclusive = exclusive;
	}

	public boolean isLazy() {
		return this.lazy;
	}

	public void setLazy(boolean lazy) {
		this.lazy = lazy;
	}

	public @Nullable String getLabel() {
		return this.label;
	}

	public void setLabel(@Nullable String label) {
		this.label = label;
	}

	public List<Advice> getAdvice() {
		return this.advice;
	}

	public void setAdvice(List<Advice> advice) {
		this.advice = advice;
	}

	public boolean isLocked() {
		return this.locked;
	}

	public void setLocked(boolean locked) {
		this.locked = locked;
	}

	public boolean isDontDump() {
		return this.dontDump;
	}

	public void setDontDump(boolean dontDump) {
		this.dontDump = dontDump;
	}

	public boolean isDontFork() {
		return this.dontFork;
	}

	public void setDontFork(boolean dontFork) {
		this.dontFork = dontFork;
	}

	public boolean isNoReserve() {
		return this.noReserve;
	}

	public void setNoReserve(boolean noReserve) {
		this.noReserve = noReserve;
	}

	public boolean isMap32Bit() {
		return this.map32Bit;
	}

	public void setMap32Bit(boolean map32Bit) {
		this.map32Bit = map32Bit;
	}

	public boolean isPopulate() {
		return this.populate;
	}

	public void setPopulate(boolean populate) {
		this.populate = populate;
	}

	public @Nullable HugePages getHugePages() {
		return this.hugePages;
	}

	public void setHugePages(@Nullable HugePages hugePages) {
		this.hugePages = hugePages;
	}

	public HugePages getHugeTlb() {
		return this.hugeTlb;
	}

	public void setHugeTlb(HugePages hugeTlb) {
		this.hugeTlb = hugeTlb;
	}

	public @Nullable DataSize getHugePageSize() {
		return this.hugePageSize;
	}

	public void setHugePageSize(@Nullable DataSize hugePageSize) {
		this.hugePageSize = hugePageSize;
	}

	public boolean isCopy() {
		return this.copy;
	}

	public void setCopy(boolean copy) {
		this.copy = copy;
	}

	public boolean isMapSync() {
		return this.mapSync;
	}

	public void setMapSync(boolean mapSync) {
		this.mapSync = mapSync;
	}

	public @Nullable DataSize getReserve() {
		return this.reserve;
	}

	public void setReserve(@Nullable DataSize reserve) {
		this.reserve = reserve;
	}

	public boolean isShared() {
		return this.shared;
	}

	public void setShared(boolean shared) {
		this.shared = shared;
	}

	public List<Seal> getSeals() {
		return this.seals;
	}

	public void setSeals(List<Seal> seals) {
		this.seals = seals;
	}

	public int getFlags() {
		return this.flags;
	}

	public void setFlags(int flags) {
		this.flags = flags;
	}

	public int getProtectionBits() {
		return this.protectionBits;
	}

	public void setProtectionBits(int protectionBits) {
		this.protectionBits = protectionBits;
	}

	public boolean isPreload() {
		return this.preload;
	}

	public void setPreload(boolean preload) {
		this.preload = preload;
	}

	public boolean isReloadOnUpdate() {
		return this.reloadOnUpdate;
	}

	public void setReloadOnUpdate(boolean reloadOnUpdate) {
		this.reloadOnUpdate = reloadOnUpdate;
	}

	public @Nullable TruncationPolicy getTruncation() {
		return this.truncation;
	}

	public void setTruncation(@Nullable TruncationPolicy truncation) {
		this.truncation = truncation;
	}

	public @Nullable Duration getFlushInterval() {
		return this.flushInterval;
	}

	public void setFlushInterval(@Nullable Duration flushInterval) {
		this.flushInterval = flushInterval;
	}

	public @Nullable Boolean getFlushOnUnmap() {
		return this.flushOnUnmap;
	}

	public void setFlushOnUnmap(@Nullable Boolean flushOnUnmap) {
		this.flushOnUnmap = flushOnUnmap;
	}

	/**
	 * What is mapped.
	 */
	public enum Source {

		/**
		 * What the location leads to.
		 */
		FILE,

		/**
		 * Memory without a file.
		 */
		ANONYMOUS,

		/**
		 * A new file that exists in memory only.
		 */
		IN_MEMORY_FILE

	}

}
