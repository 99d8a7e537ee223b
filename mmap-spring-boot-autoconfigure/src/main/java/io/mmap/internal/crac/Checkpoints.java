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

import org.jspecify.annotations.Nullable;

/**
 * Makes known who has something to do before a checkpoint and after a restore, where the
 * library {@code org.crac} is present. Safe for use by any thread.
 */
public final class Checkpoints {

	private static final boolean AVAILABLE = isPresent("org.crac.Resource");

	private Checkpoints() {
	}

	private static boolean isPresent(String className) {
		try {
			Class.forName(className, false, Checkpoints.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return false;
		}
	}

	/**
	 * Have a participant told of checkpoints.
	 * @param participant the participant
	 * @return what tells it, to be kept reachable for as long as that is wanted, as
	 * nothing else does; {@code null} if there are no checkpoints
	 */
	public static @Nullable Object register(CheckpointParticipant participant) {
		return (AVAILABLE) ? CheckpointResource.register(participant) : null;
	}

}
