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

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The documentation of this repository shows code that is compiled and run, commands that
 * name what there is, and links that lead somewhere.
 */
class DocumentationTests {

	private static final List<Page> PAGES = Page.all(Page.ROOT);

	@Test
	void allPagesAreLookedAt() {
		assertThat(PAGES).extracting(Page::name)
			.contains("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/README.md", "docs/lifecycle.md",
					"observability/README.md", "benchmarks/README.md", "sample-app/README.md");
	}

	@Test
	void codeIsARegionOfASourceThatIsCompiledAndRun() {
		Excerpts excerpts = new Excerpts("CONTRIBUTING.md",
				Page.ROOT.resolve("mmap-spring-boot-autoconfigure/src/main"));
		Commands commands = new Commands(Page.ROOT, new KnownProperties());
		assertThat(new Snippets(PAGES, Regions.read(), excerpts, commands).problems()).isEmpty();
	}

	@Test
	void linksLeadSomewhere() {
		assertThat(new Links(Page.ROOT, PAGES).problems()).isEmpty();
	}

	@Test
	void theIndexLinksToEachPage() {
		assertThat(new Links(Page.ROOT, PAGES).unlinked("docs/README.md", "docs/")).isEmpty();
	}

}
