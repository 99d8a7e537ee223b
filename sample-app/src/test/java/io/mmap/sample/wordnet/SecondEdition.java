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
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Another dictionary, made from the real one. Every gloss starts with a {@link #MARK},
 * every word has {@link #MORE_TAGGED more} tagged senses, and there is a {@link #NEW_WORD
 * word} more. So each line of data, and each offset in an index, differs from the real
 * one's.
 */
public final class SecondEdition {

	/**
	 * What every definition starts with.
	 */
	public static final String MARK = "[2nd] ";

	/**
	 * How many more tagged senses than in the real dictionary each word has.
	 */
	public static final int MORE_TAGGED = 1000;

	/**
	 * The noun that the real dictionary does not have. It comes last in the index.
	 */
	public static final String NEW_WORD = "zyrian_ii";

	private static final String SYNONYM = "Zyrian";

	// A character is a byte, so that lengths and offsets are those of the files
	private static final Charset BYTES = StandardCharsets.ISO_8859_1;

	private final Map<PartOfSpeech, Map<String, String>> offsets = new EnumMap<>(PartOfSpeech.class);

	private SecondEdition() {
	}

	/**
	 * Write the index and data files.
	 * @param directory where to; is created
	 */
	public static void write(Path directory) throws IOException {
		Files.createDirectories(directory);
		SecondEdition edition = new SecondEdition();
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			edition.offsets.put(partOfSpeech, newOffsets(lines(partOfSpeech.dataFile())));
		}
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			write(directory.resolve(partOfSpeech.dataFile()),
					lines(partOfSpeech.dataFile()).stream().map((line) -> edition.record(partOfSpeech, line)).toList());
			write(directory.resolve(partOfSpeech.indexFile()),
					lines(partOfSpeech.indexFile()).stream()
						.flatMap((line) -> edition.entries(partOfSpeech, line).stream())
						.toList());
		}
	}

	private static List<String> lines(String file) throws IOException {
		return Files.readAllLines(WordNetFiles.DICTIONARY.resolve(file), BYTES);
	}

	private static void write(Path file, List<String> lines) throws IOException {
		Files.writeString(file, String.join("\n", lines) + "\n", BYTES);
	}

	private static boolean isLicence(String line) {
		return line.startsWith("  ");
	}

	private static Map<String, String> newOffsets(List<String> lines) {
		Map<String, String> offsets = new HashMap<>();
		long offset = 0;
		for (String line : lines) {
			if (!isLicence(line)) {
				offsets.put(line.substring(0, 8), "%08d".formatted(offset));
			}
			offset += revise(line).length() + 1;
		}
		return offsets;
	}

	/**
	 * Change everything in a line of data but the offsets.
	 */
	private static String revise(String line) {
		if (isLicence(line)) {
			return line;
		}
		int bar = line.indexOf("| ") + 2;
		List<String> fields = new ArrayList<>(List.of(line.substring(0, bar).split(" ")));
		int words = Integer.parseInt(fields.get(3), 16);
		if (fields.subList(4, 4 + 2 * words).contains(SYNONYM)) {
			fields.set(3, "%02x".formatted(words + 1));
			fields.addAll(4 + 2 * words, List.of(NEW_WORD, "0"));
		}
		return String.join(" ", fields) + " " + MARK + line.substring(bar);
	}

	private String record(PartOfSpeech partOfSpeech, String line) {
		if (isLicence(line)) {
			return line;
		}
		String revised = revise(line);
		int bar = revised.indexOf("| ");
		String[] fields = revised.substring(0, bar).split(" ");
		fields[0] = newOffset(partOfSpeech, fields[0]);
		int pointers = 4 + 2 * Integer.parseInt(fields[3], 16);
		for (int i = 0; i < Integer.parseInt(fields[pointers]); i++) {
			int pointer = pointers + 1 + 4 * i;
			PartOfSpeech target = PartOfSpeech.ofSymbol(fields[pointer + 2].charAt(0));
			fields[pointer + 1] = newOffset(target, fields[pointer + 1]);
		}
		return String.join(" ", fields) + " " + revised.substring(bar);
	}

	private List<String> entries(PartOfSpeech partOfSpeech, String line) {
		if (isLicence(line)) {
			return List.of(line);
		}
		String[] fields = line.strip().split(" ");
		int tagged = 5 + Integer.parseInt(fields[3]);
		fields[tagged] = Integer.toString(Integer.parseInt(fields[tagged]) + MORE_TAGGED);
		for (int i = tagged + 1; i < fields.length; i++) {
			fields[i] = newOffset(partOfSpeech, fields[i]);
		}
		String entry = String.join(" ", fields) + "  ";
		return (partOfSpeech == PartOfSpeech.NOUN && fields[0].equals(Spelling.lemma(SYNONYM)))
				? List.of(entry, entry.replace(fields[0] + " ", NEW_WORD + " ")) : List.of(entry);
	}

	private String newOffset(PartOfSpeech partOfSpeech, String offset) {
		String found = PartOfSpeech.get(this.offsets, partOfSpeech).get(offset);
		if (found == null) {
			throw new IllegalStateException(partOfSpeech.dataFile() + " has no record at " + offset);
		}
		return found;
	}

}
