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

/**
 * Is told what any registry of this process does, on the thread that does it. Must not
 * throw, and must not map.
 */
public interface MappingObserver {

	/**
	 * A registry is being made.
	 * @param registry stands for the registry, and does not lead to it
	 * @param builtAt the line of code that makes it
	 */
	void registryMade(Object registry, String builtAt);

	/**
	 * Memory was mapped.
	 * @param registry stands for the registry
	 * @param mapping the mapping
	 */
	void mapped(Object registry, ObservedMapping mapping);

	/**
	 * A mapping got another length, protection or seal, and is described anew.
	 * @param previous what it was, still said to be mapped
	 * @param next what it is
	 */
	void replaced(ObservedMapping previous, ObservedMapping next);

}
