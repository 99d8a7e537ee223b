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

import java.lang.foreign.MemorySegment;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.mmap.MemoryMapping;

/**
 * A mapping, and what stands in it.
 */
final class Slot {

	private final Kind kind;

	private final @Nullable MemoryMapping mapping;

	private final MemorySegment first;

	private final long owner;

	private volatile boolean unmapped;

	/**
	 * Create an instance.
	 * @param mapping the mapping, or {@code null} if that was dropped
	 * @param first what was mapped first, or a part of it
	 * @param owner whose marks stand in it
	 */
	Slot(Kind kind, @Nullable MemoryMapping mapping, MemorySegment first, long owner) {
		this.kind = kind;
		this.mapping = mapping;
		this.first = first;
		this.owner = owner;
	}

	MemoryMapping mapping() {
		return Objects.requireNonNull(this.mapping);
	}

	MemorySegment first() {
		return this.first;
	}

	void write(MemorySegment segment) {
		Marks.write(segment, this.owner);
	}

	void verify(MemorySegment segment) {
		Marks.verify(segment, this.owner, isResizable());
	}

	boolean isOwn() {
		return this.kind != Kind.READ_FILE;
	}

	boolean isResizable() {
		return this.kind == Kind.RESIZABLE;
	}

	boolean isFile() {
		return this.kind == Kind.WRITTEN_FILE;
	}

	/**
	 * Return a part of it that does not keep the mapping from being collected.
	 */
	Slot part() {
		return new Slot(this.kind, null, this.first.asSlice(0, Marks.PAGE), this.owner);
	}

	/**
	 * Note that it is going to be unmapped.
	 */
	void unmapped() {
		this.unmapped = true;
	}

	boolean isUnmapped() {
		return this.unmapped;
	}

	/**
	 * What is mapped.
	 */
	enum Kind {

		/**
		 * A file that others map, too, and that nobody writes to.
		 */
		READ_FILE,

		WRITTEN_FILE,

		/**
		 * Memory without a file that keeps its length.
		 */
		FIXED,

		RESIZABLE

	}

}
