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

import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Hands on what CRaC has to say. Loaded only where its library is.
 */
final class CheckpointResource implements Resource {

	private final CheckpointParticipant participant;

	private CheckpointResource(CheckpointParticipant participant) {
		this.participant = participant;
	}

	static CheckpointResource register(CheckpointParticipant participant) {
		CheckpointResource resource = new CheckpointResource(participant);
		Core.getGlobalContext().register(resource);
		return resource;
	}

	@Override
	public void beforeCheckpoint(Context<? extends Resource> context) {
		this.participant.beforeCheckpoint();
	}

	@Override
	public void afterRestore(Context<? extends Resource> context) {
		this.participant.afterRestore();
	}

}
