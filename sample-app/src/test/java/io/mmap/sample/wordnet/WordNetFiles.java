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

package io.mmap.sample.wordnet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The dictionary without an application around it.
 */
public final class WordNetFiles {

	/**
	 * Where the build unpacks the files.
	 */
	public static final Path DIRECTORY = Path.of("target/wordnet");

	private WordNetFiles() {
	}

	public static WordNet open(Arena arena) {
		try {
			return new WordNet(DIRECTORY, (file) -> map(file, arena));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the lines of all indexes.
	 */
	public static List<IndexEntry> entries(WordNet wordNet) {
		List<IndexEntry> entries = new ArrayList<>();
		wordNet.indexes().forEach((index) -> index.from("").forEachRemaining(entries::add));
		return entries;
	}

	public static long size(String file) {
		try {
			return Files.size(DIRECTORY.resolve(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Supplier<MemorySegment> map(String file, Arena arena) {
		try (FileChannel channel = FileChannel.open(DIRECTORY.resolve(file))) {
			MemorySegment segment = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
			return () -> segment;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
