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

package io.mmap.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import io.mmap.MapperType;
import io.mmap.testsupport.ProcessMaps;

/**
 * Threads that do some of the {@linkplain Deed deeds} in an order that each takes from
 * random numbers of its own. With the same seed each does the same again, as far as it
 * gets in the time.
 */
final class Storm {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int MAX_LINES = 40;

	private final MapperType mapper;

	private final Path directory;

	private final long seed;

	private final List<Deed> deeds;

	private final Set<Deed> done = ConcurrentHashMap.newKeySet();

	private boolean shuttingDown;

	private boolean interrupting;

	private int platformThreads = 4;

	private int virtualThreads = 2;

	private final AtomicReference<Scene> scene = new AtomicReference<>();

	private final List<Scene> past = new ArrayList<>();

	private final AtomicInteger scenes = new AtomicInteger();

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private volatile boolean over;

	/**
	 * Create an instance.
	 * @param deeds what is done: what comes twice is done twice as often
	 */
	Storm(MapperType mapper, Path directory, long seed, List<Deed> deeds) {
		this.mapper = mapper;
		this.directory = directory;
		this.seed = seed;
		this.deeds = List.copyOf(deeds);
	}

	/**
	 * Have registries closed in the middle of it.
	 */
	Storm shuttingDown() {
		this.shuttingDown = true;
		return this;
	}

	/**
	 * Have all threads interrupted all the time.
	 */
	Storm interrupting() {
		this.interrupting = true;
		return this;
	}

	Storm threads(int platformThreads, int virtualThreads) {
		this.platformThreads = platformThreads;
		this.virtualThreads = virtualThreads;
		return this;
	}

	/**
	 * Let it rage for a time, and until everything was done at least once.
	 * @return what has gone wrong, or an empty list
	 */
	List<String> rage(Duration time) throws Exception {
		this.scene.set(newScene(new SplittableRandom(this.seed)));
		List<Thread> threads = new ArrayList<>();
		try {
			rage(time, threads);
		}
		finally {
			this.over = true;
			join(threads);
		}
		if (!this.done.containsAll(this.deeds)) {
			this.failures.add("All that was done: " + this.done);
		}
		end();
		return List.copyOf(this.failures);
	}

	private void rage(Duration time, List<Thread> threads) throws Exception {
		for (int i = 0; i < this.platformThreads + this.virtualThreads; i++) {
			SplittableRandom random = new SplittableRandom(this.seed + 0x9E37_79B9L * (i + 1));
			Thread.Builder builder = (i < this.platformThreads) ? Thread.ofPlatform() : Thread.ofVirtual();
			threads.add(builder.name("storm-" + i).start(() -> work(random)));
		}
		SplittableRandom random = new SplittableRandom(this.seed - 1);
		long start = System.nanoTime();
		while (!this.over && !isEnough(System.nanoTime() - start, time)) {
			if (this.interrupting) {
				threads.forEach(Thread::interrupt);
				LockSupport.parkNanos(random.nextInt(1, 400_000));
			}
			else {
				Thread.sleep(random.nextInt(1, 20));
			}
			if (this.shuttingDown) {
				shutDown(random);
			}
		}
	}

	private void join(List<Thread> threads) throws InterruptedException {
		for (Thread thread : threads) {
			if (!thread.join(PATIENCE)) {
				AssertionError stuck = new AssertionError("Thread '" + thread.getName() + "' does not end");
				stuck.setStackTrace(thread.getStackTrace());
				failed(stuck);
			}
		}
	}

	private boolean isEnough(long nanos, Duration time) {
		return nanos >= time.toNanos() && (this.done.containsAll(this.deeds) || nanos > PATIENCE.toNanos());
	}

	private Scene newScene(SplittableRandom random) throws IOException {
		return new Scene(this.mapper, this.directory.resolve("scene" + this.scenes.incrementAndGet()), random.split());
	}

	private void shutDown(SplittableRandom random) throws IOException {
		Scene previous = this.scene.getAndSet(newScene(random));
		this.past.add(previous);
		previous.close();
	}

	private void work(SplittableRandom random) {
		while (!this.over) {
			Deed deed = this.deeds.get(random.nextInt(this.deeds.size()));
			// Not to depend on how many the deed takes
			SplittableRandom own = random.split();
			try {
				deed.on(this.scene.get(), own);
				this.done.add(deed);
			}
			catch (Throwable ex) {
				failed(new AssertionError(deed + " has failed", ex));
			}
		}
	}

	private void failed(Throwable failure) {
		this.over = true;
		StringWriter text = new StringWriter();
		failure.printStackTrace(new PrintWriter(text));
		this.failures.add("In thread '" + Thread.currentThread().getName() + "': "
				+ text.toString().lines().limit(MAX_LINES).collect(Collectors.joining(System.lineSeparator())));
	}

	/**
	 * Check that everything has come to its end.
	 */
	private void end() throws InterruptedException {
		this.past.add(this.scene.get());
		for (Scene each : this.past) {
			each.end(this.failures);
		}
		this.scene.set(null);
		this.past.clear();
		ProcessMaps.regions(this.directory).forEach((region) -> this.failures.add("Left mapped: " + region));
		ProcessMaps.regions()
			.stream()
			.filter((region) -> region.contains("memfd:chaos") || region.contains("/dev/zero"))
			.forEach((region) -> this.failures.add("Left mapped: " + region));
		ProcessMaps.descriptors(this.directory).forEach((file) -> this.failures.add("Left open: " + file));
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!threads().isEmpty() && System.nanoTime() < deadline) {
			Thread.sleep(10);
		}
		threads().forEach((thread) -> this.failures.add("Left running: " + thread));
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("mmap-"))
			.toList();
	}

}
