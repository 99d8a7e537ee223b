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

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

// tag::counters-class[]
/**
 * Counts events in mapped memory. Memory that consists of zeros has counted nothing yet.
 */
final class Counters {

	/**
	 * The order is that of the file: new ones come last, and none is ever taken out.
	 */
	enum Event {

		ORDER, PAYMENT, REFUND

	}

	static final long ROOM = 128; // bytes for each, and for what comes before the first

	private static final VarHandle NUMBER = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN)
		.varHandle()
		.withInvokeExactBehavior();

	private static final long MAGIC = 0x3153544e554f43L; // COUNTS1

	private final MemorySegment memory;

	Counters(MemorySegment memory) {
		long found = (long) NUMBER.getVolatile(memory, 0L);
		if (found != 0 && found != MAGIC) {
			throw new IllegalStateException("The file has something else than counters: 0x" + Long.toHexString(found));
		}
		NUMBER.setVolatile(memory, 0L, MAGIC);
		this.memory = memory;
	}

	long add(Event event, long number) {
		return (long) NUMBER.getAndAdd(this.memory, offset(event), number) + number;
	}

	long count(Event event) {
		return (long) NUMBER.getVolatile(this.memory, offset(event));
	}

	private static long offset(Event event) {
		return ROOM * (1 + event.ordinal());
	}

}
// end::counters-class[]
