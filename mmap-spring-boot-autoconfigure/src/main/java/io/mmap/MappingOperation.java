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
 * What is done with mappings, and may fail.
 */
enum MappingOperation {

	MAP("map"),

	UNMAP("unmap"),

	FLUSH("flush"),

	START_FLUSH("start to flush"),

	PRELOAD("preload"),

	PREFAULT("prefault"),

	ADVISE("advise"),

	DISCARD("discard pages of"),

	LOCK("lock"),

	UNLOCK("unlock"),

	RESIDENCY("look at"),

	PROTECT("protect"),

	RESIZE("resize"),

	SEAL("seal"),

	TRACK_CHANGES("track changes of"),

	FIND_CHANGES("find changes of"),

	GUARD("guard"),

	/**
	 * To ask for the address or descriptor, which does not fail.
	 */
	USE("use");

	private final String verb;

	MappingOperation(String verb) {
		this.verb = verb;
	}

	/**
	 * Return how it reads in "Cannot … mapping".
	 */
	String verb() {
		return this.verb;
	}

	/**
	 * Return the name under which its errors are counted.
	 */
	String id() {
		return Text.of(this);
	}

}
