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
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.testsupport.Fault;
import io.mmap.testsupport.JavaProcess;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * JVMs that use a mapping in ways which end them when the file is truncated: each with
 * the guard, and without it to show that it is the guard that saves them.
 */
@ParameterizedClass(name = "{0} mapper")
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
@EnabledOnOs(OS.LINUX)
class TruncationGuardSurvivalTests {

	private static final int SIZE = 1 << 20;

	@Parameter
	MapperType mapper;

	@TempDir
	Path directory;

	private Path file;

	@BeforeEach
	void writeFile() throws IOException {
		this.file = Files.write(this.directory.resolve("file"), GuardedFiles.content(1, SIZE));
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "COMPARE_AND_SET")
	@Fault("truncated-under-native-code")
	void withTheGuardReadersOnTwoThreadsSeeNoDifference(Use use) throws Exception {
		JavaProcess result = run("guarded", use);
		assertThat(result.output()).contains("truncated").contains("survived, 0 wrong");
		assertThat(result.exitCode()).isZero();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GET_ACQUIRE")
	void withoutTheGuardTheJvmEnds(Use use) throws Exception {
		JavaProcess result = run("bare", use);
		assertThat(result.output()).contains("SIGBUS").doesNotContain("survived");
		assertThat(result.exitCode()).isNotZero();
	}

	@Test
	void aProcessThatLeavesEverythingOpenEnds() throws Exception {
		JavaProcess result = run("left-open", Use.CRC32);
		assertThat(result.output()).contains("left open");
		assertThat(result.exitCode()).isZero();
	}

	private JavaProcess run(String mode, Use use) throws IOException, InterruptedException {
		return JavaProcess.run(this.directory, System.getProperty("java.class.path"),
				List.of("--enable-native-access=ALL-UNNAMED", "-XX:-CreateCoredumpOnCrash",
						"-XX:ErrorFile=" + this.directory.resolve("error.log")),
				Main.class, mode, use.name(), this.mapper.name(), this.file.toString());
	}

	/**
	 * What is done with a mapping.
	 */
	enum Use {

		/** A stub that the compiler puts in the place of a method. */
		CRC32((segment) -> {
			CRC32 crc = new CRC32();
			crc.update(segment.asByteBuffer());
			return crc.getValue();
		}),

		/**
		 * Compiled to a stub once it is hot, which begins after the first bytes.
		 */
		MISMATCH((segment) -> Main.COPY.mismatch(segment)),

		/** Native code of the JDK. */
		DEFLATER((segment) -> {
			Deflater deflater = new Deflater(Deflater.BEST_SPEED);
			deflater.setInput(segment.asByteBuffer());
			deflater.finish();
			ByteBuffer output = ByteBuffer.allocate(1 << 16);
			deflater.deflate(output);
			CRC32 crc = new CRC32();
			crc.update(output.flip());
			deflater.end();
			return crc.getValue();
		}),

		/** Native code of somebody else. */
		MEMCPY((segment) -> {
			try (Arena arena = Arena.ofConfined()) {
				MemorySegment copy = arena.allocate(segment.byteSize());
				MemorySegment ignored = (MemorySegment) Main.MEMCPY.invokeExact(copy, segment, segment.byteSize());
				return copy.get(JAVA_LONG, segment.byteSize() - 8);
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		}),

		/** Of a mapping that can be written, which cannot be guarded. */
		COMPARE_AND_SET((segment) -> (Main.LONG.compareAndSet(segment, segment.byteSize() - 8, 0L, 0L)) ? 1 : 0),

		/** The closest to it that there is for reading. */
		GET_ACQUIRE((segment) -> (long) Main.LONG.getAcquire(segment, segment.byteSize() - 8));

		private final ToLongFunction<MemorySegment> function;

		Use(ToLongFunction<MemorySegment> function) {
			this.function = function;
		}

		void truncate(Path file) throws IOException, InterruptedException {
			if (this == MISMATCH) {
				GuardedFiles.shell("dd if=/dev/null of='" + file + "' bs=4096 seek=1 status=none");
			}
			else {
				GuardedFiles.truncate(file);
			}
		}

		boolean isCold() {
			return this == COMPARE_AND_SET || this == GET_ACQUIRE;
		}

	}

	/**
	 * What the process runs.
	 */
	static final class Main {

		static final MemorySegment COPY = MemorySegment.ofArray(GuardedFiles.content(1, SIZE));

		static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

		@SuppressWarnings("restricted")
		static final MethodHandle MEMCPY = Linker.nativeLinker()
			.downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow("memcpy"),
					FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));

		private static final AtomicLong uses = new AtomicLong();

		private static final AtomicLong wrong = new AtomicLong();

		private static volatile boolean ended;

		public static void main(String[] args) throws Exception {
			Use use = Use.valueOf(args[1]);
			MapperType mapper = MapperType.valueOf(args[2]);
			Path file = Path.of(args[3]);
			TruncationGuard guard = new TruncationGuard(new LinuxSystemCalls(), Long.MAX_VALUE);
			GuardedMapping mapping = (use == Use.COMPARE_AND_SET) ? GuardedMapping.writable(mapper, file, SIZE)
					: GuardedMapping.readOnly(mapper, file, 0, Files.size(file));
			if (!args[0].equals("bare")) {
				mapping.guardedBy(guard);
			}
			if (args[0].equals("left-open")) {
				System.out.println("left open");
				return;
			}
			List<Thread> threads = new ArrayList<>();
			long expected = (use.isCold()) ? 0 : use.function.applyAsLong(mapping.segment());
			if (!use.isCold()) {
				for (int i = 0; i < 2; i++) {
					threads.add(Thread.ofPlatform().start(() -> read(use, mapping.segment(), expected)));
				}
				long deadline = System.nanoTime() + 1_000_000_000;
				while (System.nanoTime() < deadline) {
					Thread.sleep(10);
				}
			}
			use.truncate(file);
			System.out.println("truncated to " + Files.size(file) + " bytes");
			if (use.isCold()) {
				long last = ByteBuffer.wrap(GuardedFiles.content(1, SIZE))
					.order(ByteOrder.nativeOrder())
					.getLong(SIZE - 8);
				wrong.addAndGet((use.function.applyAsLong(mapping.segment()) == last) ? 0 : 1);
			}
			else {
				long before = uses.get();
				while (uses.get() < before + 20) {
					Thread.sleep(10);
				}
			}
			ended = true;
			for (Thread thread : threads) {
				thread.join();
			}
			mapping.close();
			guard.close();
			System.out.println("survived, " + wrong + " wrong");
		}

		private static void read(Use use, MemorySegment segment, long expected) {
			while (!ended) {
				try {
					wrong.addAndGet((use.function.applyAsLong(segment) == expected) ? 0 : 1);
				}
				catch (InternalError ex) {
					wrong.incrementAndGet();
				}
				uses.incrementAndGet();
			}
		}

		private Main() {
		}

	}

}
