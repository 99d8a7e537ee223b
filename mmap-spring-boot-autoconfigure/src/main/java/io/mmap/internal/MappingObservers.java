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

package io.mmap.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The observers of this process: none, unless tests look for mappings that were left.
 * Safe for use by any thread.
 */
public final class MappingObservers {

	private static final List<MappingObserver> observers = new CopyOnWriteArrayList<>();

	private MappingObservers() {
	}

	/**
	 * Tell an observer from now on.
	 * @param observer the observer
	 */
	public static void add(MappingObserver observer) {
		observers.add(observer);
	}

	/**
	 * Tell an observer no more.
	 * @param observer the observer
	 */
	public static void remove(MappingObserver observer) {
		observers.remove(observer);
	}

	/**
	 * Tell of a registry.
	 * @param builtAt finds the line of code that makes it, if anybody wants to know
	 * @return what stands for it from now on
	 */
	public static Object registryMade(Supplier<String> builtAt) {
		Object registry = new Object();
		for (MappingObserver observer : observers) {
			observer.registryMade(registry, builtAt.get());
		}
		return registry;
	}

	/**
	 * Tell of a mapping.
	 * @param registry stands for its registry
	 * @param mapping the mapping
	 */
	public static void mapped(Object registry, ObservedMapping mapping) {
		for (MappingObserver observer : observers) {
			observer.mapped(registry, mapping);
		}
	}

	/**
	 * Tell that a mapping was changed.
	 * @param previous what it was
	 * @param next what it is
	 */
	public static void replaced(ObservedMapping previous, ObservedMapping next) {
		for (MappingObserver observer : observers) {
			observer.replaced(previous, next);
		}
	}

}
