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
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.FileStatus;
import io.mmap.internal.ffi.SystemCalls;

/**
 * Maps with {@code FileChannel.map}, which needs no native access.
 */
final class JdkMapper implements Mapper {

	private static final Log logger = LogFactory.getLog(MappingRegistry.class);

	private final MappingThreads threads = new MappingThreads();

	private final MapperInfo info;

	private final Probes probes;

	private final @Nullable SystemCalls calls;

	/**
	 * Create a mapper.
	 * @param calls for what can be done about a mapping whoever has made it, if native
	 * access is granted
	 */
	JdkMapper(@Nullable SystemCalls calls, String reason, Probes probes) {
		this.calls = calls;
		this.info = new MapperInfo(MapperType.JDK, reason);
		this.probes = probes;
	}

	@Override
	public Capabilities capabilities() {
		return this.probes.all(this.info);
	}

	@Override
	public MappedMemory map(MappingSpec spec, String name, Arena arena) {
		throw new UnsupportedMappingOperationException("source",
				"Cannot map " + spec + ": the jdk mapper maps files only", Mappers.NATIVE_REMEDY);
	}

	private static void checkOptions(MappingSpec spec) {
		// The arena would be that of the caller, and another thread maps
		String option = (spec.confined()) ? "confined" : spec.pages().needingNativeMapper();
		if (option != null) {
			throw new UnsupportedMappingOperationException(option.replaceFirst(":.*", ""),
					"Cannot map " + spec + ": the jdk mapper does not offer option '" + option + "'",
					Mappers.NATIVE_REMEDY);
		}
		List<String> leftOut = spec.pages().leftOutByJdkMapper();
		if (!leftOut.isEmpty()) {
			logger.info("Mapping " + spec + " without " + String.join(", ", leftOut)
					+ ", which the jdk mapper does not offer. " + Mappers.NATIVE_REMEDY);
		}
	}

	@Override
	public MapperInfo info() {
		return this.info;
	}

	@Override
	public @Nullable SystemCalls calls() {
		return this.calls;
	}

	@Override
	public void close() {
		this.threads.close();
	}

	@Override
	public MappedMemory map(MappingSpec spec, Path file, Arena arena) {
		checkOptions(spec);
		if (Files.isDirectory(file)) {
			throw Failures.directory(spec);
		}
		FileStatus status = PathStatus.of(file);
		if (status != null && status.isPipeOrSocket()) {
			throw Failures.pipeOrSocket(spec);
		}
		if (status != null && !status.isRegularFile() && spec.length() == null) {
			throw Failures.deviceWithoutLength(spec);
		}
		if (spec.create()) {
			FileCreation.createParentDirectories(spec, file);
		}
		try {
			return this.threads.call(() -> open(spec, file, arena));
		}
		catch (NoSuchFileException ex) {
			throw Failures.missing(spec, 0, ex);
		}
		catch (AccessDeniedException ex) {
			boolean readable = Files.isReadable(file);
			if (spec.access() == MappingAccess.COPY_ON_WRITE && readable) {
				throw cannotCopyOnWrite(spec, ex);
			}
			throw Failures.denied(spec, file, readable, 0, ex);
		}
		catch (FileSystemException ex) {
			throw failure(spec, file, ex);
		}
		catch (IOException ex) {
			if (ex.getCause() instanceof OutOfMemoryError) {
				throw Failures.failure(spec, "out of memory or of memory regions",
						"Compare the lines of /proc/self/maps with 'sysctl vm.max_map_count', and look at 'ulimit -v'.",
						0, ex);
			}
			MappingException refusal = KernelFiles.failure(spec, file, ex);
			throw (refusal != null) ? refusal : unknown(spec, ex);
		}
	}

	/**
	 * Tell apart what the JDK has no exceptions for.
	 */
	private static RuntimeException failure(MappingSpec spec, Path file, FileSystemException ex) {
		Path existing = FileCreation.existing(file);
		if (!existing.equals(file.toAbsolutePath()) && !Files.isDirectory(existing)) {
			return Failures.notADirectory(spec, file, 0, ex);
		}
		if (spec.access() != MappingAccess.READ_ONLY && PathStatus.isOnReadOnlyFileSystem(existing)) {
			return (spec.access() == MappingAccess.COPY_ON_WRITE) ? cannotCopyOnWrite(spec, ex)
					: Failures.readOnlyFileSystem(spec, 0, ex);
		}
		return unknown(spec, ex);
	}

	private static UnsupportedMappingOperationException cannotCopyOnWrite(MappingSpec spec, IOException cause) {
		return new UnsupportedMappingOperationException("Cannot map " + spec
				+ ": the JDK maps a file copy-on-write only if it may be written. Make it writable, or use the native"
				+ " mapper (" + Mappers.HOW_TO_GET_NATIVE + ").", cause);
	}

	private static MappingException unknown(MappingSpec spec, IOException cause) {
		return Failures.failure(spec, cause.toString(),
				"The native mapper would give the error number (" + Mappers.HOW_TO_GET_NATIVE + ").", 0, cause);
	}

	private static MappedMemory open(MappingSpec spec, Path path, Arena arena) throws IOException {
		try (LockableChannel file = LockableChannel.open(spec, path, mode(spec))) {
			try {
				return map(spec, path, file, arena);
			}
			catch (IOException | RuntimeException | Error ex) {
				if (file.created()) {
					FileCreation.undo(spec, path, ex);
				}
				throw ex;
			}
		}
	}

	private static MappedMemory map(MappingSpec spec, Path path, LockableChannel file, Arena arena) throws IOException {
		FileChannel channel = file.channel();
		FileVersion before = FileVersion.of(PathStatus.of(path));
		boolean regularFile = Files.isRegularFile(path);
		if (regularFile && !spec.create()) {
			KernelFiles.refuse(spec, path, channel.size());
		}
		FileRange range = FileRange.of(spec, channel.size(), regularFile);
		if (spec.exclusive() && regularFile && range.length() > 0) {
			file.lock(spec);
		}
		if (spec.create() && regularFile && range.end() > channel.size()) {
			FileGrowth.grow(spec, range, channel, file.isLocked());
		}
		MemorySegment segment = channel.map(mode(spec), range.offset(), range.length(), arena);
		return MappedMemory.of(segment, new JdkPages(spec.exclusive() ? file.keepLock() : null), version(path, before),
				spec.protection());
	}

	/**
	 * Return which file was mapped, unless another one has taken its place at that
	 * moment: it could be either.
	 */
	private static @Nullable FileVersion version(Path path, @Nullable FileVersion before) {
		FileVersion after = FileVersion.of(PathStatus.of(path));
		boolean same = before != null && after != null && before.identity().equals(after.identity());
		return (same) ? after : null;
	}

	private static MapMode mode(MappingSpec spec) {
		return switch (spec.access()) {
			case READ_ONLY -> MapMode.READ_ONLY;
			case READ_WRITE -> MapMode.READ_WRITE;
			case COPY_ON_WRITE -> MapMode.PRIVATE;
		};
	}

	/**
	 * Pages that the JDK unmaps when the arena is closed, and never otherwise.
	 *
	 * @param hold keeps the file locked
	 */
	private record JdkPages(FileLocks.@Nullable Hold hold) implements Pages {

		@Override
		public void flush(MemorySegment segment, long offset, long length) throws IOException {
			if (length > 0) {
				try {
					segment.asSlice(offset, length).force();
				}
				catch (UncheckedIOException ex) {
					throw ex.getCause();
				}
			}
		}

		@Override
		public void unmap() {
			if (this.hold != null) {
				this.hold.release();
			}
		}

		@Override
		public boolean reclaim() {
			// Nobody can write the memory any more, although it stays mapped
			unmap();
			return false;
		}

	}

}
