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

import java.net.URL;
import java.nio.file.Path;

import io.mmap.internal.PlainText;

/**
 * Where the content of a mapping comes from.
 */
sealed interface MappingSource {

	/**
	 * A file, which is mapped itself.
	 *
	 * @param path the path as it was given
	 */
	record File(Path path) implements MappingSource {

		@Override
		public String toString() {
			return "file '" + PlainText.of(this.path) + "'";
		}

	}

	/**
	 * A resource that is no file, such as one inside of a jar: a copy of it is mapped.
	 *
	 * @param url where it is
	 */
	record Resource(URL url) implements MappingSource {

		@Override
		public String toString() {
			return "resource '" + PlainText.of(this.url) + "'";
		}

	}

	/**
	 * What a descriptor is open on.
	 *
	 * @param number the descriptor
	 */
	record Descriptor(int number) implements MappingSource {

		@Override
		public String toString() {
			return "descriptor " + this.number;
		}

	}

	/**
	 * Memory without a file.
	 */
	record Anonymous() implements MappingSource {

		@Override
		public String toString() {
			return "anonymous memory";
		}

	}

	/**
	 * A file that exists in memory only.
	 *
	 * @param name what the system shows
	 */
	record InMemoryFile(String name) implements MappingSource {

		@Override
		public String toString() {
			return "in-memory file '" + PlainText.of(this.name) + "'";
		}

	}

}
