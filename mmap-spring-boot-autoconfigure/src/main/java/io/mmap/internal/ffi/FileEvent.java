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

package io.mmap.internal.ffi;

/**
 * What inotify tells of a file.
 *
 * @param watch the number of the watch, or -1 if this is not about one
 * @param events {@code IN_*}
 */
public record FileEvent(int watch, int events) {

	/**
	 * How many are told at a time: as many as the system usually keeps, and that there
	 * were more.
	 */
	public static final int MAX = (1 << 14) + 1;

	/**
	 * Return whether something was told.
	 * @param event {@code IN_*}
	 * @return whether this is among what was told
	 */
	public boolean is(int event) {
		return (this.events & event) != 0;
	}

}
