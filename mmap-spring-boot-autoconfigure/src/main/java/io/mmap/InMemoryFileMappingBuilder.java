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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

import io.mmap.internal.PlainText;

/**
 * Builds the spec of an in-memory file. Not safe for use by several threads.
 */
public final class InMemoryFileMappingBuilder extends AllocatedMappingBuilder<InMemoryFileMappingBuilder> {

	private static final int MAX_NAME_LENGTH = 249;

	private final String name;

	private Set<Seal> seals = Set.of();

	InMemoryFileMappingBuilder(String name, long length) {
		super(new MappingSource.InMemoryFile(name), length);
		this.name = name;
	}

	/**
	 * Seal the file as soon as it is mapped. To seal it against writing, fill it first,
	 * and use {@link MemoryMapping#seal}.
	 * @param seals the seals, without {@link Seal#WRITE}
	 * @return this builder
	 */
	public InMemoryFileMappingBuilder seals(Seal... seals) {
		this.seals = Set.copyOf(Arrays.asList(seals));
		return this;
	}

	@Override
	public MappingSpec build() {
		if (this.name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_LENGTH || !PlainText.isPlain(this.name)) {
			throw invalid("name", "the name of an in-memory file must have at most 249 bytes and no control characters",
					"Use a shorter line of plain text.");
		}
		if (this.seals.contains(Seal.WRITE)) {
			throw invalid("seals", "seals must not contain write: the file would consist of zeros for ever",
					"Use future-write, or fill the file and call MemoryMapping.seal.");
		}
		return super.build();
	}

	@Override
	InMemoryFileMappingBuilder self() {
		return this;
	}

	@Override
	boolean isShared() {
		return true;
	}

	@Override
	Set<Seal> seals() {
		return this.seals;
	}

}
