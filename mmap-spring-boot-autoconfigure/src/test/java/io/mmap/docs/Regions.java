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
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The tagged regions of sources, which pages show: what is between a line with
 * {@code tag::name[]} and one with {@code end::name[]}, each alone in a comment. Regions
 * may be within others.
 */
final class Regions {

	/**
	 * Where sources of this repository are that are compiled and run.
	 */
	static final List<String> PLACES = List.of("mmap-spring-boot-autoconfigure/src/test", "sample-app/src",
			"sample-app/pom.xml", "consumers/src", "observability");

	private static final Pattern TAG = Pattern
		.compile("\\s*(?://|#|<!--|/\\*) ?(tag|end)::([^\\[]*)\\[]\\s*(?:-->|\\*/)?");

	private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

	private static final Map<String, Set<String>> LANGUAGES = Map.of("java", Set.of("java"), "kotlin",
			Set.of("kt", "kts"), "c", Set.of("c", "h"), "yaml", Set.of("yml", "yaml"), "xml", Set.of("xml"),
			"properties", Set.of("properties"), "sh", Set.of("sh"), "shell", Set.of("sh"));

	private final Map<String, Region> regions = new TreeMap<>();

	private final List<String> problems = new ArrayList<>();

	/**
	 * Read the regions of this repository.
	 */
	static Regions read() {
		return read(Page.ROOT, PLACES);
	}

	/**
	 * Read regions.
	 * @param root the root of the repository
	 * @param places directories and files below it, as far as they exist
	 */
	static Regions read(Path root, List<String> places) {
		Regions regions = new Regions();
		for (String place : places) {
			if (Files.exists(root.resolve(place))) {
				regions.readAll(root, root.resolve(place));
			}
		}
		return regions;
	}

	private void readAll(Path root, Path place) {
		try (Stream<Path> files = Files.walk(place)) {
			for (Path file : files.filter(Regions::isSource).sorted().toList()) {
				add(root.relativize(file), Files.readAllLines(file));
			}
		}
		catch (MalformedInputException ex) {
			throw new UncheckedIOException("A source below " + place + " is not in UTF-8", ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isSource(Path file) {
		return LANGUAGES.values().stream().anyMatch((extensions) -> extensions.contains(extension(file)))
				&& Files.isRegularFile(file);
	}

	private static String extension(Path file) {
		String name = file.getFileName().toString();
		return name.substring(name.lastIndexOf('.') + 1);
	}

	private void add(Path file, List<String> lines) {
		Map<String, Integer> open = new LinkedHashMap<>();
		for (int i = 0; i < lines.size(); i++) {
			Matcher tag = TAG.matcher(lines.get(i));
			if (tag.matches()) {
				String name = tag.group(2);
				String place = file + ":" + (i + 1);
				if (!NAME.matcher(name).matches()) {
					this.problems.add(
							("%s: '%s' is no name of a region: write that of the page and what is shown, in lower case,"
									+ " such as 'lifecycle-lease'")
								.formatted(place, name));
				}
				else if (tag.group(1).equals("tag")) {
					if (open.put(name, i + 1) != null || this.regions.containsKey(name)) {
						this.problems.add("%s: there is another region '%s' already%s: call one of them something else"
							.formatted(place, name,
									(this.regions.containsKey(name)) ? ", " + this.regions.get(name).place() : ""));
					}
				}
				else {
					Integer start = open.remove(name);
					if (start == null) {
						this.problems
							.add("%s: the region '%s' ends here and has not begun in this file".formatted(place, name));
					}
					else {
						this.regions.putIfAbsent(name, new Region(name, file, start, code(lines.subList(start, i))));
					}
				}
			}
		}
		open.forEach((name, line) -> this.problems
			.add("%s:%d: the region '%s' does not end in this file".formatted(file, line, name)));
	}

	private static String code(List<String> lines) {
		return Page.withoutIndent(lines.stream().filter((line) -> !TAG.matcher(line).matches()).toList());
	}

	/**
	 * Return what is wrong with the tags.
	 */
	List<String> problems() {
		return this.problems;
	}

	Collection<Region> all() {
		return this.regions.values();
	}

	/**
	 * Return a region.
	 */
	Region get(String name) {
		Region region = this.regions.get(name);
		if (region == null) {
			throw new IllegalArgumentException("There is no region '" + name + "' in any source");
		}
		return region;
	}

	/**
	 * Return the regions that can be shown in a block.
	 * @param language the language of the block
	 */
	List<Region> of(String language) {
		Set<String> extensions = LANGUAGES.getOrDefault(language, Set.of());
		return this.regions.values()
			.stream()
			.filter((region) -> extensions.contains(extension(region.file())))
			.toList();
	}

	/**
	 * A region.
	 *
	 * @param name its name
	 * @param file its file, below the root of the repository
	 * @param line the number of the line that opens it
	 * @param code what is in it, without indentation and tags
	 */
	record Region(String name, Path file, int line, String code) {

		/**
		 * Return whether a page shows it, where a class that is nested in a test need not
		 * look so.
		 */
		boolean isShownAs(String shown) {
			return topLevel(this.code).equals(topLevel(shown));
		}

		private static String topLevel(String code) {
			return code.replaceAll("(?m)^((?:public |private )?)static (final )?(class|interface) ", "$1$2$3 ");
		}

		String place() {
			return this.file + ":" + this.line;
		}

	}

}
