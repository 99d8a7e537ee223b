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
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.LinkOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Finds where a file is to be created, without being led astray: who may write to a
 * directory can put a symbolic link there that leads to somebody else's file.
 * <p>
 * What is found here is then opened without following links: by the native mapper none on
 * the whole way, by the JDK one none as the last name. So with the latter a directory
 * that is exchanged for a link in just that moment is not noticed.
 */
final class CreationPath {

	private final MappingSpec spec;

	private final Deque<Path> names = new ArrayDeque<>();

	private Path current;

	private CreationPath(MappingSpec spec, Path absolute) {
		this.spec = spec;
		this.current = absolute.getRoot();
		push(absolute);
	}

	/**
	 * Return the same place by a path without symbolic links, or refuse it if one of
	 * these stands in a directory that others may write.
	 */
	static Path resolve(MappingSpec spec, Path path) {
		try {
			return new CreationPath(spec, path.toAbsolutePath()).resolve();
		}
		catch (IOException ex) {
			throw Failures.failure(spec, "a directory above the file cannot be looked at (" + ex + ")",
					"Allow the user '" + System.getProperty("user.name") + "' to search it.", 0, ex);
		}
	}

	private Path resolve() throws IOException {
		while (!this.names.isEmpty()) {
			step(this.names.pop());
		}
		return this.current;
	}

	private void step(Path name) throws IOException {
		switch (name.toString()) {
			case ".", "" -> {
			}
			case ".." -> {
				Path parent = this.current.getParent();
				this.current = (parent != null) ? parent : this.current;
			}
			default -> {
				Path next = this.current.resolve(name);
				if (Files.isSymbolicLink(next)) {
					follow(next);
				}
				else {
					this.current = next;
				}
			}
		}
	}

	private void follow(Path link) throws IOException {
		if (mayBeWrittenByOthers(this.current)) {
			throw Failures.untrustedLink(this.spec, link, this.current);
		}
		if (!Files.exists(link)) {
			throw Failures.missing(this.spec, 0, null);
		}
		Path target = Files.readSymbolicLink(link);
		if (target.isAbsolute()) {
			this.current = target.getRoot();
		}
		push(target);
	}

	private void push(Path path) {
		for (int i = path.getNameCount() - 1; i >= 0; i--) {
			this.names.push(path.getName(i));
		}
	}

	private static boolean mayBeWrittenByOthers(Path directory) throws IOException {
		if (!directory.getFileSystem().supportedFileAttributeViews().contains("unix")) {
			return false;
		}
		Set<PosixFilePermission> permissions = Files
			.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
			.permissions();
		return permissions.contains(PosixFilePermission.GROUP_WRITE)
				|| permissions.contains(PosixFilePermission.OTHERS_WRITE) || belongsToAnotherUser(directory);
	}

	private static boolean belongsToAnotherUser(Path directory) throws IOException {
		Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
		Object self = ownUserId();
		return self != null && !owner.equals(self) && !owner.equals(0);
	}

	/**
	 * Return the user that this process is for the system, or {@code null} if there is no
	 * way to learn that.
	 */
	private static @Nullable Object ownUserId() throws IOException {
		Path self = Path.of("/proc/self");
		return Files.exists(self) ? Files.getAttribute(self, "unix:uid") : null;
	}

}
