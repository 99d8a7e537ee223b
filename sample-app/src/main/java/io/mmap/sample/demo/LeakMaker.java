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

package io.mmap.sample.demo;

import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import io.mmap.MappingLeak;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Leaks memory on purpose, and has that found. One leak is under way at a time, and none
 * is added to {@link #MAX_OPEN} that were not found, so that they do not add up however
 * often somebody asks for one.
 */
@Component
class LeakMaker {

	/**
	 * How much is leaked: 1 MiB.
	 */
	static final long LENGTH = 1 << 20;

	static final String LABEL = "leaked on purpose";

	/**
	 * How many may be open, because the collector has not found them yet.
	 */
	static final int MAX_OPEN = 8;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final Duration PAUSE = Duration.ofMillis(20);

	private final MappingRegistry registry;

	private final Runnable collector;

	private final Duration patience;

	private final ReentrantLock lock = new ReentrantLock();

	private final Set<String> open = new LinkedHashSet<>();

	@Autowired
	LeakMaker(MappingRegistry registry) {
		this(registry, System::gc, PATIENCE);
	}

	/**
	 * Create an instance.
	 * @param registry the registry to map with
	 * @param collector runs the garbage collector
	 * @param patience how long to wait for a leak to be found
	 */
	LeakMaker(MappingRegistry registry, Runnable collector, Duration patience) {
		this.registry = registry;
		this.collector = collector;
		this.patience = patience;
	}

	/**
	 * Map memory, drop it, and wait until the leak is found.
	 * @return the leak, or nothing if the collector has not found it in time
	 * @throws IllegalStateException if too many were not found, or another one is being
	 * made: whoever wants many would have all threads of the server wait
	 */
	Optional<MappingLeak> leak() throws InterruptedException {
		if (!this.lock.tryLock()) {
			throw new IllegalStateException("Another leak is being provoked at this moment: try again");
		}
		try {
			return leakNow();
		}
		finally {
			this.lock.unlock();
		}
	}

	private Optional<MappingLeak> leakNow() throws InterruptedException {
		this.registry.leaks().forEach((leak) -> this.open.remove(leak.mapping().name()));
		if (this.open.size() >= MAX_OPEN) {
			throw new IllegalStateException(
					"%d leaks have not been found yet, and there will be no more before".formatted(this.open.size()));
		}
		String id = mapAndDrop();
		this.open.add(id);
		long end = System.nanoTime() + this.patience.toNanos();
		do {
			this.collector.run();
			Thread.sleep(PAUSE);
			// Counts what was found but not looked at
			Optional<MappingLeak> found = this.registry.leaks()
				.stream()
				.filter((leak) -> leak.mapping().name().equals(id))
				.findFirst();
			if (found.isPresent()) {
				this.open.remove(id);
				return found;
			}
		}
		while (System.nanoTime() < end);
		return Optional.empty();
	}

	/**
	 * Nothing that would keep the memory reachable gets out of here.
	 */
	private String mapAndDrop() {
		MemoryMapping mapping = this.registry.map(MappingSpec.anonymous(LENGTH).label(LABEL).build());
		mapping.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
		return mapping.name();
	}

}
