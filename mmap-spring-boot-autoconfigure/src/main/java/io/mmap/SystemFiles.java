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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * Reads what the kernel says in files. What cannot be read is unknown.
 *
 * @param root the directory that holds {@code proc} and {@code sys}
 */
record SystemFiles(Path root) {

	private static final int BUFFER_SIZE = 64 * 1024;

	/**
	 * Return a soft limit of the process, or {@link ProcessLimits#UNLIMITED}.
	 */
	OptionalLong limit(String name) {
		return number(() -> {
			String value = value("proc/self/limits", name);
			if (value == null) {
				return null;
			}
			String soft = value.split(" +")[0];
			return (soft.equals("unlimited")) ? ProcessLimits.UNLIMITED : parse(soft);
		});
	}

	/**
	 * Return a number from a file of names and values, in bytes if it has a unit.
	 */
	OptionalLong field(String file, String name) {
		return number(() -> {
			String value = value(file, name + ":");
			return (value == null) ? null
					: (value.endsWith(" kB"))
							? Math.multiplyExact(1024L, Long.parseLong(value.substring(0, value.length() - 3)))
							: Long.valueOf(value);
		});
	}

	@Nullable String value(String file, String name) {
		String content = read(file);
		return (content == null) ? null
				: content.lines()
					.filter((line) -> line.startsWith(name))
					.map((line) -> line.substring(name.length()).strip())
					.findFirst()
					.orElse(null);
	}

	/**
	 * Return the number that a file consists of.
	 */
	OptionalLong number(String file) {
		return number(() -> {
			String content = read(file);
			return (content != null) ? Long.valueOf(content.strip()) : null;
		});
	}

	/**
	 * Parse a limit, which the kernel writes unsigned.
	 */
	static long parse(String limit) {
		long value = Long.parseUnsignedLong(limit);
		return (value >= 0) ? value : ProcessLimits.UNLIMITED;
	}

	/**
	 * Return what a reading gives, if it gives anything.
	 */
	static OptionalLong number(Reading reading) {
		try {
			Long number = reading.read();
			return (number != null) ? OptionalLong.of(number) : OptionalLong.empty();
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			// Memory may be just what is missing when somebody asks for a limit
			return OptionalLong.empty();
		}
	}

	/**
	 * Return the content of a file, or {@code null} if it cannot be read.
	 */
	@Nullable String read(String file) {
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		try {
			read(file, (buffer, length) -> content.write(buffer, 0, length));
			return content.toString(StandardCharsets.ISO_8859_1);
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			return null;
		}
	}

	/**
	 * Read a file in large pieces. The JDK would begin with a single byte, as these files
	 * claim to be empty, and those of {@code /proc/sys} give nothing to a second read.
	 */
	void read(String file, PieceConsumer consumer) throws IOException {
		byte[] buffer = new byte[BUFFER_SIZE];
		try (InputStream input = Files.newInputStream(this.root.resolve(file))) {
			for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
				consumer.accept(buffer, length);
			}
		}
	}

	/**
	 * Takes a piece of a file.
	 */
	@FunctionalInterface
	interface PieceConsumer {

		void accept(byte[] buffer, int length);

	}

	/**
	 * Reads a number, or finds none.
	 */
	@FunctionalInterface
	interface Reading {

		@Nullable Long read() throws IOException;

	}

}
