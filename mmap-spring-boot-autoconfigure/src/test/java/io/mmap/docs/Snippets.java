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

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.mmap.docs.Page.Block;
import io.mmap.docs.Regions.Region;

/**
 * Whether the code of pages is code that is compiled and run.
 *
 * @param pages the pages
 * @param regions what they may show
 * @param excerpts sources of this project of which one page may show any lines
 * @param commands what tells whether commands that a reader types are right
 */
record Snippets(List<Page> pages, Regions regions, Excerpts excerpts, Commands commands) {

	private static final Set<String> CODE = Set.of("java", "kotlin", "c", "yaml", "xml", "properties", "sh");

	private static final Set<String> TYPED = Set.of("shell", "console");

	private static final Set<String> OUTPUT = Set.of("text", "json", "http", "promql");

	/**
	 * Return what is wrong.
	 * @return sentences that name page and line, and say what to do
	 */
	List<String> problems() {
		List<String> problems = new ArrayList<>(this.regions.problems());
		Set<String> shown = new LinkedHashSet<>();
		for (Page page : this.pages) {
			for (Block block : page.blocks()) {
				check(page, block, shown, problems);
			}
		}
		for (Region region : this.regions.all()) {
			if (!shown.contains(region.name())) {
				problems.add("%s: no page shows the region '%s': remove its tags, or show it".formatted(region.place(),
						region.name()));
			}
		}
		return problems;
	}

	private void check(Page page, Block block, Set<String> shown, List<String> problems) {
		String place = page.name() + ":" + block.line() + ": ";
		List<String> found = this.regions.of(block.language())
			.stream()
			.filter((region) -> region.isShownAs(block.code()))
			.map(Region::name)
			.toList();
		shown.addAll(found);
		if (CODE.contains(block.language())) {
			if (found.isEmpty() && !this.excerpts.contain(page, block)) {
				problems.add(place + missing(block));
			}
		}
		else if (TYPED.contains(block.language())) {
			if (found.isEmpty()) {
				this.commands.problems(block).forEach((problem) -> problems.add(place + problem));
			}
		}
		else if (!OUTPUT.contains(block.language())) {
			problems.add(place + "a block of '%s' is looked at by no test: write its language, one of %s, %s or %s"
				.formatted(block.language(), sorted(CODE), sorted(TYPED), sorted(OUTPUT)));
		}
	}

	private static String sorted(Set<String> languages) {
		return String.join(", ", languages.stream().sorted().toList());
	}

	private String missing(Block block) {
		String problem = ("this block of %s is no region of a source that is compiled and run: put it between lines with"
				+ " 'tag::name[]' and 'end::name[]' in a source below one of %s, or correct it")
			.formatted(block.language(), String.join(", ", Regions.PLACES));
		return this.regions.of(block.language())
			.stream()
			.max(Comparator.comparingInt((region) -> alike(region.code(), block.code())))
			.filter((region) -> alike(region.code(), block.code()) > 0)
			.map((region) -> "%s. The region '%s' (%s) is like it up to its line %d".formatted(problem, region.name(),
					region.place(), alike(region.code(), block.code()) + 1))
			.orElse(problem);
	}

	/**
	 * Return how many lines are the same at the beginning.
	 */
	private static int alike(String first, String second) {
		List<String> one = first.lines().toList();
		List<String> other = second.lines().toList();
		int line = 0;
		while (line < Math.min(one.size(), other.size()) && one.get(line).equals(other.get(line))) {
			line++;
		}
		return line;
	}

}
