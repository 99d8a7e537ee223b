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

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often something was done, and how long it took.
 */
final class Times {

	private final LongAdder count = new LongAdder();

	private final LongAdder sum = new LongAdder();

	private final LongAccumulator max = new LongAccumulator(Math::max, 0);

	/**
	 * Count what was begun at a time and has ended now.
	 */
	void since(long start) {
		long nanos = System.nanoTime() - start;
		this.count.increment();
		this.sum.add(nanos);
		this.max.accumulate(nanos);
	}

	long count() {
		return this.count.sum();
	}

	@Override
	public String toString() {
		double millis = this.sum.sum() / 1e6 / Math.max(1, count());
		return "mean %.3f ms, max %.1f ms".formatted(millis, this.max.get() / 1e6);
	}

}
