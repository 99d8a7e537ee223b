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
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page, or part of one, that is made by a test.
 */
final class GeneratedPage {

	private static final boolean WRITE = Boolean.getBoolean("docs.write");

	private GeneratedPage() {
	}

	/**
	 * Check that a page is as it is made now, or make it so with
	 * {@code -Ddocs.write=true}.
	 * @param name the name of the page
	 * @param text what it is to be
	 * @param test the test that makes it
	 */
	static void check(String name, String text, Class<?> test) {
		if (WRITE) {
			write(name, text);
		}
		List<String> page = (Files.exists(Page.ROOT.resolve(name))) ? Page.of(name).lines() : List.of();
		List<String> expected = text.lines().toList();
		int line = 0;
		while (line < Math.min(page.size(), expected.size()) && page.get(line).equals(expected.get(line))) {
			line++;
		}
		assertThat(page)
			.as("%s is not what it should be from its line %d on, which should be:\n%s\nIf that is right, have it"
					+ " written again with 'mvn -o -pl mmap-spring-boot-autoconfigure test -Dtest=%s -Ddocs.write=true'",
					name, line + 1, (line < expected.size()) ? expected.get(line) : "its end", test.getSimpleName())
			.isEqualTo(expected);
	}

	private static void write(String name, String text) {
		try {
			Files.writeString(Page.ROOT.resolve(name), text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
