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

// tag::shared-memory-ring[]
/**
 * Messages from one thread to another one, which may be of another process. Memory that
 * consists of zeros is an empty ring. All numbers are in the byte order of the machine.
 */
final class Ring {

	static final long SLOTS = 1024;

	static final long MESSAGE = 64; // bytes

	static final long SENT = 0; // how many were ever sent, written by the sender

	static final long TAKEN = 128; // how many were ever taken, written by the receiver

	static final long MESSAGES = 256;

	static final long LENGTH = MESSAGES + SLOTS * MESSAGE; // 65,792

	private static final VarHandle NUMBER = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

	private final MemorySegment memory;

	Ring(MemorySegment memory) {
		this.memory = memory;
	}

	boolean send(MemorySegment message) {
		long sent = (long) NUMBER.get(this.memory, SENT);
		long taken = (long) NUMBER.getAcquire(this.memory, TAKEN); // 1
		if (waiting(sent, taken) == SLOTS) {
			return false; // full
		}
		MemorySegment.copy(message, 0, this.memory, slot(sent), MESSAGE);
		NUMBER.setRelease(this.memory, SENT, sent + 1); // 2
		return true;
	}

	boolean receive(MemorySegment message) {
		long taken = (long) NUMBER.get(this.memory, TAKEN);
		long sent = (long) NUMBER.getAcquire(this.memory, SENT); // 3
		if (waiting(sent, taken) == 0) {
			return false; // empty
		}
		MemorySegment.copy(this.memory, slot(taken), message, 0, MESSAGE);
		NUMBER.setRelease(this.memory, TAKEN, taken + 1); // 4
		return true;
	}

	private static long waiting(long sent, long taken) {
		if (sent - taken < 0 || sent - taken > SLOTS) {
			throw new IllegalStateException("No ring: " + sent + " messages were sent, and " + taken + " taken");
		}
		return sent - taken;
	}

	static long slot(long number) {
		return MESSAGES + (number % SLOTS) * MESSAGE;
	}

}
// end::shared-memory-ring[]
