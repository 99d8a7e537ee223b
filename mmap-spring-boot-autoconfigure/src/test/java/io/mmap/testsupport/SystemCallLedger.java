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

package io.mmap.testsupport;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;

import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCalls;

/**
 * The real system calls, with a list of what they have mapped and opened, and not
 * unmapped and closed since. Unlike that of the kernel, it does not contain what the JVM
 * does.
 */
public final class SystemCallLedger {

	private static final long PAGE = 4096;

	private final SystemCalls calls = new LinuxSystemCalls();

	private final SystemCalls proxy = (SystemCalls) Proxy.newProxyInstance(getClass().getClassLoader(),
			new Class<?>[] { SystemCalls.class }, (instance, method, arguments) -> invoke(method, arguments));

	/**
	 * Ends by starts.
	 */
	private final TreeMap<Long, Long> mapped = new TreeMap<>();

	/**
	 * Calls by descriptors.
	 */
	private final Map<Integer, String> open = new TreeMap<>();

	/**
	 * Return the calls, to be used instead of the real ones.
	 * @return the calls
	 */
	public SystemCalls proxy() {
		return this.proxy;
	}

	/**
	 * Return what is mapped.
	 * @return the addresses after the last, by the first
	 */
	public synchronized Map<Long, Long> mapped() {
		return new TreeMap<>(this.mapped);
	}

	/**
	 * Return what is open.
	 * @return the calls that have opened it, by descriptors
	 */
	public synchronized Map<Integer, String> open() {
		return new TreeMap<>(this.open);
	}

	private Object invoke(Method method, Object[] arguments) throws Throwable {
		Object result;
		try {
			result = method.invoke(this.calls, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
		note(method.getName(), arguments, result);
		return result;
	}

	private synchronized void note(String call, Object[] arguments, Object result) {
		switch (call) {
			case "mmap" -> add((Long) result, (Long) arguments[1]);
			case "munmap" -> remove((Long) arguments[0], (Long) arguments[1]);
			case "mremap" -> {
				remove((Long) arguments[0], (Long) arguments[1]);
				add((Long) result, (Long) arguments[2]);
			}
			case "moveOver" -> {
				remove((Long) arguments[0], (Long) arguments[1]);
				add((Long) arguments[2], (Long) arguments[1]);
			}
			case "open", "openWithoutLinks", "memfdCreate", "duplicate", "userfaultfd", "inotify" ->
				this.open.put((Integer) result, call);
			case "close" -> this.open.remove((Integer) arguments[0]);
			default -> {
			}
		}
	}

	private void add(long start, long length) {
		Map.Entry<Long, Long> around = this.mapped.floorEntry(start);
		if (around != null && end(start, length) <= around.getValue()) {
			// Part of a reserve, which is unmapped as a whole
			return;
		}
		remove(start, length);
		this.mapped.put(start, end(start, length));
	}

	private void remove(long start, long length) {
		long end = end(start, length);
		Map.Entry<Long, Long> before = this.mapped.lowerEntry(end);
		while (before != null && before.getValue() > start) {
			this.mapped.remove(before.getKey());
			if (before.getKey() < start) {
				this.mapped.put(before.getKey(), start);
			}
			if (before.getValue() > end) {
				this.mapped.put(end, before.getValue());
			}
			before = this.mapped.lowerEntry(start);
		}
	}

	private static long end(long start, long length) {
		return (start + length + PAGE - 1) & -PAGE;
	}

}
