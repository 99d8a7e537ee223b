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
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import io.mmap.docs.Page.Block;

/**
 * What the page for contributors shows of this project's own code: some lines of it, as
 * they are, with no tags around them.
 *
 * @param page the name of the page
 * @param sources the directory of the code
 */
record Excerpts(String page, Path sources) {

	/**
	 * Return whether a block of that page has lines of the code, whatever their
	 * indentation.
	 */
	boolean contain(Page page, Block block) {
		if (!page.name().equals(this.page) || !block.language().equals("java")) {
			return false;
		}
		List<String> excerpt = stripped(block.code().lines());
		try (Stream<Path> files = Files.walk(this.sources)) {
			return files.filter((file) -> file.toString().endsWith(".java"))
				.anyMatch((file) -> Collections.indexOfSubList(lines(file), excerpt) >= 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> lines(Path file) {
		try (Stream<String> lines = Files.lines(file)) {
			return stripped(lines);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> stripped(Stream<String> lines) {
		return lines.map(String::strip).toList();
	}

}
