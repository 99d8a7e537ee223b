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

import java.net.URISyntaxException;
import java.net.URL;
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

	private final MappingSource source;

	private final MappingAccess access;

	private final long offset;

	private final @Nullable Long length;

	private final boolean create;

	private final boolean exclusive;

	private final boolean lazy;

	private final @Nullable String label;

	private MappingSpec(Builder<?> builder, boolean create, boolean exclusive) {
		this.source = builder.source;
		this.access = builder.access;
		this.offset = builder.offset;
		this.length = builder.length;
		this.create = create;
		this.exclusive = exclusive;
		this.lazy = builder.lazy;
		this.label = builder.label;
	}

	/**
	 * Start to describe the mapping of a file. Unless told otherwise it is read-only, and
	 * goes from the start of the file to the end that the file has when it is mapped.
	 * @param path the file; relative to the working directory of the process if it is
	 * relative
	 * @return a builder
	 * @throws InvalidMappingException if the path is not one of the default file system
	 */
	public static FileBuilder file(Path path) {
		Objects.requireNonNull(path, "path");
		MappingSource.File source = new MappingSource.File(path);
		if (path.getFileSystem() != FileSystems.getDefault()) {
			throw new InvalidMappingException("mapping of " + source, "location",
					"the path belongs to the file system '" + path.getFileSystem().provider().getScheme()
							+ "', and only files of the default file system can be mapped",
					"Copy it to a file first, or map it with MappingSpec.resource(path.toUri().toURL()).");
		}
		return new FileBuilder(source);
	}

	/**
	 * Start to describe the mapping of a resource of the class path, as
	 * {@link Class#getResource} finds it. One that is a file by itself is mapped as that
	 * file. Any other, such as one inside of a jar, is copied each time it is mapped: to
	 * a temporary file (in {@code java.io.tmpdir}, mode 0600) that is deleted as soon as
	 * it is mapped, so that nothing is left behind unless the process is killed while it
	 * copies. The disk space is in use until the copy is unmapped.
	 * @param url the resource
	 * @return a builder
	 */
	public static ResourceBuilder resource(URL url) {
		Objects.requireNonNull(url, "url");
		return new ResourceBuilder(resourceSource(url));
	}

	private static MappingSource resourceSource(URL url) {
		if ("file".equals(url.getProtocol())) {
			try {
				return new MappingSource.File(Path.of(url.toURI()));
			}
			catch (URISyntaxException | IllegalArgumentException ex) {
				// Not the path of a file, so it is up to the protocol to open it
			}
		}
		return new MappingSource.Resource(url);
	}

	/**
	 * Return where the content comes from.
	 */
	MappingSource source() {
		return this.source;
	}

	/**
	 * Return what may be done with the memory.
	 */
	MappingAccess access() {
		return this.access;
	}

	/**
	 * Return where the mapping starts, in bytes.
	 */
	long offset() {
		return this.offset;
	}

	/**
	 * Return how many bytes are mapped, or {@code null} for everything up to the end.
	 */
	@Nullable Long length() {
		return this.length;
	}

	/**
	 * Return whether the file is created or grown where necessary.
	 */
	boolean create() {
		return this.create;
	}

	/**
	 * Return whether other processes are kept from mapping the file this way, too.
	 */
	boolean exclusive() {
		return this.exclusive;
	}

	/**
	 * Return whether the memory is mapped on first use.
	 */
	boolean lazy() {
		return this.lazy;
	}

	/**
	 * Return what the mapping is called in reports, if anything.
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
		return this.source + " (" + Text.of(this.access) + ", offset " + this.offset + ", "
				+ ((this.length != null) ? "length " + this.length : "to the end") + ")";
	}

	/**
	 * Builds a spec: the options that make sense whatever is mapped. Not safe for use by
	 * several threads.
	 *
	 * @param <B> the type of this builder
	 */
	public abstract static sealed class Builder<B extends Builder<B>> permits FileBuilder, ResourceBuilder {

		private final MappingSource source;

		private MappingAccess access = MappingAccess.READ_ONLY;

		private long offset;

		private @Nullable Long length;

		private boolean lazy;

		private @Nullable String label;

		private Builder(MappingSource source) {
			this.source = source;
		}

		/**
		 * Set where the mapping starts. Any offset will do: it need not be a multiple of
		 * the page size.
		 * @param offset the offset in bytes, at least 0
		 * @return this builder
		 */
		public B offset(long offset) {
			this.offset = offset;
			return self();
		}

		/**
		 * Set how much is mapped. If it is not set, everything from the offset to the
		 * end.
		 * @param length the length in bytes, at least 1
		 * @return this builder
		 */
		public B length(long length) {
			this.length = length;
			return self();
		}

		/**
		 * Set whether a declared mapping is mapped on first use, instead of when its
		 * registry is made. What goes wrong is thrown to that first user, and tried again
		 * by the next.
		 * @param lazy whether to wait; the default is {@code false}
		 * @return this builder
		 */
		public B lazy(boolean lazy) {
			this.lazy = lazy;
			return self();
		}

		/**
		 * Set what the mapping is called in reports.
		 * @param label the label, at most 200 characters without control characters
		 * @return this builder
		 */
		public B label(String label) {
			this.label = Objects.requireNonNull(label, "label");
			return self();
		}

		/**
		 * Build the spec.
		 * @return the spec
		 * @throws InvalidMappingException if an option has a value that is never valid,
		 * or two options contradict each other; the message names them
		 */
		public MappingSpec build() {
			if (this.offset < 0) {
				throw invalid("offset", "offset must not be negative, but is " + this.offset, "Use 0 or more.");
			}
			if (this.length != null) {
				if (this.length <= 0) {
					throw invalid("length", "length must be positive, but is " + this.length,
							"Leave it out to map to the end, or use at least 1.");
				}
				if (this.offset > Long.MAX_VALUE - this.length) {
					throw invalid("length", "offset + length must not exceed 2^63-1, but offset is " + this.offset
							+ " and length is " + this.length, "Use smaller values.");
				}
			}
			if (this.label != null) {
				if (this.label.length() > MAX_LABEL_LENGTH) {
					throw invalid("label", "label must have at most " + MAX_LABEL_LENGTH + " characters, but has "
							+ this.label.length(), "Use a shorter one.");
				}
				if (this.label.chars().anyMatch(Character::isISOControl)) {
					throw invalid("label", "label must not contain control characters", "Use one line of plain text.");
				}
			}
			return spec();
		}

		abstract B self();

		abstract MappingSpec spec();

		final void setAccess(MappingAccess access) {
			this.access = Objects.requireNonNull(access, "access");
		}

		final MappingAccess access() {
			return this.access;
		}

		final boolean hasLength() {
			return this.length != null;
		}

		final InvalidMappingException invalid(String option, String problem, String remedy) {
			return new InvalidMappingException("mapping of " + this.source, option, problem, remedy);
		}

	}

	/**
	 * Builds the spec of a file mapping. Not safe for use by several threads.
	 */
	public static final class FileBuilder extends Builder<FileBuilder> {

		private boolean create;

		private @Nullable Boolean exclusive;

		private FileBuilder(MappingSource source) {
			super(source);
		}

		/**
		 * Set what may be done with the memory. The default is
		 * {@link MappingAccess#READ_ONLY}.
		 * @param access the access
		 * @return this builder
		 */
		public FileBuilder access(MappingAccess access) {
			setAccess(access);
			return this;
		}

		/**
		 * Set whether a missing file, and missing directories above it, are created, and
		 * a file that is too short is grown. Disk space for what is added is really
		 * allocated, so that a full disk is met here and not by a write to the memory. A
		 * file that is created can be read and written by its owner alone (mode 0600). No
		 * symbolic link in a directory that others may write is followed on the way to
		 * it. Needs {@link MappingAccess#READ_WRITE} and a length.
		 * @param create whether to create; the default is {@code false}
		 * @return this builder
		 */
		public FileBuilder create(boolean create) {
			this.create = create;
			return this;
		}

		/**
		 * Set whether to lock the file, so that a second process that wants to map it
		 * this way fails with a {@link MappedFileLockedException} instead of writing to
		 * the same memory. The lock belongs to the process: mappings within it can share
		 * a file. It is advisory, and hinders nobody who reads or writes the file without
		 * asking for a lock. It is released when the last such mapping is unmapped, or
		 * the process ends. With the {@linkplain MapperType#JDK JDK mapper} the system
		 * takes it away as soon as code of this process that is not that mapper closes
		 * the same file. Needs {@link MappingAccess#READ_WRITE}.
		 * @param exclusive whether to lock; the default is {@code true} for
		 * {@link MappingAccess#READ_WRITE}
		 * @return this builder
		 * @see <a href="https://man7.org/linux/man-pages/man2/fcntl_locking.2.html">open
		 * file description locks</a>
		 */
		public FileBuilder exclusive(boolean exclusive) {
			this.exclusive = exclusive;
			return this;
		}

		@Override
		FileBuilder self() {
			return this;
		}

		@Override
		MappingSpec spec() {
			boolean readWrite = access() == MappingAccess.READ_WRITE;
			if (this.create && !readWrite) {
				throw invalid("create", "create needs access read-write, but access is " + Text.of(access()),
						"Set access to read-write, or leave out 'create'.");
			}
			if (this.create && !hasLength()) {
				throw invalid("create", "create needs a length, which is missing",
						"Set 'length': how long the file must at least be, less the offset.");
			}
			if (this.exclusive != null && this.exclusive && !readWrite) {
				throw invalid("exclusive", "exclusive needs access read-write, but access is " + Text.of(access()),
						"Set access to read-write, or leave out 'exclusive'.");
			}
			return new MappingSpec(this, this.create, (this.exclusive != null) ? this.exclusive : readWrite);
		}

	}

	/**
	 * Builds the spec of the mapping of a resource: read-only, unless its pages are
	 * {@linkplain #copyOnWrite() copied on write}. Not safe for use by several threads.
	 */
	public static final class ResourceBuilder extends Builder<ResourceBuilder> {

		private ResourceBuilder(MappingSource source) {
			super(source);
		}

		/**
		 * Let the memory be written; nobody else sees the changes.
		 * @return this builder
		 */
		public ResourceBuilder copyOnWrite() {
			setAccess(MappingAccess.COPY_ON_WRITE);
			return this;
		}

		@Override
		ResourceBuilder self() {
			return this;
		}

		@Override
		MappingSpec spec() {
			return new MappingSpec(this, false, false);
		}

	}

}
