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

package io.mmap.consumers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page {@code docs/quick-start.md}, as somebody reads who does what it says.
 *
 * @param blocks its blocks in their order
 */
record QuickStartPage(List<Block> blocks) {

	private static final Path PAGE = Path.of("../docs/quick-start.md");

	private static final Pattern BLOCK = Pattern.compile("^(\\S.*?)?\\R\\R```(\\w+)\\R(.*?)^```$",
			Pattern.MULTILINE | Pattern.DOTALL);

	private static final Pattern FILE = Pattern.compile("`([\\w./-]+)`:$");

	/**
	 * Read the page as far as its section for programs without Spring.
	 */
	static QuickStartPage read() throws IOException {
		String page = Files.readString(PAGE).split("\n## Without Spring\n", -1)[0];
		List<Block> blocks = new ArrayList<>();
		for (MatchResult match : BLOCK.matcher(page).results().toList()) {
			String before = (match.group(1) != null) ? match.group(1) : "";
			Matcher file = FILE.matcher(before);
			blocks.add(new Block(match.group(2), file.find() ? file.group(1) : "", match.group(3)));
		}
		return new QuickStartPage(blocks);
	}

	List<Block> in(String language) {
		return this.blocks.stream().filter((block) -> block.language().equals(language)).toList();
	}

	/**
	 * A block of the page.
	 *
	 * @param language what it is in
	 * @param file the file that the line before it names, if any
	 * @param text what is in it
	 */
	record Block(String language, String file, String text) {

		/**
		 * Return what the commands of a console answer, by their URL.
		 */
		List<Answer> answers() {
			Pattern command = Pattern.compile("^\\$ curl '?localhost:8080(\\S+?)'?$\\R(.*?)(?=^\\$|\\z)",
					Pattern.MULTILINE | Pattern.DOTALL);
			return command.matcher(this.text)
				.results()
				.map((match) -> new Answer(match.group(1), match.group(2).strip()))
				.toList();
		}

	}

	/**
	 * What a request is said to be answered with.
	 *
	 * @param uri what is asked
	 * @param text the answer
	 */
	record Answer(String uri, String text) {

	}

}
