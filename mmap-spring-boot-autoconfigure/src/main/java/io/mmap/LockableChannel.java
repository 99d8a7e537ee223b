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
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.mmap.internal.PlainText;

/**
 * A channel for the JDK mapper, and the lock on its file.
 * <p>
 * The locks that the JDK offers are gone as soon as the process closes any descriptor of
 * the file. So a file that is locked is mapped through the channel that locked it, and
 * one thread at a time has a file open.
 */
final class LockableChannel implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(JdkMapper.class);

	private final ReentrantLock turn;

	private final Path path;

	private final FileChannel channel;

	private final boolean created;

	/**
	 * Which file it was when it was opened, if it existed.
	 */
	private final @Nullable Object key;

	private FileLocks.@Nullable Hold hold;

	private boolean lockKept;

	private LockableChannel(ReentrantLock turn, Path path, FileChannel channel, boolean created, @Nullable Object key,
			FileLocks.@Nullable Hold hold) {
		this.turn = turn;
		this.path = path;
		this.channel = channel;
		this.created = created;
		this.key = key;
		this.hold = hold;
	}

	static LockableChannel open(MappingSpec spec, Path path, MapMode mode) throws IOException {
		ReentrantLock turn = Turns.of(name(path));
		turn.lock();
		try {
			return open(turn, spec, path, mode);
		}
		catch (IOException | RuntimeException | Error ex) {
			turn.unlock();
			throw ex;
		}
	}

	/**
	 * Return what the file is called by all who wait for their turn.
	 */
	private static Path name(Path path) throws IOException {
		if (Files.exists(path)) {
			return path.toRealPath();
		}
		Path parent = path.toAbsolutePath().getParent();
		Path file = path.getFileName();
		return (parent != null && file != null && Files.exists(parent)) ? parent.toRealPath().resolve(file)
				: path.toAbsolutePath();
	}

	private static LockableChannel open(ReentrantLock turn, MappingSpec spec, Path path, MapMode mode)
			throws IOException {
		LinkOption[] links = (spec.create()) ? new LinkOption[] { LinkOption.NOFOLLOW_LINKS } : new LinkOption[0];
		if (spec.create() && !Files.exists(path, links)) {
			Set<OpenOption> creating = options(spec, mode);
			creating.add(StandardOpenOption.CREATE_NEW);
			try {
				return new LockableChannel(turn, path, FileChannel.open(path, creating, ownerOnly(path)), true, null,
						null);
			}
			catch (FileAlreadyExistsException ex) {
				// As well: somebody else was faster
			}
		}
		Object key = Files.isRegularFile(path, links) ? key(path) : null;
		FileLocks.Hold hold = (key != null) ? FileLocks.join(key) : null;
		try {
			if (hold != null && hold.lock() instanceof ChannelLock lock) {
				return new LockableChannel(turn, path, lock.channel(), false, key, hold);
			}
			return new LockableChannel(turn, path, FileChannel.open(path, options(spec, mode)), false, key, hold);
		}
		catch (IOException | RuntimeException | Error ex) {
			if (hold != null) {
				hold.release();
			}
			throw ex;
		}
	}

	FileChannel channel() {
		return this.channel;
	}

	/**
	 * Return whether the file did not exist before.
	 */
	boolean created() {
		return this.created;
	}

	/**
	 * Return whether this process has locked the file.
	 */
	boolean isLocked() {
		return this.hold != null;
	}

	/**
	 * Lock the file, unless this process has locked it already.
	 */
	void lock(MappingSpec spec) throws IOException {
		if (this.hold == null) {
			Object file = key(this.path);
			if (!this.created && !file.equals(this.key)) {
				// Or the lock would be known as that of the new file
				throw Failures.failure(spec, "the file was replaced while it was being opened", "Map it again.", 0,
						null);
			}
			this.hold = FileLocks.hold(file, () -> tryLock(spec));
		}
	}

	private FileLocks.Lock tryLock(MappingSpec spec) {
		FileLock lock;
		try {
			lock = this.channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			throw Failures.locked(spec, this.path, 0, ex);
		}
		catch (IOException ex) {
			throw Failures.cannotLock(spec, ex.toString(), 0, ex);
		}
		if (lock == null) {
			throw Failures.locked(spec, this.path, 0, null);
		}
		return new ChannelLock(lock, this.channel);
	}

	/**
	 * Leave the lock to the pages that need it.
	 */
	FileLocks.@Nullable Hold keepLock() {
		this.lockKept = true;
		return this.hold;
	}

	@Override
	public void close() throws IOException {
		try {
			if (!isChannelOfLock()) {
				this.channel.close();
			}
		}
		finally {
			if (this.hold != null && !this.lockKept) {
				this.hold.release();
			}
			this.turn.unlock();
		}
	}

	private boolean isChannelOfLock() {
		return this.hold != null && this.hold.lock() instanceof ChannelLock lock && lock.channel() == this.channel;
	}

	private static Object key(Path path) throws IOException {
		FileIdentity identity = FileIdentity.of(PathStatus.of(path));
		return (identity != null) ? identity : path.toRealPath();
	}

	private static Set<OpenOption> options(MappingSpec spec, MapMode mode) {
		Set<OpenOption> options = new HashSet<>();
		options.add(StandardOpenOption.READ);
		if (mode != MapMode.READ_ONLY) {
			options.add(StandardOpenOption.WRITE);
		}
		if (spec.create()) {
			options.add(LinkOption.NOFOLLOW_LINKS);
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
	 * A lock that lasts as long as its channel is open.
	 *
	 * @param lock the lock, which the JDK knows only weakly
	 * @param channel the channel, open for reading and writing
	 */
	private record ChannelLock(FileLock lock, FileChannel channel) implements FileLocks.Lock {

		@Override
		public void release() {
			try {
				this.channel.close();
			}
			catch (IOException ex) {
				logger.warn("Closing the channel behind a mapping failed", PlainText.cause(ex));
			}
		}

	}

}
