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

package io.mmap.sample.wordnet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * The lines of a mapped text file. Nothing is copied but the text that is asked for.
 */
final class Lines {

	private Lines() {
	}

	/**
	 * Return where the first line of content starts: the licence stands before it, in
	 * lines that start with two spaces.
	 */
	static long skipLicence(MemorySegment file) {
		long position = 0;
		while (position < file.byteSize() && file.get(ValueLayout.JAVA_BYTE, position) == ' ') {
			position = next(file, position);
		}
		return position;
	}

	/**
	 * Return where the line after this position starts, or the size of the file.
	 */
	static long next(MemorySegment file, long position) {
		return Math.min(find(file, position, '\n') + 1, file.byteSize());
	}

	/**
	 * Return where the line around this position starts.
	 */
	static long start(MemorySegment file, long position) {
		long start = position;
		while (start > 0 && file.get(ValueLayout.JAVA_BYTE, start - 1) != '\n') {
			start--;
		}
		return start;
	}

	/**
	 * Return the text from this position to the end of its line.
	 */
	static String read(MemorySegment file, long position) {
		return read(file, position, '\n');
	}

	/**
	 * Return the text from this position up to a delimiter.
	 */
	static String read(MemorySegment file, long position, char delimiter) {
		byte[] text = new byte[Math.toIntExact(find(file, position, delimiter) - position)];
		MemorySegment.copy(file, ValueLayout.JAVA_BYTE, position, text, 0, text.length);
		return new String(text, StandardCharsets.UTF_8);
	}

	private static long find(MemorySegment file, long from, char delimiter) {
		long size = file.byteSize();
		long position = from;
		while (position < size && file.get(ValueLayout.JAVA_BYTE, position) != delimiter) {
			position++;
		}
		return position;
	}

}
