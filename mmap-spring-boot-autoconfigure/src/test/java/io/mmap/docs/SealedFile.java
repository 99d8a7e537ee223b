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
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.Seal;

/**
 * A file in memory that is filled, sealed and handed over to another process.
 */
@SuppressWarnings("restricted")
final class SealedFile {

	private static final int STANDARD_INPUT = 0;

	// tag::sealed-file-seals[]
	private static final int F_GET_SEALS = 1034;

	private static final MethodHandle FCNTL = Linker.nativeLinker()
		.downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow("fcntl"),
				FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
				Linker.Option.firstVariadicArg(2));

	static boolean isSealed(int descriptor, Seal... seals) {
		int found;
		try {
			found = (int) FCNTL.invokeExact(descriptor, F_GET_SEALS);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
		for (Seal seal : seals) { // -1 for what cannot be sealed
			if (found < 0 || (found & seal.bits()) == 0) {
				return false;
			}
		}
		return true;
	}
	// end::sealed-file-seals[]

	private SealedFile() {
	}

	// tag::sealed-file-publish[]
	static MemoryMapping publish(MappingRegistry registry, byte[] content) {
		MemoryMapping file = registry.map(MappingSpec.inMemoryFile("prices", content.length).build());
		file.segment().copyFrom(MemorySegment.ofArray(content));
		file.seal(Seal.WRITE, Seal.SHRINK, Seal.GROW, Seal.SEAL);
		return file;
	}
	// end::sealed-file-publish[]

	// tag::sealed-file-inherit[]
	static Process handOver(MemoryMapping file, ProcessBuilder reader) throws IOException {
		return reader.redirectInput(Path.of("/proc/self/fd", "" + file.descriptor()).toFile()).start();
	}
	// end::sealed-file-inherit[]

	// tag::sealed-file-accept[]
	static MemoryMapping accept(MappingRegistry registry, int descriptor) {
		if (!isSealed(descriptor, Seal.WRITE, Seal.SHRINK)) {
			throw new IllegalArgumentException("It could be changed, or truncated while we read it");
		}
		return registry.map(MappingSpec.descriptor(descriptor).build());
	}
	// end::sealed-file-accept[]

	// tag::sealed-file-open[]
	static MemoryMapping open(MappingRegistry registry, long pid, int descriptor) {
		return registry.map(MappingSpec.file(Path.of("/proc", "" + pid, "fd", "" + descriptor)).build());
	}
	// end::sealed-file-open[]

	static long sum(MemorySegment content) {
		long sum = 0;
		for (long i = 0; i < content.byteSize(); i++) {
			sum += Byte.toUnsignedInt(content.get(ValueLayout.JAVA_BYTE, i));
		}
		return sum;
	}

	/**
	 * What another process runs.
	 * @param args nothing to read what it has as standard input, or the length of what it
	 * publishes until somebody writes to its standard input
	 */
	public static void main(String[] args) throws IOException {
		try (MappingRegistry registry = MappingRegistry.builder().build()) {
			if (args.length == 0) {
				try (MemoryMapping file = accept(registry, STANDARD_INPUT)) {
					System.out.println("sum: " + sum(file.segment()));
				}
				return;
			}
			byte[] content = new byte[Integer.parseInt(args[0])];
			Arrays.fill(content, (byte) 1);
			try (MemoryMapping file = publish(registry, content)) {
				System.out.println("descriptor: " + file.descriptor());
				System.in.read();
			}
		}
	}

}
