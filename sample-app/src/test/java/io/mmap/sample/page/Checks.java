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

package io.mmap.sample.page;

/**
 * Scripts that return what a page has that somebody could not see, hear or reach.
 */
final class Checks {

	/**
	 * Controls and pictures without a name, names that lead nowhere, headings that skip a
	 * level, and what there should be once.
	 */
	static final String NAMES = """
			const problems = [];
			const all = [...document.querySelectorAll("*")];
			const ids = all.map((element) => element.id).filter((id) => id);
			problems.push(...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => "twice: " + id));
			for (const name of ["aria-labelledby", "aria-describedby", "for"]) {
				for (const element of document.querySelectorAll(`[${name}]`)) {
					problems.push(...element.getAttribute(name).split(" ").filter((id) => !document.getElementById(id))
						.map((id) => `${name} leads nowhere: ${id}`));
				}
			}
			for (const control of document.querySelectorAll("button, a, summary, [role=img], input, [tabindex='0']")) {
				const name = control.getAttribute("aria-label") || control.getAttribute("aria-labelledby")
					|| control.labels?.[0]?.textContent || control.textContent;
				if (!name.trim()) {
					problems.push("without a name: " + control.outerHTML);
				}
			}
			let level = 0;
			for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
				const next = Number(heading.tagName[1]);
				if (next > level + 1) {
					problems.push("skips a level: " + heading.textContent);
				}
				level = next;
			}
			for (const once of ["main", "h1", "html[lang]", "title", "[role=log]"]) {
				if (document.querySelectorAll(once).length !== 1) {
					problems.push("not once: " + once);
				}
			}
			problems.push(...[...document.querySelectorAll("[style], [onclick]")].map((element) => "inline: " + element.outerHTML));
			return problems;
			""";

	/**
	 * Text whose contrast with what is behind it is less than 4.5.
	 */
	static final String CONTRAST = """
			const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
			const over = ([r, g, b, a = 1], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a)];
			const light = (colour) => colour.map((value) => value / 255)
				.map((value) => (value <= 0.04045) ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
				.reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
			const behind = (element) => {
				const colour = parse(getComputedStyle(element).backgroundColor);
				if ((colour[3] ?? 1) === 1 || !element.parentElement) {
					return colour.slice(0, 3);
				}
				return over(colour, behind(element.parentElement));
			};
			const problems = [];
			const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
			while (walker.nextNode()) {
				const element = walker.currentNode.parentElement;
				if (!walker.currentNode.textContent.trim() || !element.checkVisibility()
						|| element.closest("script, noscript, .skip")) {
					continue;
				}
				const style = getComputedStyle(element);
				const back = behind(element);
				const text = over(parse(element.namespaceURI.endsWith("svg") ? style.fill : style.color), back);
				const [low, high] = [light(text), light(back)].sort((one, other) => one - other);
				const contrast = (high + 0.05) / (low + 0.05);
				if (contrast < 4.5) {
					problems.push(`${contrast.toFixed(2)}: ${walker.currentNode.textContent.trim()}`);
				}
			}
			return problems;
			""";

	/**
	 * What is cut off at the right.
	 */
	static final String OUTSIDE = """
			return [...document.querySelectorAll("main *, #living-picture *")]
				.filter((element) => element.checkVisibility() && !element.closest("svg, .scroll"))
				.filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
				.map((element) => element.outerHTML);
			""";

	private Checks() {
	}

}
