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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

import io.mmap.MappingCandidate;
import io.mmap.MappingSet;
import io.mmap.MappingSetLease;

/**
 * Names by their number, in two files that belong together.
 */
final class Names {

	// tag::hot-reload-read[]
	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	private final MappingSet files;

	Names(MappingSet files) {
		this.files = files;
	}

	/**
	 * The index has the number of the edition, and where in the text each name ends.
	 */
	String name(int number) {
		try (MappingSetLease lease = this.files.acquire()) {
			MemorySegment index = lease.segment("names.idx");
			MemorySegment text = lease.segment("names.txt");
			long from = (number > 0) ? index.getAtIndex(LONG, number) : Long.BYTES;
			long to = index.getAtIndex(LONG, number + 1);
			byte[] name = text.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
			return new String(name, StandardCharsets.UTF_8);
		}
	}
	// end::hot-reload-read[]

	// tag::hot-reload-check[]
	static void check(MappingCandidate candidate) throws IOException {
		MemorySegment index = candidate.segments().get("names.idx");
		MemorySegment text = candidate.segments().get("names.txt");
		if (index == null || text == null || index.byteSize() < 2 * Long.BYTES || text.byteSize() < Long.BYTES) {
			throw new IOException("names.idx or names.txt is missing, or has no content");
		}
		if (index.get(LONG, 0) != text.get(LONG, 0)) {
			throw new IOException(
					"names.idx is of edition " + index.get(LONG, 0) + ", names.txt of " + text.get(LONG, 0));
		}
		if (index.get(LONG, index.byteSize() - Long.BYTES) != text.byteSize()) {
			throw new IOException("names.idx does not end where names.txt does");
		}
	}
	// end::hot-reload-check[]

	// tag::hot-reload-publish[]
	static void publish(Path directory, long edition, List<String> names) throws IOException {
		Path files = Files.createDirectory(directory.resolve("edition-" + edition));
		ByteBuffer index = ByteBuffer.allocate((1 + names.size()) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		ByteArrayOutputStream text = new ByteArrayOutputStream();
		index.putLong(edition);
		text.write(index.array(), 0, Long.BYTES);
		for (String name : names) {
			text.writeBytes(name.getBytes(StandardCharsets.UTF_8));
			index.putLong(text.size());
		}
		write(files.resolve("names.idx"), index.flip());
		write(files.resolve("names.txt"), ByteBuffer.wrap(text.toByteArray()));
		activate(directory, edition);
	}

	static void activate(Path directory, long edition) throws IOException {
		Path link = Files.createSymbolicLink(directory.resolve("next"), Path.of("edition-" + edition));
		Files.move(link, directory.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
	}

	private static void write(Path file, ByteBuffer content) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
			while (content.hasRemaining()) {
				channel.write(content);
			}
			channel.force(true);
		}
	}
	// end::hot-reload-publish[]

}
