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

import java.time.Instant;
import java.util.Objects;

/**
 * Something that is not as it should be with a mapping, but does not keep anybody from
 * using it.
 *
 * @param name the declared name, the id of an ad hoc mapping or a member of a set, or
 * {@value #PROCESS}
 * @param kind what kind of thing it is
 * @param message what is wrong and what to do, in one or more sentences
 * @param since when it was noticed first
 */
public record MappingWarning(String name, Kind kind, String message, Instant since) {

	/**
	 * The {@link #name() name} of what concerns the whole process.
	 */
	public static final String PROCESS = "process";

	/**
	 * Create a warning.
	 */
	public MappingWarning {
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(kind, "kind");
		Objects.requireNonNull(message, "message");
		Objects.requireNonNull(since, "since");
	}

	/**
	 * What kind of thing is wrong.
	 */
	public enum Kind {

		/**
		 * What took the place of the file cannot be used, so that the old content stays
		 * in use.
		 */
		RELOAD_FAILING,

		/**
		 * The file was changed in place instead of being replaced, so that readers may
		 * have seen a part of the change.
		 */
		MODIFIED_IN_PLACE,

		/**
		 * The content was saved from a truncation, and is no longer that of the file.
		 */
		DETACHED,

		/**
		 * The content could not be guarded against truncation.
		 */
		NOT_GUARDED,

		/**
		 * Changes could not be written to the file.
		 */
		FLUSH_FAILING,

		/**
		 * Changes were not written to the file for much longer than they should be.
		 */
		FLUSH_LATE,

		/**
		 * Memory that was replaced cannot be unmapped, as it is still in use.
		 */
		STILL_IN_USE,

		/**
		 * The content could not be brought into memory.
		 */
		PRELOAD_FAILED,

		/**
		 * The process has almost as many memory regions as it may have.
		 */
		REGIONS_NEAR_LIMIT

	}

}
