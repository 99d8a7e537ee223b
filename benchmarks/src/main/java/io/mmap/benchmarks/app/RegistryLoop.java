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
package io.mmap.benchmarks.app;

import java.nio.file.Path;

import org.apache.commons.logging.LogFactory;

import io.mmap.MappingRegistry;
import io.mmap.MappingSpec;

/**
 * Declares the files {@code 0} to {@code N - 1} of a directory, and says how long it took
 * until they were mapped, in nanoseconds.
 */
final class RegistryLoop {

	private RegistryLoop() {
	}

	public static void main(String[] arguments) {
		Path directory = Path.of(arguments[0]);
		int files = Integer.parseInt(arguments[1]);
		// What an application logs with is there already
		LogFactory.getLog(RegistryLoop.class);
		long start = System.nanoTime();
		MappingRegistry.Builder builder = MappingRegistry.builder();
		for (int i = 0; i < files; i++) {
			builder.declare("mapping-" + i, MappingSpec.file(directory.resolve(Integer.toString(i))).build());
		}
		MappingRegistry registry = builder.build();
		System.out.println(ChildJvm.RESULT + (System.nanoTime() - start));
		registry.close();
	}

}
