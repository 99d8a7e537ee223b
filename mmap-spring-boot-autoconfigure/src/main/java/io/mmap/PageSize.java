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

package io.mmap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The sizes of the pages that the system maps. Needs no native access: Linux tells them
 * in files. All methods may be called from any thread.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2)</a>
 */
public final class PageSize {

	private static final int AT_PAGESZ = 6;

	private static final Pattern HUGE = Pattern.compile("hugepages-([0-9]{1,15})kB");

	private PageSize() {
	}

	/**
	 * Return the size of a page, of which every mapping takes a whole number. It is read
	 * once.
	 * @return the size in bytes, a power of two
	 * @throws UnsupportedMappingOperationException on a system that does not tell it
	 * @see <a href="https://man7.org/linux/man-pages/man3/getauxval.3.html">getauxval(3),
	 * AT_PAGESZ</a>
	 */
	public static long base() {
		return Base.OF_THIS_PROCESS.orThrow();
	}

	/**
	 * Return the sizes of huge pages that can be asked for explicitly. That there is a
	 * size does not mean that any such page is reserved. Read anew by each call.
	 * @return the sizes in bytes, ascending; empty where there are none, or where the
	 * system does not tell
	 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2),
	 * MAP_HUGETLB</a>
	 */
	public static List<Long> huge() {
		return huge(Path.of("/sys/kernel/mm/hugepages"));
	}

	/**
	 * Return the size of the huge pages that the system may use by itself. Read anew by
	 * each call.
	 * @return the size in bytes; empty where there are none, or where the system does not
	 * tell
	 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2),
	 * MADV_HUGEPAGE</a>
	 */
	public static OptionalLong transparentHuge() {
		return transparentHuge(Path.of("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"));
	}

	static List<Long> huge(Path directory) {
		List<Long> sizes = new ArrayList<>();
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
			for (Path entry : entries) {
				Matcher name = HUGE.matcher(entry.getFileName().toString());
				if (name.matches()) {
					sizes.add(Long.parseLong(name.group(1)) * 1024);
				}
			}
		}
		catch (IOException ex) {
			return List.of();
		}
		Collections.sort(sizes);
		return List.copyOf(sizes);
	}

	static OptionalLong transparentHuge(Path file) {
		try {
			return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
		}
		catch (IOException | NumberFormatException ex) {
			return OptionalLong.empty();
		}
	}

	/**
	 * The size of a page, or why it is not known.
	 *
	 * @param size the size in bytes, or 0
	 * @param failure what failed, if anything did
	 */
	record Base(long size, @Nullable IOException failure) {

		static final Path AUXILIARY_VECTOR = Path.of("/proc/self/auxv");

		static final Base OF_THIS_PROCESS = read(AUXILIARY_VECTOR);

		static Base read(Path file) {
			try {
				LongBuffer pairs = ByteBuffer.wrap(Files.readAllBytes(file))
					.order(ByteOrder.nativeOrder())
					.asLongBuffer();
				while (pairs.remaining() >= 2) {
					long type = pairs.get();
					long value = pairs.get();
					if (type == AT_PAGESZ && Long.bitCount(value) == 1) {
						return new Base(value, null);
					}
				}
				return new Base(0, null);
			}
			catch (IOException ex) {
				return new Base(0, ex);
			}
		}

		long orThrow() {
			if (this.size == 0) {
				throw new UnsupportedMappingOperationException("The page size is not known here: it is read from "
						+ AUXILIARY_VECTOR + ", which Linux on a 64-bit processor has, and that failed. Find it out in"
						+ " another way where this has to work, too.", this.failure);
			}
			return this.size;
		}

	}

}
