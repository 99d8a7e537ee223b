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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;

/**
 * The dictionary without an application around it.
 */
public final class WordNetFiles {

	/**
	 * Where the build unpacks the small files.
	 */
	public static final Path DIRECTORY = Path.of("target/wordnet");

	/**
	 * Where the build unpacks the index and data files.
	 */
	public static final Path DICTIONARY = DIRECTORY.resolve("dict");

	private WordNetFiles() {
	}

	/**
	 * Start a registry that maps a dictionary as the set {@code dictionary}.
	 * @param directory where the index and data files are
	 */
	static MappingRegistry.Builder registry(Path directory) {
		return MappingRegistry.builder().declareSet("dictionary", () -> specs(directory));
	}

	private static Map<String, MappingSpec> specs(Path directory) {
		Map<String, MappingSpec> specs = new LinkedHashMap<>();
		try (Stream<Path> files = Files.list(directory).sorted()) {
			files.forEach((file) -> specs.put(file.getFileName().toString(), MappingSpec.file(file).build()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return specs;
	}

	static WordNet open(MappingRegistry registry) {
		try {
			return new WordNet(DIRECTORY, registry.set("dictionary"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the words of all indexes.
	 */
	public static Set<String> lemmas() {
		Set<String> lemmas = new LinkedHashSet<>();
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			lines(partOfSpeech.indexFile()).forEach((line) -> lemmas.add(line.substring(0, line.indexOf(' '))));
		}
		return lemmas;
	}

	/**
	 * Return the lines of a file that follow the licence.
	 */
	static List<String> lines(String file) {
		try (Stream<String> lines = Files.lines(DICTIONARY.resolve(file))) {
			return lines.filter((line) -> !line.startsWith("  ")).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static MemorySegment map(String file, Arena arena) {
		try (FileChannel channel = FileChannel.open(DICTIONARY.resolve(file))) {
			return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
