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

package io.mmap.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Huge pages that are reserved while this is open. Only root can do that.
 */
public final class HugePagePool implements AutoCloseable {

	private static final Path SETTING = Path.of("/proc/sys/vm/nr_hugepages");

	private final String before;

	/**
	 * Reserve huge pages, or skip the test where that is not possible.
	 * @param pages how many more there are to be
	 */
	public HugePagePool(int pages) {
		this.before = Long.toString(size());
		boolean reserved = Files.isWritable(SETTING) && reserve(size() + pages);
		Requirement.check(reserved, "only root can reserve huge pages");
	}

	/**
	 * Return how many there are.
	 * @return the number of huge pages of the default size that are reserved
	 */
	public static long size() {
		// At once, since a setting gives nothing to who reads on
		try (InputStream setting = Files.newInputStream(SETTING)) {
			return Long.parseLong(new String(setting.readNBytes(64), StandardCharsets.US_ASCII).strip());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean reserve(long pages) {
		set(Long.toString(pages));
		return size() >= pages;
	}

	private static void set(String pages) {
		try {
			Files.writeString(SETTING, pages);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		set(this.before);
	}

}
