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

package io.mmap.soak;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * Content of which a reader can tell what it is, which version of it, and whether that is
 * whole. Made and read by one thread.
 */
final class Content {

	static final long MIN_LENGTH = 100 << 10;

	static final long MAX_LENGTH = 4 << 20;

	static final int HEADER = 32;

	private static final int MAGIC = 0x50A4_50A4;

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

	private final byte[] buffer = new byte[64 << 10];

	private final CRC32C checksum = new CRC32C();

	private boolean asBuffer;

	/**
	 * Return the length of a version: small ones are more frequent than large ones.
	 */
	static long length(int kind, long version) {
		double exponent = new SplittableRandom(version * 31 + kind).nextDouble();
		return (long) (MIN_LENGTH * Math.pow((double) MAX_LENGTH / MIN_LENGTH, exponent));
	}

	/**
	 * Make the content of a file.
	 */
	byte[] make(int kind, long version) {
		byte[] content = new byte[(int) length(kind, version)];
		write(MemorySegment.ofArray(content), kind, version);
		return content;
	}

	/**
	 * Write content into memory.
	 */
	void write(MemorySegment segment, int kind, long version) {
		segment.set(INT, 0, MAGIC);
		segment.set(INT, 4, kind);
		segment.set(LONG, 8, version);
		segment.set(LONG, 16, segment.byteSize());
		SplittableRandom random = new SplittableRandom(version * 31 + kind);
		long position = HEADER;
		while (position + Long.BYTES <= segment.byteSize()) {
			segment.set(LONG, position, random.nextLong());
			position += Long.BYTES;
		}
		segment.set(LONG, 24, checksum(segment));
	}

	/**
	 * Read all of the memory.
	 * @return the version
	 * @throws WrongContentException if it is not what was written
	 */
	long verify(MemorySegment segment, int kind) {
		long length = segment.byteSize();
		if (length < HEADER) {
			throw new WrongContentException("There are only " + length + " bytes");
		}
		long version = segment.get(LONG, 8);
		if (segment.get(INT, 0) != MAGIC || segment.get(INT, 4) != kind || segment.get(LONG, 16) != length) {
			throw new WrongContentException("The header of %d bytes of kind %d says 0x%x, kind %d, version %d, %d bytes"
				.formatted(length, kind, segment.get(INT, 0), segment.get(INT, 4), version, segment.get(LONG, 16)));
		}
		if (segment.get(LONG, 24) != checksum(segment)) {
			throw new WrongContentException("The checksum of version " + version + " is wrong");
		}
		return version;
	}

	private long checksum(MemorySegment segment) {
		this.checksum.reset();
		update(segment.asSlice(0, 24));
		update(segment.asSlice(HEADER));
		return this.checksum.getValue();
	}

	/**
	 * Set whether to read through a buffer, which keeps the memory from being unmapped
	 * meanwhile even if nothing else does.
	 */
	Content asBuffer(boolean asBuffer) {
		this.asBuffer = asBuffer;
		return this;
	}

	private void update(MemorySegment segment) {
		if (this.asBuffer) {
			this.checksum.update(segment.asByteBuffer());
			return;
		}
		for (long position = 0; position < segment.byteSize(); position += this.buffer.length) {
			int length = (int) Math.min(this.buffer.length, segment.byteSize() - position);
			MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, position, this.buffer, 0, length);
			this.checksum.update(this.buffer, 0, length);
		}
	}

}
