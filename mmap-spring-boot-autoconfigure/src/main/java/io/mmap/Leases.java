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

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

import org.jspecify.annotations.Nullable;

/**
 * Counts who uses memory, and keeps others away while it is taken from them.
 * <p>
 * The counts are striped by thread, so that threads do not contend for a cache line. Who
 * comes adds one to a stripe, then looks whether the memory is {@linkplain #close being
 * taken}, and if so undoes it. Who takes the memory says so first, and then has to see
 * each stripe at zero once: a stripe that was zero after that can have counted only those
 * who undo it.
 */
final class Leases {

	/**
	 * What {@link #enter()} returns when the memory is being taken.
	 */
	static final int NONE = -1;

	/**
	 * Enough for two threads of which each has a processor to rarely meet.
	 */
	private static final int STRIPES = Integer
		.highestOneBit(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 16) * 4 - 1);

	private static final int STRIPE_BITS = Integer.numberOfTrailingZeros(STRIPES);

	/**
	 * Two cache lines of longs, as processors fetch neighbours.
	 */
	private static final int SPACING = 16;

	private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

	private volatile @Nullable AtomicLongArray counts;

	private volatile @Nullable Closing closing;

	private volatile @Nullable Set<Holder> holders;

	/**
	 * Begin to use the memory.
	 * @return the stripe, to be given back, or {@link #NONE} if the memory is being taken
	 */
	int enter() {
		AtomicLongArray counts = this.counts;
		if (counts == null) {
			counts = makeCounts();
		}
		int stripe = stripe();
		counts.getAndIncrement(index(stripe));
		if (this.closing != null) {
			counts.getAndDecrement(index(stripe));
			return NONE;
		}
		return stripe;
	}

	/**
	 * End to use the memory.
	 * @param stripe as {@link #enter()} has returned it
	 */
	void exit(int stripe) {
		AtomicLongArray counts = this.counts;
		if (counts != null) {
			counts.getAndDecrement(index(stripe));
		}
	}

	/**
	 * Make known who uses the memory.
	 */
	void add(Holder holder) {
		Set<Holder> holders = this.holders;
		if (holders == null) {
			holders = makeHolders();
		}
		holders.add(holder);
	}

	void remove(Holder holder) {
		Set<Holder> holders = this.holders;
		if (holders != null) {
			holders.remove(holder);
		}
	}

	/**
	 * Return those who use the memory and are known.
	 */
	List<Holder> holders() {
		Set<Holder> holders = this.holders;
		return (holders != null) ? List.copyOf(holders) : List.of();
	}

	/**
	 * Return how many use the memory, known or not. Exact when nobody comes or goes.
	 */
	long count() {
		AtomicLongArray counts = this.counts;
		long count = 0;
		if (counts != null) {
			for (int stripe = 0; stripe < STRIPES; stripe++) {
				count += counts.get(index(stripe));
			}
		}
		return count;
	}

	/**
	 * Keep others away from now on. One thread at a time may do that, until it is
	 * {@linkplain #reopen() undone}; a memory that was {@linkplain #retire() retired}
	 * stays so.
	 */
	synchronized void close(Closing closing) {
		if (this.closing == null) {
			this.closing = closing;
		}
	}

	synchronized void reopen() {
		if (this.closing != Closing.RETIRED) {
			this.closing = null;
		}
	}

	/**
	 * Keep others away for good, as there is something newer for them.
	 */
	synchronized void retire() {
		this.closing = Closing.RETIRED;
	}

	/**
	 * Return why others are kept away, or {@code null} if they are not.
	 */
	@Nullable Closing closing() {
		return this.closing;
	}

	/**
	 * Return whether anybody has used the memory so far. Nobody who comes later does, if
	 * this is called after {@link #close}.
	 */
	boolean wereUsed() {
		return this.counts != null;
	}

	/**
	 * Start to watch the stripes. To be called after {@link #close}.
	 */
	Drainage drainage() {
		return new Drainage();
	}

	private synchronized AtomicLongArray makeCounts() {
		AtomicLongArray counts = this.counts;
		if (counts == null) {
			// A spacing before the first one, too, which the length of the array shares
			counts = new AtomicLongArray((STRIPES + 1) * SPACING);
			this.counts = counts;
		}
		return counts;
	}

	private synchronized Set<Holder> makeHolders() {
		Set<Holder> holders = this.holders;
		if (holders == null) {
			holders = ConcurrentHashMap.newKeySet();
			this.holders = holders;
		}
		return holders;
	}

	private static int stripe() {
		// Threads that were started one after the other get different ones
		return (int) ((Thread.currentThread().threadId() * GOLDEN_RATIO) >>> (Long.SIZE - STRIPE_BITS));
	}

	private static int index(int stripe) {
		return (stripe + 1) * SPACING;
	}

	/**
	 * Which stripes were seen at zero.
	 */
	final class Drainage {

		private final BitSet seen = new BitSet(STRIPES);

		/**
		 * Return whether nobody uses the memory any more.
		 */
		boolean isComplete() {
			AtomicLongArray counts = Leases.this.counts;
			if (counts == null) {
				return true;
			}
			for (int stripe = this.seen.nextClearBit(0); stripe < STRIPES; stripe = this.seen
				.nextClearBit(stripe + 1)) {
				if (counts.get(index(stripe)) == 0) {
					this.seen.set(stripe);
				}
			}
			return this.seen.cardinality() == STRIPES;
		}

	}

	/**
	 * Why others are kept away.
	 */
	enum Closing {

		/**
		 * The pages are about to get another protection, length or seal.
		 */
		REPLACED,

		/**
		 * The memory is about to be unmapped.
		 */
		UNMAPPED,

		/**
		 * There is a newer generation.
		 */
		RETIRED

	}

}
