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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation that is more text than code.
 *
 * @param path where it is
 */
record EssayPage(Path path) {

	private static final Path DOCUMENTS = Path.of("..", "docs");

	private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);

	private static final Pattern LINK = Pattern.compile("\\[([^\\]\\[]*)\\]\\(([^)\\s]+)\\)");

	private static final Pattern FENCE = Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

	static EssayPage of(String name) {
		return new EssayPage(DOCUMENTS.resolve(name));
	}

	String text() throws IOException {
		return Files.readString(this.path);
	}

	/**
	 * Return the anchors that a reader of the page in a browser can follow.
	 */
	List<String> anchors() throws IOException {
		return HEADING.matcher(prose())
			.results()
			.map((match) -> match.group(1).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_ -]", "").replace(' ', '-'))
			.toList();
	}

	/**
	 * Return the sections below headings of a level, with the heading as their first
	 * line.
	 */
	List<String> sections(int level) throws IOException {
		List<String> sections = new ArrayList<>();
		for (String part : text().split("(?m)^(?=#{1," + level + "} )")) {
			if (part.startsWith("#".repeat(level) + " ")) {
				sections.add(part);
			}
		}
		return sections;
	}

	/**
	 * Return what the page leads to.
	 */
	List<Link> links() throws IOException {
		return LINK.matcher(prose()).results().map((match) -> new Link(match.group(1), match.group(2))).toList();
	}

	/**
	 * Return the fenced blocks of a language, each as one line.
	 */
	List<String> blocks(String language) throws IOException {
		List<String> blocks = new ArrayList<>();
		Matcher matcher = FENCE.matcher(text());
		while (matcher.find()) {
			if (matcher.group(1).equals(language)) {
				blocks.add(matcher.group(2).strip().replaceAll("\\s+", " "));
			}
		}
		return blocks;
	}

	private String prose() throws IOException {
		return FENCE.matcher(text()).replaceAll("");
	}

	/**
	 * A link.
	 *
	 * @param text what it is called
	 * @param target where it leads to
	 */
	record Link(String text, String target) {

		boolean isElsewhere() {
			return this.target.matches("https?://.*");
		}

		String file() {
			return this.target.split("#", -1)[0];
		}

		String anchor() {
			return (this.target.contains("#")) ? this.target.split("#", -1)[1] : "";
		}

	}

}
