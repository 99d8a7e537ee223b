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

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.Linux;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.FaultySystemCalls;
import io.mmap.testsupport.JavaProcess;
import io.mmap.testsupport.ProcessMaps;
import io.mmap.testsupport.SystemCallLedger;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process whose heap, or whose stack, comes to an end somewhere in the middle of
 * mapping.
 */
class HeapLimitTests {

	@TempDir
	Path directory;

	@Test
	@Fault("heap-exhausted")
	void nothingStaysMappedOrOpenWhenTheHeapIsFull() throws Exception {
		JavaProcess process = run(WithoutHeap.class, "-Xmx12m", "-Xms12m");
		assertThat(process.exitCode()).as(process.output()).isZero();
		assertThat(Integer.parseInt(process.line("failures"))).as(process.output()).isGreaterThan(5);
		assertThat(process.line("left")).isEqualTo("{} {} [] 0");
		assertThat(process.line("afterwards")).isEqualTo("20000");
	}

	@Test
	@Fault("stack-exhausted")
	void nothingStaysMappedOrOpenWhenTheStackIsAtItsEnd() throws Exception {
		JavaProcess process = run(WithoutStack.class, "-Xmx64m");
		assertThat(process.exitCode()).as(process.output()).isZero();
		assertThat(Integer.parseInt(process.line("failures"))).as(process.output()).isGreaterThan(20);
		assertThat(process.line("left")).isEqualTo("{} {} [] 0");
		assertThat(process.line("afterwards")).isEqualTo("20000");
	}

	@Test
	void whatHasMovedIsUnmappedWhereItIsWhenTheHeapIsFullBeforeItIsDescribed() throws Exception {
		JavaProcess process = run(MovedWithoutHeap.class, "-Xmx12m", "-Xms12m");
		assertThat(process.exitCode()).as(process.output()).isZero();
		assertThat(process.line("failure")).startsWith("java.lang.OutOfMemoryError");
		assertThat(process.line("moved")).as("has moved").isEqualTo("true");
		assertThat(process.line("neighbour")).as("what is where it was").isEqualTo("42");
		assertThat(process.line("left")).isEqualTo("{} 0");
	}

	private JavaProcess run(Class<?> main, String... options) throws IOException, InterruptedException {
		List<String> all = new ArrayList<>(
				List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
		all.addAll(List.of(options));
		return JavaProcess.run(this.directory, System.getProperty("java.class.path"), all, main,
				this.directory.toString());
	}

	/**
	 * What maps again and again, and counts how often that fails.
	 */
	private static final class Attempts {

		private final SystemCallLedger ledger = new SystemCallLedger();

		private final MappingRegistry registry = new DefaultMappingRegistryBuilder()
			.mapper(new NativeMapper(this.ledger.proxy(), "for a test"))
			.build();

		private final Path directory;

		private final MappingSpec spec;

		private int failures;

		Attempts(Path directory) throws IOException {
			this.directory = directory;
			Path file = Files.write(directory.resolve("words"), new byte[20_000]);
			this.spec = MappingSpec.file(file).access(MappingAccess.READ_WRITE).build();
			for (int i = 0; i < 300; i++) {
				attempt();
			}
		}

		void attempt() {
			MemoryMapping mapping = null;
			try {
				mapping = this.registry.map(this.spec);
				mapping.close();
			}
			catch (OutOfMemoryError | StackOverflowError ex) {
				this.failures++;
				// Who has got it has to close it again
				this.open = (mapping != null) ? mapping : this.open;
			}
		}

		private @Nullable MemoryMapping open;

		void closeOpen() {
			if (this.open != null) {
				this.open.close();
				this.open = null;
			}
		}

		void end() {
			System.out.println("failures: " + this.failures);
			System.out.println("left: " + this.ledger.mapped() + " " + this.ledger.open() + " "
					+ ProcessMaps.locks(this.directory.resolve("words")) + " "
					+ this.registry.statistics().stream().mapToLong(MappingStatistics::mappings).sum());
			try (MemoryMapping mapping = this.registry.map(this.spec)) {
				System.out.println("afterwards: " + mapping.length());
			}
			this.registry.close();
		}

	}

	/**
	 * Fills the heap but for a little, which is more each time.
	 */
	static final class WithoutHeap {

		public static void main(String[] args) throws IOException {
			Attempts attempts = new Attempts(Path.of(args[0]));
			for (int round = 0; round < 50; round++) {
				byte[] spare = new byte[1500 * round];
				Object[] filling = fill();
				// A reference to it would keep it
				spare = null;
				attempts.attempt();
				filling = null;
				attempts.closeOpen();
			}
			attempts.end();
		}

		/**
		 * Return the last of blocks that fill the heap. The collector runs in vain for
		 * each of the last ones, so they are not too small.
		 */
		private static Object @Nullable [] fill() {
			return fillWith(1 << 15, 1 << 10);
		}

		private static Object @Nullable [] fillWith(int... lengths) {
			Object[] last = null;
			for (int length : lengths) {
				try {
					while (true) {
						Object[] next = new Object[length];
						next[0] = last;
						last = next;
					}
				}
				catch (OutOfMemoryError ex) {
					// As intended
				}
			}
			return last;
		}

	}

	/**
	 * Fills the heap to the last object when the system has moved pages, and has others
	 * mapped where they were.
	 */
	static final class MovedWithoutHeap {

		private static final int LENGTH = 20_000;

		private static final int LARGER = 1 << 24;

		private static final int[] LENGTHS = { 1 << 15, 1 << 10, 1 << 5, 1, 1, 1 };

		private static @Nullable Object filling;

		private static long neighbour;

		public static void main(String[] args) throws Exception {
			LinuxSystemCalls real = new LinuxSystemCalls();
			SystemCallLedger ledger = new SystemCallLedger();
			FaultySystemCalls calls = new FaultySystemCalls(ledger.proxy());
			try (DefaultMappingRegistry registry = new DefaultMappingRegistryBuilder()
				.mapper(new NativeMapper(calls.proxy(), "for a test"))
				.build()) {
				// So that all classes are loaded
				MemoryMapping first = registry.map(MappingSpec.anonymous(LENGTH).build());
				first.resize(LARGER);
				first.close();
				MemoryMapping mapping = registry.map(MappingSpec.anonymous(LENGTH).build());
				long address = mapping.address();
				obstruct(real, (address + LENGTH + 4095) & -4096);
				calls.afterwards("mremap", () -> {
					neighbour = mapNeighbour(real, address);
					filling = WithoutHeap.fillWith(LENGTHS);
				});
				Throwable failure = null;
				try {
					mapping.resize(LARGER);
				}
				catch (OutOfMemoryError ex) {
					failure = ex;
				}
				filling = null;
				System.out.println("failure: " + failure);
				System.out.println("moved: " + (neighbour == address));
				mapping.close();
				System.out.println("neighbour: " + at(neighbour).get(ValueLayout.JAVA_BYTE, 0));
				System.out.println("left: " + ledger.mapped() + " "
						+ registry.statistics().stream().mapToLong(MappingStatistics::mappings).sum());
			}
		}

		/**
		 * Map a page there unless something is there, or the pages could grow where they
		 * are.
		 */
		private static void obstruct(LinuxSystemCalls real, long address) throws SystemCallException {
			try {
				real.mmap(address, 4096, Linux.PROT_NONE,
						Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_FIXED_NOREPLACE, -1, 0);
			}
			catch (SystemCallException ex) {
				if (ex.errno() != Errno.EEXIST) {
					throw ex;
				}
			}
		}

		@SuppressWarnings("restricted")
		private static MemorySegment at(long address) {
			return MemorySegment.ofAddress(address).reinterpret(LENGTH);
		}

		private static long mapNeighbour(LinuxSystemCalls real, long address) {
			try {
				long there = real.mmap(address, LENGTH, Linux.PROT_READ | Linux.PROT_WRITE,
						Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_FIXED_NOREPLACE, -1, 0);
				at(there).set(ValueLayout.JAVA_BYTE, 0, (byte) 42);
				return there;
			}
			catch (SystemCallException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/**
	 * Goes down to the end of the stack, and maps on the way back.
	 */
	static final class WithoutStack {

		public static void main(String[] args) throws Exception {
			Attempts attempts = new Attempts(Path.of(args[0]));
			Thread thread = new Thread(null, () -> {
				for (int i = 0; i < 5; i++) {
					descend(attempts);
					attempts.closeOpen();
				}
			}, "deep", 1 << 19);
			thread.start();
			thread.join();
			attempts.end();
		}

		private static int descend(Attempts attempts) {
			int above;
			try {
				above = descend(attempts);
			}
			catch (StackOverflowError ex) {
				above = 0;
			}
			if (above < 150) {
				attempts.closeOpen();
				attempts.attempt();
			}
			return above + 1;
		}

	}

}
