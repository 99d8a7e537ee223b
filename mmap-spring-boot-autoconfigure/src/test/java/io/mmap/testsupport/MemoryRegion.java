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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * What the kernel says about a region of this process's memory. Neighbours that are alike
 * are one region.
 */
public final class MemoryRegion {

	private final String header;

	private final List<String> lines = new ArrayList<>();

	private MemoryRegion(String header) {
		this.header = header;
	}

	/**
	 * Return the region at an address.
	 * @param address the address
	 * @return the region as it is now
	 */
	public static MemoryRegion at(long address) {
		return find(address)
			.orElseThrow(() -> new NoSuchElementException("Nothing is mapped at 0x" + Long.toHexString(address)));
	}

	/**
	 * Return the region at an address, if something is mapped there.
	 * @param address the address
	 * @return the region as it is now
	 */
	public static Optional<MemoryRegion> find(long address) {
		MemoryRegion region = null;
		try {
			for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
				if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
					if (region != null) {
						break;
					}
					MemoryRegion found = new MemoryRegion(line);
					region = (found.end(0) <= address && address < found.end(1)) ? found : null;
				}
				else if (region != null) {
					region.lines.add(line);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return Optional.ofNullable(region);
	}

	private long end(int index) {
		return Long.parseUnsignedLong(this.header.substring(0, this.header.indexOf(' ')).split("-")[index], 16);
	}

	/**
	 * Return what is permitted, and whether it is shared or private.
	 * @return as in {@code /proc/self/maps}, such as {@code r--s}
	 */
	public String permissions() {
		return this.header.split(" +")[1];
	}

	/**
	 * Return what is mapped.
	 * @return as in {@code /proc/self/maps}, such as a path; empty if that says nothing
	 */
	public String name() {
		String[] columns = this.header.split(" +", 6);
		return (columns.length == 6) ? columns[5] : "";
	}

	/**
	 * Return a number of the kernel's.
	 * @param name what it is called, such as {@code AnonHugePages}
	 * @return the number in kilobytes
	 */
	public long kilobytes(String name) {
		return Long.parseLong(value(name).replace(" kB", ""));
	}

	/**
	 * Return the flags of the region.
	 * @return the abbreviations of {@code proc_pid_smaps(5)}, such as {@code lo}
	 */
	public List<String> flags() {
		return List.of(value("VmFlags").split(" "));
	}

	private String value(String name) {
		return this.lines.stream()
			.filter((line) -> line.startsWith(name + ":"))
			.map((line) -> line.substring(name.length() + 1).strip())
			.findFirst()
			.orElseThrow();
	}

	@Override
	public String toString() {
		return this.header;
	}

}
