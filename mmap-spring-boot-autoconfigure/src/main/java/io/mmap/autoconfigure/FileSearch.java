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

package io.mmap.autoconfigure;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.util.AntPathMatcher;

/**
 * Finds the regular files that match a pattern. Looks only into directories that the
 * pattern leads to, and is content with none that cannot be read: a file that is missed
 * must not go unnoticed.
 */
final class FileSearch extends SimpleFileVisitor<Path> {

	private static final AntPathMatcher MATCHER = new AntPathMatcher();

	private final Path root;

	private final String pattern;

	private final Map<String, Path> found = new TreeMap<>();

	private FileSearch(Path root, String pattern) {
		this.root = root;
		this.pattern = pattern;
	}

	/**
	 * Search a directory.
	 * @param root the directory; may be missing
	 * @param pattern what the path of a file below it has to match
	 * @return the files by that path
	 * @throws IOException if a directory to which the pattern leads cannot be read
	 */
	static Map<String, Path> search(Path root, String pattern) throws IOException {
		FileSearch search = new FileSearch(root.toAbsolutePath().normalize(), pattern);
		int depth = (pattern.contains("**")) ? Integer.MAX_VALUE : pattern.split("/").length;
		if (Files.isDirectory(search.root)) {
			Files.walkFileTree(search.root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, search);
		}
		return search.found;
	}

	@Override
	public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
		boolean leadsOn = directory.equals(this.root) || MATCHER.matchStart(this.pattern, key(directory));
		return (leadsOn) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
	}

	@Override
	public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
		if (attributes.isRegularFile() && MATCHER.match(this.pattern, key(file))) {
			this.found.put(key(file), file);
		}
		return FileVisitResult.CONTINUE;
	}

	@Override
	public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
		boolean loopOrGone = ex instanceof FileSystemLoopException || ex instanceof NoSuchFileException;
		if (loopOrGone || !MATCHER.matchStart(this.pattern, key(file))) {
			return FileVisitResult.CONTINUE;
		}
		throw ex;
	}

	private String key(Path file) {
		return this.root.relativize(file).toString();
	}

}
