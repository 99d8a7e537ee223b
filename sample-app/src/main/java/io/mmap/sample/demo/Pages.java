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

package io.mmap.sample.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.mmap.Advice;
import io.mmap.MappingSet;
import io.mmap.MemoryMapping;
import io.mmap.Residency;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Takes the pages of the dictionary out of memory, and brings them back.
 */
@Component
class Pages {

	private final MappingSet dictionary;

	Pages(@Qualifier("dictionary") MappingSet dictionary) {
		this.dictionary = dictionary;
	}

	/**
	 * Take the pages of all files out of memory.
	 * @return how much of them was in memory before, and is now
	 */
	synchronized Change evict() {
		return change(Pages::evict);
	}

	private static void evict(MemoryMapping mapping) {
		// Only pages that this process has in its page tables are taken out
		mapping.prefault();
		mapping.advise(Advice.PAGE_OUT);
	}

	/**
	 * Start to bring all files into memory, in the background.
	 * @return how much of them was in memory before, and is now
	 */
	synchronized Change preload() {
		return change(MemoryMapping::preload);
	}

	/**
	 * Return which file each mapping is of.
	 * @return names of files by those of mappings
	 */
	Map<String, String> files() {
		Map<String, String> files = new LinkedHashMap<>();
		this.dictionary.asMap().forEach((file, mapping) -> files.put(mapping.name(), file));
		return files;
	}

	private Change change(Consumer<MemoryMapping> action) {
		Long before = resident();
		this.dictionary.mappings().forEach(action);
		return new Change(before, resident());
	}

	/**
	 * Return how much is in memory, unless that is unknown of one of the files.
	 */
	private @Nullable Long resident() {
		long sum = 0;
		for (MemoryMapping mapping : this.dictionary.mappings()) {
			Residency residency = mapping.residency();
			if (residency.resident() == null) {
				return null;
			}
			sum += residency.resident();
		}
		return sum;
	}

	/**
	 * How much of the dictionary is in memory.
	 *
	 * @param before the number of bytes before, or {@code null} if that is unknown
	 * @param after the number of bytes after, or {@code null} if that is unknown
	 */
	record Change(@Nullable Long before, @Nullable Long after) {

	}

}
