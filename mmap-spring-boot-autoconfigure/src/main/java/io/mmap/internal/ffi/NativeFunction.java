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

package io.mmap.internal.ffi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * The functions of the C library that are called, and the only place where handles of
 * such functions are made. A native image has to know each of them while it is built:
 * from {@code reachability-metadata.json}, which a test compares with this list.
 */
enum NativeFunction {

	/**
	 * Makes a system call: its number, and six arguments at most.
	 *
	 * @see <a href="https://man7.org/linux/man-pages/man2/syscall.2.html">syscall(2)</a>
	 */
	SYSCALL("syscall",
			FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
					JAVA_LONG),
			1),

	/**
	 * Allocates disk space, also where the file system cannot.
	 *
	 * @see <a href=
	 * "https://man7.org/linux/man-pages/man3/posix_fallocate.3.html">posix_fallocate(3)</a>
	 */
	POSIX_FALLOCATE("posix_fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
			NativeFunction.NOT_VARIADIC),

	/**
	 * Tells the size of a page.
	 *
	 * @see <a href="https://man7.org/linux/man-pages/man3/sysconf.3.html">sysconf(3)</a>
	 */
	SYSCONF("sysconf", FunctionDescriptor.of(JAVA_LONG, JAVA_INT), NativeFunction.NOT_VARIADIC);

	static final int NOT_VARIADIC = -1;

	private final String symbol;

	private final FunctionDescriptor descriptor;

	private final int firstVariadicArgument;

	NativeFunction(String symbol, FunctionDescriptor descriptor, int firstVariadicArgument) {
		this.symbol = symbol;
		this.descriptor = descriptor;
		this.firstVariadicArgument = firstVariadicArgument;
	}

	FunctionDescriptor descriptor() {
		return this.descriptor;
	}

	/**
	 * Return where the arguments begin of which C does not know the number.
	 * @return the index, or {@link #NOT_VARIADIC}
	 */
	int firstVariadicArgument() {
		return this.firstVariadicArgument;
	}

	/**
	 * Make a handle, whose first argument is where the call leaves the {@code errno}.
	 * Needs native access.
	 * @return the handle, to be kept in a constant
	 * @throws IllegalStateException if the C library lacks the function
	 */
	@SuppressWarnings("restricted")
	MethodHandle link() {
		Linker linker = Linker.nativeLinker();
		MemorySegment function = linker.defaultLookup()
			.find(this.symbol)
			.orElseThrow(() -> new IllegalStateException("The C library has no function '" + this.symbol + "'"));
		List<Linker.Option> options = new ArrayList<>();
		options.add(Linker.Option.captureCallState("errno"));
		if (this.firstVariadicArgument != NOT_VARIADIC) {
			options.add(Linker.Option.firstVariadicArg(this.firstVariadicArgument));
		}
		return linker.downcallHandle(function, this.descriptor, options.toArray(Linker.Option[]::new));
	}

}
