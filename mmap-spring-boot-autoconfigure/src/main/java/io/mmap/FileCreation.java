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
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.mmap.internal.PlainText;

/**
 * What both mappers do alike when a file may have to be created.
 */
final class FileCreation {

	/**
	 * Permissions of a file that is created: its owner alone may read and write it.
	 */
	static final int MODE = 0600;

	private FileCreation() {
	}

	/**
	 * Remove a file that was created for a mapping that could not be made. To be called
	 * while it is this thread's {@linkplain Turns turn}.
	 */
	static void undo(MappingSpec spec, Path file, Throwable failure) {
		if (!spec.exclusive() || failure instanceof MappedFileLockedException) {
			// Another process may use it by now
			return;
		}
		try {
			Files.deleteIfExists(file);
		}
		catch (IOException ex) {
			failure.addSuppressed(PlainText.cause(ex));
		}
	}

	/**
	 * Create missing directories above the file.
	 */
	static void createParentDirectories(MappingSpec spec, Path file) {
		Path parent = file.toAbsolutePath().getParent();
		if (parent == null || Files.isDirectory(parent)) {
			return;
		}
		try {
			Files.createDirectories(parent);
		}
		catch (AccessDeniedException ex) {
			throw Failures.deniedToCreate(spec, "the directory '" + parent + "'", existing(parent), 0, ex);
		}
		catch (IOException ex) {
			Path existing = existing(parent);
			if (!Files.isDirectory(existing)) {
				throw Failures.notADirectory(spec, file, 0, ex);
			}
			if (PathStatus.isOnReadOnlyFileSystem(existing)) {
				throw Failures.readOnlyFileSystem(spec, 0, ex);
			}
			throw Failures.failure(spec, "the directory '" + parent + "' could not be created (" + ex + ")",
					"Create it, or choose another place.", 0, ex);
		}
	}

	/**
	 * Return what exists of a path: as long a part of it as can be seen.
	 */
	static Path existing(Path path) {
		Path existing = path.toAbsolutePath();
		while (!Files.exists(existing) && existing.getParent() != null) {
			existing = existing.getParent();
		}
		return existing;
	}

}
