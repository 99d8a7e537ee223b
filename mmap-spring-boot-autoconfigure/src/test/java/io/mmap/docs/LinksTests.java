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
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link Links} notices what is planted.
 */
class LinksTests {

	@TempDir
	Path directory;

	@Test
	void linksThatLeadSomewhereAreRight() throws IOException {
		write("README.md",
				"# Title\n[a](docs/a.md), [b](docs/a.md#two-words-1), [c](#title), [d](docs), [e](https://x.y/z)\n"
						+ "[f](docs/a.md#no-text_here-2) [`g`](docs/a.md#a-link-and-code)\n");
		write("docs/a.md",
				"# Two words\n## Two words\n### No *text_here* 2!\n#### A [link](../README.md) and `code`\n");
		assertThat(problems()).isEmpty();
	}

	@Test
	void linksThatLeadNowhereAreNamed() throws IOException {
		write("README.md",
				"# Title\n\n[a](docs/b.md) and [b](#none)\n[c](docs/a.md#none) [d](../x) [`e`](docs/b.md)\n");
		write("docs/a.md", "# A\n");
		assertThat(problems()).containsExactly(
				"README.md:3: the link 'docs/b.md' leads to docs/b.md, which does not exist",
				"README.md:3: the link '#none' leads to a heading that README.md does not have: its headings are [title]",
				"README.md:4: the link 'docs/a.md#none' leads to a heading that docs/a.md does not have: its headings"
						+ " are [a]",
				"README.md:4: the link '../x' leads out of the repository",
				"README.md:4: the link 'docs/b.md' leads to docs/b.md, which does not exist");
	}

	@Test
	void whatLooksLikeALinkInCodeIsNone() throws IOException {
		write("README.md", "`[a](none)`\n```text\n[b](none)\n# no heading\n```\n");
		assertThat(problems()).isEmpty();
		assertThat(Page.read(this.directory, "README.md").anchors()).isEmpty();
	}

	@Test
	void aPageThatTheIndexDoesNotLinkToIsNamed() throws IOException {
		write("docs/README.md", "[a](a.md#a) [c](guides/c.md)\n");
		write("docs/a.md", "# A\n");
		write("docs/b.md", "[a](a.md)\n");
		write("docs/guides/c.md", "");
		write("docs/guides/d.md", "");
		assertThat(new Links(this.directory, Page.all(this.directory)).unlinked("docs/README.md", "docs/"))
			.containsExactly("docs/b.md", "docs/guides/d.md");
	}

	@Test
	void sourcesAndWhatIsBuiltHaveNoPages() throws IOException {
		write("module/target/a.md", "");
		write("module/src/b.md", "");
		write(".hidden/c.md", "");
		write("module/README.md", "");
		assertThat(Page.all(this.directory)).extracting(Page::name).containsExactly("module/README.md");
	}

	private List<String> problems() {
		return new Links(this.directory, Page.all(this.directory)).problems();
	}

	private void write(String name, String text) throws IOException {
		Path file = this.directory.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

}
