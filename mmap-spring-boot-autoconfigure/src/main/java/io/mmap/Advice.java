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

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.PlainText;

/**
 * How memory is going to be used. None of this changes its content; for what does see
 * {@link DestructiveAdvice}. Advice that has no constant here can be given as a
 * {@linkplain #ofNumber(int) number}. Immutable.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/madvise.2.html">madvise(2)</a>
 */
public final class Advice {

	private static final Map<String, Advice> KNOWN = new LinkedHashMap<>();

	/**
	 * Numbers that give up content, guard or poison pages.
	 */
	private static final Set<Integer> HARMFUL = Set.of(4, 8, 9, 24, 100, 101, 102, 103);

	/** No special treatment, the default ({@code MADV_NORMAL}). */
	public static final Advice NORMAL = known("normal", 0);

	/**
	 * Accessed in random order ({@code MADV_RANDOM}): nothing is read ahead. Kernels from
	 * 6.4 on evict such pages eagerly; measure before using it.
	 */
	public static final Advice RANDOM = known("random", 1);

	/** Accessed in order ({@code MADV_SEQUENTIAL}): more is read ahead. */
	public static final Advice SEQUENTIAL = known("sequential", 2);

	/**
	 * Needed soon ({@code MADV_WILLNEED}): starts to read ahead, at most as much as the
	 * device's read-ahead size. For all of it see {@link MappedRange#prefault()}.
	 */
	public static final Advice WILL_NEED = known("will-need", 3);

	/** Not inherited by forked processes ({@code MADV_DONTFORK}). */
	public static final Advice DONT_FORK = known("dont-fork", 10);

	/** Undoes {@link #DONT_FORK} ({@code MADV_DOFORK}). */
	public static final Advice DO_FORK = known("do-fork", 11);

	/**
	 * Pages of equal content may be merged ({@code MADV_MERGEABLE}). For private
	 * anonymous memory.
	 */
	public static final Advice MERGEABLE = known("mergeable", 12);

	/** Undoes {@link #MERGEABLE} ({@code MADV_UNMERGEABLE}). */
	public static final Advice UNMERGEABLE = known("unmergeable", 13);

	/** Huge pages are preferred ({@code MADV_HUGEPAGE}). */
	public static final Advice HUGE_PAGE = known("huge-page", 14);

	/** Huge pages are avoided ({@code MADV_NOHUGEPAGE}). */
	public static final Advice NO_HUGE_PAGE = known("no-huge-page", 15);

	/** Left out of core dumps ({@code MADV_DONTDUMP}). */
	public static final Advice DONT_DUMP = known("dont-dump", 16);

	/** Undoes {@link #DONT_DUMP} ({@code MADV_DODUMP}). */
	public static final Advice DO_DUMP = known("do-dump", 17);

	/**
	 * Zeros in forked processes ({@code MADV_WIPEONFORK}). For private anonymous memory.
	 */
	public static final Advice WIPE_ON_FORK = known("wipe-on-fork", 18);

	/** Undoes {@link #WIPE_ON_FORK} ({@code MADV_KEEPONFORK}). */
	public static final Advice KEEP_ON_FORK = known("keep-on-fork", 19);

	/** The first to be evicted when memory is short ({@code MADV_COLD}). */
	public static final Advice COLD = known("cold", 20);

	/** Evicted now: written and taken out of memory ({@code MADV_PAGEOUT}). */
	public static final Advice PAGE_OUT = known("page-out", 21);

	/** Made huge pages now, by copying ({@code MADV_COLLAPSE}). */
	public static final Advice COLLAPSE = known("collapse", 25);

	private final int number;

	private final @Nullable String name;

	private Advice(int number, @Nullable String name) {
		this.number = number;
		this.name = name;
	}

	private static Advice known(String name, int number) {
		Advice advice = new Advice(number, name);
		KNOWN.put(name, advice);
		return advice;
	}

	/**
	 * Return advice by its name or number.
	 * @param text such as {@code will-need}, in any case and with underscores or hyphens,
	 * or a number
	 * @return the advice
	 * @throws IllegalArgumentException if there is no such advice, or it does harm
	 */
	public static Advice of(String text) {
		String name = text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
		Advice advice = KNOWN.get(name);
		if (advice != null) {
			return advice;
		}
		if (!name.isEmpty() && name.length() < 10 && name.chars().allMatch((each) -> each >= '0' && each <= '9')) {
			return ofNumber(Integer.parseInt(name));
		}
		throw new IllegalArgumentException("There is no advice '" + PlainText.of(text) + "': use one of "
				+ String.join(", ", KNOWN.keySet()) + ", or the number of another one");
	}

	/**
	 * Return advice by the number that the kernel knows it by.
	 * @param number {@code MADV_*}
	 * @return the advice, marked as a number if it has no constant here
	 * @throws IllegalArgumentException if the number is negative, or stands for advice
	 * that gives up the content of pages or makes them inaccessible
	 */
	public static Advice ofNumber(int number) {
		if (number < 0) {
			throw new IllegalArgumentException("The number of advice must not be negative, but is " + number);
		}
		if (HARMFUL.contains(number)) {
			throw new IllegalArgumentException("Advice " + number
					+ " gives up the content of pages or makes them inaccessible. Use MappedRange.discard for what"
					+ " DestructiveAdvice has; the rest is not offered");
		}
		return KNOWN.values()
			.stream()
			.filter((advice) -> advice.number == number)
			.findFirst()
			.orElseGet(() -> new Advice(number, null));
	}

	/**
	 * Return the number that the kernel knows it by.
	 * @return {@code MADV_*}
	 */
	public int number() {
		return this.number;
	}

	/**
	 * Return whether this is a number that has no constant here.
	 * @return whether nothing is known of it
	 */
	public boolean isNumberOnly() {
		return this.name == null;
	}

	/**
	 * Return whether the kernel refuses this for anything but private anonymous memory.
	 */
	boolean needsPrivateAnonymousMemory() {
		return this == MERGEABLE || this == UNMERGEABLE || this == WIPE_ON_FORK || this == KEEP_ON_FORK;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Advice advice && advice.number == this.number;
	}

	@Override
	public int hashCode() {
		return this.number;
	}

	/**
	 * Return the name as it is written in configuration.
	 */
	@Override
	public String toString() {
		return (this.name != null) ? this.name : "advice " + this.number + " (a number without a name here)";
	}

}
