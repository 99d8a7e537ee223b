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

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What to map: immutable, made by a builder. <pre class="code">
 * MappingSpec.file(Path.of("/var/lib/counters.bin"))
 *     .access(MappingAccess.READ_WRITE)
 *     .length(1 &lt;&lt; 20)
 *     .create(true)
 *     .build();</pre>
 */
public final class MappingSpec {

	private static final int MAX_LABEL_LENGTH = 200;

	private final Path path;

	private final MappingAccess access;

	private final long offset;

	private final @Nullable Long length;

	private final boolean create;

	private final @Nullable String label;

	private MappingSpec(FileBuilder builder) {
		this.path = builder.path;
		this.access = builder.access;
		this.offset = builder.offset;
		this.length = builder.length;
		this.create = builder.create;
		this.label = builder.label;
	}

	/**
	 * Start to describe the mapping of a file. Unless told otherwise it is read-only, and
	 * goes from the start of the file to the end that the file has when it is mapped.
	 * @param path the file; relative to the working directory of the process if it is
	 * relative
	 * @return a builder
	 * @throws IllegalArgumentException if the path is not one of the default file system
	 */
	public static FileBuilder file(Path path) {
		return new FileBuilder(path);
	}

	/**
	 * Return the file.
	 * @return the path as it was given
	 */
	Path path() {
		return this.path;
	}

	/**
	 * Return what may be done with the memory.
	 * @return the access
	 */
	MappingAccess access() {
		return this.access;
	}

	/**
	 * Return where in the file the mapping starts.
	 * @return the offset in bytes
	 */
	long offset() {
		return this.offset;
	}

	/**
	 * Return how much is mapped.
	 * @return the length in bytes, or {@code null} for everything up to the end of the
	 * file
	 */
	@Nullable Long length() {
		return this.length;
	}

	/**
	 * Return whether the file is created or grown where necessary.
	 * @return whether to create
	 */
	boolean create() {
		return this.create;
	}

	/**
	 * Return what the mapping is called in reports.
	 * @return the label, if any
	 */
	@Nullable String label() {
		return this.label;
	}

	/**
	 * Describe the mapping for a log or an exception.
	 * @return a description in one line
	 */
	@Override
	public String toString() {
		return "file '" + this.path + "' (" + Text.of(this.access) + ", offset " + this.offset + ", "
				+ ((this.length != null) ? "length " + this.length : "to the end of the file") + ")";
	}

	/**
	 * Builds the spec of a file mapping. Not safe for use by several threads.
	 */
	public static final class FileBuilder {

		private final Path path;

		private MappingAccess access = MappingAccess.READ_ONLY;

		private long offset;

		private @Nullable Long length;

		private boolean create;

		private @Nullable String label;

		private FileBuilder(Path path) {
			this.path = Objects.requireNonNull(path, "path");
			if (path.getFileSystem() != FileSystems.getDefault()) {
				throw new IllegalArgumentException(
						"path '" + path + "' belongs to the file system " + path.getFileSystem().provider().getScheme()
								+ ", but only files of the default file system can be mapped; copy it to a file first");
			}
		}

		/**
		 * Set what may be done with the memory. The default is
		 * {@link MappingAccess#READ_ONLY}.
		 * @param access the access
		 * @return this builder
		 */
		public FileBuilder access(MappingAccess access) {
			this.access = Objects.requireNonNull(access, "access");
			return this;
		}

		/**
		 * Set where in the file the mapping starts. Any offset will do: it need not be a
		 * multiple of the page size.
		 * @param offset the offset in bytes, at least 0
		 * @return this builder
		 */
		public FileBuilder offset(long offset) {
			this.offset = offset;
			return this;
		}

		/**
		 * Set how much is mapped. If it is not set, everything from the offset to the end
		 * of the file.
		 * @param length the length in bytes, at least 1
		 * @return this builder
		 */
		public FileBuilder length(long length) {
			this.length = length;
			return this;
		}

		/**
		 * Set whether a missing file, and missing directories above it, are created, and
		 * a file that is too short is grown. Disk space for what is added is really
		 * allocated, so that a full disk is met here and not by a write to the memory. A
		 * file that is created can be read and written by its owner alone (mode 0600).
		 * Needs {@link MappingAccess#READ_WRITE} and a length.
		 * @param create whether to create; the default is {@code false}
		 * @return this builder
		 */
		public FileBuilder create(boolean create) {
			this.create = create;
			return this;
		}

		/**
		 * Set what an ad hoc mapping is called in reports.
		 * @param label the label, at most 200 characters without control characters
		 * @return this builder
		 */
		public FileBuilder label(String label) {
			this.label = Objects.requireNonNull(label, "label");
			return this;
		}

		/**
		 * Build the spec.
		 * @return the spec
		 * @throws IllegalArgumentException if an option has a value that is never valid,
		 * or two options contradict each other; the message names them
		 */
		public MappingSpec build() {
			check(this.offset >= 0, "offset must not be negative, but is %d".formatted(this.offset));
			if (this.length != null) {
				check(this.length > 0, "length must be positive, but is %d; leave it out to map to the end of the file"
					.formatted(this.length));
				check(this.offset <= Long.MAX_VALUE - this.length,
						"offset + length must not exceed 2^63-1, but offset is %d and length is %d"
							.formatted(this.offset, this.length));
			}
			if (this.create) {
				check(this.access == MappingAccess.READ_WRITE,
						"create needs access read-write, but access is " + Text.of(this.access));
				check(this.length != null,
						"create needs a length: how long the file must at least be, less the offset");
			}
			if (this.label != null) {
				check(this.label.length() <= MAX_LABEL_LENGTH, "label must have at most %d characters, but has %d"
					.formatted(MAX_LABEL_LENGTH, this.label.length()));
				check(this.label.chars().noneMatch(Character::isISOControl),
						"label must not contain control characters");
			}
			return new MappingSpec(this);
		}

		private void check(boolean valid, String message) {
			if (!valid) {
				throw new IllegalArgumentException(message + " (mapping of '" + this.path + "')");
			}
		}

	}

}
