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

package io.mmap.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param name its path below the root of the repository
 * @param lines its lines
 */
record Page(String name, List<String> lines) {

	/**
	 * The root of the repository, seen from this module.
	 */
	static final Path ROOT = Path.of("..");

	private static final Pattern FENCE = Pattern.compile("(\\s*)```(\\w*)\\s*");

	private static final Pattern HEADING = Pattern.compile("#+ (.+?)\\s*");

	private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

	private static final Pattern LINKED_TEXT = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");

	private static final Pattern COMMENT = Pattern.compile("\\s*<!-- (.+) -->\\s*");

	private static final Set<String> NOT_LOOKED_INTO = Set.of("target", "src", "node_modules");

	/**
	 * Read a page of this repository.
	 */
	static Page of(String name) {
		return read(ROOT, name);
	}

	/**
	 * Read a page.
	 * @param root the root of the repository
	 * @param name the path below it
	 */
	static Page read(Path root, String name) {
		try {
			return new Page(name, Files.readAllLines(root.resolve(name)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Read all pages.
	 * @param root the root of the repository
	 */
	static List<Page> all(Path root) {
		List<Page> pages = new ArrayList<>();
		collect(root, root, pages);
		return pages;
	}

	private static void collect(Path root, Path directory, List<Page> pages) {
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.sorted().toList()) {
				String name = file.getFileName().toString();
				if (Files.isDirectory(file) && !name.startsWith(".") && !NOT_LOOKED_INTO.contains(name)) {
					collect(root, file, pages);
				}
				else if (name.endsWith(".md")) {
					pages.add(read(root, root.relativize(file).toString()));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return its text.
	 */
	String text() {
		return String.join("\n", this.lines) + "\n";
	}

	/**
	 * Return the fenced blocks.
	 */
	List<Block> blocks() {
		List<Block> blocks = new ArrayList<>();
		for (int i = 0; i < this.lines.size(); i++) {
			Matcher fence = FENCE.matcher(this.lines.get(i));
			if (fence.matches()) {
				int start = i++;
				List<String> code = new ArrayList<>();
				while (i < this.lines.size() && !this.lines.get(i).strip().equals("```")) {
					code.add(this.lines.get(i++));
				}
				blocks.add(new Block(start + 1, fence.group(2), withoutIndent(code), note(start)));
			}
		}
		return blocks;
	}

	/**
	 * Return the code of all blocks in a language.
	 */
	List<String> blocks(String language) {
		return blocks().stream().filter((block) -> block.language().equals(language)).map(Block::code).toList();
	}

	private String note(int fence) {
		Matcher comment = COMMENT.matcher((fence > 0) ? this.lines.get(fence - 1) : "");
		return (comment.matches()) ? comment.group(1) : "";
	}

	/**
	 * Return code without the indentation that all its lines have, and without empty
	 * lines around it.
	 */
	static String withoutIndent(List<String> lines) {
		int first = 0;
		int last = lines.size();
		while (first < last && lines.get(first).isBlank()) {
			first++;
		}
		while (last > first && lines.get(last - 1).isBlank()) {
			last--;
		}
		List<String> code = lines.subList(first, last);
		int indent = code.stream()
			.filter((line) -> !line.isBlank())
			.mapToInt((line) -> line.length() - line.stripLeading().length())
			.min()
			.orElse(0);
		StringBuilder text = new StringBuilder();
		code.forEach(
				(line) -> text.append((line.isBlank()) ? "" : line.substring(indent).stripTrailing()).append('\n'));
		return text.toString();
	}

	/**
	 * Return the links outside of code.
	 */
	List<Link> links() {
		List<Link> links = new ArrayList<>();
		prose((number, line) -> LINK.matcher(line.replaceAll("`[^`]*`", ""))
			.results()
			.forEach((match) -> links.add(new Link(number, match.group(1)))));
		return links;
	}

	/**
	 * Return what links to this page can end with.
	 */
	Set<String> anchors() {
		Set<String> anchors = new LinkedHashSet<>();
		Map<String, Integer> seen = new HashMap<>();
		prose((number, line) -> {
			Matcher heading = HEADING.matcher(line);
			if (heading.matches()) {
				String anchor = LINKED_TEXT.matcher(heading.group(1))
					.replaceAll("$1")
					.toLowerCase(Locale.ROOT)
					.replaceAll("[^\\p{L}\\p{N}_ -]", "")
					.replace(' ', '-');
				int before = seen.merge(anchor, 1, Integer::sum) - 1;
				anchors.add((before == 0) ? anchor : anchor + "-" + before);
			}
		});
		return anchors;
	}

	private void prose(LineReader reader) {
		boolean code = false;
		for (int i = 0; i < this.lines.size(); i++) {
			if (this.lines.get(i).stripLeading().startsWith("```")) {
				code = !code;
			}
			else if (!code) {
				reader.read(i + 1, this.lines.get(i));
			}
		}
	}

	/**
	 * Return a section.
	 * @param heading its heading, as it is written
	 * @return its text up to the next heading of the same level or a higher one
	 */
	String section(String heading) {
		String text = text();
		int start = text.indexOf("\n" + heading + "\n");
		if (start < 0) {
			throw new AssertionError(this.name + " has no heading '" + heading + "'");
		}
		String rest = text.substring(start + heading.length() + 2);
		String level = heading.substring(0, heading.indexOf(' '));
		return rest.split("\n#{1," + level.length() + "} ")[0];
	}

	/**
	 * A fenced block.
	 *
	 * @param line the number of the line that opens it
	 * @param language its language, empty if none is said
	 * @param code what is in it
	 * @param note the comment in the line before it, or empty
	 */
	record Block(int line, String language, String code, String note) {

	}

	/**
	 * A link.
	 *
	 * @param line the number of its line
	 * @param target where it leads to
	 */
	record Link(int line, String target) {

	}

	/**
	 * Takes lines with their numbers.
	 */
	@FunctionalInterface
	private interface LineReader {

		void read(int number, String line);

	}

}
