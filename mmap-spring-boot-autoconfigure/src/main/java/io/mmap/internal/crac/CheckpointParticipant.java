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

package io.mmap.internal.crac;

/**
 * Has something to do before a checkpoint of the process is taken, and after a process
 * was made from it. Both are called also when the checkpoint is refused by someone else.
 */
public interface CheckpointParticipant {

	/**
	 * Let go of what cannot be in the image of a process.
	 * @throws RuntimeException if that is not possible; no checkpoint is taken then
	 */
	void beforeCheckpoint();

	/**
	 * Get it again.
	 * @throws RuntimeException if that is not possible
	 */
	void afterRestore();

}
