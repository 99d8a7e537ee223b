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

package io.mmap.testsupport;

import io.mmap.Advice;
import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;
import io.mmap.MemoryMapping;
import io.mmap.ProcessMemory;

/**
 * So many memory regions that the process comes near its limit, and no nearer than the
 * JVM can bear: of one mapping every other page is to be left out of core dumps. None of
 * them is touched.
 */
public final class ManyRegions implements AutoCloseable {

	private static final int PAGE = 4096;

	private final MappingRegistry registry;

	private final MemoryMapping memory;

	private ManyRegions(MappingRegistry registry, MemoryMapping memory) {
		this.registry = registry;
		this.memory = memory;
	}

	/**
	 * Make regions.
	 * @param share which part of the limit is to be in use
	 * @return the regions
	 */
	public static ManyRegions upTo(double share) {
		MappingRegistry registry = MappingRegistry.builder().build();
		try {
			ProcessMemory process = registry.process();
			int missing = (int) (share * process.maxRegions() - process.regions());
			MemoryMapping memory = registry.map(MappingSpec.anonymous((long) missing * PAGE).build());
			for (int i = 0; i < missing; i += 2) {
				memory.range((long) i * PAGE, PAGE).advise(Advice.DONT_DUMP);
			}
			return new ManyRegions(registry, memory);
		}
		catch (RuntimeException | Error ex) {
			registry.close();
			throw ex;
		}
	}

	@Override
	public void close() {
		this.memory.unmap();
		this.registry.close();
	}

}
