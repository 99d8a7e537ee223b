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
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

import io.mmap.internal.ffi.FileStatus;

/**
 * Maps with {@code FileChannel.map}, which needs no native access.
 */
final class JdkMapper implements Mapper {

	private final MappingThreads threads = new MappingThreads();

	private final MapperInfo info;

	JdkMapper(String reason) {
		this.info = new MapperInfo(MapperType.JDK, reason);
	}

	@Override
	public MapperInfo info() {
		return this.info;
	}

	@Override
	public void close() {
		this.threads.close();
	}

	@Override
	public MappedMemory map(MappingSpec spec, Arena arena) {
		if (Files.isDirectory(spec.path())) {
			throw Failures.directory(spec);
		}
		FileStatus status = PathStatus.of(spec.path());
		if (status != null && status.isPipeOrSocket()) {
			throw Failures.pipeOrSocket(spec);
		}
		if (status != null && !status.isRegularFile() && spec.length() == null) {
			throw Failures.deviceWithoutLength(spec);
		}
		if (spec.create()) {
			FileCreation.createParentDirectories(spec);
		}
		try {
			return this.threads.call(() -> open(spec, arena));
		}
		catch (NoSuchFileException ex) {
			throw Failures.missing(spec, 0, ex);
		}
		catch (AccessDeniedException ex) {
			if (spec.access() == MappingAccess.COPY_ON_WRITE && Files.isReadable(spec.path())) {
				throw new UnsupportedMappingOperationException("Cannot map " + spec + ": the JDK maps a file"
						+ " copy-on-write only if it may be written. Make it writable, or use the native mapper ("
						+ Mappers.HOW_TO_GET_NATIVE + ").", ex);
			}
			throw Failures.denied(spec, 0, ex);
		}
		catch (IOException ex) {
			if (ex.getCause() instanceof OutOfMemoryError) {
				throw Failures.failure(spec, "out of memory or of memory regions. Compare the lines of"
						+ " /proc/self/maps with 'sysctl vm.max_map_count', and look at 'ulimit -v'.", 0, ex);
			}
			throw Failures.failure(spec,
					ex + ". The native mapper would give the error number (" + Mappers.HOW_TO_GET_NATIVE + ").", 0, ex);
		}
	}

	private static MappedMemory open(MappingSpec spec, Arena arena) throws IOException {
		if (spec.create()) {
			try (FileChannel channel = FileChannel.open(spec.path(),
					options(MapMode.READ_WRITE, StandardOpenOption.CREATE_NEW), ownerOnly(spec.path()))) {
				return createdOrUndone(spec, channel, arena);
			}
			catch (FileAlreadyExistsException ex) {
				// As well: it is opened below
			}
		}
		try (FileChannel channel = FileChannel.open(spec.path(), options(mode(spec)))) {
			return map(spec, channel, arena);
		}
	}

	private static MappedMemory createdOrUndone(MappingSpec spec, FileChannel channel, Arena arena) throws IOException {
		try {
			return map(spec, channel, arena);
		}
		catch (IOException | RuntimeException | Error ex) {
			FileCreation.undo(spec, ex);
			throw ex;
		}
	}

	private static MappedMemory map(MappingSpec spec, FileChannel channel, Arena arena) throws IOException {
		boolean regularFile = Files.isRegularFile(spec.path());
		FileRange range = FileRange.of(spec, channel.size(), regularFile);
		if (spec.create() && regularFile && range.end() > channel.size()) {
			FileGrowth.grow(spec, range, channel);
		}
		MemorySegment segment = channel.map(mode(spec), range.offset(), range.length(), arena);
		return new MappedMemory(segment, JdkPages.INSTANCE, FileIdentity.of(PathStatus.of(spec.path())));
	}

	private static MapMode mode(MappingSpec spec) {
		return switch (spec.access()) {
			case READ_ONLY -> MapMode.READ_ONLY;
			case READ_WRITE -> MapMode.READ_WRITE;
			case COPY_ON_WRITE -> MapMode.PRIVATE;
		};
	}

	private static Set<OpenOption> options(MapMode mode, OpenOption... more) {
		Set<OpenOption> options = new HashSet<>(Set.of(more));
		options.add(StandardOpenOption.READ);
		if (mode != MapMode.READ_ONLY) {
			options.add(StandardOpenOption.WRITE);
		}
		return options;
	}

	private static FileAttribute<?>[] ownerOnly(Path path) {
		if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			return new FileAttribute<?>[0];
		}
		return new FileAttribute<?>[] {
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) };
	}

	/**
	 * Pages that the JDK unmaps when the arena is closed, and never otherwise.
	 */
	private enum JdkPages implements Pages {

		INSTANCE;

		@Override
		public void flush(MemorySegment segment) throws IOException {
			if (segment.byteSize() > 0) {
				try {
					segment.force();
				}
				catch (UncheckedIOException ex) {
					throw ex.getCause();
				}
			}
		}

		@Override
		public void unmap() {
		}

		@Override
		public boolean reclaim() {
			return false;
		}

	}

}
