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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.Errno;
import io.mmap.internal.ffi.LinuxSystemCalls;
import io.mmap.internal.ffi.SystemCallException;
import io.mmap.internal.ffi.SystemCalls;

/**
 * The real system calls, of which some fail when a test wants that. Calls are known by
 * the names of the methods of {@link SystemCalls}.
 */
public final class FaultySystemCalls {

	private final SystemCalls calls;

	private final SystemCalls proxy = (SystemCalls) Proxy.newProxyInstance(getClass().getClassLoader(),
			new Class<?>[] { SystemCalls.class }, (instance, method, arguments) -> invoke(method, arguments));

	private final Map<String, List<Integer>> faults = new HashMap<>();

	private final Map<String, CountDownLatch> latches = new ConcurrentHashMap<>();

	private final Map<String, Runnable> sequels = new ConcurrentHashMap<>();

	private final List<String> made = new CopyOnWriteArrayList<>();

	private final Map<String, Integer> counts = new HashMap<>();

	private @Nullable CallFault fault;

	private volatile CountDownLatch slowFlush = new CountDownLatch(0);

	/**
	 * Create an instance.
	 */
	public FaultySystemCalls() {
		this(new LinuxSystemCalls());
	}

	/**
	 * Create an instance.
	 * @param calls makes the calls that do not fail
	 */
	public FaultySystemCalls(SystemCalls calls) {
		this.calls = calls;
	}

	/**
	 * Return the calls, to be used instead of the real ones.
	 * @return the calls
	 */
	public SystemCalls proxy() {
		return this.proxy;
	}

	/**
	 * Have the next call of a kind fail. When called again before that, the one after it
	 * fails, too.
	 * @param call the name of the system call
	 * @param errno the error number; 0 to let it pass
	 */
	public synchronized void failOnce(String call, int errno) {
		this.faults.computeIfAbsent(call, (name) -> new ArrayList<>()).add(errno);
	}

	/**
	 * Have one call fail, counted from now on, and no other.
	 * @param fault which one, and how; {@code null} for none
	 */
	public synchronized void failAt(@Nullable CallFault fault) {
		this.counts.clear();
		this.fault = fault;
	}

	/**
	 * Return how often a call was made since it was said last which one is to fail.
	 * @param call the name of the system call
	 * @return the number
	 */
	public synchronized int count(String call) {
		return this.counts.getOrDefault(call, 0);
	}

	/**
	 * Have flushes take a while.
	 * @param latch what they wait for
	 */
	public void flushesWaitFor(CountDownLatch latch) {
		this.slowFlush = latch;
	}

	/**
	 * Have calls of a kind wait before they are made.
	 * @param call the name of the system call
	 * @param latch what they wait for
	 */
	public void waitBefore(String call, CountDownLatch latch) {
		this.latches.put(call, latch);
	}

	/**
	 * Have something done after calls of a kind, before their result is returned.
	 * @param call the name of the system call
	 * @param sequel what to do
	 */
	public void afterwards(String call, Runnable sequel) {
		this.sequels.put(call, sequel);
	}

	/**
	 * Return the calls that were made.
	 * @return their names, in order
	 */
	public List<String> made() {
		return List.copyOf(this.made);
	}

	private Object invoke(Method method, Object[] arguments) throws Throwable {
		this.made.add(method.getName());
		if (method.getName().equals("close")) {
			// As with the real one, the descriptor is gone whatever is answered
			Object result = invokeReal(method, arguments);
			failIfWanted("close");
			return result;
		}
		CountDownLatch latch = this.latches.get(method.getName());
		if (latch != null) {
			latch.await();
		}
		CallFault afterwards = failIfWanted(method.getName());
		if (method.getName().equals("msync")) {
			try {
				this.slowFlush.await();
			}
			catch (InterruptedException ex) {
				throw new SystemCallException("msync", Errno.EINTR);
			}
		}
		Object result = invokeReal(method, arguments);
		if (afterwards != null) {
			afterwards.fail();
		}
		Runnable sequel = this.sequels.get(method.getName());
		if (sequel != null) {
			sequel.run();
		}
		return result;
	}

	private Object invokeReal(Method method, Object[] arguments) throws Throwable {
		try {
			return method.invoke(this.calls, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	/**
	 * Fail, or return what is to fail when the call was made.
	 */
	private synchronized @Nullable CallFault failIfWanted(String call) throws SystemCallException {
		int count = this.counts.merge(call, 1, Integer::sum);
		CallFault fault = this.fault;
		if (fault != null && fault.call().equals(call) && fault.occurrence() == count) {
			if (fault.kind() == CallFault.Kind.NO_HEAP_AFTERWARDS) {
				return fault;
			}
			fault.fail();
		}
		List<Integer> errnos = this.faults.get(call);
		int errno = (errnos != null && !errnos.isEmpty()) ? errnos.removeFirst() : 0;
		if (errno != 0) {
			throw new SystemCallException(call + "(injected)", errno);
		}
		return null;
	}

}
