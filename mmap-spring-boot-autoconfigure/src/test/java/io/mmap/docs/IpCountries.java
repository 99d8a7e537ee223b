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
import java.util.zip.CRC32C;

/**
 * The country of each IPv4 address, in a file of ranges.
 */
final class IpCountries {

	// tag::lookup-table-layout[]
	static final int MAGIC = 0x31435049; // IPC1

	static final int VERSION = 1;

	static final long HEADER = 32; // magic, version, number of ranges (long), checksum

	static final long RANGE = 8; // first address (unsigned int), country (2 letters), 0

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

	// end::lookup-table-layout[]

	private static final int PIECE = 1 << 16;

	// tag::lookup-table-search[]
	private final MemorySegment table;

	private final long ranges;

	IpCountries(MemorySegment table) {
		this.table = table;
		this.ranges = (table.byteSize() - HEADER) / RANGE;
	}

	/**
	 * Return the country of an address, or nothing before the first range. A range goes
	 * to where the next one starts.
	 */
	String country(int address) {
		long low = 0;
		long high = this.ranges - 1;
		while (low <= high) {
			long middle = (low + high) >>> 1;
			int first = this.table.get(INT, HEADER + middle * RANGE);
			if (Integer.compareUnsigned(first, address) <= 0) {
				low = middle + 1;
			}
			else {
				high = middle - 1;
			}
		}
		return (high < 0) ? "" : text(HEADER + high * RANGE + Integer.BYTES);
	}

	private String text(long offset) {
		byte[] letters = { this.table.get(ValueLayout.JAVA_BYTE, offset),
				this.table.get(ValueLayout.JAVA_BYTE, offset + 1) };
		return new String(letters, StandardCharsets.US_ASCII);
	}
	// end::lookup-table-search[]

	// tag::lookup-table-write[]
	static void write(Path file, Iterable<Range> ranges) throws IOException {
		Path temporary = file.resolveSibling(file.getFileName() + ".new");
		ByteBuffer buffer = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
		CRC32C checksum = new CRC32C();
		long count = 0;
		try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE,
				StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
			channel.position(HEADER);
			for (Range range : ranges) {
				buffer.putInt(range.first()).put(range.country().getBytes(StandardCharsets.US_ASCII), 0, 2);
				buffer.putShort((short) 0);
				count++;
				if (!buffer.hasRemaining()) {
					drain(buffer, checksum, channel);
				}
			}
			drain(buffer, checksum, channel);
			buffer.putInt(MAGIC).putInt(VERSION).putLong(count).putLong(checksum.getValue()).putLong(0);
			channel.write(buffer.flip(), 0);
			channel.force(true); // the content is on the disk before its name is
		}
		Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
		try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent())) {
			directory.force(true); // and so is its name
		}
	}

	private static void drain(ByteBuffer buffer, CRC32C checksum, FileChannel channel) throws IOException {
		checksum.update(buffer.flip());
		buffer.rewind();
		while (buffer.hasRemaining()) {
			channel.write(buffer);
		}
		buffer.clear();
	}

	record Range(int first, String country) {
	}
	// end::lookup-table-write[]

	// tag::lookup-table-check[]
	static void check(MemorySegment table) throws IOException {
		require(table.byteSize() >= HEADER && table.get(INT, 0) == MAGIC, "it is no table of countries");
		require(table.get(INT, 4) == VERSION, "its version is " + table.get(INT, 4) + " instead of " + VERSION);
		require(table.byteSize() == HEADER + table.get(LONG, 8) * RANGE, "it is not complete");
		require(table.get(LONG, 16) == checksum(table), "it is damaged: its checksum is another one");
	}

	private static long checksum(MemorySegment table) {
		CRC32C checksum = new CRC32C();
		byte[] piece = new byte[PIECE];
		for (long from = HEADER; from < table.byteSize(); from += PIECE) {
			int length = (int) Math.min(PIECE, table.byteSize() - from);
			MemorySegment.copy(table, ValueLayout.JAVA_BYTE, from, piece, 0, length);
			checksum.update(piece, 0, length); // of the heap: see below
		}
		return checksum.getValue();
	}

	private static void require(boolean condition, String problem) throws IOException {
		if (!condition) {
			throw new IOException(problem);
		}
	}
	// end::lookup-table-check[]

}
