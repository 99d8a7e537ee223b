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

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.mmap.internal.ffi.SystemCalls;

/**
 * A mapper that is made on its first use.
 */
final class LazyMapper implements Mapper {

	private final Supplier<Mapper> factory;

	private volatile @Nullable Mapper mapper;

	private boolean closed;

	LazyMapper(Supplier<Mapper> factory) {
		this.factory = factory;
	}

	private Mapper mapper() {
		Mapper mapper = this.mapper;
		return (mapper != null) ? mapper : makeMapper();
	}

	private synchronized Mapper makeMapper() {
		Mapper mapper = this.mapper;
		if (mapper == null) {
			mapper = this.factory.get();
			if (this.closed) {
				mapper.close();
			}
			this.mapper = mapper;
		}
		return mapper;
	}

	@Override
	public MapperInfo info() {
		return mapper().info();
	}

	@Override
	public MappedMemory map(MappingSpec spec, Path file, Arena arena) {
		return mapper().map(spec, file, arena);
	}

	@Override
	public MappedMemory map(MappingSpec spec, String name, Arena arena) {
		return mapper().map(spec, name, arena);
	}

	@Override
	public Capabilities capabilities() {
		return mapper().capabilities();
	}

	@Override
	public @Nullable SystemCalls calls() {
		return mapper().calls();
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		Mapper mapper = this.mapper;
		if (mapper != null) {
			mapper.close();
		}
	}

}
