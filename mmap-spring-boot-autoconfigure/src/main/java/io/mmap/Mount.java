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
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * How a file system is mounted.
 *
 * @param point the mount point
 * @param type the type of the file system
 * @param readOnly whether nothing can be written
 * @param noExec whether nothing can be executed
 */
record Mount(String point, String type, boolean readOnly, boolean noExec) {

	// The encoding that the JDK uses for file names
	private static final Charset PATH_CHARSET = Charset
		.forName(System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name()));

	/**
	 * Find the one that a file is in.
	 * @param mounts what {@code /proc/self/mountinfo} says
	 * @param file the file; need not exist
	 * @return where and how the file system is mounted, or {@code null} if it is not
	 * there
	 */
	static @Nullable Mount find(String mounts, Path file) {
		String path = realPath(file).toString();
		Mount best = null;
		// Of what ends a line elsewhere, the kernel escapes the line feed only
		for (String line : (Iterable<String>) Stream.of(mounts.split("\n"))::iterator) {
			Mount mount = parse(line);
			// Of two on the same mount point, the later one hides the earlier one
			if (mount != null && mount.contains(path)
					&& (best == null || mount.point().length() >= best.point().length())) {
				best = mount;
			}
		}
		return best;
	}

	private static Path realPath(Path file) {
		Path absolute = file.toAbsolutePath();
		for (Path existing = absolute; existing != null; existing = existing.getParent()) {
			try {
				return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
			}
			catch (IOException ex) {
				// Neither does it exist, nor can it be a link: look at its parent
			}
		}
		return absolute;
	}

	private static @Nullable Mount parse(String line) {
		// ID, parent, device, root, mount point, options, more fields, a dash, type,
		// source, options of the file system
		int dash = line.indexOf(" - ");
		String[] mount = line.split(" ");
		if (dash < 0 || mount.length < 6) {
			return null;
		}
		String[] fileSystem = line.substring(dash + 3).split(" ");
		List<String> options = List.of(mount[5].split(","));
		boolean readOnly = options.contains("ro")
				|| (fileSystem.length > 2 && List.of(fileSystem[2].split(",")).contains("ro"));
		return new Mount(unescape(mount[4]), fileSystem[0], readOnly, options.contains("noexec"));
	}

	/**
	 * Undo what the kernel does to blanks, tabs, line ends and backslashes.
	 */
	private static String unescape(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
		int length = 0;
		for (int i = 0; i < bytes.length; i++) {
			if (bytes[i] == '\\' && text.substring(i).matches("(?s)\\\\[0-3][0-7]{2}.*")) {
				bytes[length++] = (byte) Integer.parseInt(text.substring(i + 1, i + 4), 8);
				i += 3;
			}
			else {
				bytes[length++] = bytes[i];
			}
		}
		return new String(bytes, 0, length, PATH_CHARSET);
	}

	private boolean contains(String path) {
		return this.point.equals("/") || path.equals(this.point) || path.startsWith(this.point + "/");
	}

}
