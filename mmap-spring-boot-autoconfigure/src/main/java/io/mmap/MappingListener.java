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

/**
 * Told what happens to the mappings of a registry. What a listener throws is logged and
 * affects nothing else.
 * <p>
 * {@code mapped} and {@code unmapped} are called on the thread that maps or unmaps,
 * {@code leaked} on the thread that detects leaks or, for what is found then, on the
 * thread that closes the registry.
 * <p>
 * With Spring Boot every bean of this type is told. Such beans are made before the
 * registry, so one that needs the registry injects an
 * {@code ObjectProvider<MappingRegistry>}.
 */
public interface MappingListener {

	/**
	 * A mapping was made.
	 * @param mapping the mapping
	 */
	default void mapped(MappingInfo mapping) {
	}

	/**
	 * A mapping was unmapped, by its owner or at shutdown.
	 * @param mapping the mapping
	 */
	default void unmapped(MappingInfo mapping) {
	}

	/**
	 * A declared mapping, or a member of a set that was there before, was mapped anew,
	 * and whoever asks for its memory gets the new. Called on the thread that reloads.
	 * @param mapping the mapping as it is now
	 */
	default void reloaded(MappingInfo mapping) {
	}

	/**
	 * A preload gets on, or has ended. Called at most once a second while it does, and
	 * when it has ended, on the thread that preloads.
	 * @param preload the preload
	 */
	default void preloading(MappingPreload preload) {
	}

	/**
	 * A mapping leaked.
	 * @param leak the leak
	 */
	default void leaked(MappingLeak leak) {
	}

}
