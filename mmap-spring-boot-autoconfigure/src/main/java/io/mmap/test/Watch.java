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

package io.mmap.test;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.MappingObserver;
import io.mmap.internal.MappingObservers;
import io.mmap.internal.ObservedMapping;

/**
 * What was mapped during one test, or in one test class outside of its tests.
 */
final class Watch implements AutoCloseable {

	private static final Observer observer = new Observer();

	/**
	 * Those that have begun and not ended, the latest last: outside of parallel runs it
	 * is part of all that come before it.
	 */
	private static final List<Watch> open = new ArrayList<>();

	private static final int FEW = 100;

	private final String who;

	private final boolean alone;

	// Not the thread itself, by which one could reach what it has mapped
	private final long thread = Thread.currentThread().threadId();

	/**
	 * The registries that were built meanwhile, with the line of code.
	 */
	private final Map<Object, String> registries = new IdentityHashMap<>();

	private final Map<ObservedMapping, Made> made = new LinkedHashMap<>();

	private int many = FEW;

	private Watch(String who, boolean alone) {
		this.who = who;
		this.alone = alone;
	}

	/**
	 * Begin to watch.
	 * @param who the beginning of a sentence that says who has left mappings behind
	 * @param alone whether nothing runs at the same time, so that also what other threads
	 * do is part of it
	 */
	static Watch begin(String who, boolean alone) {
		Watch watch = new Watch(who, alone);
		synchronized (open) {
			if (open.isEmpty()) {
				MappingObservers.add(observer);
			}
			open.add(watch);
		}
		return watch;
	}

	/**
	 * End.
	 * @throws AssertionError if something was left behind
	 */
	@Override
	public void close() {
		List<Made> left;
		synchronized (open) {
			open.remove(this);
			if (open.isEmpty()) {
				MappingObservers.remove(observer);
			}
			left = this.made.values().stream().filter(Made::isLeft).toList();
		}
		if (!left.isEmpty()) {
			throw failure(left);
		}
	}

	static boolean isNothingOpen() {
		synchronized (open) {
			return open.isEmpty();
		}
	}

	private AssertionError failure(List<Made> left) {
		StringBuilder message = new StringBuilder(this.who).append(" left ")
			.append((left.size() == 1) ? "a mapping" : left.size() + " mappings")
			.append(" behind:");
		left.forEach((made) -> message.append(System.lineSeparator()).append("- ").append(made.describe()));
		message.append(System.lineSeparator())
			.append("Unmap what a test maps before it ends, best with a try-with-resources statement, and close what"
					+ " registries it builds.");
		List<Throwable> stacks = left.stream().map(Made::stack).filter(Objects::nonNull).toList();
		if (stacks.size() < left.size() && left.stream().anyMatch(Made::isAdHoc)) {
			message.append(" Leak detection of level 'detailed' (property 'mmap.leak-detection.level', or"
					+ " MappingRegistry.Builder.leakDetection) shows the whole stack of what mapped it.");
		}
		AssertionError failure = new AssertionError(message.toString());
		stacks.forEach(failure::addSuppressed);
		return failure;
	}

	private void add(Made made) {
		this.made.put(made.mapping, made);
		if (this.made.size() > this.many) {
			// A test may map very often
			this.made.values().removeIf((one) -> !one.isLeft());
			this.many = Math.max(FEW, 2 * this.made.size());
		}
	}

	/**
	 * Return to whom belongs what happens on the current thread, if to anyone.
	 */
	private static @Nullable Watch current() {
		long thread = Thread.currentThread().threadId();
		for (Watch watch : open.reversed()) {
			if (watch.thread == thread) {
				return watch;
			}
		}
		return (!open.isEmpty() && open.getLast().alone) ? open.getLast() : null;
	}

	private static @Nullable Watch ofRegistry(Object registry) {
		return open.stream().filter((watch) -> watch.registries.containsKey(registry)).findFirst().orElse(null);
	}

	/**
	 * Finds out whose a registry or mapping is.
	 */
	private static final class Observer implements MappingObserver {

		@Override
		public void registryMade(Object registry, String builtAt) {
			synchronized (open) {
				Watch watch = current();
				if (watch != null && !SpringFrames.arePresent()) {
					watch.registries.put(registry, builtAt);
				}
			}
		}

		@Override
		public void mapped(Object registry, ObservedMapping mapping) {
			synchronized (open) {
				boolean declared = mapping.info().declared();
				Watch watch = (declared) ? ofRegistry(registry) : current();
				if (watch != null) {
					watch.add(new Made(mapping, (declared) ? watch.registries.get(registry) : null,
							!declared && SpringFrames.arePresent()));
				}
			}
		}

		@Override
		public void replaced(ObservedMapping previous, ObservedMapping next) {
			synchronized (open) {
				for (Watch watch : open) {
					Made made = watch.made.remove(previous);
					if (made != null) {
						watch.add(new Made(next, made.registryBuiltAt, made.ofContext));
					}
				}
			}
		}

	}

	/**
	 * A mapping.
	 *
	 * @param mapping the mapping
	 * @param registryBuiltAt the line that built its registry, for a declared one
	 * @param ofContext whether it was made for an application context, which unmaps it
	 */
	private record Made(ObservedMapping mapping, @Nullable String registryBuiltAt, boolean ofContext) {

		boolean isLeft() {
			return this.mapping.leakCause() != null || (this.mapping.isMapped() && !this.ofContext);
		}

		boolean isAdHoc() {
			return this.registryBuiltAt == null;
		}

		@Nullable Throwable stack() {
			return this.mapping.creation();
		}

		String describe() {
			return this.mapping.info() + " " + fate() + ". " + origin();
		}

		private String fate() {
			return switch (this.mapping.leakCause()) {
				case GARBAGE_COLLECTED -> "was garbage collected without having been unmapped";
				case OPEN_AT_SHUTDOWN -> "was still open when its registry was closed";
				case null -> "is still mapped";
			};
		}

		private String origin() {
			if (this.registryBuiltAt != null) {
				return "It is a declared one, whose registry was built at " + this.registryBuiltAt
						+ " and was not closed.";
			}
			String createdBy = this.mapping.info().createdBy();
			return (createdBy != null) ? "It was mapped at " + createdBy + "."
					: "Where it was mapped was not recorded, since leak detection is disabled.";
		}

	}

}
