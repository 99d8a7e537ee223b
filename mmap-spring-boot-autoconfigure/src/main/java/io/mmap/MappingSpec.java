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
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What to map: immutable, made by a builder. <pre class="code">
 * MappingSpec.file(Path.of("/var/lib/counters.bin"))
 *     .access(MappingAccess.READ_WRITE)
 *     .length(1 &lt;&lt; 20)
 *     .create(true)
 *     .build();</pre> Each source has a builder of its own, which offers the options that
 * make sense for it.
 */
public final class MappingSpec {

	private static final Set<Protection> READ = Collections.unmodifiableSet(EnumSet.of(Protection.READ));

	private static final Set<Protection> READ_AND_WRITE = Collections
		.unmodifiableSet(EnumSet.of(Protection.READ, Protection.WRITE));

	private final MappingSource source;

	private final MappingAccess access;

	private final long offset;

	/**
	 * Negative if it is not set, as the object of a number would cost more.
	 */
	private final long length;

	private final boolean create;

	private final boolean exclusive;

	private final boolean lazy;

	private final boolean confined;

	private final @Nullable String label;

	private final PageOptions pages;

	private final LifeOptions life;

	MappingSpec(MappingBuilder<?> builder, long offset, boolean create, boolean exclusive) {
		this.source = builder.source();
		this.access = builder.access();
		this.offset = offset;
		Long length = builder.length();
		this.length = (length != null) ? length : -1;
		this.create = create;
		this.exclusive = exclusive;
		this.lazy = builder.isLazy();
		this.confined = builder.isConfined();
		this.label = builder.label();
		this.pages = builder.pages().canonical();
		this.life = builder.life().canonical();
	}

	/**
	 * Start to describe the mapping of a file. Unless told otherwise it is read-only, and
	 * goes from the start of the file to the end that the file has when it is mapped.
	 * @param path the file; relative to the working directory of the process if it is
	 * relative
	 * @return a builder
	 * @throws InvalidMappingException if the path is not one of the default file system
	 */
	public static FileMappingBuilder file(Path path) {
		Objects.requireNonNull(path, "path");
		MappingSource.File source = new MappingSource.File(path);
		if (path.getFileSystem() != FileSystems.getDefault()) {
			throw new InvalidMappingException("mapping of " + source, "location",
					"the path belongs to the file system '" + path.getFileSystem().provider().getScheme()
							+ "', and only files of the default file system can be mapped",
					"Copy it to a file first, or map it with MappingSpec.resource(path.toUri().toURL()).");
		}
		return new FileMappingBuilder(source);
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
	public static ResourceMappingBuilder resource(URL url) {
		Objects.requireNonNull(url, "url");
		return new ResourceMappingBuilder(resourceSource(url));
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
	 * Start to describe the mapping of what a descriptor of this process is open on: a
	 * file, a device, an in-memory file. The descriptor stays the caller's, and may be
	 * closed as soon as the mapping was made. Needs native access.
	 * @param descriptor the descriptor, at least 0
	 * @return a builder
	 * @throws InvalidMappingException if the descriptor is negative
	 */
	public static DescriptorMappingBuilder descriptor(int descriptor) {
		MappingSource source = new MappingSource.Descriptor(descriptor);
		if (descriptor < 0) {
			throw new InvalidMappingException("mapping of " + source, "descriptor",
					"descriptor must not be negative, but is " + descriptor, "Use one that is open.");
		}
		return new DescriptorMappingBuilder(source);
	}

	/**
	 * Start to describe anonymous memory: zeros that no file is behind, which can be read
	 * and written. Needs native access.
	 * @param length the length in bytes, at least 1
	 * @return a builder
	 */
	public static AnonymousMappingBuilder anonymous(long length) {
		return new AnonymousMappingBuilder(length);
	}

	/**
	 * Start to describe a new file that exists in memory only, full of zeros, and its
	 * mapping, which can be read and written. It can be handed on by its
	 * {@linkplain MemoryMapping#descriptor() descriptor}, sealed, and is gone when nobody
	 * has it mapped or open any more. Needs native access.
	 * @param name what {@code /proc/PID/fd} and {@code /proc/PID/maps} show; need not be
	 * unique, at most 249 bytes without control characters
	 * @param length the length in bytes, at least 1
	 * @return a builder
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man2/memfd_create.2.html">memfd_create(2)</a>
	 */
	public static InMemoryFileMappingBuilder inMemoryFile(String name, long length) {
		return new InMemoryFileMappingBuilder(Objects.requireNonNull(name, "name"), length);
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
		return (this.length >= 0) ? this.length : null;
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
	 * Return whether the memory belongs to the thread that maps it.
	 */
	boolean confined() {
		return this.confined;
	}

	/**
	 * Return what the mapping is called in reports, if anything.
	 */
	@Nullable String label() {
		return this.label;
	}

	/**
	 * Return what concerns the pages.
	 */
	PageOptions pages() {
		return this.pages;
	}

	/**
	 * Return what is to be done while it is mapped.
	 */
	LifeOptions life() {
		return this.life;
	}

	/**
	 * Return whether writes are seen by others who map the same.
	 */
	boolean isShared() {
		if (this.source instanceof MappingSource.Anonymous) {
			return this.pages.shared();
		}
		return this.access != MappingAccess.COPY_ON_WRITE && !this.pages.copy();
	}

	/**
	 * Return what the pages permit at first.
	 */
	Set<Protection> protection() {
		Set<Protection> protection = this.pages.protection();
		return (protection != null) ? protection : protection(this.access);
	}

	private static Set<Protection> protection(MappingAccess access) {
		return (access == MappingAccess.READ_ONLY) ? READ : READ_AND_WRITE;
	}

	/**
	 * Refuse what cannot be declared.
	 * @return this
	 */
	MappingSpec declarable() {
		if (this.confined) {
			throw new InvalidMappingException("mapping of " + this.source, "confined",
					"confined makes no sense for a declared mapping, which the registry maps and unmaps, and any thread"
							+ " uses",
					"Leave it out, or map it with MappingRegistry.map in the thread that uses it.");
		}
		return this;
	}

	/**
	 * Refuse protection that this spec does not allow, now or ever.
	 */
	void checkProtection(Set<Protection> protection) {
		checkProtection(this.source, this.access, this.pages.writableAndExecutable(), protection);
	}

	static void checkProtection(MappingSource source, MappingAccess access, boolean writableAndExecutable,
			Set<Protection> protection) {
		if (protection.contains(Protection.WRITE) && access == MappingAccess.READ_ONLY) {
			throw new InvalidMappingException("mapping of " + source, "protection",
					"protection must not contain write, since the access is read-only",
					"Set access to read-write, or to copy-on-write for changes that stay in memory.");
		}
		if (protection.contains(Protection.WRITE) && protection.contains(Protection.EXECUTE)
				&& !writableAndExecutable) {
			throw new InvalidMappingException("mapping of " + source, "protection",
					"protection contains both write and execute, so whoever can write to the memory could run code",
					"Write first, and exchange write for execute then; or set 'writable-and-executable' to true, too,"
							+ " if there is no other way.");
		}
	}

	/**
	 * Describe the mapping for a log or an exception.
	 * @return a description in one line
	 */
	@Override
	public String toString() {
		if (this.source instanceof MappingSource.Anonymous || this.source instanceof MappingSource.InMemoryFile) {
			return this.source + " (length " + this.length + ")";
		}
		return this.source + " (" + Text.of(this.access) + ", offset " + this.offset + ", "
				+ ((this.length >= 0) ? "length " + this.length : "to the end") + ")";
	}

}
