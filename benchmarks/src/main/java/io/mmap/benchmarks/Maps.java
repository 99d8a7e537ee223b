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
package io.mmap.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import io.mmap.LeakDetectionLevel;
import io.mmap.MapperType;
import io.mmap.MappingRegistry;

/**
 * What several benchmarks do in the same way.
 */
final class Maps {

	static final int PAGE = 4096;

	private Maps() {
	}

	static MappingRegistry registry(String mapper, LeakDetectionLevel level) {
		return MappingRegistry.builder()
			.mapper(MapperType.valueOf(mapper.toUpperCase(java.util.Locale.ROOT)))
			.leakDetection(level)
			.build();
	}

	/**
	 * Map a whole file as the JDK does it.
	 */
	static MemorySegment map(Path file, Arena arena) throws IOException {
		try (FileChannel channel = FileChannel.open(file)) {
			return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
		}
	}

	/**
	 * Return the number of the descriptor that a channel of this process is open on.
	 */
	static int descriptor(Path file) throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.filter((descriptor) -> leadsTo(descriptor, file))
				.map((descriptor) -> Integer.parseInt(descriptor.getFileName().toString()))
				.findFirst()
				.orElseThrow();
		}
	}

	private static boolean leadsTo(Path descriptor, Path file) {
		try {
			return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
		}
		catch (IOException ex) {
			// That of the directory, which is closed meanwhile
			return false;
		}
	}

	/**
	 * Threads that do nothing, and nevertheless have to be told when shared memory is
	 * unmapped.
	 */
	static final class IdleThreads {

		private final CountDownLatch end = new CountDownLatch(1);

		private final List<Thread> threads = new ArrayList<>();

		IdleThreads(int count) {
			for (int i = 0; i < count; i++) {
				this.threads.add(Thread.ofPlatform().daemon().start(this::await));
			}
		}

		private void await() {
			try {
				this.end.await();
			}
			catch (InterruptedException ex) {
				// Ends as well
			}
		}

		void end() throws InterruptedException {
			this.end.countDown();
			for (Thread thread : this.threads) {
				thread.join();
			}
		}

	}

}
