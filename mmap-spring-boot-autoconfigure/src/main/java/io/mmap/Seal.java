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

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.PlainText;
import io.mmap.internal.ffi.Linux;

/**
 * What can be ruled out for an in-memory file, for good and for every process. A seal
 * that has no constant here can be given as a {@linkplain #ofBits(int) number}.
 * Immutable.
 *
 * @see <a href=
 * "https://man7.org/linux/man-pages/man2/F_ADD_SEALS.2const.html">F_ADD_SEALS</a>
 */
public final class Seal {

	/** No further seals ({@code F_SEAL_SEAL}). */
	public static final Seal SEAL = new Seal(Linux.F_SEAL_SEAL, "seal");

	/** The file does not get shorter ({@code F_SEAL_SHRINK}): no reader loses pages. */
	public static final Seal SHRINK = new Seal(Linux.F_SEAL_SHRINK, "shrink");

	/** The file does not get longer ({@code F_SEAL_GROW}). */
	public static final Seal GROW = new Seal(Linux.F_SEAL_GROW, "grow");

	/**
	 * Nobody writes the file any more ({@code F_SEAL_WRITE}). The mapping that is sealed
	 * becomes read-only; any other one that can be written has to be unmapped first.
	 */
	public static final Seal WRITE = new Seal(Linux.F_SEAL_WRITE, "write");

	/**
	 * Nobody writes the file but through mappings that exist already
	 * ({@code F_SEAL_FUTURE_WRITE}, Linux 5.1).
	 */
	public static final Seal FUTURE_WRITE = new Seal(Linux.F_SEAL_FUTURE_WRITE, "future-write");

	private static final List<Seal> KNOWN = List.of(SEAL, SHRINK, GROW, WRITE, FUTURE_WRITE);

	private final int bits;

	private final @Nullable String name;

	private Seal(int bits, @Nullable String name) {
		this.bits = bits;
		this.name = name;
	}

	/**
	 * Return a seal by its name or number.
	 * @param text such as {@code future-write}, in any case and with underscores or
	 * hyphens, or a number
	 * @return the seal
	 * @throws IllegalArgumentException if there is no such seal
	 */
	public static Seal of(String text) {
		String name = text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
		for (Seal seal : KNOWN) {
			if (name.equals(seal.name)) {
				return seal;
			}
		}
		if (!name.isEmpty() && name.length() < 10 && name.chars().allMatch((each) -> each >= '0' && each <= '9')) {
			return ofBits(Integer.parseInt(name));
		}
		throw new IllegalArgumentException("There is no seal '" + PlainText.of(text)
				+ "': use one of seal, shrink, grow, write, future-write, or the number of another one");
	}

	/**
	 * Return a seal by the number that the kernel knows it by. One that rules out
	 * writing, as {@code F_SEAL_EXEC} does for a file that can be executed, has to be
	 * given together with {@link #WRITE}.
	 * @param bits {@code F_SEAL_*}
	 * @return the seal, marked as a number if it has no constant here
	 * @throws IllegalArgumentException if the number is not positive, or has several bits
	 */
	public static Seal ofBits(int bits) {
		if (bits <= 0 || Integer.bitCount(bits) != 1) {
			throw new IllegalArgumentException("The number of a seal is a power of two, but this is " + bits);
		}
		return KNOWN.stream().filter((seal) -> seal.bits == bits).findFirst().orElseGet(() -> new Seal(bits, null));
	}

	/**
	 * Return the number that the kernel knows it by.
	 * @return {@code F_SEAL_*}
	 */
	public int bits() {
		return this.bits;
	}

	/**
	 * Return whether this is a number that has no constant here.
	 * @return whether nothing is known of it
	 */
	public boolean isNumberOnly() {
		return this.name == null;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Seal seal && seal.bits == this.bits;
	}

	@Override
	public int hashCode() {
		return this.bits;
	}

	/**
	 * Return the name as it is written in configuration.
	 */
	@Override
	public String toString() {
		return (this.name != null) ? this.name : "seal " + this.bits + " (a number without a name here)";
	}

}
