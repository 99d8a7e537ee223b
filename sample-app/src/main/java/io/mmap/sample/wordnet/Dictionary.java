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

package io.mmap.sample.wordnet;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The files of one version of the dictionary. Made anew for each request, which costs
 * next to nothing: it reads none of them until it is asked to, and keeps nothing of what
 * it has read. Not to be used for longer than the lease on the memory.
 */
final class Dictionary {

	private final Map<PartOfSpeech, IndexFile> indexFiles = new EnumMap<>(PartOfSpeech.class);

	private final Map<PartOfSpeech, DataFile> dataFiles = new EnumMap<>(PartOfSpeech.class);

	/**
	 * Create an instance.
	 * @param files gives the memory of a file such as {@code index.noun}
	 */
	Dictionary(Function<String, MemorySegment> files) {
		for (PartOfSpeech partOfSpeech : PartOfSpeech.values()) {
			this.indexFiles.put(partOfSpeech, new IndexFile(partOfSpeech, files.apply(partOfSpeech.indexFile())));
			this.dataFiles.put(partOfSpeech, new DataFile(partOfSpeech, files.apply(partOfSpeech.dataFile())));
		}
	}

	IndexFile index(PartOfSpeech partOfSpeech) {
		return PartOfSpeech.get(this.indexFiles, partOfSpeech);
	}

	DataFile data(PartOfSpeech partOfSpeech) {
		return PartOfSpeech.get(this.dataFiles, partOfSpeech);
	}

}
