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

import org.jspecify.annotations.Nullable;

/**
 * Builds the spec of a file mapping. Not safe for use by several threads.
 */
public final class FileMappingBuilder extends ContentMappingBuilder<FileMappingBuilder> {

	private boolean create;

	private @Nullable Boolean exclusive;

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
		return new MappingSpec(this, offset(), this.create, (this.exclusive != null) ? this.exclusive : readWrite);
	}

}
