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

package io.mmap.sample.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

import io.mmap.sample.SampleProperties;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.FileSystemUtils;

/**
 * The editions of the dictionary: the one that is there, and a second one that is made
 * from it, with a capital letter at the start of each definition. The directory of the
 * dictionary is a symbolic link, in the place of which one to the other edition is
 * renamed. So the files that were unpacked by the build are never written.
 */
class Editions {

	private static final Log logger = LogFactory.getLog(Editions.class);

	/**
	 * In the second edition, the link to the first one. Without a dot: it is no file of
	 * the dictionary.
	 */
	private static final String FIRST = "first";

	private final Path data;

	private final Path dictionary;

	private final Path unpacked;

	private final Path editions;

	/**
	 * Create an instance.
	 * @param properties where the files are
	 */
	Editions(SampleProperties properties) {
		this.data = properties.data().toAbsolutePath();
		this.dictionary = properties.dictionary().toAbsolutePath();
		this.unpacked = properties.wordnet().toAbsolutePath().resolve("dict");
		this.editions = this.data.resolve("editions");
	}

	/**
	 * Link to the files that the build has unpacked, unless there is a dictionary, or
	 * another place was configured for it. If that cannot be written the application does
	 * not start, for want of a dictionary, and says so better than this could.
	 */
	void install() {
		// A link that leads nowhere is of a build that was cleaned or moved
		if (!this.data.equals(this.dictionary.getParent()) || Files.exists(this.dictionary)
				|| !Files.isDirectory(this.unpacked)) {
			return;
		}
		try {
			Files.createDirectories(this.data);
			linkOrCopy();
		}
		catch (IOException ex) {
			logger.warn("The dictionary could not be put in its place: " + ex);
		}
	}

	private void linkOrCopy() throws IOException {
		try {
			link(this.unpacked);
		}
		catch (UnsupportedOperationException | FileSystemException ex) {
			// Not every system has links, or lets everybody make them
			FileSystemUtils.copyRecursively(this.unpacked, this.dictionary);
		}
	}

	/**
	 * Put the other edition in the place of the current one.
	 * @return whether the second one is current now
	 * @throws IOException if that cannot be written
	 * @throws IllegalStateException if the directory is no link that could be replaced
	 */
	synchronized boolean replace() throws IOException {
		if (!Files.isSymbolicLink(this.dictionary)) {
			throw new IllegalStateException("The directory of the dictionary is not a symbolic link, "
					+ "in the place of which another one could be renamed");
		}
		Path current = this.dictionary.toRealPath();
		if (Files.isSymbolicLink(current.resolve(FIRST))) {
			link(current.resolve(FIRST).toRealPath());
			return false;
		}
		Files.createDirectories(this.editions);
		// No second edition is current: what there is was left over from the last time
		try (Stream<Path> old = Files.list(this.editions)) {
			for (Path directory : old.toList()) {
				FileSystemUtils.deleteRecursively(directory);
			}
		}
		Path second = Files.createTempDirectory(this.editions, "second-");
		Files.createSymbolicLink(second.resolve(FIRST), current);
		for (Path file : files(current)) {
			write(file, second.resolve(file.getFileName()));
		}
		link(second);
		return true;
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter((file) -> file.getFileName().toString().matches("(index|data)\\..*")).toList();
		}
	}

	private static void write(Path file, Path copy) throws IOException {
		byte[] content = Files.readAllBytes(file);
		if (file.getFileName().toString().startsWith("data.")) {
			capitalize(content);
		}
		Files.write(copy, content);
		try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
			channel.force(true);
		}
	}

	/**
	 * Change the first letter of each definition, which follows the first bar of a line.
	 * No byte moves, so that the offsets in the indexes stay right. The licence, which
	 * comes first, has no bars.
	 */
	private static void capitalize(byte[] content) {
		boolean found = false;
		for (int i = 0; i < content.length - 2; i++) {
			if (content[i] == '\n') {
				found = false;
			}
			else if (!found && content[i] == '|' && content[i + 1] == ' ') {
				found = true;
				content[i + 2] = (byte) capital(content[i + 2]);
			}
		}
	}

	private static int capital(byte letter) {
		return (letter >= 'a' && letter <= 'z') ? letter - 'a' + 'A' : letter;
	}

	/**
	 * Lead to another directory from one moment to the next.
	 */
	private void link(Path target) throws IOException {
		Path link = this.dictionary.resolveSibling(this.dictionary.getFileName() + ".new");
		Files.deleteIfExists(link);
		Files.createSymbolicLink(link, target);
		Files.move(link, this.dictionary, StandardCopyOption.ATOMIC_MOVE);
	}

}
