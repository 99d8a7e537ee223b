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

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Builds the spec of a file mapping. Not safe for use by several threads.
 */
public final class FileMappingBuilder extends ContentMappingBuilder<FileMappingBuilder> {

	private boolean create;

	private @Nullable Boolean exclusive;

	private boolean reloadOnUpdate;

	private TruncationPolicy truncation = TruncationPolicy.DETECT;

	private @Nullable Duration flushInterval;

	private @Nullable Boolean flushOnUnmap;

	FileMappingBuilder(MappingSource source) {
		super(source);
	}

	/**
	 * Set what may be done with the memory. The default is
	 * {@link MappingAccess#READ_ONLY}.
	 * @param access the access
	 * @return this builder
	 */
	public FileMappingBuilder access(MappingAccess access) {
		setAccess(access);
		return this;
	}

	/**
	 * Set whether a missing file, and missing directories above it, are created, and a
	 * file that is too short is grown. Disk space for what is added is really allocated,
	 * so that a full disk is met here and not by a write to the memory. A file that is
	 * created can be read and written by its owner alone (mode 0600). No symbolic link in
	 * a directory that others may write is followed on the way to it. Needs
	 * {@link MappingAccess#READ_WRITE} and a length.
	 * @param create whether to create; the default is {@code false}
	 * @return this builder
	 */
	public FileMappingBuilder create(boolean create) {
		this.create = create;
		return this;
	}

	/**
	 * Set whether to lock the file, so that a second process that wants to map it this
	 * way fails with a {@link MappedFileLockedException} instead of writing to the same
	 * memory. The lock belongs to the process: mappings within it can share a file. It is
	 * advisory, and hinders nobody who reads or writes the file without asking for a
	 * lock. It is released when the last such mapping is unmapped, or the process ends.
	 * With the {@linkplain MapperType#JDK JDK mapper} the system takes it away as soon as
	 * code of this process that is not that mapper closes the same file. Needs
	 * {@link MappingAccess#READ_WRITE}.
	 * @param exclusive whether to lock; the default is {@code true} for
	 * {@link MappingAccess#READ_WRITE}
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/fcntl_locking.2.html">open file
	 * description locks</a>
	 */
	public FileMappingBuilder exclusive(boolean exclusive) {
		this.exclusive = exclusive;
		return this;
	}

	/**
	 * Set whether a store is durable once the processor's caches were written back,
	 * without a system call. Needs native access, and a file on persistent memory (a DAX
	 * file system); mapping fails elsewhere.
	 * @param mapSync whether to; the default is {@code false}
	 * @return this builder
	 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2),
	 * MAP_SYNC</a>
	 */
	public FileMappingBuilder mapSync(boolean mapSync) {
		setMapSync(mapSync);
		return this;
	}

	/**
	 * Set how long the mapping may become without moving: addresses are set aside, which
	 * costs no memory. When it {@linkplain MemoryMapping#resize grows} within them,
	 * segments that were handed out stay valid. Needs native access and a length.
	 * @param reserve the length in bytes, at least that of the mapping
	 * @return this builder
	 */
	public FileMappingBuilder reserve(long reserve) {
		setReserve(reserve);
		return this;
	}

	/**
	 * Set whether to {@linkplain MappingRegistry#reload(String) reload} a declared
	 * mapping when another file has taken the place of its own, by a rename or by the
	 * change of a symbolic link on the way to it, and nothing has changed again for the
	 * {@linkplain MappingRegistry.Builder#reloadQuietPeriod quiet period}. Needs
	 * {@link MappingAccess#READ_ONLY}.
	 * @param reloadOnUpdate whether to; the default is {@code false}
	 * @return this builder
	 */
	public FileMappingBuilder reloadOnUpdate(boolean reloadOnUpdate) {
		this.reloadOnUpdate = reloadOnUpdate;
		return this;
	}

	/**
	 * Set what is done about others who truncate the file. {@link TruncationPolicy#GUARD}
	 * needs {@link MappingAccess#READ_ONLY} and makes no sense for a {@linkplain #copy
	 * copy}.
	 * @param truncation what to do; the default is {@link TruncationPolicy#DETECT}
	 * @return this builder
	 */
	public FileMappingBuilder truncation(TruncationPolicy truncation) {
		this.truncation = Objects.requireNonNull(truncation, "truncation");
		return this;
	}

	/**
	 * Set how often changes are {@linkplain MemoryMapping#flush flushed} in the
	 * background, for as long as the mapping is open and its handle reachable. What is
	 * written in between survives the end of the process, but not that of the system. A
	 * failure is logged and {@linkplain MappingRegistry#warnings() warned} of, and the
	 * next flush tries again. Needs {@link MappingAccess#READ_WRITE}.
	 * @param interval the time from one flush to the next, at least a millisecond;
	 * {@code null}, the default, not to
	 * @return this builder
	 */
	public FileMappingBuilder flushInterval(@Nullable Duration interval) {
		this.flushInterval = interval;
		return this;
	}

	/**
	 * Set whether changes are {@linkplain MemoryMapping#flush flushed} before the mapping
	 * is unmapped, when nobody has a lease on it any more. If that fails it is unmapped
	 * all the same, and the failure logged and counted. A leak is not flushed: the system
	 * writes its changes when it sees fit. Needs {@link MappingAccess#READ_WRITE}.
	 * @param flushOnUnmap whether to; the default is {@code true} with a
	 * {@linkplain #flushInterval flush interval}
	 * @return this builder
	 */
	public FileMappingBuilder flushOnUnmap(boolean flushOnUnmap) {
		this.flushOnUnmap = flushOnUnmap;
		return this;
	}

	@Override
	LifeOptions life() {
		return new LifeOptions(isPreload(), this.reloadOnUpdate, this.truncation, this.flushInterval,
				(this.flushOnUnmap != null) ? this.flushOnUnmap : this.flushInterval != null);
	}

	@Override
	FileMappingBuilder self() {
		return this;
	}

	@Override
	MappingSpec spec() {
		boolean readWrite = access() == MappingAccess.READ_WRITE;
		if (this.create && !readWrite) {
			throw invalid("create", "create needs access read-write, but access is " + Text.of(access()),
					"Set access to read-write, or leave out 'create'.");
		}
		if (this.create && length() == null) {
			throw invalid("create", "create needs a length, which is missing",
					"Set 'length': how long the file must at least be, less the offset.");
		}
		if (this.exclusive != null && this.exclusive && !readWrite) {
			throw invalid("exclusive", "exclusive needs access read-write, but access is " + Text.of(access()),
					"Set access to read-write, or leave out 'exclusive'.");
		}
		checkLife(readWrite);
		return new MappingSpec(this, offset(), this.create, (this.exclusive != null) ? this.exclusive : readWrite);
	}

	private void checkLife(boolean readWrite) {
		String access = "but access is " + Text.of(access());
		if (this.reloadOnUpdate && access() != MappingAccess.READ_ONLY) {
			throw invalid("reload-on-update",
					"reload-on-update needs access read-only, " + access
							+ ", so that what was written to the memory would be lost or torn apart",
					"Set access to read-only, or leave out 'reload-on-update'.");
		}
		if (this.truncation == TruncationPolicy.GUARD && (access() != MappingAccess.READ_ONLY || isCopy())) {
			throw invalid("truncation",
					"truncation guard needs access read-only and no copy, "
							+ (isCopy() ? "but this is a copy, which truncation does not harm" : access),
					"Set truncation to detect, or leave it out.");
		}
		if (this.flushInterval != null && this.flushInterval.compareTo(Duration.ofMillis(1)) < 0) {
			throw invalid("flush-interval", "flush-interval must be at least 1ms, but is " + this.flushInterval,
					"Use a longer one, such as 1s.");
		}
		if (!readWrite && this.flushInterval != null) {
			throw invalid("flush-interval", "flush-interval needs access read-write, " + access,
					"Set access to read-write, or leave out 'flush-interval'.");
		}
		if (!readWrite && Boolean.TRUE.equals(this.flushOnUnmap)) {
			throw invalid("flush-on-unmap", "flush-on-unmap needs access read-write, " + access,
					"Set access to read-write, or leave out 'flush-on-unmap'.");
		}
	}

}
