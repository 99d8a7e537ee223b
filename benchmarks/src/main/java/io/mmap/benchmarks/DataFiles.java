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
package io.mmap.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The files that are mapped, made when they are needed first.
 */
public final class DataFiles {

	/**
	 * The system property that says where they are.
	 */
	public static final String DIRECTORY = "benchmarks.data";

	private static final int PIECE = 1 << 20;

	private DataFiles() {
	}

	/**
	 * Return where files can be made.
	 */
	public static Path directory() {
		String directory = System.getProperty(DIRECTORY);
		if (directory == null) {
			throw new IllegalStateException("System property '" + DIRECTORY + "' is to say where files can be made");
		}
		return Path.of(directory);
	}

	/**
	 * Return a file of random content that is on the disk.
	 * @param size its size, such as {@code 1 MiB}
	 */
	public static Path of(String size) {
		Path file = directory().resolve(name(size) + ".bin");
		try {
			if (!Files.exists(file)) {
				Files.createDirectories(directory());
				Path unfinished = file.resolveSibling(file.getFileName() + ".new");
				write(unfinished, bytes(size));
				Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
			}
			return file;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return a file that has a certain size, and content up to another one.
	 */
	public static Path sparse(String size, String content) {
		Path file = directory().resolve(name(size) + "sparse.bin");
		try {
			Files.createDirectories(directory());
			long end = Math.min(bytes(size), bytes(content));
			if (!Files.exists(file) || Files.size(file) != bytes(size)) {
				write(file, end);
				try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
					if (bytes(size) > end) {
						channel.write(ByteBuffer.allocate(1), bytes(size) - 1);
					}
				}
			}
			read(file, end);
			return file;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the start of a name. Lucene takes it for that of a segment of an index, for
	 * the files of which it has a default.
	 */
	private static String name(String size) {
		return "_" + size.replace(" ", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * Return how many bytes a size stands for.
	 */
	public static long bytes(String size) {
		String[] parts = size.split(" ");
		return Long.parseLong(parts[0]) << switch (parts[1]) {
			case "KiB" -> 10;
			case "MiB" -> 20;
			case "GiB" -> 30;
			case "TiB" -> 40;
			default -> throw new IllegalArgumentException("'" + size + "' is no size");
		};
	}

	/**
	 * Bring a file into the page cache.
	 */
	public static void cache(Path file) {
		try {
			read(file, Files.size(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Have the kernel drop a file from the page cache, by posix_fadvise(2), for which
	 * {@code dd} of GNU is the tool.
	 */
	public static void evict(Path file) {
		try {
			Process process = new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0")
				.redirectErrorStream(true)
				.start();
			String output = new String(process.getInputStream().readAllBytes());
			if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
				throw new IOException("dd failed: " + output);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void write(Path file, long size) throws IOException {
		RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
		byte[] piece = new byte[PIECE];
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
				StandardOpenOption.TRUNCATE_EXISTING)) {
			for (long written = 0; written < size; written += piece.length) {
				random.nextBytes(piece);
				channel.write(ByteBuffer.wrap(piece, 0, (int) Math.min(piece.length, size - written)));
			}
			channel.force(true);
		}
	}

	private static void read(Path file, long size) throws IOException {
		ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
		try (FileChannel channel = FileChannel.open(file)) {
			for (long position = 0; position < size; position += piece.capacity()) {
				channel.read(piece.clear(), position);
			}
		}
	}

}
