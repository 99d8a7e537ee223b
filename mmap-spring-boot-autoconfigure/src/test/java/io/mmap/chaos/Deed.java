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

package io.mmap.chaos;

import java.util.SplittableRandom;

/**
 * What a thread does to a scene. Each takes from its random numbers only, so that it does
 * the same again with the same ones.
 */
enum Deed {

	/**
	 * Map something, and unmap what was there.
	 */
	MAP((scene, random) -> scene.slots().replace(random)),

	/**
	 * Unmap what others use, and may be unmapping, too.
	 */
	UNMAP((scene, random) -> scene.slots().unmap(random)),

	READ((scene, random) -> scene.slots().read(random)),

	READ_LEASED((scene, random) -> scene.slots().readLeased(random)),

	WRITE((scene, random) -> scene.slots().write(random)),

	WRITE_LEASED((scene, random) -> scene.slots().writeLeased(random)),

	/**
	 * Flush, prefault, look at residency, ...
	 */
	OPERATE((scene, random) -> scene.slots().operate(random)),

	RESIZE((scene, random) -> scene.slots().resize(random)),

	PROTECT((scene, random) -> scene.slots().protect(random)),

	/**
	 * Map something and forget it, but for a part that stays in use for a while.
	 */
	DROP((scene, random) -> scene.slots().drop(random)),

	COLLECT((scene, random) -> scene.slots().collect(random)),

	RELOAD((scene, random) -> scene.declared().reload(random)),

	READ_DECLARED((scene, random) -> scene.declared().read(random)),

	READ_DECLARED_LEASED((scene, random) -> scene.declared().readLeased(random)),

	READ_SET((scene, random) -> scene.declared().readSet(random));

	private final Act act;

	Deed(Act act) {
		this.act = act;
	}

	void on(Scene scene, SplittableRandom random) throws Exception {
		this.act.on(scene, random);
	}

	/**
	 * How it is done.
	 */
	@FunctionalInterface
	private interface Act {

		void on(Scene scene, SplittableRandom random) throws Exception;

	}

}
