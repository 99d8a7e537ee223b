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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.mmap.MapperType;
import io.mmap.MappingAccess;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;

/**
 * One of the two sides of a {@link Ring}: sends messages that can be told from damaged
 * ones, or takes them and looks.
 */
final class RingPeer {

	private static final long PATTERN = 0x9E3779B97F4A7C15L;

	private RingPeer() {
	}

	/**
	 * What another process runs.
	 * @param args what to do, a mapper, a file, and how many messages
	 */
	public static void main(String[] args) throws IOException {
		long count = Long.parseLong(args[3]);
		try (MappingRegistry registry = MappingRegistry.builder().mapper(MapperType.valueOf(args[1])).build();
				MemoryMapping mapping = map(registry, Path.of(args[2]))) {
			Ring ring = new Ring(mapping.segment());
			if (args[0].equals("send")) {
				send(ring, 0, count);
				System.out.println("sent: " + count);
			}
			else {
				System.out.println("taken: " + receive(ring, count));
			}
		}
	}

	// tag::shared-memory-map[]
	static MemoryMapping map(MappingRegistry registry, Path file) {
		return registry.map(MappingSpec.file(file)
			.access(MappingAccess.READ_WRITE)
			.length(Ring.LENGTH)
			.create(true)
			.exclusive(false)
			.build());
	}
	// end::shared-memory-map[]

	static void send(Ring ring, long first, long count) {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment message = arena.allocate(Ring.MESSAGE, Long.BYTES);
			for (long number = first; number < first + count; number++) {
				write(message, number);
				until(() -> ring.send(message));
			}
		}
	}

	/**
	 * Take messages and look at each: whether all of it belongs together, and whether its
	 * number is one higher than that of the one before.
	 */
	static Taken receive(Ring ring, long count) {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment message = arena.allocate(Ring.MESSAGE, Long.BYTES);
			long first = -1;
			long last = -1;
			long damaged = 0;
			long misplaced = 0;
			for (long i = 0; i < count; i++) {
				until(() -> ring.receive(message));
				long number = message.get(ValueLayout.JAVA_LONG, 0);
				damaged += isWhole(message, number) ? 0 : 1;
				misplaced += (i == 0 || number == last + 1) ? 0 : 1;
				first = (i == 0) ? number : first;
				last = number;
			}
			return new Taken(first, last, damaged, misplaced);
		}
	}

	static void write(MemorySegment message, long number) {
		for (int i = 0; i < Ring.MESSAGE / Long.BYTES; i++) {
			message.setAtIndex(ValueLayout.JAVA_LONG, i, (i == 0) ? number : number * PATTERN + i);
		}
	}

	private static boolean isWhole(MemorySegment message, long number) {
		for (int i = 1; i < Ring.MESSAGE / Long.BYTES; i++) {
			if (message.getAtIndex(ValueLayout.JAVA_LONG, i) != number * PATTERN + i) {
				return false;
			}
		}
		return true;
	}

	// tag::shared-memory-wait[]
	static void until(BooleanSupplier done) {
		for (int attempt = 0; !done.getAsBoolean(); attempt++) {
			if (attempt < 100) {
				Thread.onSpinWait();
			}
			else {
				LockSupport.parkNanos(50_000);
			}
		}
	}
	// end::shared-memory-wait[]

	/**
	 * What was taken.
	 *
	 * @param first the number of the first message
	 * @param last the number of the last one
	 * @param damaged how many were not as they were sent
	 * @param misplaced how many did not follow the one before
	 */
	record Taken(long first, long last, long damaged, long misplaced) {

		@Override
		public String toString() {
			return this.first + " " + this.last + " " + this.damaged + " " + this.misplaced;
		}

	}

}
