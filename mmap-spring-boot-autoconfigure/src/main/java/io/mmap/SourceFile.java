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

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.jar.JarEntry;

import io.mmap.internal.PlainText;

/**
 * The file to be opened for a mapping, while that is being made.
 */
sealed interface SourceFile extends AutoCloseable {

	/**
	 * Return the file. If the spec says {@code create}, no symbolic link is to be
	 * followed on the way to it any more.
	 */
	Path path();

	@Override
	void close();

	/**
	 * Return whether there is a file to be opened by its path.
	 */
	static boolean isNeededFor(MappingSpec spec) {
		return spec.source() instanceof MappingSource.File || spec.source() instanceof MappingSource.Resource;
	}

	static SourceFile of(MappingSpec spec) {
		return switch (spec.source()) {
			case MappingSource.File file when spec.create() -> new Existing(CreationPath.resolve(spec, file.path()));
			case MappingSource.File file -> new Existing(file.path());
			case MappingSource.Resource resource -> TemporaryCopy.of(spec, resource.url());
			default -> throw new IllegalArgumentException(spec + " has no path");
		};
	}

	/**
	 * The file itself.
	 *
	 * @param path its path
	 */
	record Existing(Path path) implements SourceFile {

		@Override
		public void close() {
		}

	}

	/**
	 * A copy that is needed only until it is mapped.
	 *
	 * @param spec what is to be mapped
	 * @param path the copy
	 */
	record TemporaryCopy(MappingSpec spec, Path path) implements SourceFile {

		private static TemporaryCopy of(MappingSpec spec, URL url) {
			try (InputStream content = open(spec, url)) {
				TemporaryCopy copy = new TemporaryCopy(spec, Files.createTempFile("mmap-", ".copy"));
				try {
					copy.fill(content);
				}
				catch (IOException | RuntimeException | Error ex) {
					copy.undo(ex);
					throw ex;
				}
				return copy;
			}
			catch (IOException ex) {
				throw Failures.failure(spec,
						"it could not be copied to a temporary file in '" + System.getProperty("java.io.tmpdir") + "' ("
								+ ex + ")",
						"Make room there, or choose another directory with -Djava.io.tmpdir.", 0, ex);
			}
		}

		private static InputStream open(MappingSpec spec, URL url) {
			try {
				URLConnection connection = url.openConnection();
				// Or the jar would stay open for good
				connection.setUseCaches(false);
				InputStream content = connection.getInputStream();
				if (connection instanceof JarURLConnection jar && isDirectory(jar)) {
					// Not an empty file, which is how it reads
					content.close();
					throw Failures.directory(spec);
				}
				return content;
			}
			catch (FileNotFoundException | NoSuchFileException ex) {
				throw Failures.missing(spec, 0, ex);
			}
			catch (IOException ex) {
				throw Failures.failure(spec, "it cannot be read (" + ex + ")",
						"Check that what contains it is complete, and may be read.", 0, ex);
			}
		}

		private static boolean isDirectory(JarURLConnection jar) throws IOException {
			JarEntry entry = jar.getJarEntry();
			return entry != null && entry.isDirectory();
		}

		private void fill(InputStream content) throws IOException {
			// No channel, which an interrupt would close
			try (OutputStream out = new FileOutputStream(this.path.toFile())) {
				content.transferTo(out);
			}
		}

		private void undo(Throwable failure) {
			try {
				Files.deleteIfExists(this.path);
			}
			catch (IOException ex) {
				failure.addSuppressed(PlainText.cause(ex));
			}
		}

		@Override
		public void close() {
			try {
				Files.deleteIfExists(this.path);
			}
			catch (IOException ex) {
				// Not everywhere can a file that is mapped be deleted
				this.path.toFile().deleteOnExit();
			}
		}

	}

}
