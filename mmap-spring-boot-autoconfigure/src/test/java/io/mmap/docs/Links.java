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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.mmap.docs.Page.Link;

/**
 * Whether links within the repository lead somewhere.
 *
 * @param root the root of the repository
 * @param pages the pages
 */
record Links(Path root, List<Page> pages) {

	/**
	 * Return what is wrong.
	 * @return sentences that name page and line, and say what to do
	 */
	List<String> problems() {
		Map<Path, Set<String>> anchors = new HashMap<>();
		this.pages.forEach((page) -> anchors.put(Path.of(page.name()), page.anchors()));
		List<String> problems = new ArrayList<>();
		for (Page page : this.pages) {
			for (Link link : page.links()) {
				if (!link.target().matches("(https?|mailto):.*")) {
					check(page, link, anchors, problems);
				}
			}
		}
		return problems;
	}

	private void check(Page page, Link link, Map<Path, Set<String>> anchors, List<String> problems) {
		String place = page.name() + ":" + link.line() + ": ";
		int hash = link.target().indexOf('#');
		String path = (hash < 0) ? link.target() : link.target().substring(0, hash);
		Path self = Path.of(page.name());
		Path target = (path.isEmpty()) ? self : self.resolveSibling(path).normalize();
		if (target.startsWith("..") || target.isAbsolute()) {
			problems.add(place + "the link '" + link.target() + "' leads out of the repository");
		}
		else if (!Files.exists(this.root.resolve(target))) {
			problems.add(place + "the link '" + link.target() + "' leads to " + target + ", which does not exist");
		}
		else if (hash >= 0 && !anchors.getOrDefault(target, Set.of()).contains(link.target().substring(hash + 1))) {
			problems.add(place + "the link '" + link.target() + "' leads to a heading that " + target
					+ " does not have: its headings are " + anchors.getOrDefault(target, Set.of()));
		}
	}

	/**
	 * Return which pages of a directory no other page links to.
	 */
	List<String> unlinked(String index, String directory) {
		Page page = this.pages.stream().filter((each) -> each.name().equals(index)).findFirst().orElseThrow();
		Set<Path> linked = new HashSet<>();
		page.links()
			.forEach((link) -> linked
				.add(Path.of(index).resolveSibling(link.target().replaceFirst("#.*", "")).normalize()));
		return this.pages.stream()
			.map(Page::name)
			.filter((name) -> name.startsWith(directory) && !name.equals(index) && !linked.contains(Path.of(name)))
			.toList();
	}

}
